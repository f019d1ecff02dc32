"""A bar of time: what held from when to when, drawn as SVG in attributes, said again in words below it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

MOST_TICKS: Final = 9
_STEPS: Final = (1, 3, 6, 12, 24, 60, 120)  # months between ticks


@dataclass(frozen=True, slots=True)
class Stretch:
    """Something that holds from `start` until the day before `until` (None: on and on)."""

    start: date
    until: date | None
    state: str  # ok, warn, bad or na
    word: Any  # "Cleared"
    note: Any = ""
    url: str = ""
    is_cut: bool = False  # it may have begun before the bar does

    @property
    def last(self) -> date | None:
        """Return the last day on which it holds."""
        return self.until and self.until - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A stretch and where it lies, in percent of the bar's width."""

    stretch: Stretch
    x: str
    width: str
    middle: str
    fits_word: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """The first day of a month, and where it lies; every other one gives way on a phone."""

    day: date
    x: str
    second: bool
    year: bool  # January, or the first of the bar: its year is written too


@dataclass(frozen=True, slots=True)
class Bar:
    """The bar from `start` until `until`, with one day marked. `label` says what it is about."""

    label: Any
    start: date
    until: date
    stretches: Sequence[Stretch]
    at: date | None = None
    at_word: Any = ""

    def place(self, day: date) -> float:
        """Return where `day` lies, in percent from the start; never outside the bar."""
        whole = max(1, (self.until - self.start).days)
        return min(100.0, max(0.0, 100 * (day - self.start).days / whole))

    @property
    def drawn(self) -> Iterator[Drawn]:
        """Yield what lies inside the bar, cut off at its ends."""
        for stretch in self.stretches:
            left = self.place(stretch.start)
            right = self.place(stretch.until) if stretch.until else 100.0
            if right > left:
                yield Drawn(
                    stretch,
                    _percent(left),
                    _percent(right - left),
                    _percent((left + right) / 2),
                    right - left >= 22,
                )

    @property
    def mark(self) -> str:
        """Return where the marked day lies; empty where there is none or it lies outside."""
        if self.at is None or not self.start <= self.at <= self.until:
            return ""
        return _percent(self.place(self.at))

    @property
    def ticks(self) -> list[Tick]:
        """Return the months to name under the bar: as many as can be read."""
        months = (self.until.year - self.start.year) * 12 + self.until.month - self.start.month
        step = next((s for s in _STEPS if months // s <= MOST_TICKS), _STEPS[-1])
        days = [day for day in _firsts(self.start, self.until) if _index(day) % step == 0]
        return [
            Tick(d, _percent(self.place(d)), n % 2 == 1, n == 0 or d.month == 1)
            for n, d in enumerate(days)
        ]


def _index(day: date) -> int:
    return day.year * 12 + day.month - 1


def _firsts(start: date, until: date) -> Iterator[date]:
    for index in range(_index(start), _index(until) + 1):
        first = date(index // 12, index % 12 + 1, 1)
        if start <= first <= until:
            yield first


def _percent(value: float) -> str:
    return f"{value:.2f}%"
