from datetime import datetime, timedelta

import pytest

from rapport.foundation.access import SYSTEM, NotAllowed, Place, RecordClass, Right, Role, gives
from rapport.foundation.audit.models import Line
from rapport.foundation.facts import Overtaken, Refused
from rapport.organizations.people import access, actions, queries
from rapport.organizations.people.models import RoleHeld
from rapport.organizations.people.tests.build import (
    NOON,
    TODAY,
    a_person,
    a_role,
    an_account,
    an_actor,
    an_agency,
)

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


def test_whoever_was_absorbed_acts_as_the_one_kept_with_the_roles_of_both() -> None:
    agency = an_agency()
    kept, absorbed = a_person("Ana Ruiz"), a_person("Ana Ruiz-Lee")
    account = an_account(absorbed)
    a_role(kept, Role.OFFICER, agency)
    a_role(absorbed, Role.SUPERVISOR, agency)

    actions.merge_persons(SYSTEM, kept, absorbed, reason="name", now=NOON)

    actor = queries.actor_for(account, now=NOON)
    assert actor.person_id == kept.pk
    assert actor.name == "Ana Ruiz"
    assert {r.role for r in actor.roles} == {Role.OFFICER, Role.SUPERVISOR}
    assert queries.names([absorbed.pk]) == {absorbed.pk: "Ana Ruiz"}


def test_what_is_about_the_absorbed_person_is_about_oneself() -> None:
    agency = an_agency()
    kept, absorbed = a_person("Ana Ruiz"), a_person("A. Ruiz")
    account = an_account(kept)
    a_role(kept, Role.OFFICER, agency)
    actions.merge_persons(SYSTEM, kept, absorbed, reason="twice", now=NOON)

    actor = queries.actor_for(account, now=NOON)

    about_me = Place(agency_id=agency.pk, about_person_id=absorbed.pk)
    assert gives(actor, Right.READ, RecordClass.PERSONNEL, about_me)


def test_a_merge_is_undone_and_everything_is_as_it_was() -> None:
    agency = an_agency()
    kept, absorbed = a_person("Ana Ruiz"), a_person("Al Ruiz")
    account = an_account(absorbed)
    a_role(absorbed, Role.OFFICER, agency)
    before = queries.actor_for(account, now=NOON)
    merge = actions.merge_persons(SYSTEM, kept, absorbed, reason="twice", now=NOON)

    actions.undo_merge(SYSTEM, merge, now=NOON)

    assert queries.actor_for(account, now=NOON) == before
    assert [line.verb for line in Line.objects.order_by("pk")][-2:] == [
        "people.merge",
        "people.unmerge",
    ]
    with pytest.raises(Overtaken):
        actions.undo_merge(SYSTEM, merge, now=NOON)


def test_merges_in_a_row_lead_to_the_last_one_kept() -> None:
    one, two, three = a_person("One"), a_person("Two"), a_person("Three")
    account = an_account(one)
    actions.merge_persons(SYSTEM, two, one, reason="twice", now=NOON)
    actions.merge_persons(SYSTEM, three, two, reason="twice", now=NOON)

    actor = queries.actor_for(account, now=NOON)

    assert actor.person_id == three.pk
    assert actor.persons == {one.pk, two.pk, three.pk}
    found = queries.someone(SYSTEM, one.uid)
    assert found is not None
    assert found.uid == three.uid


def test_nobody_is_joined_with_itself_nor_twice_nor_in_a_circle() -> None:
    one, two, three = a_person("One"), a_person("Two"), a_person("Three")
    actions.merge_persons(SYSTEM, one, two, reason="twice", now=NOON)

    for kept, absorbed in ((one, one), (three, two), (two, three), (two, one)):
        with pytest.raises(Refused):
            actions.merge_persons(SYSTEM, kept, absorbed, reason="twice", now=NOON)
    with pytest.raises(Refused, match="Choose why"):
        actions.merge_persons(SYSTEM, one, three, reason="because", now=NOON)


