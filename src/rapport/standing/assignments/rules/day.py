"""A day that notes the nearest date it was asked about and has not reached. No database, no clock.

A rule learns about the day only by asking whether a date was reached; until the nearest date that
was not, no answer can change. The timeline walks by that note, so no rule can forget a boundary.
"""

from bisect import bisect_right
from collections.abc import Callable, Hashable, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar

from rapport.foundation.months import add_months

T = TypeVar("T")
ONE = timedelta(days=1)


class Day:
    """The day a standing is asked for."""

    __slots__ = ("_date", "_memo", "settled_until")

    def __init__(self, day: date, memo: dict[Hashable, tuple[Any, date]] | None = None) -> None:
        self._date = day
        self._memo = memo
        self.settled_until = date.max

    def reached(self, moment: date) -> bool:
        """Say whether `moment` has come, and note it if it still lies ahead."""
        if moment <= self._date:
            return True
        if moment < self.settled_until:
            self.settled_until = moment
        return False

    def within(self, since: date, until: date | None) -> bool:
        """Say whether this day lies in [since, until)."""
        if since > self._date:
            if since < self.settled_until:
                self.settled_until = since
            return False
        if until is None:
            return True
        if until <= self._date:
            return False
        if until < self.settled_until:
            self.settled_until = until
        return True

    def passed(self, moments: Sequence[date]) -> int:
        """Return how many of the sorted `moments` were reached, and note the next one."""
        count = bisect_right(moments, self._date)
        if count < len(moments) and moments[count] < self.settled_until:
            self.settled_until = moments[count]
        return count

    def year(self) -> tuple[date, date]:
        """Return the first day of this calendar year and of the next, which is noted."""
        first, after = date(self._date.year, 1, 1), date(self._date.year + 1, 1, 1)
        self.reached(after)
        return first, after

    def remembered(self, key: Hashable, find: Callable[["Day"], T]) -> T:
        """Return what `find` says of this day; where several cases share the day, it is asked once.

        `find` may look at nothing but the day and what `key` stands for.
        """
        if self._memo is None:
            return find(self)
        kept = self._memo.get(key)
        if kept is None:
            alone = Day(self._date, self._memo)
            kept = self._memo[key] = (find(alone), alone.settled_until)
        if kept[1] < self.settled_until:
            self.settled_until = kept[1]
        found: T = kept[0]
        return found


def after_days(start: date, days: int) -> date:
    """Return the first day that is no longer in time: day n after `start` (day 0) still is."""
    return start + timedelta(days=days + 1)


def after_months(start: date, months: int) -> date:
    """Return the first day no longer in time, by the calendar, clipped to the last day of a month."""
    return add_months(start, months) + ONE
