"""Pages of the past and of the evidence: what was known, on what it rests, how far the bar reaches."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from rapport.foundation import facts
from rapport.foundation.access import Role, RoleAt, Scope
from rapport.standing.assignments import queries
from rapport.standing.assignments.models import Assigned, Excepted
from rapport.standing.assignments.tests.test_pages import page, signed_in
from rapport.standing.assignments.tests.town import BEGAN, NOW, TODAY, Town, a_town
from rapport.standing.assignments.views import shown
from rapport.standing.assignments.views.asked import Asked
from rapport.standing.officers.models import DutyStatus
from rapport.standing.training.models import Completed

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 2, 20, 15, tzinfo=UTC)
THEN = "?on=2026-02-01&known=2026-02-10"


def officer_page(town: Town, n: int = 0) -> str:
    return f"/officers/{town.officers[n].uid}/"


def leave(town: Town, n: int = 0, since: date = date(2026, 1, 5)) -> None:
    """Record on 20 February that an officer has been on leave since January."""
    row = DutyStatus.objects.known().get(officer=town.officers[n])
    facts.correct(row, now=LATER, valid_until=since)
    facts.record(
        DutyStatus,
        now=LATER,
        officer=town.officers[n],
        agency=town.agency,
        status="leave",
        valid_from=since,
        about_person_id=town.officers[n].person_id,
    )


def test_as_known_then_a_page_lists_nothing_that_became_known_later_and_offers_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = a_town(1)
    leave(town)
    signed_in(client, town.actor(Role.SUPERVISOR), monkeypatch)

    now, then = page(client, officer_page(town)), page(client, officer_page(town) + THEN)

    records = then[then.index('id="records"') :].split("</section>")[0]
    assert "leave" in now.lower()
    assert ">Correct<" in now
    assert "Record something" in now
    assert "leave" not in records.lower()
    assert "withdrawn" not in records
    assert "20 Feb 2026" not in then
    for step in (">Correct<", ">End<", ">Withdraw<", "Record something"):
        assert step not in then


def test_a_pair_asked_as_known_then_has_no_button(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = a_town(2)
    signed_in(client, town.actor(Role.SUPERVISOR), monkeypatch)
    pair = f"officer={town.officers[0].uid.hex}-{town.agency.uid.hex}&school={town.schools[1].uid}"

    assert "Assign this officer" in page(client, f"/ask/?{pair}&on=2026-02-01")
    assert "Assign this officer" not in page(client, f"/ask/?{pair}&on=2026-02-01&known=2026-02-10")


def test_a_ground_names_the_facts_it_rests_on_as_far_as_its_reader_reads_them(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = a_town(1)
    where = officer_page(town)

    signed_in(client, town.actor(Role.SUPERVISOR), monkeypatch)
    for_sergeant = page(client, where)
    signed_in(client, town.actor(Role.PRINCIPAL, Scope.SCHOOL), monkeypatch)
    for_principal = page(client, where)

    grounds = for_sergeant[: for_sergeant.index('id="records"')]
    assert grounds.count("What it rests on") == 4
    assert "Employment: Maple PD, badge 200" in grounds or "badge 200" in grounds
    assert "SRO training, 40 h" in grounds
    assert "Maple Police" in grounds  # a party of the agreement
    mine = for_principal[: for_principal.index('id="records"')]
    assert "SRO training, 40 h" not in mine
    assert "The agency keeps the records behind it." in mine
    assert "Maple Police" in mine


def test_the_edge_of_the_bar_is_not_said_to_be_a_date_of_the_assignment() -> None:
    town = a_town(1)
    facts.correct(Assigned.objects.get(), now=LATER, valid_from=date(2016, 1, 4))
    facts.correct(Completed.objects.get(), now=LATER, valid_until=date(2026, 2, 2))

    (service,) = queries.services(town.actor(Role.SUPERVISOR), town.officers[0], day=TODAY)
    drawn = shown.bar(service, Asked(TODAY, None, None, TODAY, "UTC"))

    assert drawn is not None
    first, last = drawn.stretches[0], drawn.stretches[-1]
    assert first.is_cut
    assert not any(s.is_cut for s in drawn.stretches[1:])
    assert last.until is None  # it goes on beyond the bar


def test_the_bar_of_a_whole_assignment_has_its_own_dates() -> None:
    town = a_town(1)
    facts.correct(Assigned.objects.get(), now=LATER, valid_until=date(2026, 5, 1))

    (service,) = queries.services(town.actor(Role.SUPERVISOR), town.officers[0], day=TODAY)
    drawn = shown.bar(service, Asked(TODAY, None, None, TODAY, "UTC"))

    assert drawn is not None
    assert (drawn.stretches[0].start, drawn.stretches[0].is_cut) == (BEGAN, False)
    assert drawn.stretches[-1].until == date(2026, 5, 1)


@pytest.mark.parametrize(
    ("on", "says"),
    [
        ("2025-03-03", "The assignment begins"),
        ("2026-03-01", ""),
        ("2026-03-02", "The assignment ended on"),
    ],
    ids=["before", "during", "after"],
)
def test_a_card_says_where_the_assignment_had_not_begun_or_was_over(
    client: Client, monkeypatch: pytest.MonkeyPatch, on: str, says: str
) -> None:
    town = a_town(1)
    facts.correct(Assigned.objects.get(), now=LATER, valid_until=date(2026, 3, 2))
    signed_in(client, town.actor(Role.SUPERVISOR), monkeypatch)

    card = page(client, f"{officer_page(town)}?on={on}")

    assert says in card
    if not says:
        assert "The assignment" not in card


def test_a_school_with_two_officers_says_how_many_are_cleared(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = a_town(2, schools=1)
    leave(town, 1)
    signed_in(client, town.actor(Role.PRINCIPAL, Scope.SCHOOL), monkeypatch)

    listed, school = page(client, "/schools/"), page(client, f"/schools/{town.schools[0].uid}/")

    assert "1 of 2 officers cleared" in listed
    assert "1 of 2 officers cleared" in school


def test_board_school_and_officer_say_one_end_in_the_same_words(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = a_town(1)
    facts.correct(Completed.objects.get(), now=LATER, valid_until=date(2026, 5, 31))
    words = "Cleared through 30 May 2026"

    for role, scope in ((Role.SUPERVISOR, Scope.AGENCY), (Role.PRINCIPAL, Scope.SCHOOL)):
        signed_in(client, town.actor(role, scope), monkeypatch)
        board = page(client, "/board/")
        assert "One officer needs something by 30 May 2026" in board
        for address in ("/board/", "/schools/", officer_page(town), "/board/?standing=provisional"):
            assert words in page(client, address), (role, address)
        assert words in page(client, f"/schools/{town.schools[0].uid}/")
        csv = client.get("/board/?format=csv&why=review").content.decode()
        assert words in csv


def test_what_ends_on_the_ninetieth_day_is_in_sight_and_on_the_next_it_is_not() -> None:
    """The board says "in the next 90 days"."""
    town = a_town(1)
    sergeant = town.actor(Role.SUPERVISOR)
    done = Completed.objects.get()
    ninetieth = date(2026, 5, 31)

    for until, is_seen in ((ninetieth, True), (date(2026, 6, 1), False)):
        done = facts.correct(done, now=NOW, valid_until=until)
        queries.judging._judged.cache_clear()
        found = queries.board(sergeant, day=TODAY)
        assert bool(found.in_need) is is_seen, until
        assert found.rows[0].ends == (until if is_seen else None)


def test_an_exception_that_carries_a_clearance_stands_at_the_badge(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = a_town(1)
    leave(town)
    one = town.assignments[0]
    facts.record(
        Excepted,
        now=LATER,
        assignment=one,
        ground="sworn",
        agency=town.agency,
        school=town.schools[0],
        valid_from=date(2026, 2, 1),
        valid_until=date(2026, 4, 1),
        about_person_id=town.officers[0].person_id,
    )
    signed_in(client, town.actor(Role.SUPERVISOR), monkeypatch)

    shown_page = page(client, officer_page(town))

    assert "Cleared by exception through 31 Mar 2026" in shown_page
    assert "because “sworn” is set aside" in shown_page
    assert "Cleared by exception through 31 Mar 2026" in page(client, "/board/")


def test_an_officer_sees_of_a_colleague_neither_gaps_nor_exceptions(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = a_town(2)
    facts.record(
        Excepted,
        now=LATER,
        assignment=town.assignments[1],
        ground="trained",
        agency=town.agency,
        school=town.schools[1],
        valid_from=date(2026, 2, 1),
        valid_until=date(2026, 4, 1),
        about_person_id=town.officers[1].person_id,
    )
    mine = town.officers[0].person_id
    officer = town.actor(Role.OFFICER, person_id=mine)
    sergeant_too = town.actor(Role.OFFICER, person_id=mine)
    sergeant_too = officer.__class__(
        person_id=mine,
        roles=officer.roles | {RoleAt(Role.SUPERVISOR, Scope.AGENCY, town.agency.pk)},
        name="Somebody",
    )

    signed_in(client, officer, monkeypatch)
    of_peer = page(client, officer_page(town, 1))
    signed_in(client, sergeant_too, monkeypatch)
    for_sergeant = page(client, officer_page(town, 1))

    assert "Cleared through" in of_peer
    assert "SRO training" not in of_peer
    assert "Exception" not in of_peer
    assert "SRO training" in for_sergeant
    assert "Exception" in for_sergeant


def test_an_officer_and_a_school_lead_to_the_pages_that_are_there() -> None:
    town = a_town(1)
    officer, school = town.officers[0], town.schools[0]

    assert officer.get_absolute_url() == reverse("assignments:officer", args=[officer.uid])
    assert school.get_absolute_url() == reverse("assignments:school", args=[school.uid])
