"""A sergeant puts an officer on the roster, records what papers say, and takes back a slip."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from rapport.foundation import facts
from rapport.foundation.access import SYSTEM, Role, Scope
from rapport.organizations.people.models import Account, Person, RoleHeld
from rapport.organizations.places.models import Agency
from rapport.standing.officers.models import Officer
from rapport.standing.officers.tests.build import NOON, a_person, an_agency, an_officer
from rapport.standing.training import actions as training

from .conftest import Visit

pytestmark = pytest.mark.journey


def an_account(agency: Agency, role: Role, person: Person) -> Account:
    facts.record(
        RoleHeld,
        now=NOON,
        valid_from=date(2020, 1, 1),
        person=person,
        about_person_id=person.pk,
        role=role,
        scope=Scope.AGENCY,
        agency=agency,
    )
    return Account.objects.create(email=f"{role}@alder.example", person=person, created_at=NOON)


def test_a_sergeant_adds_an_officer_and_records_a_certificate_that_the_chief_verifies(
    visit: Visit, looks_right: Callable[..., None]
) -> None:
    agency = an_agency()
    training.load_courses(SYSTEM, now=NOON)
    sergeant = an_account(agency, Role.SUPERVISOR, a_person())
    chief = an_account(agency, Role.AGENCY_HEAD, a_person("Ada Quill", "Chief"))

    page = visit("/officers/", account=sergeant)
    looks_right(page, "records-roster-empty")
    page.get_by_role("link", name="Add an officer").first.click()
    looks_right(page, "records-add")
    page.get_by_label("Name").fill("Sam Reyes")
    page.get_by_label("Badge").fill("14/2")
    page.get_by_label("Employed since").fill("2020-06-01")
    page.get_by_label("the agency's or the district's own record").check()
    page.get_by_role("button", name="Add to the roster").click()
    looks_right(page, "records-add-wrong")
    page.get_by_label("Badge").fill("142")
    page.get_by_role("button", name="Add to the roster").click()
    looks_right(page, "records-officer")

    officer = Officer.objects.get()
    page.goto(f"/facts/completion/new/{officer.uid}/")
    looks_right(page, "records-completion")
    page.get_by_label("Course", exact=True).select_option("nasro-basic")
    page.get_by_label("Hours").fill("40")
    page.get_by_label("Issued on").fill("2024-10-04")
    page.get_by_label("a certificate that was seen").check()
    page.get_by_role("button", name="Record").click()
    looks_right(page, "records-officer-with-course")
    assert "40 h, completed" in page.content()

    other = visit(f"/officers/{officer.uid}/", account=chief, width=390)
    other.get_by_role("link", name="Verify").click()
    looks_right(other, "records-verify")
    other.get_by_label("a certificate that was seen").check()
    other.get_by_role("button", name="Record").click()
    assert "verified" in other.content()


def test_a_slip_is_corrected_and_what_should_never_have_been_is_withdrawn(
    visit: Visit, looks_right: Callable[..., None]
) -> None:
    agency = an_agency()
    officer = an_officer(agency, now=NOON - timedelta(days=30))
    sergeant = an_account(agency, Role.SUPERVISOR, a_person())

    page = visit(f"/officers/{officer.uid}/", account=sergeant)
    page.get_by_role("link", name="Correct").first.click()
    looks_right(page, "records-correct")
    page.get_by_label("First day").fill("2020-07-01")
    page.get_by_role("button", name="Correct").click()
    assert "Corrected." in page.content()

    page.goto(f"/facts/duty_status/new/{officer.uid}/")
    page.get_by_label("on leave").check()
    page.get_by_label("First day").fill("2026-03-02")
    page.get_by_label("Last day").fill("2026-03-20")
    page.get_by_label("told by somebody").check()
    looks_right(page, "records-leave")
    page.get_by_role("button", name="Record").click()
    page.get_by_role("link", name="Undo").click()
    looks_right(page, "records-withdraw")
    page.get_by_role("button", name="Withdraw").click()
    assert "Withdrawn." in page.content()
    looks_right(page, "records-officer-after")
