"""Agreements as plain rows: in force, signed, complete, due for review. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from rapport.foundation.months import add_months

Holds = Callable[[date, date | None], bool]  # whether a day lies in [since, until)


class Side(NamedTuple):
    """A party: an agency or a district, by its key."""

    agency: int | None
    district: int | None


class Span(NamedTuple):
    """A stretch of days [since, until), such as an agreement's term."""

    since: date
    until: date | None = None


class SideSpan(NamedTuple):
    """That a side is a party, or has signed."""

    side: Side
    since: date
    until: date | None = None


class ClauseSpan(NamedTuple):
    """That a clause of the library is in the text."""

    number: int
    since: date
    until: date | None = None


class Pact(NamedTuple):
    """What is known about one agreement: terms, parties, signatures, clauses, reviews."""

    terms: Sequence[Span] = ()
    parties: Sequence[SideSpan] = ()
    signatures: Sequence[SideSpan] = ()
    clauses: Sequence[ClauseSpan] = ()
    reviews: Sequence[Span] = ()


class State(StrEnum):
    """Where an agreement stands on a day."""

    DRAFT = "draft"  # a party's signature, or the dates, are missing
    SIGNED = "signed"  # signed by all; its first day has not come
    IN_FORCE = "in_force"
    ENDED = "ended"


# The clauses without which an agreement is not complete (FIELD 14, rule 5): the boundary of
# discipline, the chain of command, the sharing of information, the route of a complaint.
ESSENTIAL: Final = (8, 11, 23, 28)
REVIEW_MONTHS: Final = 24  # where the agreement says nothing (the baseline rule set says the same)


class Key(StrEnum):
    """The terms the program acts on."""

    SCHOOL_OFFICIAL = "school_official"
    DOCUMENT = "document"
    REVIEW_MONTHS = "review_months"
    WHO_MAY_COVER = "who_may_cover"
    CERTIFICATES_SHARED = "certificates_shared"


YES_NO: Final = ("yes", "no", "not_said")
VALUES: Final[Mapping[Key, tuple[str, ...]]] = {
    Key.SCHOOL_OFFICIAL: YES_NO,
    Key.DOCUMENT: ("mou", "interlocal", "sro_agreement"),
    Key.REVIEW_MONTHS: ("6", "12", "18", "24", "36"),
    Key.WHO_MAY_COVER: ("sros", "sworn", "sworn_and_guardians", "not_said"),
    Key.CERTIFICATES_SHARED: YES_NO,
}


def on(day: date) -> Holds:
    """Return the question whether `day` lies in a stretch."""
    return lambda since, until: since <= day and (until is None or day < until)


def in_force(pact: Pact, holds: Holds) -> bool:
    """Say whether an agreement is in force: its term holds, and every party of the day has signed.

    An agreement of one side alone is no agreement: there must be an agency and a district.
    """
    sides = parties(pact, holds)
    return (
        any(holds(t.since, t.until) for t in pact.terms)
        and any(s.agency is not None for s in sides)
        and any(s.district is not None for s in sides)
        and not unsigned(pact, holds)
    )


def in_force_since(pact: Pact, day: date) -> date | None:
    """Return since when an agreement is in force without a break; None where it is not on `day`.

    That is the first day of its term, or the day of the last signature, whichever came later.
    """
    if not in_force(pact, on(day)):
        return None
    rows: list[Span | SideSpan] = [*pact.terms, *pact.parties, *pact.signatures]
    turns = {turn for row in rows for turn in (row.since, row.until) if turn and turn <= day}
    return next(
        turn
        for turn in sorted(turns, reverse=True)
        if not in_force(pact, on(turn - timedelta(days=1)))
    )


def parties(pact: Pact, holds: Holds) -> list[Side]:
    """Return who the parties are."""
    return [p.side for p in pact.parties if holds(p.since, p.until)]


def unsigned(pact: Pact, holds: Holds) -> list[Side]:
    """Return the parties that have not signed."""
    signed = {s.side for s in pact.signatures if holds(s.since, s.until)}
    return [side for side in parties(pact, holds) if side not in signed]


def state(pact: Pact, day: date) -> State:
    """Return where an agreement stands on `day`."""
    holds = on(day)
    if in_force(pact, holds):
        return State.IN_FORCE
    if pact.terms and all(t.until is not None and t.until <= day for t in pact.terms):
        return State.ENDED
    coming = [t for t in pact.terms if t.since > day]
    if coming and in_force(pact, on(min(t.since for t in coming))):
        return State.SIGNED
    return State.DRAFT


def missing_clauses(pact: Pact, holds: Holds) -> list[int]:
    """Return the essential clauses that the text does not hold."""
    there = {c.number for c in pact.clauses if holds(c.since, c.until)}
    return [number for number in ESSENTIAL if number not in there]


def review_due(pact: Pact, day: date, months: int) -> date | None:
    """Return the last day on which the next review is in time; None where nothing is in force.

    The clock runs from the newest of first day, adoption, affirmation and amendment up to `day`.
    An affirmation without changes sets it anew (FIELD 14, rule 4).
    """
    made = [t.since for t in pact.terms if on(day)(t.since, t.until)]
    if not made:
        return None
    made += [r.since for r in pact.reviews if r.since <= day]
    return add_months(max(made), months)


def is_allowed(key: str, value: str) -> bool:
    """Say whether a settled term may have this value."""
    return key in set(Key) and value in VALUES[Key(key)]


def are_official(said: Iterable[str]) -> bool:
    """Say whether officers are school officials, from what each agreement in force says of it.

    Only a yes makes them so, and a no beside it unmakes it: the sharing rules open by what is
    agreed, never by what is unclear.
    """
    words = set(said)
    return "yes" in words and "no" not in words
