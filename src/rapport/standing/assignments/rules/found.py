"""What the facts say of one requirement on a day: yes, no, or blank. Pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import IntEnum
from typing import Final, NamedTuple

from .case import Case, Span
from .day import Day, after_months
from .requirements import Requirement


class Answer(IntEnum):
    """Blank: no such fact was ever recorded. No: recorded as not so, or ended with nothing after it."""

    BLANK = 0
    NO = 1
    YES = 2
    ASIDE = 3  # does not arise: another requirement already says what is missing


BLANK, NO, YES, ASIDE = Answer  # by name: to read a member from its class costs more than to use it


class Found(NamedTuple):
    """An answer, the facts it rests on, and what is missing where parts are."""

    answer: Answer
    facts: tuple[str, ...] = ()
    missing: tuple[int, ...] = ()
    failed: date | None = None  # where it is no: the latest day on which that began
    note: str = ""
    is_ended: bool = False  # where it is no: what was recorded ended, and nothing says otherwise
    hours: float | None = None  # where it is blank for want of hours: those that are recorded
    lacks: tuple[str, ...] = ()  # where an agreement is recorded and not in force: what is missing


NOT_ASKED: Final = Found(ASIDE)


def spans(rows: Sequence[Span], day: Day, good: str = "") -> Found:
    """Answer from rows that each hold for a span; `good` is the word that means yes, "" any."""
    facts: list[str] = []
    bad: list[str] = []
    since: date | None = None  # the latest row that holds and says no
    ended: date | None = None  # the latest end
    for row in rows:
        if day.within(row.since, row.until):
            if not good or row.word == good:
                facts.append(row.uid)
                continue
            bad.append(row.uid)
            since = _later(since, row.since)
        elif row.until is not None and day.reached(row.until):
            bad.append(row.uid)
            ended = _later(ended, row.until)
    if facts:
        return Found(YES, tuple(facts))
    return _no(bad, since, ended) if bad else Found(BLANK)


def _later(one: date | None, other: date) -> date:
    return other if one is None or other > one else one


def _no(facts: Sequence[str], since: date | None, ended: date | None) -> Found:
    """Answer no: since what says so holds, or since the end of what held, whichever is later."""
    is_ended = ended is not None and (since is None or since < ended)
    return Found(NO, tuple(facts), failed=ended if is_ended else since, is_ended=is_ended)


def certified(case: Case, rule: Requirement, day: Day) -> Found:
    """Certified as an officer by the agency's state."""
    return spans(case.certified, day, "certified")


def employed(case: Case, rule: Requirement, day: Day) -> Found:
    """Employed by the assignment's agency."""
    return spans(case.employed, day)


def on_duty(case: Case, rule: Requirement, day: Day) -> Found:
    """On duty for that agency."""
    return spans(case.duty, day, "on_duty")


def selected(case: Case, rule: Requirement, day: Day) -> Found:
    """Selected to serve schools."""
    return spans(case.selected, day, "selected")  # type: ignore[arg-type]  # same shape, one column more


def district_part(case: Case, rule: Requirement, day: Day) -> Found:
    """The district had its part in the selection that holds."""
    parts = [s for s in case.selected if day.within(s.since, s.until) and s.word == "selected"]
    if not parts:
        return NOT_ASKED
    good = tuple(s.uid for s in parts if s.district_part in ("on_panel", "concurred"))
    if good:
        return Found(YES, good)
    facts = tuple(s.uid for s in parts)
    if any(s.district_part == "unknown" for s in parts):
        return Found(BLANK, facts)
    return Found(NO, facts, failed=max(s.since for s in parts))


def evaluated(case: Case, rule: Requirement, day: Day) -> Found:
    """Evaluated within the rule's span of months."""
    rows = [row for row in case.evaluated if day.within(row.since, row.until)]
    stale = [
        after_months(r.since, rule.every_months) if rule.every_months else date.max for r in rows
    ]
    fresh = tuple(r.uid for r, end in zip(rows, stale, strict=True) if not day.reached(end))
    if fresh or not rows:
        return Found(YES if fresh else BLANK, fresh)
    return Found(NO, failed=max(stale))


def course(case: Case, rule: Requirement, day: Day) -> Found:
    """Completions of the rule's courses add up to its hours."""
    good: list[str] = []
    bad: list[str] = []
    hours, is_counted = 0.0, False
    since: date | None = None
    ended: date | None = None
    courses = rule.courses
    for row in case.taken:
        if row.course not in courses or not day.reached(row.since):
            continue
        end = row.until
        if rule.every_months:
            stale = after_months(row.since, rule.every_months)
            end = stale if end is None or stale < end else end
        if end is not None and day.reached(end):
            bad.append(row.uid)
            ended = _later(ended, end)
        elif row.word != "completed":
            bad.append(row.uid)
            since = _later(since, row.since)
        else:
            good.append(row.uid)
            is_counted = is_counted or row.hours is not None
            hours += row.hours or 0.0
    if good and round(hours, 2) >= rule.hours and (is_counted or not rule.hours):
        return Found(YES, tuple(good))
    if bad:
        return _no((*good, *bad), since, ended)
    return Found(BLANK, tuple(good), hours=hours if good else None)


def verified(case: Case, rule: Requirement, day: Day) -> Found:
    """Every completion that holds was verified by somebody else."""
    facts: list[str] = []
    answer, proofs, within = ASIDE, case.verified, day.within
    for _, word, _, _, completion, since, until in case.taken:
        if word != "completed" or not within(since, until):
            continue
        before = len(facts)
        for uid, _, first, end in proofs.get(completion, ()):
            if within(first, end):
                facts.append(uid)
        if len(facts) == before:
            answer = BLANK
        elif answer is ASIDE:
            answer = YES
    return Found(answer, tuple(facts))


OF_CASES: Final[Mapping[str, Callable[[Case, Requirement, Day], Found]]] = {
    "certified": certified,
    "employed": employed,
    "on_duty": on_duty,
    "selected": selected,
    "district_part": district_part,
    "evaluated": evaluated,
    "course": course,
    "verified": verified,
}
