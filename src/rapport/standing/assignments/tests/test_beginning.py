"""The steps of a new program: what is done, what is next, and for whom they are there."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rapport.foundation import facts
from rapport.foundation.access import SYSTEM, Actor, Role, RoleAt, Scope
from rapport.foundation.rulesets import actions as rulesets
from rapport.organizations.people.models import Person, RoleHeld
from rapport.organizations.places.models import Agency, District, School
from rapport.standing.assignments import queries
from rapport.standing.assignments.queries import Todo
from rapport.standing.assignments.tests.test_pages import page, signed_in
from rapport.standing.assignments.tests.town import a_town

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 17, tzinfo=UTC)
TODAY = date(2026, 3, 2)
ADMINISTRATOR = Actor(person_id=900, roles=frozenset({RoleAt(Role.ADMINISTRATOR, Scope.PROGRAM)}))


def head_of(agency: Agency) -> Actor:
    held = RoleAt(Role.AGENCY_HEAD, Scope.AGENCY, agency.pk)
    return Actor(person_id=901, roles=frozenset({held}))


def steps(actor: Actor) -> dict[str, Todo]:
    return {step.name: step for step in queries.beginning(actor, day=TODAY)}


def the_next(actor: Actor) -> list[str]:
    return [name for name, step in steps(actor).items() if step.is_next]


def test_an_administrator_is_led_from_schools_to_an_agency_to_people_and_is_done() -> None:
    rulesets.load_shipped(SYSTEM, now=NOW)
    assert the_next(ADMINISTRATOR) == ["schools"]

    School.objects.create(name="Elm High", state="VA")
    assert the_next(ADMINISTRATOR) == ["agency"]

    agency = Agency.objects.create(name="Elm Police", state="VA")
    assert the_next(ADMINISTRATOR) == ["people"]

    facts.record(
        RoleHeld,
        now=NOW,
        person=Person.objects.create(name="Sam Oak"),
        role=Role.AGENCY_HEAD,
        scope=Scope.AGENCY,
        agency=agency,
        valid_from=TODAY,
        source="record",
    )
    assert the_next(ADMINISTRATOR) == []
    assert {n for n, step in steps(ADMINISTRATOR).items() if step.is_done} == {
        "schools",
        "agency",
        "people",
        "rules",
    }
    assert [n for n, step in steps(ADMINISTRATOR).items() if not step.url] == [
        "start",
        "agreement",
        "officer",
        "assign",
    ]


def test_the_head_of_the_agency_goes_on_with_start_agreement_officer_and_assignment() -> None:
    agency = Agency.objects.create(name="Elm Police", state="VA")
    found = steps(head_of(agency))

    assert [n for n, step in found.items() if step.url] == [
        "people",
        "rules",
        "start",
        "agreement",
        "officer",
        "assign",
    ]
    assert found["start"].url == f"/facts/agency_start/new/{agency.uid}/"
    assert found["schools"].url == found["agency"].url == ""


def test_who_has_nothing_to_do_with_beginning_sees_no_steps() -> None:
    agency = Agency.objects.create(name="Elm Police", state="VA")
    held = RoleAt(Role.INVESTIGATOR, Scope.AGENCY, agency.pk)

    assert steps(Actor(person_id=902, roles=frozenset({held}))) == {}


def test_once_somebody_is_assigned_the_steps_are_gone_and_their_page_leads_home(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = a_town(1)
    signed_in(client, ADMINISTRATOR, monkeypatch)

    assert queries.beginning(ADMINISTRATOR, day=TODAY) == []
    assert queries.beginning(town.actor(Role.SUPERVISOR), day=TODAY) == []
    assert client.get("/start/")["Location"] == "/"
    assert client.get("/")["Location"] == "/people/"
    assert "Getting started" not in page(client, "/people/")


def test_an_empty_program_shows_an_administrator_the_way_back_on_every_page(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in(client, ADMINISTRATOR, monkeypatch)

    assert client.get("/")["Location"] == "/start/"
    assert "Add a district" in page(client, "/start/")
    assert 'href="/start/"' in page(client, "/people/")


def test_the_board_of_an_empty_program_shows_the_steps_instead_of_an_empty_list(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    agency = Agency.objects.create(name="Elm Police", state="VA")
    signed_in(client, head_of(agency), monkeypatch)

    shown = page(client, "/board/")

    assert "The way to the first standing" in shown
    assert "No officer is assigned to a school on this day" not in shown


def test_the_steps_ask_the_database_a_fixed_number_of_questions() -> None:
    agency = Agency.objects.create(name="Elm Police", state="VA")

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            queries.beginning(head_of(agency), day=TODAY)
        return len(found)

    few = asked()
    for number in range(20):
        District.objects.create(name=f"County {number}", state="VA")
        School.objects.create(name=f"School {number}", state="VA")
    assert asked() == few
