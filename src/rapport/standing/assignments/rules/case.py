"""Everything a standing may look at, as plain rows. Spans are [since, until)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from .requirements import Book


class Span(NamedTuple):
    """A fact with one chosen word: certification, duty status, employment, exception."""

    uid: str
    word: str
    since: date
    until: date | None


class Chosen(NamedTuple):
    """A selection."""

    uid: str
    word: str  # selected, not_selected
    district_part: str
    since: date
    until: date | None


class Taken(NamedTuple):
    """A completion of a course."""

    uid: str
    word: str  # completed, not_completed
    course: str
    hours: float | None
    completion: int
    since: date
    until: date | None


class Work(NamedTuple):
    """Hours a week assigned; None where they are not known."""

    uid: str
    hours: float | None
    since: date
    until: date | None


class Side(NamedTuple):
    """A party or a signature of it."""

    uid: str
    agency: int | None
    district: int | None
    since: date
    until: date | None


class Covered(NamedTuple):
    """A coverage: a district as a whole (school None), or a school by name."""

    uid: str
    district: int
    school: int | None
    since: date
    until: date | None


class Pact(NamedTuple):
    """An agreement with the facts about it."""

    key: int
    terms: Sequence[Span]
    parties: Sequence[Side]
    signatures: Sequence[Side]
    coverages: Sequence[Covered]
    affirmations: Sequence[Span]
    clauses: Sequence[Span]  # word: the clause's number


class Case(NamedTuple):
    """One officer, school and agency, with all that is known about them."""

    book: Book
    agency: int
    school: int
    began: date  # this assignment's first day, or the day it is asked "if assigned"
    first_began: date  # the officer's first assignment for that agency in that state
    work: Sequence[Work] = ()  # the officer's assignments for that agency in that state
    start: Span | None = None  # the agency's day one
    own_district: int | None = None  # where the district is itself the employing agency
    districts: Sequence[Covered] = ()
    certified: Sequence[Span] = ()
    employed: Sequence[Span] = ()
    duty: Sequence[Span] = ()
    selected: Sequence[Chosen] = ()
    evaluated: Sequence[Span] = ()
    taken: Sequence[Taken] = ()
    verified: Mapping[int, Sequence[Span]] = {}  # by completion, also of other officers
    pacts: Sequence[Pact] = ()
    exceptions: Sequence[Span] = ()  # word: the ground
    school_years: Sequence[Span] = ()
