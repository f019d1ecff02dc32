"""The demo town: a seed, a day, a cast, and a diary of acts that are done in the order of time.

Each app's `demo.py` has one `build(town)`, kept in `registry.demo` with an order. It fills
`town.cast`, and enters its acts in the diary: `town.on(day, 9, act)`. When every part has been
asked, `town.live()` does the acts one after the other, each at its own moment, so that the trail
and `recorded_at` run forward over eighteen months as they would have in a real town.

What a part makes in `build` itself, at once, is what was there before the program began: places,
people, courses.

Keys of the cast (whoever makes a thing enters it; the rest find it there when their act is done):

* `agency`, `district`, `schools` (by short name), `high_school`, `second_school`: places
* `chief`, `sergeant`, `superintendent`, `safety_director`, `principal`, `second_principal`,
  `privacy_officer`, `officer_1`, `officer_2`: persons
* `roster_1`, `roster_2`: the rows of the roster (officers) of `officer_1` and `officer_2`
* `agreement`, `assignment_1`, `assignment_2` and so on

`town.actors` takes, under a person's key, a function that gives the actor at a moment.
"""

import heapq
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any, Final
from zoneinfo import ZoneInfo

from rapport.foundation.access import SYSTEM, Actor
from rapport.foundation.months import add_months
from rapport.foundation.registry import DemoPart

MONTHS: Final = 18
SEED: Final = 15
EARLIER: Final = timedelta(weeks=8)  # before the town begins: the program is installed
Act = Callable[[datetime], object]


@dataclass
class Town:
    """A town in the making. The same seed and day give the same town."""

    seed: int
    today: date
    zone: str = "America/New_York"
    cast: dict[str, Any] = field(default_factory=dict)
    actors: dict[str, Callable[[datetime], Actor]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.start = working_day(months_before(self.today, MONTHS))
        self.chance = random.Random(self.seed)  # noqa: S311  a town, not a secret
        self._diary: list[tuple[datetime, int, Act]] = []  # a heap
        self._entries = count()
        self.last = self.at(self.start - EARLIER, 6)  # the moment of the newest act

    def ago(self, months: int = 0, days: int = 0) -> date:
        """Return the working day at, or last before, so many months and days before today."""
        return working_day(months_before(self.today, months) - timedelta(days=days))

    def at(self, day: date, hour: int = 9, minute: int = 0) -> datetime:
        """Return a moment of the town's clock in UTC. Raises `ValueError` where it is not yet past."""
        if day >= self.today:
            raise ValueError(f"Nothing can have happened in the town on {day}: it is {self.today}.")
        return datetime.combine(day, time(hour, minute), ZoneInfo(self.zone)).astimezone(UTC)

    def on(self, day: date, hour: int, act: Act, *, minute: int | None = None) -> None:
        """Enter an act in the diary: it is called with its moment when its turn has come.

        Without `minute`, chance (and so the seed) picks one.
        """
        if minute is None:
            minute = self.chance.randrange(60)
        heapq.heappush(self._diary, (self.at(day, hour, minute), next(self._entries), act))

    def actor(self, key: str, now: datetime) -> Actor:
        """Return who `key` of the cast is at a moment: with the roles held on that day."""
        give = self.actors.get(key)
        return give(now) if give else SYSTEM

    def live(self) -> int:
        """Do every act of the diary in the order of time; return how many. Two never share a moment."""
        done = 0
        while self._diary:
            moment, _, act = heapq.heappop(self._diary)
            self.last = max(moment, self.last + timedelta(seconds=1))
            act(self.last)
            done += 1
        return done


def build(town: Town, parts: Iterable[DemoPart], said: Callable[[str], None]) -> int:
    """Ask every part in its order, then live through the diary; return the number of acts."""
    for part in sorted(parts, key=lambda p: (p.order, p.name)):
        said(part.name)
        part.build(town)
    return town.live()


def months_before(day: date, months: int) -> date:
    """Return the same day of the month so many months earlier, clipped to the month's last."""
    return add_months(day, -months)


def working_day(day: date) -> date:
    """Return the day itself, or the Friday before a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def next_working_day(day: date) -> date:
    """Return the working day after this one."""
    return day + timedelta(days=max(1, 7 - day.weekday()) if day.weekday() >= 4 else 1)
