import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rapport.foundation import clock, facts
from rapport.foundation.access import Actor, Role, RoleAt, Scope
from rapport.organizations.people import queries as people
from rapport.organizations.people.models import Account, Person
from rapport.organizations.places.models import School, SchoolInDistrict
from rapport.standing.assignments.models import Assigned
from rapport.standing.assignments.tests.town import NOW, TODAY, Town, a_town, an_officer

pytestmark = pytest.mark.django_db


def signed_in(client: Client, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Sign somebody in whose roles are those of `actor`, at a fixed moment."""
    person = Person.objects.create(name="Somebody")
    account = Account.objects.create(
        email=f"a{person.pk}@example.org", person=person, created_at=NOW
    )
    client.force_login(account)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(people, "actor_for", lambda user, **_: actor)
    return client


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def test_a_sergeant_sees_who_needs_what_and_by_when(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = a_town(2)
    signed_in(client, town.actor(Role.SUPERVISOR), monkeypatch)

    shown = page(client, "/board/")

    assert "Pat Maple 0" in shown
    assert "Cleared through 1 Sep 2026" in shown
    assert "the SRO training of the compulsory minimum standards" in shown


def test_an_officers_page_gives_grounds_reasons_and_the_past(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = a_town(2)
    signed_in(client, town.actor(Role.SUPERVISOR), monkeypatch)

    shown = page(client, f"/officers/{town.officers[1].uid}/?on=2025-10-01")

    assert "May Ofc. Pat Maple 1 serve?" in shown
    assert "1 Oct 2025" in shown
    assert "Record the completed course with its certificate." in shown
    assert "timebar" in shown


def test_a_principal_sees_who_serves_the_school_and_never_why_somebody_is_not_on_duty(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = a_town(1)
    signed_in(client, town.actor(Role.PRINCIPAL, Scope.SCHOOL), monkeypatch)

    shown = page(client, f"/schools/{town.schools[0].uid}/")

    assert "Pat Maple 0" in shown
    assert "Maple agreement" in shown
    assert "duty" not in shown.lower().replace("on duty with", "")


def test_any_other_pair_is_answered_as_if_assigned(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = a_town(2)
    signed_in(client, town.actor(Role.SUPERVISOR), monkeypatch)
    officer = f"{town.officers[0].uid.hex}-{town.agency.uid.hex}"

    shown = page(client, f"/ask/?officer={officer}&school={town.schools[1].uid}&on=2026-03-02")

    assert "This is the answer for an assignment that begins on this day." in shown


@pytest.mark.parametrize("address", ["/board/", "/schools/", "/ask/"])
def test_who_reads_nothing_of_the_program_finds_no_such_page(
    address: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = a_town(1)
    signed_in(client, town.actor(Role.ADMINISTRATOR, Scope.PROGRAM), monkeypatch)

    assert client.get(address).status_code == 404


def test_somebody_elsewhere_finds_neither_officer_nor_assignment(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = a_town(1)
    signed_in(client, town.actor(Role.SUPERVISOR, scope_id=town.agency.pk + 99), monkeypatch)

    assert client.get(f"/officers/{town.officers[0].uid}/").status_code == 404
    assert "Pat Maple" not in page(client, "/board/")
    assert "Pat Maple" not in page(client, "/board/?q=Maple")


def test_a_day_that_is_none_is_said_and_today_is_shown(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = a_town(1)
    signed_in(client, town.actor(Role.SUPERVISOR), monkeypatch)

    assert "This is no day" in page(client, "/board/?on=2026-02-30")


def test_a_demo_that_opens_on_its_last_school_day_says_so_and_leads_to_today(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = a_town(1)
    signed_in(client, town.actor(Role.SUPERVISOR), monkeypatch)
    opens = TODAY - timedelta(days=1)
    monkeypatch.setattr(
        "rapport.standing.assignments.queries.opening_day", lambda actor, *, now: opens
    )

    assert f'href="?on={TODAY.isoformat()}">Show today' in page(client, "/board/")
    assert "Show today" not in page(client, f"/board/?on={TODAY.isoformat()}")


def queries_of(client: Client, address: str) -> int:
    page(client, address)
    with CaptureQueriesContext(connection) as captured:
        page(client, address)
    return len(captured)


def test_the_board_takes_a_fixed_number_of_queries(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    town: Town = a_town(2)
    signed_in(client, town.actor(Role.SUPERVISOR), monkeypatch)
    few = queries_of(client, "/board/")
    for n in range(2, 8):
        an_officer(town, n)

    assert queries_of(client, "/board/") == few


def test_the_board_as_a_file_holds_what_the_page_shows_and_leaves_a_line(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rapport.foundation.audit.models import Line

    town = a_town(2)
    signed_in(client, town.actor(Role.SUPERVISOR), monkeypatch)

    answer: Any = client.get("/board/?format=csv&why=review&standing=provisional")

    lines = answer.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "Pat Maple 1" in lines[1]
    assert Line.objects.filter(verb="tables.export").count() == 1
    assert f"program-board_as-of-{TODAY}_" in answer["Content-Disposition"]
    assert "Cleared through" in lines[1]  # as the badge on the page says it


def test_the_rules_page_names_each_rule_its_source_and_what_is_not_verified(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = a_town(1)
    signed_in(client, town.actor(Role.PRINCIPAL, Scope.SCHOOL), monkeypatch)

    shown = page(client, "/rules/")

    assert "VA training 1" in shown
    assert "Va. Code 9.1-114.1" in shown
    assert "not checked against its source yet" in shown
    assert "within 12 months" in shown


def test_a_stranger_sees_the_agreements_in_force_and_no_officer(client: Client) -> None:
    a_town(1)

    shown = page(client, "/program/")

    assert "Maple agreement" in shown
    assert "Pat Maple" not in shown


@pytest.mark.parametrize("path", ["/board/", "/officers/{officer}/", "/schools/{school}/"])
def test_a_page_writes_its_dates_in_one_way(
    client: Client, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    town = a_town(1)
    signed_in(client, town.actor(Role.SUPERVISOR), monkeypatch)
    where = {"officer": town.officers[0].uid, "school": town.schools[0].uid}

    shown = page(client, path.format(**where))

    assert re.search(r"\d{1,2} [A-Z][a-z]{2} 2026", shown)
    assert re.findall(r"\d{1,2} [A-Z][a-z]{3,} 20\d\d", shown) == []


def test_what_will_be_known_on_a_day_to_come_is_not_asked(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = a_town(1)
    signed_in(client, town.actor(Role.SUPERVISOR), monkeypatch)

    shown = page(client, "/board/?known=2100-01-01")

    assert "What will be known on a day to come is not known" in shown
    assert "as known now" in shown


def test_the_rules_page_names_courses_hours_and_keys(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = a_town(1)
    School.objects.create(name="Rio Elementary", state="TX", zone="America/Chicago")
    signed_in(client, town.actor(Role.SUPERVISOR), monkeypatch)

    shown = page(client, "/rules/")

    assert "courses: nasro-advanced, tx-school-based-le, at least 16 hours" in shown
    assert "the 16-hour school-based law enforcement course" in shown
    assert "<code>basic-course</code>" in shown
    assert "clauses 8, 11, 23, 28" in shown


def test_hours_a_week_are_shown_without_a_point_and_a_zero(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = a_town(1)
    facts.correct(Assigned.objects.get(), now=NOW, hours_per_week=Decimal("30.0"))
    signed_in(client, town.actor(Role.SUPERVISOR), monkeypatch)

    shown = page(client, f"/officers/{town.officers[0].uid}/")

    assert "<dt>Hours a week</dt><dd>30</dd>" in shown


def test_the_search_finds_a_school_by_name_and_nces_id_and_leads_where_its_reader_may_go(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = a_town(1)
    school = School.objects.earliest("pk")
    School.objects.filter(pk=school.pk).update(name="Buford Middle", nces_id="510048000199")
    district = SchoolInDistrict.objects.get(school=school).district
    signed_in(client, town.actor(Role.SUPERVISOR), monkeypatch)

    for asked in ("buford", "510048000199", "5100480"):
        shown = page(client, f"/search/?q={asked}")
        assert f'<a href="/schools/{school.uid}/">Buford Middle</a>' in shown
    page(client, f"/schools/{school.uid}/")

    signed_in(
        client, Actor(77, frozenset({RoleAt(Role.ADMINISTRATOR, Scope.PROGRAM)})), monkeypatch
    )

    shown = page(client, "/search/?q=buford")
    assert f'<a href="/districts/{district.uid}/">Buford Middle</a>' in shown
    assert client.get(f"/schools/{school.uid}/").status_code == 404
