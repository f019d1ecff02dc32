"""School days, counted from a district's calendar. No database, no clock.

A date on which the calendar says nothing is unknown, never guessed: where one is met, a count has
no answer (None). Saturdays and Sundays within a school year are no school days.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, NamedTuple

SATURDAY: Final = 5
ONE: Final = timedelta(days=1)
# Between two school years that lie no further apart there is no third: what lies between is summer.
SUMMER: Final = timedelta(days=150)
AUGUST: Final = 8
LATE: Final = timedelta(days=92)  # no school year begins later than this after 1 August


class Span(NamedTuple):
    """From a day on, until the first day on which it no longer holds."""

    first: date
    until: date


class Start(NamedTuple):
    """The first day of a school year, and whether a calendar says so."""

    day: date
    is_verified: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """A district's school years and its days without school, in any order."""

    years: tuple[Span, ...] = ()
    off: tuple[Span, ...] = ()
    _off: frozenset[date] = field(init=False, repr=False, compare=False, default=frozenset())

    def __post_init__(self) -> None:
        object.__setattr__(self, "years", tuple(sorted(self.years)))
        object.__setattr__(self, "off", tuple(sorted(self.off)))
        object.__setattr__(self, "_off", frozenset(d for s in self.off for d in days(s)))

    def is_school_day(self, day: date) -> bool | None:
        """Tell whether there is school on `day`; None where the calendar does not say."""
        if any(first <= day < until for first, until in self.years):
            return day.weekday() < SATURDAY and day not in self._off
        return False if self._is_summer(day) else None

    def nth_after(self, day: date, n: int) -> date | None:
        """Return the n-th school day after `day` (n from 1; the day itself never counts).

        This is how a clock of n school days runs. None where the calendar ends, or has a gap,
        before that day is reached.
        """
        if n < 1:
            raise ValueError("Count school days from 1.")
        for each in _forth(day + ONE):
            is_one = self.is_school_day(each)
            if is_one is None:
                return None
            n -= is_one
            if n == 0:
                return each
        return None

    def last_on_or_before(self, day: date) -> date | None:
        """Return the last school day on or before `day`.

        Where the calendar does not reach as far as `day`, it is the last one that is known: a page
        that opens on it has to say its date. None where no school day before `day` is known.
        """
        known = [until for first, until in self.years if first <= day]
        each = min(day, max(known) - ONE) if known else None
        while each is not None and each >= self.years[0].first:
            if self.is_school_day(each):
                return each
            each -= ONE
        return None

    def between(self, first: date, until: date) -> int | None:
        """Return how many school days lie in [first, until); None where one of its days is unknown."""
        found = [self.is_school_day(day) for day in days(Span(first, until))]
        return None if None in found else sum(map(bool, found))

    def _is_summer(self, day: date) -> bool:
        before = max((until for _first, until in self.years if until <= day), default=None)
        after = min((first for first, _until in self.years if first > day), default=None)
        return before is not None and after is not None and after - before <= SUMMER


def days(span: Span) -> Iterator[date]:
    """Yield each day of a span."""
    return (span.first + timedelta(days=n) for n in range(max(0, (span.until - span.first).days)))


def _forth(day: date) -> Iterable[date]:
    while day < date.max:
        yield day
        day += ONE


def next_year_after(day: date, years: Iterable[tuple[date, date | None]]) -> Start:
    """Return the first day of the first school year that begins after `day`.

    `years` are the first day of each and the day from which it is over. Where none says it, that is
    the next 1 August (after the school year that `day` lies in), marked as not verified (DESIGN,
    "Clocks"); a year that begins late after that is not taken for the next one.
    """
    spans = list(years)
    known = min((first for first, _until in spans if first > day), default=None)
    within = [until - ONE for first, until in spans if until and first <= day < until]
    last = max([day, *within])
    guess = date(last.year + ((last.month, last.day) >= (AUGUST, 1)), AUGUST, 1)
    if known is None or known - guess > LATE:
        return Start(guess, is_verified=False)
    return Start(known, is_verified=True)
