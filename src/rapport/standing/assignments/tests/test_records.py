"""The pages that record assignments and exceptions."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from rapport.foundation import facts
from rapport.foundation.access import SYSTEM, Role, Scope
from rapport.organizations.people.models import Account, Person, RoleHeld
from rapport.organizations.places.models import District
from rapport.standing.assignments import actions
from rapport.standing.assignments.models import Assigned, Assignment, Excepted
from rapport.standing.assignments.tests.program import (
    DAY_ZERO,
    LONG_AGO,
    NOON,
    TODAY,
    Town,
    a_school,
    a_town,
    an_officer,
)
from rapport.standing.officers.models import Officer

pytestmark = pytest.mark.django_db
BEGIN = "/assignments/new/"


def signed_in(client: Client, role: Role, **at: Any) -> None:
    """Sign in somebody who holds a role at `agency=`, `district=` or `school=`."""
    person = Person.objects.create(name="Alex Morgan")
    account = Account.objects.create(email="alex@example.org", person=person, created_at=NOON)
    (scope,) = at
    facts.record(
        RoleHeld,
        now=DAY_ZERO,
        person=person,
        role=role,
        scope=Scope(scope),
        valid_from=LONG_AGO,
        about_person_id=person.pk,
        **at,
    )
    client.force_login(account)


def typed(town: Town, officer: Officer, **said: str) -> dict[str, str]:
    return {
        "officer": str(officer.uid),
        "school": str(town.school.uid),
        "valid_from": "2026-03-02",
        "hours_per_week": "40",
        "source": "record",
    } | said


def test_a_sergeant_assigns_an_officer_and_comes_back_to_the_officers_page(client: Client) -> None:
    town = a_town()
    officer = an_officer(town)
    signed_in(client, Role.SUPERVISOR, agency=town.agency)

    asked = client.get(BEGIN, {"officer": str(officer.uid), "school": str(town.school.uid)})
    done = client.post(BEGIN, typed(town, officer, last_day="2026-06-30"))

    assert "selected>Ofc. Sam Reyes" in asked.content.decode()
    assert "selected>Alder High" in asked.content.decode()
    assert done.url == officer.get_absolute_url()  # type: ignore[attr-defined]
    fact = Assigned.objects.get()
    assert (fact.agency, fact.valid_until) == (town.agency, date(2026, 7, 1))


def test_a_refused_assignment_says_what_would_mend_it_and_has_the_button(client: Client) -> None:
    town = a_town()
    officer = an_officer(town, without="selection")
    signed_in(client, Role.SUPERVISOR, agency=town.agency)

    answer = client.post(BEGIN, typed(town, officer))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "needs a recorded selection" in page
    assert "Record how the officer was selected, by whom and when." in page
    assert reverse("kinds:new", args=["selection", officer.uid]) in page
    assert 'value="40"' in page  # what was typed stays
    assert not Assignment.objects.exists()


def test_where_the_agreement_is_missing_the_button_leads_to_the_agreements(client: Client) -> None:
    town = a_town(signed=False)
    officer = an_officer(town)
    signed_in(client, Role.AGENCY_HEAD, agency=town.agency)

    page = client.post(BEGIN, typed(town, officer)).content.decode()

    assert "needs an agreement in force that covers the school" in page
    assert 'href="/agreements/"' in page


def test_the_form_offers_only_officers_and_schools_of_the_program_around_its_user(
    client: Client,
) -> None:
    town = a_town()
    officer = an_officer(town)
    elsewhere = a_school(District.objects.create(name="Birch", state="VA"), "Birch High")
    signed_in(client, Role.SUPERVISOR, agency=town.agency)

    page = client.get(BEGIN).content.decode()
    forced = client.post(BEGIN, typed(town, officer, school=str(elsewhere.uid)))

    assert "Alder High" in page
    assert "Birch High" not in page
    assert forced.status_code == 422
    assert not Assignment.objects.exists()


@pytest.mark.parametrize("role", [Role.PRINCIPAL, Role.FRONT_OFFICE, Role.COUNSELOR])
def test_at_a_school_nobody_finds_the_page(client: Client, role: Role) -> None:
    town = a_town()
    signed_in(client, role, school=town.school)

    assert client.get(BEGIN).status_code == 404
    assert client.post(BEGIN, typed(town, an_officer(town))).status_code == 404


def test_a_date_that_is_none_is_said_at_its_field(client: Client) -> None:
    town = a_town()
    officer = an_officer(town)
    signed_in(client, Role.SUPERVISOR, agency=town.agency)

    wrong = client.post(BEGIN, typed(town, officer, valid_from="31.02.2026"))
    reversed_ = client.post(BEGIN, typed(town, officer, last_day="2026-03-01"))

    assert "31.02.2026" in wrong.content.decode()
    assert "The end must not lie before the start." in reversed_.content.decode()
    assert not Assignment.objects.exists()


def assigned(town: Town) -> Assignment:
    return actions.begin_assignment(
        SYSTEM, an_officer(town), town.school, town.agency, now=NOON, valid_from=TODAY
    )


def test_an_assignment_is_corrected_ended_and_withdrawn_on_its_pages(client: Client) -> None:
    town = a_town()
    assigned(town)
    signed_in(client, Role.SUPERVISOR, agency=town.agency)

    def url(step: str) -> str:
        return reverse(f"kinds:{step}", args=["assignment", Assigned.objects.known().get().uid])

    shown = client.get(url("correct")).content.decode()
    dates = {"valid_from": "2026-03-02", "source": "record"}
    client.post(url("correct"), {**dates, "hours_per_week": "20"})
    client.post(url("end"), {"last_day": "2026-06-30"})
    after = Assigned.objects.known().get()
    gone = client.post(url("withdraw"), {"sure": "yes"})

    assert "Ofc. Sam Reyes, Alder High" in shown
    assert (after.hours_per_week, after.valid_until) == (20, date(2026, 7, 1))
    assert gone.status_code == 302
    assert not Assigned.objects.known().exists()
    assert Assigned.objects.count() == 3


def test_an_exception_is_recorded_with_its_end_and_corrected(client: Client) -> None:
    town = a_town()
    assignment = assigned(town)
    signed_in(client, Role.SUPERINTENDENT, district=town.district)
    new = reverse("kinds:new", args=["exception", assignment.uid])
    said = {"ground": "trained", "valid_from": "2026-03-02", "source": "record"}

    without = client.post(new, said)
    client.post(new, {**said, "last_day": "2026-04-30"})

    assert without.status_code == 422
    granted = Excepted.objects.get()
    assert granted.valid_until == date(2026, 5, 1)
    correct = reverse("kinds:correct", args=["exception", granted.uid])
    client.post(correct, {**said, "last_day": "2026-03-31"})
    assert Excepted.objects.known().get().valid_until == date(2026, 4, 1)


def test_a_principal_can_except_nothing(client: Client) -> None:
    town = a_town()
    assignment = assigned(town)
    signed_in(client, Role.PRINCIPAL, school=town.school)

    assert client.get(reverse("kinds:new", args=["exception", assignment.uid])).status_code == 404
    fact = Assigned.objects.get()
    assert client.get(reverse("kinds:correct", args=["assignment", fact.uid])).status_code == 404


def test_the_officers_page_offers_what_its_reader_may_do(client: Client) -> None:
    town = a_town()
    assignment = assigned(town)
    signed_in(client, Role.AGENCY_HEAD, agency=town.agency)
    actions.grant_exception(
        SYSTEM,
        assignment,
        ground="trained",
        valid_from=TODAY,
        valid_until=date(2026, 5, 1),
        now=NOON,
    )

    page = client.get(f"/officers/{assignment.officer.uid}/").content.decode()

    assert f"/assignments/new/?officer={assignment.officer.uid}" in page
    assert reverse("kinds:new", args=["exception", assignment.uid]) in page
    assert "Exception: trained" in page


def test_a_principal_is_offered_nothing_on_it(client: Client) -> None:
    town = a_town()
    assignment = assigned(town)
    signed_in(client, Role.PRINCIPAL, school=town.school)

    page = client.get(f"/officers/{assignment.officer.uid}/").content.decode()

    assert "Alder High" in page
    assert "/assignments/new/" not in page
    assert "/facts/exception/" not in page


def test_who_asks_for_a_pair_can_assign_it_from_the_answer(client: Client) -> None:
    town = a_town()
    officer = an_officer(town)
    other = a_school(town.district, "Alder Middle")
    actions.begin_assignment(
        SYSTEM, officer, town.school, town.agency, now=NOON, valid_from=date(2020, 3, 2)
    )
    signed_in(client, Role.SUPERVISOR, agency=town.agency)
    page = client.get("/ask/").content.decode()
    options = page.split('name="officer"')[1].split("</select>")[0]
    pair = options.split('<option value="')[2].split('"')[0]

    answer = client.get("/ask/", {"officer": pair, "school": str(other.uid)}).content.decode()

    assert "Assign this officer to this school" in answer
    assert f"school={other.uid}" in answer


def test_a_week_of_eighty_hours_is_asked_about(client: Client) -> None:
    town = a_town()
    officer = an_officer(town)
    signed_in(client, Role.SUPERVISOR, agency=town.agency)

    asked = client.post(BEGIN, typed(town, officer, hours_per_week="80"))
    sure = client.post(BEGIN, typed(town, officer, hours_per_week="80", sure="on"))

    assert "80 hours a week at one school" in asked.content.decode()
    assert (asked.status_code, sure.status_code) == (422, 302)
    assert Assigned.objects.get().hours_per_week == 80