def test_only_an_administrator_joins_and_never_himself() -> None:
    agency = an_agency()
    me, other, third = a_person("Me"), a_person("Other"), a_person("Third")

    with pytest.raises(NotAllowed):
        actions.merge_persons(
            an_actor(me, Role.AGENCY_HEAD, agency), other, third, reason="twice", now=NOON
        )
    for kept, absorbed in ((me, other), (other, me)):
        with pytest.raises(Refused, match="would give you the other's roles"):
            actions.merge_persons(
                an_actor(me, Role.ADMINISTRATOR), kept, absorbed, reason="twice", now=NOON
            )


def test_the_list_of_people_shows_a_merged_person_once_with_every_role() -> None:
    agency = an_agency()
    kept, absorbed = a_person("Ana Ruiz"), a_person("Al Ruiz")
    an_account(absorbed)
    a_role(kept, Role.OFFICER, agency)
    a_role(absorbed, Role.SUPERVISOR, agency)
    actions.merge_persons(SYSTEM, kept, absorbed, reason="twice", now=NOON)

    rows = queries.listed(SYSTEM, list(queries.people(SYSTEM)), day=TODAY, now=NOON)

    assert [(r.name, r.sign_in) for r in rows] == [("Ana Ruiz", "open")]
    assert rows[0].roles == (
        "Officer, Maple Police Department",
        "SRO supervisor, Maple Police Department",
    )


def test_of_two_sign_ins_without_roles_the_older_stays_whichever_record_is_kept() -> None:
    established, newcomer = a_person("Ana Ruiz"), a_person("Ana R.")
    old = an_account(established, "ana@maple.example")
    new = an_account(newcomer, "puppet@maple.example", created_at=NOON + timedelta(hours=1))

    merge = actions.merge_persons(SYSTEM, newcomer, established, reason="twice", now=NOON)

    old.refresh_from_db()
    new.refresh_from_db()
    assert old.is_active
    assert new.closed_at == NOON
    with pytest.raises(Refused, match="other of two"):
        actions.reopen_account(SYSTEM, new, now=NOON)
    actions.undo_merge(SYSTEM, merge, now=NOON)
    new.refresh_from_db()
    assert new.is_active
    assert old.is_active


@pytest.mark.parametrize("ends", [{}, {"valid_until": TODAY}])
@pytest.mark.parametrize("closed", [None, NOON])
def test_an_older_decoy_does_not_take_the_sign_in_of_a_record_with_roles(
    ends: dict[str, object], closed: datetime | None
) -> None:
    victim, decoy = a_person("Ana Ruiz"), a_person("A. Ruiz")
    a_role(victim, Role.OFFICER, an_agency(), **ends)
    older = an_account(decoy, "decoy@maple.example", created_at=NOON - timedelta(days=200))
    own = an_account(victim, "ana@maple.example", closed_at=closed)

    merge = actions.merge_persons(SYSTEM, victim, decoy, reason="twice", now=LATER)

    older.refresh_from_db()
    own.refresh_from_db()
    assert not older.is_active
    assert own.closed_at == closed
    assert queries.account_of(decoy.pk) == own
    with pytest.raises(Refused, match="other of two"):
        actions.reopen_account(SYSTEM, older, now=LATER)
    actions.undo_merge(SYSTEM, merge, now=LATER)
    older.refresh_from_db()
    assert older.is_active


def test_a_decoy_with_a_role_is_not_joined_not_even_once_the_others_roles_are_withdrawn() -> None:
    agency, victim, decoy = an_agency(), a_person("Ana Ruiz"), a_person("A. Ruiz")
    older = an_account(decoy, "decoy@maple.example", created_at=NOON - timedelta(days=200))
    own = an_account(victim, "ana@maple.example")
    a_role(decoy, Role.OFFICER, agency)
    RoleHeld.objects.filter(pk=a_role(victim, Role.OFFICER, agency).pk).update(withdrawn_at=NOON)

    for kept, gone in ((victim, decoy), (decoy, victim)):
        with pytest.raises(Refused, match="Both have a sign-in and roles"):
            actions.merge_persons(SYSTEM, kept, gone, reason="twice", now=NOON)

    for one in (older, own):
        one.refresh_from_db()
        assert one.is_active
    assert queries.merged() == {}


