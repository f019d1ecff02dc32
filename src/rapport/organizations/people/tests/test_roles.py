"""Giving, ending and correcting roles: who may, and what is refused in words."""

from datetime import date, timedelta

import pytest

from rapport.foundation.access import SYSTEM, Actor, NotAllowed, Role, RoleAt, Scope
from rapport.foundation.audit.models import Line
from rapport.foundation.facts import Overtaken, Refused
from rapport.organizations.people import access, actions, queries
from rapport.organizations.people.actions.roles import columns
from rapport.organizations.people.models import RoleHeld
from rapport.organizations.people.queries import At
from rapport.organizations.people.tests.build import (
    NOON,
    START,
    TODAY,
    a_district,
    a_person,
    a_role,
    a_school,
    an_account,
    an_actor,
    an_agency,
)

pytestmark = pytest.mark.django_db

# By whom (at the agency, or at the district) each role may be given; the administrator may give all.
BY_HEAD = {"officer", "supervisor", "agency_head", "investigator", "dispatcher"}
BY_SUPERINTENDENT = {
    "principal",
    "front_office",
    "school_staff",
    "counselor",
    "team_member",
    "safety_director",
    "superintendent",
    "privacy_officer",
}


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.PUBLIC, Role.LINK_HOLDER)])
def test_who_may_give_which_role_where(role: Role) -> None:
    agency, other_agency = an_agency(), an_agency("Oak Police", "VA2220000")
    district, other_district = a_district(), a_district("Oak", "5100002")
    school, other_school = a_school(district), a_school(other_district, "Oak", "510000200001")
    head = an_actor(a_person(), Role.AGENCY_HEAD, agency)
    superintendent = an_actor(a_person(), Role.SUPERINTENDENT, district)
    administrator = an_actor(a_person(), Role.ADMINISTRATOR)

    def may(actor: Actor, at: At) -> bool:
        return access.may_role(actor, access.GIVE, RoleHeld(role=role, **columns(at)))

    assert may(head, agency) is (role in BY_HEAD)
    assert may(superintendent, district) is (role in BY_SUPERINTENDENT)
    assert may(superintendent, school) is (role in BY_SUPERINTENDENT)
    assert all(may(administrator, at) for at in (agency, district, school, None))
    assert not may(head, other_agency)
    assert not may(head, district)
    assert not may(head, None)
    assert not may(superintendent, other_district)
    assert not may(superintendent, other_school)
    assert not may(superintendent, agency)


@pytest.mark.parametrize(
    "role",
    [r for r in Role if r not in (Role.AGENCY_HEAD, Role.SUPERINTENDENT, Role.ADMINISTRATOR)],
)
def test_nobody_else_gives_roles(role: Role) -> None:
    agency, district = an_agency(), a_district()
    school = a_school(district)
    person, other = a_person(), a_person("Blake Ito")
    held = frozenset(
        RoleAt(role, scope, key)
        for scope, key in (
            (Scope.AGENCY, agency.pk),
            (Scope.DISTRICT, district.pk),
            (Scope.SCHOOL, school.pk),
            (Scope.PROGRAM, None),
        )
    )
    actor = Actor(person_id=person.pk, roles=held)

    with pytest.raises(NotAllowed):
        actions.give_role(actor, other, role=Role.OFFICER, at=agency, valid_from=START, now=NOON)

    assert not access.manages(actor)


def test_giving_a_role_leaves_one_line_about_the_person() -> None:
    agency, person = an_agency(), a_person()
    head = an_actor(a_person("Blake Ito"), Role.AGENCY_HEAD, agency)

    held = actions.give_role(head, person, role=Role.OFFICER, at=agency, valid_from=START, now=NOON)

    line = Line.objects.get()
    assert (line.verb, line.object, line.object_id) == ("people.give_role", "person", person.pk)
    assert (line.actor_id, line.subject_id) == (head.person_id, person.pk)
    assert str(held.uid) in line.detail
    assert held.about_person_id == person.pk


