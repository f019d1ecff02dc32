import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from rapport.foundation.access import Role
from rapport.foundation.facts import Overtaken
from rapport.organizations.places.models import Agency
from rapport.standing.officers.tests.build import (
    NOON,
    a_district,
    a_supervisor,
    an_actor,
    an_agency,
    an_officer,
    signed_in,
)
from rapport.standing.training import actions
from rapport.standing.training.models import Completed, CompletionWords, Course, Verified
from rapport.standing.training.tests.build import a_completion, a_course

pytestmark = pytest.mark.django_db


def test_a_sergeant_records_a_certificate_that_expires(client: Client) -> None:
    agency = an_agency()
    officer = an_officer(agency)
    a_course()
    signed_in(client, Role.SUPERVISOR, agency)
    address = f"/facts/completion/new/{officer.uid}/"
    typed = {
        "agency": str(agency.uid),
        "course": "nasro-basic",
        "result": "completed",
        "hours": "40",
        "provider": "Piedmont",
        "certificate_number": "B-1",
        "valid_from": "2024-10-04",
        "last_day": "2027-10-04",
        "source": "certificate",
    }

    page = client.get(address).content.decode()
    answer = client.post(address, typed)

    made = Completed.objects.get()
    assert "NASRO Basic School Resource Officer Course · 40 h" in page
    assert answer.status_code == 302
    assert (made.valid_until, made.hours) == (date(2027, 10, 5), Decimal(40))
    assert CompletionWords.objects.get().provider == "Piedmont"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("valid_from", "2099-01-01", "still to come"),
        ("last_day", "2024-10-03", "must not lie before the start"),
        ("hours", "0", "Hours are more than 0"),
        ("course", "no-such", "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_all_that_was_typed_stays(
    client: Client, name: str, value: str, said: str
) -> None:
    agency = an_agency()
    officer = an_officer(agency)
    a_course()
    signed_in(client, Role.SUPERVISOR, agency)
    typed = {
        "agency": str(agency.uid),
        "course": "nasro-basic",
        "result": "completed",
        "hours": "40",
        "provider": "Piedmont Regional",
        "valid_from": "2024-10-04",
        "source": "certificate",
    }

    answer = client.post(f"/facts/completion/new/{officer.uid}/", typed | {name: value})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert 'value="Piedmont Regional"' in page
    assert not Completed.objects.exists()


def test_a_correction_starts_from_what_is_recorded_and_does_not_ask_for_the_course(
    client: Client,
) -> None:
    agency = an_agency()
    made = a_completion(an_officer(agency), agency, provider="Piedmont")
    signed_in(client, Role.SUPERVISOR, agency)
    address = f"/facts/completion/{made.uid}/correct/"
    typed = {
        "agency": str(agency.uid),
        "result": "completed",
        "hours": "40",
        "provider": "Piedmont",
        "valid_from": "2024-11-04",
        "source": "certificate",
    }

    page = client.get(address).content.decode()
    answer = client.post(address, typed)

    assert 'value="Piedmont"' in page
    assert 'name="course"' not in page
    assert answer.status_code == 302
    assert Completed.objects.known().get().valid_from == date(2024, 11, 4)


def test_the_chief_verifies_what_the_sergeant_entered(client: Client) -> None:
    agency = an_agency()
    officer = an_officer(agency)
    made = a_completion(officer, agency, a_supervisor(agency))
    signed_in(client, Role.AGENCY_HEAD, agency)
    address = f"/facts/verification/new/{made.completion.uid}/"

    page = client.get(address).content.decode()
    answer = client.post(address, {"valid_from": "2024-10-20", "source": "certificate"})

    assert "Have you checked this completion?" in page
    assert answer["Location"] == f"/officers/{officer.uid}/"
    assert Verified.objects.get().source == "certificate"
    assert client.get(address).status_code == 404


def test_who_entered_a_completion_finds_no_form_to_verify_it(client: Client) -> None:
    agency = an_agency()
    officer = an_officer(agency)
    me = signed_in(client, Role.SUPERVISOR, agency)
    made = a_completion(officer, agency, an_actor(Role.SUPERVISOR, agency, person=me))
    assert client.get(f"/facts/verification/new/{made.completion.uid}/").status_code == 404


def test_the_courses_are_listed_for_everybody_signed_in_and_sent_as_a_file(client: Client) -> None:
    a_course()
    signed_in(client, Role.PRINCIPAL, a_district())

    page = client.get("/courses/?jurisdiction=TX").content.decode()
    file = client.get("/courses/?jurisdiction=TX&format=csv").content.decode()

    assert "Texas: school-based law enforcement course" in page
    assert "Indiana" not in file
    assert "tx-school-based-le,16,TX" in file
    assert "/courses/new/" not in page
    assert client.get("/courses/new/").status_code == 404
    assert client.get("/courses/nasro-basic/edit/").status_code == 404


