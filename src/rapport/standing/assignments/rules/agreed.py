"""What the agreements between an agency and a school's district come to on a day. Pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from .case import Case, Pact, Side, Span
from .day import Day, after_months
from .found import BLANK, NO, NOT_ASKED, OF_CASES, YES, Found, spans
from .requirements import Requirement


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
        elif best.answer is BLANK and not best.lacks:
            best = Found(BLANK, lacks=found.lacks)
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
    return _all_of((signed, _lacking("school", spans(covers, day))))


def _signed(pact: Pact, agency: int, district: int, day: Day) -> Found:
    """Say whether an agreement runs, between these two, and every party has signed it."""
    parts = [
        _lacking("term", spans(pact.terms, day)),
        spans([_span(p) for p in pact.parties if p.agency == agency], day),
        spans([_span(p) for p in pact.parties if p.district == district], day),
    ]
    for party in pact.parties:
        if day.within(party.since, party.until):
            whose = (party.agency, party.district)
            signed = [_span(s) for s in pact.signatures if (s.agency, s.district) == whose]
            side = "agency" if party.agency is not None else "district"
            parts += [Found(YES, (party.uid,)), _lacking(side, spans(signed, day))]
    return _all_of(parts)


def _lacking(part: str, found: Found) -> Found:
    return found._replace(lacks=(part,)) if found.answer is BLANK else found


def _all_of(parts: Sequence[Found]) -> Found:
    """Say what several parts come to that must all be yes."""
    facts = tuple(uid for part in parts for uid in part.facts)
    failed = [(p.failed, not p.is_ended) for p in parts if p.failed is not None]
    answer = min(part.answer for part in parts)
    lacks = tuple(dict.fromkeys(word for part in parts for word in part.lacks))
    if not failed:
        return Found(answer, facts, lacks=lacks)
    last, says_no = max(failed)
    return Found(answer, facts, failed=last, is_ended=not says_no, lacks=lacks)


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
    **OF_CASES,
    "agreement": agreement,
    "review": review,
    "clauses": clauses,
}
