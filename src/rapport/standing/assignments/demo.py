"""Who serves which school in the demo town: all three words of a standing, and how they came about.

The first officer has served the high school since day one: provisional until the agreement had its
second signature, then cleared, but for a leave that was recorded only when it was over. The second
joined ten months ago and has two more months to take the basic course; an injury was bridged by an
exception of both sides.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

from rapport.foundation.demo import Town, next_working_day, working_day
from rapport.foundation.facts import Source
from rapport.organizations.places.models import School
from rapport.standing.assignments import actions
from rapport.standing.assignments.models import Assigned, Assignment, Excepted
from rapport.standing.officers.actions import record_duty_status
from rapport.standing.officers.models import Duty

FULL, MOST, SOME = Decimal(40), Decimal(30), Decimal(10)
THIRD_SCHOOL = "walker-upper-elementary"


def build(town: Town) -> None:
    """Enter the acts about assignments in the diary."""
    town.on(town.ago(months=18), 11, lambda now: _first(town, now))
    _leave(town, town.ago(months=8), days=town.chance.randrange(8, 13), told_after=24)
    town.on(town.ago(months=10), 9, lambda now: _second(town, now))
    slip = town.ago(months=9)
    town.on(slip, 10, lambda now: _wrong_school(town, now))
    town.on(next_working_day(slip), 8, lambda now: _take_back(town, now))
    first = _august(town.today)
    town.on(working_day(first - timedelta(days=6)), 13, lambda now: _third(town, first, now))
    _injury(town, town.ago(months=4), days=town.chance.randrange(20, 28))


def _first(town: Town, now: datetime) -> None:
    town.cast["assignment_1"] = _begin(
        town, now, 1, town.cast["high_school"], town.ago(months=18), MOST
    )


def _second(town: Town, now: datetime) -> None:
    day = town.ago(months=10)
    town.cast["assignment_2"] = _begin(town, now, 2, town.cast["second_school"], day, FULL)


def _third(town: Town, day: date, now: datetime) -> None:
    """From August on the first officer also comes to a third school."""
    taken = (town.cast["high_school"], town.cast["second_school"])
    schools = town.cast["schools"]
    other = next(s for s in schools.values() if s not in taken)
    town.cast["assignment_3"] = _begin(town, now, 1, schools.get(THIRD_SCHOOL, other), day, SOME)


def _begin(
    town: Town, now: datetime, officer: int, school: School, day: date, hours: Decimal
) -> Assignment:
    return actions.begin_assignment(
        town.actor("sergeant", now),
        town.cast[f"roster_{officer}"],
        school,
        town.cast["agency"],
        now=now,
        valid_from=day,
        hours_per_week=hours,
        source=Source.RECORD,
    )


def _wrong_school(town: Town, now: datetime) -> None:
    """A slip: the second officer is assigned to the first one's school …"""
    day = town.ago(months=9)
    town.cast["slip"] = _begin(town, now, 2, town.cast["high_school"], day, FULL)


def _take_back(town: Town, now: datetime) -> None:
    """… and it is taken back the next morning."""
    fact = Assigned.objects.known().get(assignment=town.cast["slip"])
    actions.withdraw_assignment(town.actor("sergeant", now), fact, now=now)


def _leave(town: Town, first: date, *, days: int, told_after: int) -> None:
    """The first officer is on leave, and it is recorded when it is over: known too late, and shown so."""

    def record(now: datetime) -> None:
        record_duty_status(
            town.actor("sergeant", now),
            town.cast["roster_1"],
            now=now,
            agency=town.cast["agency"],
            status=Duty.LEAVE,
            valid_from=first,
            valid_until=first + timedelta(days=days),
            source=Source.RECORD,
        )

    town.on(working_day(first + timedelta(days=told_after)), 16, record)


def _injury(town: Town, first: date, *, days: int) -> None:
    """The second officer is on restricted duty; both sides agree that the desk at school is kept."""
    until = first + timedelta(days=days)

    def restrict(now: datetime) -> None:
        record_duty_status(
            town.actor("sergeant", now),
            town.cast["roster_2"],
            now=now,
            agency=town.cast["agency"],
            status=Duty.RESTRICTED,
            valid_from=first,
            valid_until=until,
            source=Source.RECORD,
        )

    def grant(now: datetime) -> None:
        town.cast["exception"] = actions.grant_exception(
            town.actor("superintendent", now),
            town.cast["assignment_2"],
            now=now,
            ground="sworn",
            valid_from=first,
            valid_until=until + timedelta(days=10),
            source=Source.RECORD,
        )

    def end(now: datetime) -> None:
        exception: Excepted = town.cast["exception"]
        actions.end_exception(town.actor("chief", now), exception, until, now=now)

    town.on(first, 8, restrict)
    town.on(first, 9, grant)
    town.on(working_day(until + timedelta(days=2)), 10, end)


def _august(today: date) -> date:
    """Return the newest first school week's Monday in August that is a week past."""
    for year in (today.year, today.year - 1):
        monday = date(year, 8, 10)
        monday -= timedelta(days=monday.weekday())
        if monday < today - timedelta(days=7):
            return monday
    raise AssertionError("a year has an August")
