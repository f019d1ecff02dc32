"""The list of people and the page of one: who sees whom, and what of them."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from rapport.foundation import clock, registry
from rapport.foundation.access import SYSTEM, Role
from rapport.foundation.audit.models import Line
from rapport.organizations.people import actions, queries
from rapport.organizations.people.models import Account, Person
from rapport.organizations.people.queries import At
from rapport.organizations.people.tests.build import (
    NOON,
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


class Town:
    """Two agencies and two districts, and somebody with a role at each."""

    def __init__(self) -> None:
        self.maple, self.oak = an_agency(), an_agency("Oak Police", "VA2220000")
        self.city, self.county = a_district(), a_district("Oak County", "5100002")
        self.high = a_school(self.city)
        self.places: dict[str, At] = {
            "officer": self.maple,
            "oak officer": self.oak,
            "principal": self.high,
            "county officer": self.county,
            "board": None,
        }
        self.people = {
            "officer": self.held("Olive Ames", Role.OFFICER, self.maple),
            "oak officer": self.held("Otto Berg", Role.OFFICER, self.oak),
            "principal": self.held("Pia Cole", Role.PRINCIPAL, self.high),
            "county": self.held("Dee Dorn", Role.SAFETY_DIRECTOR, self.county),
            "board": self.held("Bo Eads", Role.BOARD_MEMBER, None),
        }

    def held(self, name: str, role: Role, at: At) -> Person:
        person = a_person(name)
        a_role(person, role, at)
        return person

    def seen_by(self, role: Role, at: At) -> set[str]:
        asker = a_person("Asker")
        found = queries.people(an_actor(asker, role, at))
        known = {person.pk: key for key, person in self.people.items()}
        return {known[p.pk] for p in found if p.pk != asker.pk}


def signed_in(role: Role | None, at: At = None, name: str = "Casey Nguyen") -> Client:
    person = a_person(name)
    if role is not None:
        a_role(person, role, at)
    client = Client()
    client.force_login(an_account(person, f"{name.split()[0].lower()}@maple.example"))
    return client


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


EVERYBODY = {"officer", "oak officer", "principal", "county", "board"}


@pytest.mark.parametrize(
    ("role", "where", "expected"),
    [
        (Role.ADMINISTRATOR, None, EVERYBODY),
        (Role.PRIVACY_OFFICER, None, EVERYBODY),
        (Role.AGENCY_HEAD, "maple", {"officer"}),
        (Role.SUPERVISOR, "maple", {"officer"}),
        (Role.AGENCY_HEAD, "oak", {"oak officer"}),
        (Role.SUPERINTENDENT, "city", {"principal"}),
        (Role.SAFETY_DIRECTOR, "city", {"principal"}),
        (Role.PRIVACY_OFFICER, "city", {"principal"}),
        (Role.SUPERINTENDENT, "county", {"county"}),
        (Role.OFFICER, "maple", set()),
        (Role.INVESTIGATOR, "maple", set()),
        (Role.DISPATCHER, "maple", set()),
        (Role.PRINCIPAL, "high", set()),
        (Role.FRONT_OFFICE, "high", set()),
        (Role.SCHOOL_STAFF, "high", set()),
        (Role.COUNSELOR, "city", set()),
        (Role.TEAM_MEMBER, "city", set()),
        (Role.BOARD_MEMBER, None, set()),
    ],
)
def test_everybody_sees_the_people_of_the_places_they_answer_for(
    role: Role, where: str | None, expected: set[str]
) -> None:
    town = Town()

    assert town.seen_by(role, getattr(town, where) if where else None) == expected


def test_of_somebody_with_roles_on_two_sides_each_side_sees_its_own() -> None:
    town = Town()
    both = town.people["officer"]
    a_role(both, Role.TEAM_MEMBER, town.high)
    head = an_actor(a_person(), Role.AGENCY_HEAD, town.maple)
    superintendent = an_actor(a_person(), Role.SUPERINTENDENT, town.city)

    def told(actor: Any) -> list[tuple[str, ...]]:
        found = queries.people(actor).filter(pk=both.pk)
        return [p.roles for p in queries.listed(actor, list(found), day=TODAY, now=NOON)]

    assert told(head) == [("Officer, Maple Police Department",)]
    assert told(superintendent) == [("Threat assessment team member, Maple High",)]


def test_a_record_joined_with_another_is_seen_as_that_other_also_across_the_sides() -> None:
    town = Town()
    kept = a_person("Olive Ames-Berg")
    actions.merge_persons(SYSTEM, kept, town.people["officer"], reason="name", now=NOON)
    head = an_actor(a_person("Head"), Role.AGENCY_HEAD, town.maple)

    found = queries.listed(head, list(queries.people(head)), day=TODAY, now=NOON)

    assert [(p.name, p.roles) for p in found if p.name != "Head"] == [
        ("Olive Ames-Berg", ("Officer, Maple Police Department",))
    ]
    assert queries.person_at_uid(head, town.people["officer"].uid) == kept
    assert [
        p.name for p in queries.with_role(head, queries.people(head), "officer", day=TODAY)
    ] == ["Olive Ames-Berg"]


def test_the_list_costs_the_same_number_of_queries_whatever_its_length(
    django_assert_num_queries: Any,
) -> None:
    town = Town()
    actor = an_actor(a_person(), Role.ADMINISTRATOR)
    for number in range(20):
        person = town.held(f"Person {number}", Role.OFFICER, town.maple)
        an_account(person, f"person{number}@maple.example", password=None)

    with django_assert_num_queries(6):
        rows = list(queries.people(actor))
        listed = queries.listed(actor, rows, day=TODAY, now=NOON)

    assert len(listed) == 26


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("q=OLIVE", ["Olive"]),
        ("role=officer", ["Olive", "Otto"]),
        ("role=none", ["Nobody"]),
        ("sign_in=open", ["Casey"]),
        ("sign_in=invited", ["Pia"]),
        ("sign_in=closed", []),
        ("role=officer&sign_in=none&sort=-name", ["Otto", "Olive"]),
        ("role=king", ["Bo Eads", "Dee", "Olive", "Otto", "Pia", "Casey", "Nobody"]),
    ],
)
def test_search_and_filters_stand_in_the_address_and_the_file_has_the_same_rows(
    asked: str, expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    town = Town()
    a_person("Nobody Inparticular")
    asked_in = {town.people["principal"].pk}
    monkeypatch.setattr(registry, "invited", [lambda ids, now: asked_in])
    client = signed_in(Role.ADMINISTRATOR)

    page = client.get(f"/people/?{asked}").content.decode().partition("<tbody")[2]
    file = client.get(f"/people/?{asked}&format=csv").content.decode()

    for text in (page, file):
        at = [text.find(name) for name in expected]
        assert -1 not in at, (asked, expected)
    assert len(file.splitlines()) == len(expected) + 1
    if "sort" in asked:
        assert file.find("Otto") < file.find("Olive")
    assert Line.objects.filter(verb="tables.export").count() == 1


def test_a_district_finds_the_people_of_its_schools() -> None:
    town = Town()
    client = signed_in(Role.ADMINISTRATOR)

    def found_at(place: Any) -> list[str]:
        page = client.get(f"/people/?at={place.uid}").content.decode()
        return [n for n in ("Olive", "Otto", "Pia", "Dee") if n in page.partition("<tbody")[2]]

    assert found_at(town.city) == ["Pia"]
    assert found_at(town.maple) == ["Olive"]


def test_the_list_is_not_there_for_whoever_answers_for_nobody_but_their_own_page_is() -> None:
    town = Town()
    client = signed_in(Role.DISPATCHER, town.maple)
    me = Person.objects.get(name="Casey Nguyen")

    assert client.get("/people/").status_code == 404
    assert client.get(f"/people/{town.people['officer'].uid}/").status_code == 404
    page = client.get(f"/people/{me.uid}/").content.decode()
    assert "What am I entrusted with?" in page
    assert "Dispatcher, Maple Police Department" in page


def test_nobody_is_found_and_nobody_is_named_whom_one_may_not_know_of() -> None:
    town = Town()
    head = an_actor(a_person(), Role.AGENCY_HEAD, town.maple)
    dispatcher = an_actor(a_person(), Role.DISPATCHER, town.maple)
    everybody = [p.pk for p in town.people.values()]

    assert [hit.title for hit in queries.find_people(head, "ol")] == ["Olive Ames"]
    assert list(queries.find_people(dispatcher, "ol")) == []
    assert set(queries.people_named(head, everybody)) == {town.people["officer"].pk}


def test_the_page_of_a_person_tells_what_is_held_now_was_before_and_comes() -> None:
    town = Town()
    olive = town.people["officer"]
    a_role(olive, Role.SUPERVISOR, town.maple, valid_from=TODAY + timedelta(days=10))
    a_role(olive, Role.DISPATCHER, town.maple, valid_until=TODAY)
    wrong = a_role(olive, Role.INVESTIGATOR, town.maple)
    actions.withdraw_role(SYSTEM, wrong, now=NOON)
    head = an_actor(a_person(), Role.AGENCY_HEAD, town.maple)

    found = queries.entrusted(head, olive, day=TODAY)

    def words(rows: Any) -> list[str]:
        return [row.words.partition(",")[0] for row in rows]

    assert words(found.now) == ["Officer"]
    assert words(found.to_come) == ["SRO supervisor"]
    assert words(found.before) == ["Dispatcher"]
    assert words(found.in_error) == ["Investigator"]


@pytest.mark.parametrize(
    ("role", "told"),
    [(Role.ADMINISTRATOR, True), (Role.AGENCY_HEAD, True), (Role.SUPERVISOR, False)],
)
def test_the_address_that_somebody_signs_in_with_is_for_whoever_may_invite_them(
    role: Role, told: bool
) -> None:
    town = Town()
    olive = town.people["officer"]
    an_account(olive, "secret@maple.example")
    client = signed_in(role, None if role is Role.ADMINISTRATOR else town.maple)

    page = client.get(f"/people/{olive.uid}/").content.decode()

    assert ("secret@maple.example" in page) is told
    assert "Can sign in" in page


def test_a_closed_sign_in_is_said_to_be_closed() -> None:
    town = Town()
    account = an_account(town.people["officer"], "olive@maple.example")
    Account.objects.filter(pk=account.pk).update(closed_at=NOON)
    client = signed_in(Role.ADMINISTRATOR)

    assert "Closed" in client.get("/people/?sign_in=closed").content.decode().partition("<tbody")[2]
    assert "Signs in as" in client.get(f"/people/{town.people['officer'].uid}/").content.decode()


def test_the_page_of_a_record_that_was_joined_leads_to_the_one_kept() -> None:
    town = Town()
    kept, gone = town.people["officer"], town.people["board"]
    actions.merge_persons(SYSTEM, kept, gone, reason="twice", now=NOON)
    client = signed_in(Role.ADMINISTRATOR)

    answer = client.get(f"/people/{gone.uid}/")

    assert answer.status_code == 302
    assert answer["Location"] == f"/people/{kept.uid}/"


def test_what_the_person_can_see_is_linked_for_whoever_may_look() -> None:
    town = Town()
    olive = town.people["officer"]
    head = signed_in(Role.AGENCY_HEAD, town.maple, "Hal Head")
    sergeant = signed_in(Role.SUPERVISOR, town.maple, "Sam Sergeant")

    there = f"/people/{olive.uid}/sees/"
    assert there in head.get(f"/people/{olive.uid}/").content.decode()
    assert there not in sergeant.get(f"/people/{olive.uid}/").content.decode()


def test_an_administrator_of_a_new_program_comes_first_to_what_it_needs() -> None:
    assert signed_in(Role.ADMINISTRATOR).get("/")["Location"] == "/start/"
