"""The town's places and school days, whichever day it is opened."""

from datetime import UTC, date, datetime, time

import pytest

from rapport.foundation.access import SYSTEM
from rapport.foundation.demo import Town, build
from rapport.foundation.registry import DemoPart
from rapport.foundation.school_days import next_year_after
from rapport.organizations.calendars import demo, queries
from rapport.organizations.calendars.demo import school_year
from rapport.organizations.places import demo as places_demo
from rapport.organizations.places import queries as places
from rapport.organizations.places.models import Agency, AgencyStart, School

PARTS = (DemoPart(10, "places", places_demo.build), DemoPart(11, "calendars", demo.build))


def a_town(today: date) -> Town:
    town = Town(15, today)
    build(town, PARTS, lambda name: None)
    return town


@pytest.mark.django_db
def test_the_town_stands_on_real_schools_and_an_invented_agency() -> None:
    town = a_town(date(2026, 12, 2))

    assert School.objects.count() == 102
    assert len(town.cast["schools"]) == 9
    assert town.cast["high_school"].nces_id == "510078000273"
    assert town.cast["second_school"].name == "Buford Middle"
    assert Agency.objects.get() == town.cast["agency"]
    assert AgencyStart.objects.get().valid_from == date(2025, 6, 2)
    district = places.districts_on(SYSTEM, date(2025, 6, 2))[town.cast["high_school"].pk]
    assert district == town.cast["district"].pk


@pytest.mark.django_db
def test_places_were_known_before_the_town_began() -> None:
    town = a_town(date(2026, 12, 2))
    start = datetime.combine(town.start, time(0), UTC)

    known = places.districts_on(SYSTEM, town.start, known=start)
    calendar = queries.calendar_of(SYSTEM, town.cast["district"].pk, known=start)

    assert town.cast["second_school"].pk in known
    assert calendar.is_school_day(date(2025, 6, 3))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("today", "last"),
    [
        (date(2026, 12, 2), date(2026, 12, 2)),  # a Wednesday
        (date(2026, 12, 6), date(2026, 12, 4)),  # a Sunday
        (date(2026, 7, 15), date(2026, 6, 5)),  # July
        (date(2027, 1, 1), date(2026, 12, 18)),  # the winter break
    ],
)
def test_the_town_knows_its_last_school_day_on_any_day(today: date, last: date) -> None:
    town = a_town(today)

    calendar = queries.calendar_of(SYSTEM, town.cast["district"].pk)

    assert calendar.last_on_or_before(today) == last
    assert calendar.is_school_day(town.start) is not None
    assert next_year_after(today, calendar.years).is_verified


@pytest.mark.parametrize("year", range(2020, 2041))
def test_a_school_year_of_the_town_is_believable(year: int) -> None:
    found = school_year(year)

    calendar_days = (found.last_day - found.first_day).days
    off = sorted(found.off)
    assert found.first_day.weekday() == 2
    assert found.last_day.weekday() == 4
    assert 280 < calendar_days < 300
    assert all(a.last < b.first for a, b in zip(off, off[1:], strict=False))
    assert any(o.first <= date(year, 12, 25) <= o.last for o in off)
    assert any(o.first <= date(year + 1, 1, 1) <= o.last for o in off)
