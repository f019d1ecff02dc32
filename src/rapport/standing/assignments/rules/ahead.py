"""How a standing goes on: its pieces over time, what lapses, and when it ends. Pure."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from .case import Case
from .day import Day
from .standing import (
    ALARM,
    CLEARED,
    NOT_CLEARED,
    PROVISIONAL,
    STOPS,
    GroundStanding,
    Reason,
    Standing,
    standing,
)

AHEAD: Final = timedelta(days=90)  # so far is looked for what lapses


class Lapse(NamedTuple):
    """A ground that will hold no longer, or only for a time, from a day on.

    It may be kept for readers of every language, so it bears the reasons and not their words.
    """

    on: date
    ground: str
    stops: bool  # False: it goes on for a time
    reasons: tuple[Reason, ...]


def timeline(case: Case, first: date, last: date) -> Iterator[tuple[date, date, Standing]]:
    """Yield [from, until) with the standing that held, over [first, last)."""
    start, current, at = first, None, first
    while at < last:
        day = Day(at)
        now = standing(case, day)
        if current is not None and now != current:
            yield start, at, current
            start = at
        current, at = now, min(day.settled_until, last)
    if current is not None:
        yield start, last, current


def lapses(case: Case, now: Standing, day: date, last: date) -> tuple[Lapse, ...]:
    """Return what gets worse after `day` through `last`, though nothing is recorded; soonest first."""
    found = []
    before = now
    for since, _, after in timeline(case, day, last + timedelta(days=1)):
        for name, ground in after.grounds.items():
            if since > day and _is_worse(before.grounds[name], ground):
                reasons = tuple(r for r in ground.reasons if r.why is not ALARM)
                found.append(Lapse(since, name, not ground.holds, reasons))
        before = after
    return tuple(found)


def soon(case: Case, now: Standing, at: Day, day: date) -> tuple[Lapse, ...]:
    """Return what lapses within the days looked ahead; `at` is the day by which `now` was judged."""
    return lapses(case, now, day, day + AHEAD) if at.settled_until <= day + AHEAD else ()


def _is_worse(before: GroundStanding, after: GroundStanding) -> bool:
    if before.holds and not after.holds:
        return True
    return before.until is None and after.holds and after.until is not None


def ends(now: Standing, coming: Iterable[Lapse]) -> date | None:
    """Return the first day on which a standing ends, as far as its `until` and what lapses say."""
    if now.word is NOT_CLEARED:
        return None
    days = [x.on for x in coming if x.stops or now.word is CLEARED]
    return min([*days, now.until] if now.until else days, default=None)


def is_by_exception(now: Standing) -> bool:
    """Tell whether the standing would be not cleared, were it not for an exception."""
    return now.word is PROVISIONAL and any(
        g.is_excepted and any(r.why is STOPS for r in g.reasons) for g in now.grounds.values()
    )
