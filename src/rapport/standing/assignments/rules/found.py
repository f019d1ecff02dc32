"""What the facts say of one requirement on a day: yes, no, or blank. Pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import IntEnum
from typing import Any, Final, NamedTuple

from .case import Case, Pact, Side, Span
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


NOT_ASKED: Final = Found(ASIDE)


def spans(rows: Sequence[Span], day: Day, good: str = "") -> Found:
    """Answer from rows that each hold for a span; `good` is the word that means yes, "" any."""
    facts: list[str] = []
    bad: list[str] = []
    failed: date | None = None
    for row in rows:
        if day.within(row.since, row.until):
            if not good or row.word == good:
                facts.append(row.uid)
                continue
            bad.append(row.uid)
            failed = _later(failed, row.since)
        elif row.until is not None and day.reached(row.until):
            bad.append(row.uid)
            failed = _later(failed, row.until)
    if facts:
        return Found(YES, tuple(facts))
    return Found(NO, tuple(bad), failed=failed) if bad else Found(BLANK)


def _later(one: date | None, other: date) -> date:
    return other if one is None or other > one else one


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
    failed: date | None = None
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
            failed = _later(failed, end)
        elif row.word != "completed":
            bad.append(row.uid)
            failed = _later(failed, row.since)
        else:
            good.append(row.uid)
            is_counted = is_counted or row.hours is not None
            hours += row.hours or 0.0
    if good and round(hours, 2) >= rule.hours and (is_counted or not rule.hours):
        return Found(YES, tuple(good))
    if bad:
        return Found(NO, (*good, *bad), failed=failed)
    return Found(BLANK, tuple(good))


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


class InForce(NamedTuple):
    """What the agreements between an agency and a school's district come to on a day."""

    found: Found
    pacts: tuple[Pact, ...]


def agreements(case: Case, day: Day) -> InForce:
    """Return the agreements in force between the agency and the school's district that cover the school."""
    for at in case.districts:
        if day.within(at.since, at.until):
            break
    else:
        return InForce(Found(BLANK), ())
    if case.own_district == at.district:
        return InForce(Found(YES, (at.uid,), note="own_district"), ())
    named = any(c.school == case.school for pact in case.pacts for c in pact.coverages)
    found, pacts = day.remembered(
        (id(case.pacts), case.agency, at.district, case.school if named else None),
        lambda alone: _agreements(case, at.district, alone),
    )
    if found.answer is NO:
        return InForce(found, pacts)
    return InForce(found._replace(facts=(at.uid, *found.facts)), pacts)


def _agreements(case: Case, district: int, day: Day) -> InForce:
    """Return those that cover a district, or the case's school where one names it."""
    best = Found(BLANK)
    holding: list[Pact] = []
    facts: list[str] = []
    for pact in case.pacts:
        found = _pact(pact, case, district, day)
        if found.answer is YES:
            holding.append(pact)
            facts += found.facts
        elif found.answer is NO and (
            best.answer is BLANK or (found.failed or date.min) > (best.failed or date.min)
        ):
            best = found
    if holding:
        return InForce(Found(YES, tuple(facts)), tuple(holding))
    return InForce(best, ())


def _pact(pact: Pact, case: Case, district: int, day: Day) -> Found:
    """Say of one agreement whether it is in force and covers the school: every part must hold."""
    if not _between(pact, case.agency, district):
        return Found(BLANK)
    key = (id(pact), case.agency, district)
    signed = day.remembered(key, lambda alone: _signed(pact, case.agency, district, alone))
    covers = [
        Span(c.uid, "", c.since, c.until)
        for c in pact.coverages
        if c.district == district and c.school in (None, case.school)
    ]
    return _all_of((signed, spans(covers, day)))


def _signed(pact: Pact, agency: int, district: int, day: Day) -> Found:
    """Say whether an agreement runs, between these two, and every party has signed it."""
    parts = [
        spans(pact.terms, day),
        spans([_span(p) for p in pact.parties if p.agency == agency], day),
        spans([_span(p) for p in pact.parties if p.district == district], day),
    ]
    for party in pact.parties:
        if day.within(party.since, party.until):
            side = (party.agency, party.district)
            signed = [_span(s) for s in pact.signatures if (s.agency, s.district) == side]
            parts += [Found(YES, (party.uid,)), spans(signed, day)]
    return _all_of(parts)


def _all_of(parts: Sequence[Found]) -> Found:
    """Say what several parts come to that must all be yes."""
    facts = tuple(uid for part in parts for uid in part.facts)
    failed = max((part.failed for part in parts if part.failed), default=None)
    return Found(min(part.answer for part in parts), facts, failed=failed)


def _between(pact: Pact, agency: int, district: int) -> bool:
    sides = [(p.agency, p.district) for p in pact.parties]
    return any(a == agency for a, _ in sides) and any(d == district for _, d in sides)


def _span(side: Side) -> Span:
    return Span(side.uid, "", side.since, side.until)


def agreement(in_force: InForce, rule: Requirement, day: Day) -> Found:
    """An agreement in force covers the school."""
    return in_force.found


def review(in_force: InForce, rule: Requirement, day: Day) -> Found:
    """An agreement in force was adopted or affirmed within the rule's months."""
    pacts = in_force.pacts
    if not pacts or not rule.every_months:
        return NOT_ASKED
    return day.remembered((id(rule), id(pacts)), lambda alone: _review(pacts, rule, alone))


def _review(pacts: Sequence[Pact], rule: Requirement, day: Day) -> Found:
    facts, stale = [], []
    for pact in pacts:
        made = [a for a in (*pact.affirmations, *pact.terms) if day.within(a.since, a.until)]
        last = max(made, key=lambda a: (a.since, a.uid))
        facts.append(last.uid)
        stale.append(after_months(last.since, rule.every_months or 0))
    if all(day.reached(end) for end in stale):
        return Found(NO, tuple(facts), failed=max(stale))
    return Found(YES, tuple(facts))


def clauses(in_force: InForce, rule: Requirement, day: Day) -> Found:
    """An agreement in force holds the rule's clauses."""
    pacts = in_force.pacts
    if not pacts:
        return NOT_ASKED
    return day.remembered((id(rule), id(pacts)), lambda alone: _clauses(pacts, rule, alone))


def _clauses(pacts: Sequence[Pact], rule: Requirement, day: Day) -> Found:
    there = {c.word: c.uid for p in pacts for c in p.clauses if day.within(c.since, c.until)}
    missing = tuple(n for n in rule.clauses if str(n) not in there)
    facts = tuple(there[str(n)] for n in rule.clauses if str(n) in there)
    return Found(BLANK if missing else YES, facts, missing)


# Those of the ground "agreed" look at the agreements in force, all others at the case.
FIND: Final[Mapping[str, Callable[[Any, Requirement, Day], Found]]] = {
    "certified": certified,
    "employed": employed,
    "on_duty": on_duty,
    "selected": selected,
    "district_part": district_part,
    "evaluated": evaluated,
    "course": course,
    "verified": verified,
    "agreement": agreement,
    "review": review,
    "clauses": clauses,
}
