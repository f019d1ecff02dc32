"""The program board: who needs something, by when, and what lapses next."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final, NamedTuple

from django.conf import settings

from rapport.foundation import registry
from rapport.foundation.access import SYSTEM, Actor, Place, Right
from rapport.foundation.audit import trail
from rapport.standing.assignments import access, case
from rapport.standing.assignments.case import Facts, Pair
from rapport.standing.assignments.models import Assigned
from rapport.standing.assignments.queries.labels import (
    OfficerLabel,
    SchoolLabel,
    officer_labels,
    school_labels,
)
from rapport.standing.assignments.queries.standings import place_of
from rapport.standing.assignments.rules import (
    AHEAD,
    Day,
    Lapse,
    Reason,
    Standing,
    Why,
    Word,
    ends,
    is_by_exception,
    sentences,
    soon,
    standing,
)
from rapport.standing.assignments.rules.shown import shown_lapses, shown_standing

NO_FACTS: Final = frozenset({"account", "disclosure", "file", "list", "loss", "page", "trail"})
WORST: Final = {Word.CLEARED: 0, Word.PROVISIONAL: 1, Word.NOT_CLEARED: 2}


class Judged(NamedTuple):
    """One assignment's standing in full, with what lapses soon. Shown to nobody as it is."""

    pair: Pair
    place: Place
    standing: Standing
    lapses: tuple[Lapse, ...]


class Seen(NamedTuple):
    """One assignment's standing as an actor may see it."""

    pair: Pair
    standing: Standing
    lapses: tuple[Lapse, ...]

    @property
    def ends(self) -> date | None:
        """The first day on which the standing ends, as far as is in sight."""
        return ends(self.standing, self.lapses)


class Judgment(NamedTuple):
    """Every assignment's standing of a day, with the names of whom and what they are about."""

    rows: tuple[Judged, ...]
    officers: dict[int, OfficerLabel]
    schools: dict[int, SchoolLabel]


@dataclass(frozen=True, slots=True)
class OfficerRow:
    """An officer on the board: the standing at each school, and what is needed next."""

    officer: OfficerLabel
    schools: tuple[SchoolLabel, ...]
    seen: tuple[Seen, ...]

    @property
    def worst(self) -> Seen:
        """The assignment that needs something soonest."""
        return max(
            self.seen,
            key=lambda s: (WORST[s.standing.word], -(s.ends or date.max).toordinal()),
        )

    @property
    def word(self) -> Word:
        """The officer's standing in a word: the worst of all."""
        return self.worst.standing.word

    @property
    def shows(self) -> Word:
        """The word a list sorts and counts by: who is cleared through a date in sight is not just cleared."""
        if self.word is Word.CLEARED and self.ends is not None:
            return Word.PROVISIONAL
        return self.word

    @property
    def is_by_exception(self) -> bool:
        """Whether it is an exception that carries the standing."""
        return is_by_exception(self.worst.standing)

    @property
    def is_not_cleared(self) -> bool:
        """Whether the officer may not serve somewhere on the day."""
        return self.word is Word.NOT_CLEARED

    @property
    def until(self) -> date | None:
        """The first day on which a provisional standing ends."""
        return min((s.standing.until for s in self.seen if s.standing.until), default=None)

    @property
    def ends(self) -> date | None:
        """The first day on which the officer is no longer cleared as now; None where none is in sight."""
        if self.is_not_cleared:
            return None
        return min((s.ends for s in self.seen if s.ends), default=None)

    @property
    def last_day(self) -> date | None:
        """The last day on which the officer is cleared as now."""
        return self.ends - timedelta(days=1) if self.ends else None

    @property
    def lapses(self) -> list[Lapse]:
        """What lapses soon, each once, soonest first."""
        found = dict.fromkeys(lapse for s in self.seen for lapse in s.lapses)
        return sorted(found, key=lambda x: (x.on, x.ground))

    @property
    def due(self) -> date | None:
        """The day from which something is missing, if nothing is done: None where nothing is in sight."""
        return date.min if self.is_not_cleared else self.ends

    @property
    def needs(self) -> list[str]:
        """What is needed, in the words of the rules, each once; nothing where the reader is shown no reason."""
        now = [r for s in self.seen for r in _counting(s.standing)]
        first = [r for x in self.lapses if x.on == self.ends for r in x.reasons]
        return list(dict.fromkeys(sentences.named(r) for r in (*now, *first)))

    @property
    def need(self) -> str:
        """The same as one sentence part; where the reader is shown no reason, whom to ask."""
        return sentences.needing(self.needs) or sentences.unsaid()


