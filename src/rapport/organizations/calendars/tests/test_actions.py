from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.foundation.access import STRANGER, SYSTEM, NotAllowed, Role
from rapport.foundation.audit.models import Line
from rapport.foundation.facts import Refused
from rapport.organizations.calendars import actions, queries
from rapport.organizations.calendars.models import NoSchool, SchoolYear
from rapport.organizations.calendars.rules import DaysOff
from rapport.organizations.calendars.tests.build import (
    LATER,
    NOW,
    THANKSGIVING,
    a_district,
    a_year,
    at_district,
    new_year,
)

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 11, 27)


def test_a_school_year_is_recorded_with_its_days_off_in_one_line() -> None:
    district = a_district()

    actions.set_school_year(
        at_district(Role.SUPERINTENDENT, district), district, new_year(THANKSGIVING), now=NOW
    )

    calendar = queries.calendar_of(SYSTEM, district.pk)
    assert calendar.is_school_day(date(2026, 11, 24))
    assert calendar.is_school_day(FRIDAY) is False
    assert calendar.is_school_day(date(2027, 6, 4))
    assert calendar.is_school_day(date(2027, 6, 7)) is None
    line = Line.objects.get()
    assert (line.verb, line.object_id, line.actor_id) == ("calendars.set", district.pk, 7)


def test_days_off_that_cannot_be_leave_no_half_of_a_year() -> None:
    district = a_district()
    actions.record_no_school(
        SYSTEM, district, now=NOW, valid_from=FRIDAY, valid_until=date(2026, 11, 28), why="closed"
    )

    with pytest.raises(Refused, match="overlaps what is already recorded"):
        a_year(district, THANKSGIVING)
    assert not SchoolYear.objects.exists()
    assert NoSchool.objects.count() == 1


def test_two_school_years_of_a_district_do_not_overlap_and_those_of_two_districts_may() -> None:
    elm = a_district()
    a_year(elm)

    a_year(a_district("Oak County"))
    with pytest.raises(Refused, match="overlaps"):
        a_year(elm)


def test_a_snow_day_counts_from_when_it_is_recorded_and_was_a_school_day_as_known_before() -> None:
    district = a_district()
    a_year(district)

    actions.record_no_school(
        SYSTEM, district, now=LATER, valid_from=FRIDAY, valid_until=date(2026, 11, 28), why="closed"
    )

    assert queries.calendar_of(SYSTEM, district.pk).is_school_day(FRIDAY) is False
    assert queries.calendar_of(SYSTEM, district.pk, known=NOW).is_school_day(FRIDAY)


def test_days_off_are_corrected_and_withdrawn() -> None:
    district = a_district()
    a_year(district, THANKSGIVING)
    off = NoSchool.objects.get()

    after = actions.correct_no_school(SYSTEM, off, now=LATER, valid_until=FRIDAY)
    assert queries.calendar_of(SYSTEM, district.pk).is_school_day(FRIDAY)
    actions.withdraw_no_school(SYSTEM, after, now=LATER)

    assert queries.calendar_of(SYSTEM, district.pk).is_school_day(date(2026, 11, 25))


def test_a_school_year_that_is_withdrawn_takes_its_days_off_along_and_can_be_recorded_anew() -> (
    None
):
    district = a_district()
    year = a_year(district, THANKSGIVING)

    actions.withdraw_school_year(SYSTEM, year, now=LATER)

    assert queries.calendar_of(SYSTEM, district.pk).is_school_day(FRIDAY) is None
    assert a_year(district, THANKSGIVING)
    assert NoSchool.objects.known().count() == 1


def test_days_off_without_an_end_are_refused() -> None:
    with pytest.raises(Refused, match="Give a last day"):
        actions.record_no_school(SYSTEM, a_district(), now=NOW, valid_from=FRIDAY, why="other")


WRITES = {Role.SAFETY_DIRECTOR, Role.SUPERINTENDENT, Role.PRINCIPAL, Role.FRONT_OFFICE} | {
    Role.SUPERVISOR,
    Role.AGENCY_HEAD,
}


@pytest.mark.parametrize("role", list(Role))
def test_who_may_set_the_calendar_of_a_district(role: Role) -> None:
    elm, oak = a_district(), a_district("Oak County")

    if role in WRITES:
        assert actions.set_school_year(at_district(role, elm), elm, new_year(), now=NOW)
    else:
        with pytest.raises(NotAllowed):
            actions.set_school_year(at_district(role, elm), elm, new_year(), now=NOW)
    with pytest.raises(NotAllowed):
        actions.set_school_year(at_district(role, elm), oak, new_year(), now=NOW)


def test_a_calendar_is_public() -> None:
    district = a_district()
    a_year(district)

    assert queries.calendar_of(STRANGER, district.pk).years


def test_calendars_of_many_districts_cost_two_queries() -> None:
    districts = [a_district(f"District {n}") for n in range(5)]
    keys = [district.pk for district in districts]
    for district in districts[:3]:
        a_year(district)

    with CaptureQueriesContext(connection) as asked:
        found = queries.calendars(SYSTEM, keys)

    assert (len(asked), sorted(found)) == (2, keys[:3])


def test_the_page_counts_the_school_days_of_a_year() -> None:
    district = a_district()
    a_year(district, DaysOff(date(2026, 12, 21), date(2027, 1, 1), "break"), THANKSGIVING)

    (shown,) = queries.years_shown(SYSTEM, district)

    assert shown.school_days == 208 - 3 - 10
    assert [row.words for row in shown.off] == ["break", "break"]
    assert [row.valid_from for row in shown.off] == [date(2026, 11, 25), date(2026, 12, 21)]
