from datetime import date

import pytest
from django.test import Client

from rapport.foundation.access import Role
from rapport.foundation.facts import Fact
from rapport.organizations.calendars.models import NoSchool, SchoolYear
from rapport.organizations.calendars.tests.build import THANKSGIVING, a_district, a_year
from rapport.organizations.places.tests.build import signed_in

pytestmark = pytest.mark.django_db


def typed(**said: str) -> dict[str, str]:
    return {
        "first_day": "2026-08-19",
        "last_day": "2027-06-04",
        "off": "2026-11-25 – 2026-11-27 break\n2026-12-21 – 2027-01-02 break\n",
        "source": "record",
    } | said


def test_a_district_without_a_calendar_says_so_and_how_to_add_one(client: Client) -> None:
    district = a_district()
    signed_in(client, Role.SUPERINTENDENT, district)

    said = client.get(f"/districts/{district.uid}/calendar/").content.decode()

    assert "No calendar yet" in said
    assert "not known whether there is school" in said
    assert said.count("/calendar/new/") == 1


def test_a_school_year_is_typed_on_one_page(client: Client) -> None:
    district = a_district()
    signed_in(client, Role.SUPERINTENDENT, district)

    answer = client.post(f"/districts/{district.uid}/calendar/new/", typed(), follow=True)

    assert SchoolYear.objects.get().valid_until == date(2027, 6, 5)
    assert NoSchool.objects.count() == 2
    assert "195 school days" in answer.content.decode()


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"off": "Thanksgiving"}, "line 1, “Thanksgiving”"),
        ({"off": "2028-01-01"}, "lies outside of the school year"),
        ({"last_day": "2026-06-04"}, "The last day lies before the first."),
        ({"last_day": "next June"}, "Write the date as year-month-day"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_all_that_was_typed_stays(
    client: Client, said: dict[str, str], problem: str
) -> None:
    district = a_district()
    signed_in(client, Role.SUPERINTENDENT, district)

    answer = client.post(f"/districts/{district.uid}/calendar/new/", typed(**said))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert problem in page
    assert 'value="2026-08-19"' in page
    assert typed(**said)["off"].splitlines()[0] in page
    assert not SchoolYear.objects.exists()


def test_who_may_only_read_sees_the_calendar_and_no_form(client: Client) -> None:
    district = a_district()
    year = a_year(district, THANKSGIVING)
    signed_in(client, Role.PRIVACY_OFFICER, district)

    said = client.get(f"/districts/{district.uid}/calendar/").content.decode()

    assert "25 Nov 2026" in said
    assert "/new/" not in said
    assert "/correct/" not in said
    assert client.post(f"/districts/{district.uid}/calendar/new/", typed()).status_code == 404
    assert client.get(address("correct", year)).status_code == 404


def address(step: str, fact: Fact) -> str:
    return f"/facts/{fact.kind}/{fact.uid}/{step}/"


def test_days_off_are_added_corrected_and_withdrawn_by_clicking(client: Client) -> None:
    district = a_district()
    a_year(district)
    signed_in(client, Role.SUPERINTENDENT, district)
    snow = {
        "valid_from": "2027-01-19",
        "last_day": "2027-01-19",
        "why": "closed",
        "source": "record",
    }

    client.post(f"/facts/no_school/new/{district.uid}/", snow)
    first = NoSchool.objects.known().get()
    shown = client.get(address("correct", first)).content.decode()
    client.post(address("correct", first), snow | {"last_day": "2027-01-20"})
    second = NoSchool.objects.known().get()
    client.post(address("withdraw", second))

    assert 'value="2027-01-19"' in shown
    assert (first.valid_until, second.valid_until) == (date(2027, 1, 20), date(2027, 1, 21))
    assert second.replaces == first
    assert not NoSchool.objects.known().exists()


def test_a_school_year_is_corrected_and_its_days_off_stay(client: Client) -> None:
    district = a_district()
    year = a_year(district, THANKSGIVING)
    signed_in(client, Role.SUPERINTENDENT, district)

    client.post(
        address("correct", year),
        {"valid_from": "2026-08-19", "last_day": "2027-06-11", "source": "record"},
    )

    assert SchoolYear.objects.known().get().valid_until == date(2027, 6, 12)
    assert NoSchool.objects.known().count() == 1