def test_a_decoy_in_two_steps_is_seen_as_what_it_is_joined_of() -> None:
    agency, victim = an_agency(), a_person("Ana Ruiz")
    with_role, with_account = a_person("A. Ruiz"), a_person("A. R.")
    a_role(victim, Role.OFFICER, agency)
    a_role(with_role, Role.SUPERVISOR, agency)
    an_account(with_account, "decoy@maple.example", created_at=NOON - timedelta(days=200))
    an_account(victim, "ana@maple.example")
    actions.merge_persons(SYSTEM, with_role, with_account, reason="twice", now=NOON)

    with pytest.raises(Refused, match="Both have a sign-in and roles"):
        actions.merge_persons(SYSTEM, victim, with_role, reason="twice", now=NOON)


def test_parting_opens_what_its_join_closed_and_nothing_that_was_closed_before() -> None:
    first, second, third = a_person("One"), a_person("Two"), a_person("Three")
    one = an_account(first, "one@maple.example", created_at=NOON - timedelta(days=3))
    two = an_account(second, "two@maple.example", created_at=NOON - timedelta(days=4))
    three = an_account(third, "three@maple.example", closed_at=NOON)
    early = actions.merge_persons(SYSTEM, first, second, reason="twice", now=LATER)
    late = actions.merge_persons(SYSTEM, third, first, reason="twice", now=LATER)

    with pytest.raises(Refused, match="Part that first"):
        actions.undo_merge(SYSTEM, early, now=LATER)
    assert queries.account_of(third.pk) == two
    actions.undo_merge(SYSTEM, late, now=LATER)
    actions.undo_merge(SYSTEM, early, now=LATER)

    for account in (one, two, three):
        account.refresh_from_db()
    assert one.is_active
    assert two.is_active
    assert three.closed_at == NOON


def test_a_closed_sign_in_is_not_got_round_by_a_join_with_a_newer_one() -> None:
    established, newcomer = a_person("Ana Ruiz"), a_person("Ana R.")
    an_account(established, "ana@maple.example", closed_at=NOON)
    new = an_account(newcomer, "puppet@maple.example", created_at=NOON + timedelta(hours=1))

    actions.merge_persons(SYSTEM, newcomer, established, reason="twice", now=NOON)

    new.refresh_from_db()
    assert not new.is_active


def test_joining_and_parting_leave_an_administrator_who_can_sign_in() -> None:
    ruler, other = a_person("Ana Ruiz"), a_person("A. Ruiz")
    a_role(ruler, Role.ADMINISTRATOR)
    an_account(other)
    merge = actions.merge_persons(SYSTEM, ruler, other, reason="twice", now=NOON)

    with pytest.raises(Refused, match="no administrator"):
        actions.undo_merge(SYSTEM, merge, now=NOON)

    merge.refresh_from_db()
    assert merge.undone_at is None
    assert queries.has_administrator()


def test_a_join_leaves_the_last_administrators_sign_in_though_the_other_is_older() -> None:
    ruler, other = a_person("Ana Ruiz"), a_person("A. Ruiz")
    a_role(ruler, Role.ADMINISTRATOR)
    an_account(ruler, created_at=NOON + timedelta(hours=1))
    an_account(other, "old@maple.example", closed_at=NOON)

    actions.merge_persons(SYSTEM, ruler, other, reason="twice", now=NOON)

    assert queries.has_administrator()


def test_a_join_shows_either_side_the_person_but_not_the_others_roles_nor_lets_it_correct() -> None:
    mine, theirs = an_agency(), an_agency("Oak Police", "VA2220000")
    kept, gone = a_person("Ana Ruiz", agency=theirs), a_person("A. Ruiz", agency=mine)
    held = a_role(kept, Role.OFFICER, theirs)
    head = an_actor(a_person("Head"), Role.AGENCY_HEAD, mine)

    actions.merge_persons(SYSTEM, kept, gone, reason="moved", now=NOON)

    assert queries.people(head).filter(pk=kept.pk).exists()
    assert held not in access.visible_roles(head)
    assert not access.may_correct(head, kept)
