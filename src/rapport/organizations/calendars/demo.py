"""The demo town's school calendar: invented dates of a kind that Virginia's divisions have."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from rapport.foundation.demo import Town, working_day
from rapport.foundation.facts import Source
from rapport.organizations.calendars import actions
from rapport.organizations.calendars.actions import NewYear
from rapport.organizations.calendars.models import Why
from rapport.organizations.calendars.rules import DaysOff
from rapport.organizations.places.models import District

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = range(5)
JULY: Final = 7


def build(town: Town) -> None:
    """Record the school years that the town lives through, and the next one, when each was adopted."""
    district: District = town.cast["district"]
    first = town.start.year - (town.start.month < JULY) - 1  # so that its first summer is known
    last = town.today.year - (town.today.month < JULY) + 1
    before = working_day(town.start - timedelta(weeks=2))
    for year in range(first, last + 1):
        day = min(working_day(date(year, 3, 15)), working_day(town.today - timedelta(days=7)))
        act = partial(_adopt, town, district, school_year(year))
        if day <= town.start:
            act(town.at(before, 9, year - first))
        else:
            town.on(day, 15, act)


def _adopt(town: Town, district: District, year: NewYear, now: datetime) -> None:
    actor = town.actor("safety_director", now)
    actions.set_school_year(actor, district, year, now=now)


def school_year(year: int) -> NewYear:
    """Return a believable school year that begins in August of `year`."""
    thanksgiving = nth(year, 11, THURSDAY, 4)
    spring = nth(year + 1, 4, MONDAY, 1)
    memorial = last(year + 1, 5, MONDAY)
    return NewYear(
        first_day=nth(year, 8, WEDNESDAY, 3),
        last_day=memorial + timedelta(days=11),
        off=(
            _off(nth(year, 9, MONDAY, 1), 1, Why.HOLIDAY),
            _off(nth(year, 10, MONDAY, 2), 1, Why.STAFF),
            _off(nth(year, 11, MONDAY, 1) + timedelta(days=1), 1, Why.STAFF),  # election day
            _off(thanksgiving - timedelta(days=1), 3, Why.BREAK),
            _off(date(year, 12, 21), 13, Why.BREAK),
            _off(nth(year + 1, 1, MONDAY, 3), 1, Why.HOLIDAY),
            _off(nth(year + 1, 2, MONDAY, 3), 1, Why.HOLIDAY),
            _off(spring, 5, Why.BREAK),
            _off(memorial, 1, Why.HOLIDAY),
        ),
        source=Source.RECORD,
    )


def _off(first: date, count: int, why: str) -> DaysOff:
    return DaysOff(first, first + timedelta(days=count - 1), why)


def nth(year: int, month: int, weekday: int, n: int) -> date:
    """Return the n-th such weekday of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))


def last(year: int, month: int, weekday: int) -> date:
    """Return the last such weekday of a month."""
    return max(
        d for d in (nth(year, month, weekday, 4), nth(year, month, weekday, 5)) if d.month == month
    )
