"""The agreements' own word for "in force" and the standing's are one: over made-up agreements and days."""

from datetime import date, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rapport.standing.agreements import rules as agreements
from rapport.standing.assignments.rules import (
    Case,
    Covered,
    Day,
    Pact,
    Requirement,
    Side,
    Span,
    agreed,
)
from rapport.standing.assignments.rules.found import Answer, Found
from rapport.standing.assignments.tests import build

START = date(2024, 1, 1)
AGENCY, OTHER, DISTRICT, SCHOOL = 1, 9, 2, 3
days = st.integers(0, 60).map(lambda n: START + timedelta(days=n))
spans = st.tuples(days, st.none() | st.integers(1, 60)).map(
    lambda s: (s[0], None if s[1] is None else s[0] + timedelta(days=s[1]))
)
sides = st.sampled_from([(AGENCY, None), (OTHER, None), (None, DISTRICT)])


@settings(max_examples=400, deadline=None)
@given(
    terms=st.lists(spans, max_size=2),
    parties=st.lists(st.tuples(sides, spans), max_size=4),
    signatures=st.lists(st.tuples(sides, spans), max_size=5),
    day=days,
)
def test_an_agreement_covers_a_school_in_the_standing_exactly_when_the_agreement_is_in_force(
    terms: list[tuple[date, date | None]],
    parties: list[tuple[tuple[int | None, int | None], tuple[date, date | None]]],
    signatures: list[tuple[tuple[int | None, int | None], tuple[date, date | None]]],
    day: date,
) -> None:
    here = Pact(
        1,
        [Span("t", "", *t) for t in terms],
        [Side("p", *side, *span) for side, span in parties],
        [Side("s", *side, *span) for side, span in signatures],
        [Covered("c", DISTRICT, None, build.LONG_AGO, None)],
        [],
        [],
    )
    there = agreements.Pact(
        [agreements.Span(*t) for t in terms],
        [agreements.SideSpan(agreements.Side(*side), *span) for side, span in parties],
        [agreements.SideSpan(agreements.Side(*side), *span) for side, span in signatures],
    )
    case = Case(
        book=build.shipped(),
        agency=AGENCY,
        school=SCHOOL,
        began=START,
        first_began=START,
        districts=[Covered("d", DISTRICT, SCHOOL, build.LONG_AGO, None)],
        pacts=[here],
    )

    covers = agreed.agreements(case, Day(day)).found.answer is Answer.YES

    on = agreements.on(day)
    both_are_parties = {(AGENCY, None), (None, DISTRICT)} <= {
        tuple(side) for side in agreements.parties(there, on)
    }
    assert covers == (agreements.in_force(there, on) and both_are_parties)


@settings(max_examples=400, deadline=None)
@given(
    term=spans,
    reviews=st.lists(days, max_size=3),
    months=st.integers(1, 2),
    held=st.lists(st.tuples(st.sampled_from([8, 11, 23, 28, 30]), spans), max_size=6),
    day=days,
)
def test_what_an_agreement_lacks_and_when_its_review_is_due_is_one_answer_too(
    term: tuple[date, date | None],
    reviews: list[date],
    months: int,
    held: list[tuple[int, tuple[date, date | None]]],
    day: date,
) -> None:
    on = agreements.on(day)
    assume(on(*term))
    there = agreements.Pact(
        [agreements.Span(*term)],
        clauses=[agreements.ClauseSpan(n, *span) for n, span in held],
        reviews=[agreements.Span(r) for r in reviews],
    )
    here = Pact(
        1,
        [Span("t", "", *term)],
        [],
        [],
        [],
        [Span("r", "", r, None) for r in reviews],
        [Span(f"c{n}", str(n), *span) for n, span in held],
    )
    in_force = agreed.InForce(Found(Answer.YES), (here,))
    essential = Requirement("clauses", "clauses", {}, clauses=agreements.ESSENTIAL)
    reviewed = Requirement("review", "review", {}, every_months=months)

    lacking = agreed.clauses(in_force, essential, Day(day))
    is_fresh = agreed.review(in_force, reviewed, Day(day)).answer is Answer.YES

    due = agreements.review_due(there, day, months)
    assert list(lacking.missing) == agreements.missing_clauses(there, on)
    assert due is not None
    assert is_fresh == (day <= due)