@dataclass(frozen=True, slots=True)
class Serving:
    """An officer who serves a school, with the standing there."""

    officer: OfficerLabel
    seen: Seen


@dataclass(frozen=True, slots=True)
class Board:
    """All officers whose assignments an actor may see on a day."""

    day: date
    known: datetime | None
    rows: tuple[OfficerRow, ...]

    @property
    def in_need(self) -> list[OfficerRow]:
        """The officers who need something within the days looked ahead, soonest first."""
        limit = self.day + AHEAD
        found = [r for r in self.rows if r.due is not None and r.due <= limit]
        return sorted(found, key=lambda r: (r.due or date.max, r.officer.name))

    def counted(self, word: Word) -> int:
        """Return how many officers show this word."""
        return sum(1 for r in self.rows if r.shows is word)


def board(actor: Actor, *, day: date, known: datetime | None = None) -> Board:
    """Return the board of `day`, as known at `known`: rows of officers, worst first."""
    by_officer: dict[int, list[Seen]] = defaultdict(list)
    all_of = judged(day, known)
    for seen in _seen(actor, all_of.rows):
        by_officer[seen.pair.officer].append(seen)
    rows = [
        OfficerRow(
            all_of.officers[key], tuple(all_of.schools[s.pair.school] for s in seen), tuple(seen)
        )
        for key, seen in by_officer.items()
    ]
    rows.sort(key=lambda r: (-WORST[r.shows], r.due or date.max, r.officer.name))
    return Board(day, known, tuple(rows))


def serving(actor: Actor, *, day: date, known: datetime | None = None) -> dict[int, list[Serving]]:
    """Return, by the school's key, who serves it on `day`, as far as the actor may see."""
    found: dict[int, list[Serving]] = defaultdict(list)
    all_of = judged(day, known)
    for seen in _seen(actor, all_of.rows):
        found[seen.pair.school].append(Serving(all_of.officers[seen.pair.officer], seen))
    return found


def serving_at(
    actor: Actor, school: int, *, day: date, known: datetime | None = None
) -> list[Serving]:
    """Return who serves one school on `day`, as far as the actor may see; only these are judged."""
    held = Assigned.objects.as_of(day, known).filter(school_id=school)
    officers = set(held.values_list("officer_id", flat=True))
    if not officers:
        return []
    facts = case.load(known=known, officers=officers)
    rows = _rows(facts, [p for p in facts.pairs_on(day) if p.school == school], day)
    names = officer_labels(SYSTEM, officers, day=day, known=known)
    return [Serving(names[seen.pair.officer], seen) for seen in _seen(actor, rows)]


def judged(day: date, known: datetime | None) -> Judgment:
    """Return every assignment's standing of `day` in full. Kept until something was done, not only read."""
    heads = trail.heads(besides=_moving_no_fact())
    return _judged(day, known, heads, str(settings.DATABASES["default"]["NAME"]))


def _moving_no_fact() -> list[str]:
    return [v.name for v in registry.verbs if v.right is Right.READ or v.object in NO_FACTS]


@lru_cache(maxsize=6)
def _judged(day: date, known: datetime | None, heads: Hashable, database: str) -> Judgment:
    facts = case.load(known=known)
    found = _rows(facts, facts.pairs_on(day), day)
    officers = {one.pair.officer for one in found}
    places = {one.pair.school for one in found}
    # For all at once: `_seen` shows each actor what they may see of it.
    return Judgment(
        tuple(found),
        officer_labels(SYSTEM, officers, day=day, known=known),
        school_labels(SYSTEM, places, day=day, known=known),
    )


def _rows(facts: Facts, pairs: Iterable[Pair], day: date) -> list[Judged]:
    memo: dict[Hashable, tuple[Any, date]] = {}
    found = []
    for pair in pairs:
        one, at = facts.case(pair, asked=day), Day(day, memo)
        now = standing(one, at)
        lapses = soon(one, now, at, day)
        found.append(Judged(pair, place_of(facts, pair, day), now, lapses))
    return found


def _seen(actor: Actor, all_judged: Iterable[Judged]) -> list[Seen]:
    found = []
    for one in all_judged:
        reader = access.reader(actor, one.place)
        seen = shown_standing(one.standing, reader)
        if seen is not None:
            found.append(Seen(one.pair, seen, shown_lapses(one.lapses, reader)))
    return found


def _counting(found: Standing) -> list[Reason]:
    return [r for g in found.grounds.values() for r in _not_alarms(g.reasons)]


def _not_alarms(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    return tuple(r for r in reasons if r.why is not Why.ALARM)
