"""May this officer serve this school on this day? Pure: facts in, the word and its grounds out."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from rapport.foundation.school_days import next_year_after

from .agreed import FIND, InForce, agreements
from .case import Case
from .day import Day, after_days, after_months
from .found import BLANK, YES, Answer, Found
from .requirements import GROUNDS, Requirement, Stack, Version, Workload


class Word(StrEnum):
    """A standing in one word."""

    CLEARED = "cleared"
    PROVISIONAL = "provisional"
    NOT_CLEARED = "not_cleared"


class Why(StrEnum):
    """What an unmet requirement does on the day."""

    STOPS = "stops"  # the ground does not hold
    IN_TIME = "in_time"  # its clock still runs
    FIRST_DAYS = "first_days"  # the agency's first days in the program
    MEANWHILE = "meanwhile"  # a substitute step holds until the next school year
    GRACE = "grace"  # provisional for some days, then it stops
    ALARM = "alarm"  # shown, changes no standing


CLEARED, PROVISIONAL, NOT_CLEARED = Word
STOPS, IN_TIME, FIRST_DAYS, MEANWHILE, GRACE, ALARM = Why


class Reason(NamedTuple):
    """An unmet requirement: why it is not met, what that does, and until when."""

    rule: Requirement
    why: Why
    answer: Answer
    missing: tuple[int, ...] = ()  # clauses, for an agreement
    failed: date | None = None  # where it is no: since when
    is_ended: bool = False  # where it is no: what was recorded has ended
    hours: float | None = None  # the hours that are recorded, where there are too few
    lacks: tuple[str, ...] = ()  # what a recorded agreement still lacks
    until: date | None = None  # first day it is no longer in time
    is_assumed: bool = False  # a date was taken for want of a calendar
    first: date | None = None  # where no rules are in force: the first day with some


class GroundStanding(NamedTuple):
    """One ground: whether it holds, the first day on which that ends by itself, and on what it rests."""

    holds: bool
    until: date | None
    reasons: tuple[Reason, ...]
    facts: tuple[str, ...]
    note: str = ""  # "own_district": the district itself employs the officer
    is_excepted: bool = False


class Standing(NamedTuple):
    """The answer for one officer, school and day."""

    word: Word
    until: date | None
    grounds: Mapping[str, GroundStanding]
    rules: tuple[Version, ...]
    has_state: bool  # False: no rule set of the school's state, the baseline alone


class Allowed(NamedTuple):
    """A way in which an unmet requirement is still in time."""

    until: date
    why: Why
    facts: tuple[str, ...] = ()
    is_assumed: bool = False


def standing(case: Case, day: Day) -> Standing:
    """Judge one officer, school and day (DESIGN, "What a standing means")."""
    stack = _stack(case, day)
    if not stack.versions:
        return _without_rules(case.book.moments[0] if case.book.moments else None)
    grounds = {name: _ground(name, case, stack, day) for name in GROUNDS}
    until: date | None = None
    for ground in grounds.values():
        if not ground.holds:
            return Standing(NOT_CLEARED, None, grounds, stack.versions, stack.has_state)
        if ground.until is not None and (until is None or ground.until < until):
            until = ground.until
    word = CLEARED if until is None else PROVISIONAL
    return Standing(word, until, grounds, stack.versions, stack.has_state)


NO_RULES: Final = Requirement(
    "rules",
    "rules",
    {"en": "a rule set in force", "es": "un conjunto de reglas vigente"},
    verified=True,
)


def _without_rules(first: date | None) -> Standing:
    """Where no rule set is known to hold, nothing can be judged, and so nobody is cleared."""
    reason = Reason(NO_RULES, STOPS, BLANK, first=first)
    none = GroundStanding(holds=False, until=None, reasons=(reason,), facts=())
    return Standing(NOT_CLEARED, None, dict.fromkeys(GROUNDS, none), (), has_state=False)


def _stack(case: Case, day: Day) -> Stack:
    place = day.passed(case.book.moments)
    tests = case.book.workloads(place)
    reached = frozenset(t for t in tests if reaches(case, t, day)) if tests else tests
    return case.book.on(place, reached)


def reaches(case: Case, test: Workload, day: Day) -> bool:
    """Tell whether, in the day's calendar year, the hours test is reached (G.S. 115C-105.58).

    Hours at several schools add up. Where hours are not known, the test counts as reached: a law
    holds unless something shows that it does not.
    """
    first, after = day.year()
    spans = [(max(w.since, first), min(w.until or after, after), w.hours) for w in case.work]
    spans = [s for s in spans if s[0] < s[1]]
    if not spans or any(hours is None for _, _, hours in spans):
        return True
    cuts = sorted({s[0] for s in spans} | {s[1] for s in spans})
    days = 0
    for start, end in zip(cuts, cuts[1:], strict=False):
        hours = sum(h or 0.0 for a, b, h in spans if a <= start and end <= b)
        # to the hundredth: in binary, 4.6 + 11.7 + 3.7 falls short of 20
        days += (end - start).days if round(hours, 2) >= test.hours else 0
    return days > test.weeks * 7


class Looked(NamedTuple):
    """What the facts say of a ground: it as if every clock had run out, and for what one may still run."""

    plain: GroundStanding
    unmet: tuple[tuple[int, Requirement, Found], ...]  # place among the reasons


def _looked(rules: Iterable[Requirement], at: Case | InForce, day: Day) -> Looked:
    facts: list[str] = []
    reasons: list[Reason] = []
    unmet: list[tuple[int, Requirement, Found]] = []
    note = ""
    for rule in rules:
        found = FIND[rule.needs](at, rule, day)
        facts += found.facts
        if found.answer >= YES:
            note = note or found.note
        elif rule.is_alarm:
            reasons.append(_reason(rule, ALARM, found))
        else:
            unmet.append((len(reasons), rule, found))
            reasons.append(_reason(rule, STOPS, found))
    sorted_facts = tuple(sorted(set(facts)))
    return Looked(GroundStanding(not unmet, None, tuple(reasons), sorted_facts, note), tuple(unmet))


def _reason(rule: Requirement, why: Why, found: Found) -> Reason:
    said = (found.answer, found.missing, found.failed, found.is_ended, found.hours, found.lacks)
    return Reason(rule, why, *said)


def _ground(name: str, case: Case, stack: Stack, day: Day) -> GroundStanding:
    rules = stack.rules[name]
    if name == "agreed":  # the same for every officer of the agency at the school
        key = (id(rules), case.agency, case.school, id(case.pacts))
        looked = day.remembered(key, lambda d: _looked(rules, agreements(case, d), d))
    else:
        looked = _looked(rules, case, day)
    if not looked.unmet:
        return looked.plain
    return _excepted(name, _in_time(looked, case, stack, day), case, day)


def _in_time(looked: Looked, case: Case, stack: Stack, day: Day) -> GroundStanding:
    """Let the clocks run: say what each unmet requirement does on the day, and by which facts."""
    allowed = [_longest(rule, found, case, stack, day) for _, rule, found in looked.unmet]
    if not any(allowed):
        return looked.plain
    until: date | None = None
    reasons, facts = list(looked.plain.reasons), set(looked.plain.facts)
    for (place, _, _), best in zip(looked.unmet, allowed, strict=True):
        if best is None:
            continue
        reasons[place] = reasons[place]._replace(
            why=best.why, until=best.until, is_assumed=best.is_assumed
        )
        facts.update(best.facts)
        until = best.until if until is None else min(until, best.until)
    holds = all(allowed)
    return looked.plain._replace(
        holds=holds,
        until=until if holds else None,
        reasons=tuple(reasons),
        facts=tuple(sorted(facts)),
    )


def _excepted(name: str, plain: GroundStanding, case: Case, day: Day) -> GroundStanding:
    """Let a dated exception hold an unmet ground until its end; its reasons stay."""
    kept = [x for x in case.exceptions if x.word == name and day.within(x.since, x.until)]
    if not kept:
        return plain
    end = max(x.until or date.max for x in kept)
    until = end if plain.until is None else max(end, plain.until)
    facts = tuple(sorted({*plain.facts, *(x.uid for x in kept)}))
    return plain._replace(holds=True, until=until, facts=facts, is_excepted=True)


def _longest(rule: Requirement, found: Found, case: Case, stack: Stack, day: Day) -> Allowed | None:
    """Return the way in which an unmet requirement is in time for longest; None where its time is over."""
    ways = [w for w in _ways(rule, found, case, stack, day) if not day.reached(w.until)]
    return max(ways, key=lambda w: (w.until, w.why)) if ways else None


def _ways(rule: Requirement, found: Found, case: Case, stack: Stack, day: Day) -> Iterator[Allowed]:
    due = _due(rule, case)
    clock = tuple([w.uid for w in case.work])
    if due is not None:
        yield Allowed(due, IN_TIME, clock)
    if found.answer is BLANK and case.start is not None and case.began <= case.start.since:
        yield Allowed(after_days(case.start.since, stack.first_days), FIRST_DAYS, (case.start.uid,))
    if rule.meanwhile:
        yield from _meanwhile(rule, case, day)
    if rule.consequence == "provisional":
        failed = max(due or case.began, found.failed or date.min)
        yield Allowed(failed + timedelta(days=rule.grace_days), GRACE, clock)


def _due(rule: Requirement, case: Case) -> date | None:
    if rule.deadline != "within":
        return None
    if rule.days is not None:
        return after_days(case.first_began, rule.days)
    return after_months(case.first_began, rule.months or 0)


def _meanwhile(rule: Requirement, case: Case, day: Day) -> Iterator[Allowed]:
    """A substitute step, all of whose parts are recorded, holds until the next school year."""
    done = {
        t.course: t.uid
        for t in case.taken
        if t.course in rule.meanwhile and t.word == "completed" and day.within(t.since, t.until)
    }
    if len(done) == len(rule.meanwhile):
        until, uid = next_school_year(case)
        yield Allowed(until, MEANWHILE, (*done.values(), *uid), is_assumed=not uid)


def next_school_year(case: Case) -> tuple[date, tuple[str, ...]]:
    """Return the first day of the school year after the clock began, and the fact that says so.

    Where no calendar says, 1 August is taken, and no fact is returned.
    """
    start = next_year_after(case.first_began, ((y.since, y.until) for y in case.school_years))
    said = sorted(y.uid for y in case.school_years if y.since == start.day)
    return start.day, tuple(said[:1]) if start.is_verified else ()
