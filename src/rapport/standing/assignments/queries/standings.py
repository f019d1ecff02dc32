"""Questions about standings. Each names its asker first; what comes out is what the asker may see."""

from collections.abc import Hashable, Iterator
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from rapport.foundation.access import Actor, NotAllowed, Place
from rapport.organizations.places.models import SchoolInDistrict
from rapport.standing.assignments import access, case
from rapport.standing.assignments.case import Facts, Pair
from rapport.standing.assignments.models import Assigned, Assignment
from rapport.standing.assignments.rules import Day, Lapse, Standing, soon, standing, timeline
from rapport.standing.assignments.rules.shown import Reader, shown_lapses, shown_standing

ALL: Final = Reader(may_read_program=True, may_read_personnel=True)


class Found(NamedTuple):
    """A standing with the pair it is about, as far as the asker may see it."""

    pair: Pair
    standing: Standing
    is_if_assigned: bool
    next_change: date  # the standing stays as it is until this day, as far as is known
    coming: tuple[Lapse, ...] = ()  # what lapses soon


class Piece(NamedTuple):
    """A stretch of a timeline: [since, until) with the standing that held."""

    since: date
    until: date
    standing: Standing


def all_standings(
    actor: Actor, *, day: date, known: datetime | None = None, facts: Facts | None = None
) -> Iterator[Found]:
    """Yield the standing of every assignment that holds on `day`, as known at `known` (None: now)."""
    facts = facts or case.load(known=known)
    memo: dict[Hashable, tuple[Any, date]] = {}
    for pair in facts.pairs_on(day):
        reader = _reader(actor, facts, pair, day)
        if not reader.may_read_program:
            continue
        at, one = Day(day, memo), facts.case(pair, asked=day)
        full = standing(one, at)
        seen = shown_standing(full, reader)
        if seen is not None:
            lapses = shown_lapses(soon(one, full, at, day), reader)
            yield Found(pair, seen, False, at.settled_until, lapses)  # noqa: FBT003  a row's columns


def standing_of(
    actor: Actor,
    officer: int,
    school: int,
    agency: int,
    *,
    day: date,
    known: datetime | Facts | None = None,
) -> Found | None:
    """Return the standing of one officer at one school for one agency; None where the asker may not know.

    Where no assignment holds on `day`, the answer is "if assigned from this day". `known` is a
    moment (None: now), or facts loaded for this pair, where several questions share a load.
    """
    unassigned = Pair(officer, school, agency)
    facts = _known(known, unassigned)
    pair = next((p for p in facts.pairs_on(day) if p[:3] == (officer, school, agency)), None)
    asked = pair or unassigned
    at, one = Day(day), facts.case(asked, asked=day)
    full = standing(one, at)
    reader = _reader(actor, facts, asked, day)
    seen = shown_standing(full, reader)
    if seen is None:
        return None
    lapses = shown_lapses(soon(one, full, at, day), reader)
    return Found(asked, seen, pair is None, at.settled_until, lapses)


def timeline_of(
    actor: Actor,
    assignment: Assignment,
    *,
    first: date,
    last: date,
    known: datetime | Facts | None = None,
) -> list[Piece]:
    """Return the pieces of an assignment's standing over [first, last); `known` as in `standing_of`."""
    pair = Pair(assignment.officer_id, assignment.school_id, assignment.agency_id, assignment.pk)
    facts = _known(known, pair)
    reader = _reader(actor, facts, pair, first)
    if not reader.may_read_program:
        return []
    pieces: list[Piece] = []
    for since, until, full in timeline(facts.case(pair, asked=first), first, last):
        seen = shown_standing(full, reader)
        if seen is None:
            continue
        if pieces and pieces[-1].standing == seen:  # what differed is not shown to this asker
            pieces[-1] = pieces[-1]._replace(until=until)
        else:
            pieces.append(Piece(since, until, seen))
    return pieces


def load_facts(
    actor: Actor, *, known: datetime | None = None, at: tuple[int, int, int] | None = None
) -> Facts:
    """Load once for several questions: of all, or of the officer, school and agency `at`.

    For the system alone: no wall narrows what is loaded.
    """
    if not actor.is_system:
        raise NotAllowed("standing.load_facts")
    return case.load(known=known) if at is None else _known(known, Pair(*at))


def place_of(facts: Facts, pair: Pair, day: date) -> Place:
    """Return where an assignment belongs on `day`, and whom it is about."""
    district = next(
        (
            d.district
            for d in facts.districts.get(pair.school, ())
            if d.since <= day and (d.until is None or day < d.until)
        ),
        None,
    )
    return Place(pair.agency, district, pair.school, facts.persons.get(pair.officer))


def _known(known: datetime | Facts | None, pair: Pair) -> Facts:
    if isinstance(known, Facts):
        return known
    return case.load(known=known, officers=(pair.officer,), at=(pair,))


def _reader(actor: Actor, facts: Facts, pair: Pair, day: date) -> Reader:
    if actor.is_system:
        return ALL
    return access.reader(actor, place_of(facts, pair, day))


def served(person_id: int, day: date) -> list[Place]:
    """Return where a person serves as an officer on `day`: for `registry.served`, before an actor is seated."""
    held = Assigned.objects.as_of(day).filter(officer__person_id=person_id)
    found = list(held.values_list("agency_id", "district_id", "school_id"))
    belongs = SchoolInDistrict.objects.as_of(day).filter(school_id__in={s for _, _, s in found})
    districts = dict(belongs.values_list("school_id", "district_id"))
    return [Place(a, districts.get(s, d), s, person_id) for a, d, s in found]