def test_nobody_gives_himself_a_role_also_under_a_merged_id() -> None:
    person, twin = a_person(), a_person("A. Morgan")
    actions.merge_persons(SYSTEM, person, twin, reason="twice", now=NOON)
    me = an_actor(person, Role.ADMINISTRATOR)
    before = Line.objects.count()

    for one in (person, twin):
        with pytest.raises(Refused, match="Nobody gives himself a role"):
            actions.give_role(me, one, role=Role.BOARD_MEMBER, at=None, valid_from=START, now=NOON)

    assert not RoleHeld.objects.exists()
    assert Line.objects.count() == before


def test_nobody_makes_his_own_role_last_longer() -> None:
    person, agency = a_person(), an_agency()
    held = a_role(person, Role.AGENCY_HEAD, agency, valid_until=date(2026, 6, 1))

    with pytest.raises(Refused, match="Nobody gives himself a role"):
        actions.correct_role(
            an_actor(person, Role.AGENCY_HEAD, agency), held, valid_until=None, now=NOON
        )


def test_a_role_at_a_scope_of_another_kind_is_refused_with_where_it_is_held() -> None:
    with pytest.raises(Refused, match="“principal” is not held there. It is held at: a school"):
        a_role(a_person(), Role.PRINCIPAL, an_agency())


def test_a_role_held_already_is_not_given_again() -> None:
    person, agency = a_person(), an_agency()
    a_role(person, Role.OFFICER, agency)

    with pytest.raises(Refused, match="overlaps"):
        a_role(person, Role.OFFICER, agency)


def test_a_role_is_held_from_its_first_day_until_the_day_it_ends() -> None:
    person, agency = a_person(), an_agency()
    account = an_account(person)
    held = a_role(person, Role.OFFICER, agency, valid_from=TODAY)

    def roles_on(days: int) -> set[Role]:
        actor = queries.actor_for(account, now=NOON + timedelta(days=days))
        return {r.role for r in actor.roles}

    assert roles_on(-1) == set()
    assert roles_on(0) == {Role.OFFICER}

    actions.end_role(SYSTEM, held, TODAY + timedelta(days=3), now=NOON)

    assert roles_on(2) == {Role.OFFICER}
    assert roles_on(3) == set()


def test_the_day_of_a_role_is_the_programs_and_not_greenwichs() -> None:
    person, agency = a_person(), an_agency()
    account = an_account(person)
    a_role(person, Role.OFFICER, agency, valid_from=TODAY)
    eleven_the_evening_before = NOON.replace(hour=4)

    assert queries.actor_for(account, now=eleven_the_evening_before).roles == frozenset()


def test_what_was_known_of_a_role_is_never_lost() -> None:
    person, agency = a_person(), an_agency()
    held = a_role(person, Role.OFFICER, agency)
    later = NOON + timedelta(days=1)

    actions.withdraw_role(SYSTEM, held, now=later)

    assert not RoleHeld.objects.as_of(TODAY).exists()
    assert RoleHeld.objects.as_of(TODAY, NOON).get() == held
    with pytest.raises(Overtaken):
        actions.withdraw_role(SYSTEM, held, now=later)


def test_the_last_administrator_is_neither_ended_nor_withdrawn_nor_given_an_end() -> None:
    one, other = a_person(), a_person("Blake Ito")
    an_account(one)
    last = a_role(one, Role.ADMINISTRATOR)
    a_role(other, Role.ADMINISTRATOR)  # who cannot sign in does not count

    with pytest.raises(Refused, match="last administrator"):
        actions.end_role(SYSTEM, last, TODAY, now=NOON)
    with pytest.raises(Refused, match="last administrator"):
        actions.withdraw_role(SYSTEM, last, now=NOON)
    with pytest.raises(Refused, match="last administrator"):
        actions.correct_role(SYSTEM, last, valid_until=date(2027, 1, 1), now=NOON)

    an_account(other, "blake@maple.example")
    actions.end_role(SYSTEM, last, TODAY, now=NOON)