def test_a_chief_adds_and_edits_a_course(client: Client) -> None:
    signed_in(client, Role.AGENCY_HEAD, an_agency())
    typed = {"code": "county-sro", "name": "County SRO", "hours": "24", "jurisdiction": "program"}

    client.post("/courses/new/", typed)
    client.post("/courses/county-sro/edit/", typed | {"name": "County SRO course"})
    wrong = client.post("/courses/new/", typed | {"code": "Not A Code"})

    course = Course.objects.get()
    assert (course.name, course.hours) == ("County SRO course", 24)
    assert wrong.status_code == 422
    assert "small letters, digits and hyphens" in wrong.content.decode()


def test_two_who_edit_a_course_at_once_are_told(client: Client) -> None:
    course = a_course("in-service")
    stale = Course.objects.get(pk=course.pk)
    chief = a_supervisor(an_agency())
    actions.edit_course(chief, course, actions.CourseTerms(name="One"), now=NOON)

    with pytest.raises(Overtaken, match="Somebody else has just changed this"):
        actions.edit_course(
            chief, stale, actions.CourseTerms(name="Two"), now=NOON + timedelta(minutes=1)
        )

    assert Course.objects.get(pk=course.pk).name == "One"


def of_the_basic_course(agency: Agency, **said: str) -> dict[str, str]:
    return {
        "agency": str(agency.uid),
        "course": "nasro-basic",
        "result": "completed",
        "hours": "40",
        "valid_from": "2024-10-04",
        "source": "certificate",
    } | said


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ({}, "This course is recorded for this officer and day already."),
        ({"valid_from": "2024-11-04", "hours": "400"}, "400 hours are far more than the 40"),
        (
            {"valid_from": "2024-11-04", "course": "county-sro", "hours": "401"},
            "401 hours are more than ten weeks",
        ),
    ],
)
def test_a_completion_that_is_odd_is_recorded_once_somebody_says_it_is_right(
    client: Client, said: dict[str, str], asked: str
) -> None:
    agency = an_agency()
    officer = an_officer(agency)
    a_completion(officer, agency)
    Course.objects.create(code="county-sro", name="County SRO", jurisdiction="program")
    signed_in(client, Role.SUPERVISOR, agency)
    address = f"/facts/completion/new/{officer.uid}/"
    typed = of_the_basic_course(agency, **said)

    odd = client.post(address, typed)
    sure = client.post(address, typed | {"sure": "on"})

    page = odd.content.decode()
    assert odd.status_code == 422
    assert asked in page
    assert page.count("It is right as typed") == 1  # at its box, not before what is odd
    assert sure.status_code == 302
    assert Completed.objects.count() == 2


def test_a_correction_that_leaves_day_and_course_is_not_taken_for_a_twin(client: Client) -> None:
    agency = an_agency()
    officer = an_officer(agency)
    made = a_completion(officer, agency)
    signed_in(client, Role.SUPERVISOR, agency)

    answer = client.post(
        f"/facts/completion/{made.uid}/correct/", of_the_basic_course(agency, hours="36")
    )

    assert answer.status_code == 302


def test_whoever_edits_a_course_from_an_old_page_is_told_once_and_loses_nothing(
    client: Client,
) -> None:
    agency = an_agency()
    course = a_course()
    signed_in(client, Role.AGENCY_HEAD, agency)
    address = f"/courses/{course.code}/edit/"
    seen = re.search(r'name="seen" value="(\w+)"', client.get(address).content.decode())
    assert seen is not None
    other = actions.CourseTerms(name="Their name", hours=41, jurisdiction="US")
    actions.edit_course(a_supervisor(agency), course, other, now=NOON)
    typed = {"name": "My name", "hours": "40", "jurisdiction": "US", "seen": seen[1]}

    told = client.post(address, typed)
    again = re.search(r'name="seen" value="(\w+)"', told.content.decode())

    assert told.status_code == 422
    assert "Somebody else has just changed this" in told.content.decode()
    assert "My name" in told.content.decode()
    assert Course.objects.get(pk=course.pk).name == "Their name"
    assert again is not None
    assert client.post(address, typed | {"seen": again[1]}).status_code == 302
    assert Course.objects.get(pk=course.pk).name == "My name"


def test_a_course_of_many_weeks_is_asked_about(client: Client) -> None:
    signed_in(client, Role.AGENCY_HEAD, an_agency())
    typed = {"code": "academy", "name": "Academy", "hours": "401", "jurisdiction": "program"}

    odd = client.post("/courses/new/", typed)
    client.post("/courses/new/", typed | {"sure": "on"})

    assert "more than ten weeks" in odd.content.decode()
    assert Course.objects.get().hours == 401
