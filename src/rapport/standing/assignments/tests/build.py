"""Builders of cases: the smallest true thing, and only what the test cares about is said."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from rapport.foundation.registry import Shelf
from rapport.foundation.rulesets.files import read
from rapport.standing.assignments import rules
from rapport.standing.assignments.rules import (
    Book,
    Case,
    Chosen,
    Covered,
    Pact,
    Side,
    Span,
    Taken,
    Version,
    Work,
)

LONG_AGO = date(2010, 1, 1)
AGENCY, DISTRICT, SCHOOL = 1, 2, 3
SHELF = Shelf("rapport.standing.assignments", rules.body_of)


def shipped(*jurisdictions: str) -> Book:
    """Return the shipped rules of these jurisdictions, stacked on the baseline."""
    wanted = {rules.BASELINE, *jurisdictions}
    return Book(
        rules.version(
            f"{f.jurisdiction}-{v.version}",
            f.jurisdiction,
            f.topic,
            v.version,
            (v.since, v.until),
            v.body,
        )
        for f in read(SHELF)
        if f.jurisdiction in wanted
        for v in f.versions
    )


def a_version(*said: dict[str, Any], jurisdiction: str = "program", **more: Any) -> Version:
    """Return a version made of rules as a file would say them."""
    span = (more.pop("since", LONG_AGO), more.pop("until", None))
    body = rules.body_of({"rule": list(said), **more})
    return rules.version("made", jurisdiction, "made", "1", span, body)


def a_pact(
    since: date = LONG_AGO,
    until: date | None = None,
    *,
    signed: Sequence[date] = (LONG_AGO, LONG_AGO),
    school: int | None = None,
) -> Pact:
    """Return an agreement between the agency and the district, by default in force since long ago."""
    parties = [Side("pa", AGENCY, None, LONG_AGO, None), Side("pd", None, DISTRICT, LONG_AGO, None)]
    signatures = [
        Side(f"s{i}", p.agency, p.district, day, None)
        for i, (p, day) in enumerate(zip(parties, signed, strict=False))
    ]
    covers = [Covered("c", DISTRICT, school, LONG_AGO, None)]
    clauses = [Span(f"k{n}", str(n), LONG_AGO, None) for n in (8, 11, 23, 28)]
    return Pact(1, [Span("t", "", since, until)], parties, signatures, covers, [], clauses)


def a_case(book: Book, began: date, **said: Any) -> Case:
    """Return a case in which everything that no argument says is recorded and good."""
    facts: dict[str, Any] = {
        "districts": [Covered("d", DISTRICT, SCHOOL, LONG_AGO, None)],
        "certified": [Span("cert", "certified", LONG_AGO, None)],
        "employed": [Span("emp", "214", LONG_AGO, None)],
        "duty": [Span("duty", "on_duty", LONG_AGO, None)],
        "selected": [Chosen("sel", "selected", "on_panel", LONG_AGO, None)],
        "evaluated": [],
        "taken": [],
        "pacts": [a_pact()],
        "work": [Work("work", 40.0, began, None)],
        "first_began": began,
    }
    return Case(book=book, agency=AGENCY, school=SCHOOL, began=began, **(facts | said))


def a_course(
    code: str,
    hours: float | None,
    since: date,
    until: date | None = None,
    *,
    word: str = "completed",
) -> Taken:
    """Return a completion."""
    return Taken(f"{code}-{since}", word, code, hours, hash((code, since)), since, until)
