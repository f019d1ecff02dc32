from datetime import date

import pytest

from rapport.standing.agreements import rules
from rapport.standing.agreements.rules import ClauseSpan, Pact, Side, SideSpan, Span, State

FIRST, NEXT, END = date(2025, 7, 1), date(2025, 9, 1), date(2026, 7, 1)
AGENCY, DISTRICT, SECOND = Side(1, None), Side(None, 2), Side(3, None)


def a_pact(
    *signed: tuple[Side, date], until: date | None = END, clauses: tuple[int, ...] = ()
) -> Pact:
    return Pact(
        [Span(FIRST, until)],
        [SideSpan(AGENCY, FIRST), SideSpan(DISTRICT, FIRST)],
        [SideSpan(side, day) for side, day in signed],
        [ClauseSpan(number, FIRST) for number in clauses],
    )


BOTH = ((AGENCY, FIRST), (DISTRICT, NEXT))


def test_an_agreement_is_in_force_from_the_day_of_the_last_signature() -> None:
    pact = a_pact(*BOTH)

    assert not rules.in_force(pact, rules.on(date(2025, 8, 31)))
    assert rules.in_force(pact, rules.on(NEXT))


def test_an_agreement_is_said_to_be_in_force_since_the_last_signature_or_its_first_day() -> None:
    late = a_pact(*BOTH)
    early = a_pact((AGENCY, date(2025, 5, 1)), (DISTRICT, date(2025, 6, 1)))

    assert rules.in_force_since(late, date(2026, 1, 1)) == NEXT
    assert rules.in_force_since(late, date(2025, 8, 31)) is None
    assert rules.in_force_since(early, date(2026, 1, 1)) == FIRST


def test_a_renewal_without_a_gap_goes_on_and_one_with_a_gap_begins_anew() -> None:
    signed = a_pact(*BOTH)
    later = date(2027, 1, 1)

    going_on = signed._replace(terms=[Span(FIRST, END), Span(END, None)])
    anew = signed._replace(terms=[Span(FIRST, END), Span(date(2026, 9, 1), None)])

    assert rules.in_force_since(going_on, later) == NEXT
    assert rules.in_force_since(anew, later) == date(2026, 9, 1)


def test_an_agreement_signed_early_is_in_force_from_its_first_day() -> None:
    pact = a_pact((AGENCY, date(2025, 5, 1)), (DISTRICT, date(2025, 6, 1)))

    assert not rules.in_force(pact, rules.on(date(2025, 6, 30)))
    assert rules.in_force(pact, rules.on(FIRST))


def test_an_agreement_is_no_longer_in_force_from_its_end_on() -> None:
    pact = a_pact(*BOTH)

    assert rules.in_force(pact, rules.on(date(2026, 6, 30)))
    assert not rules.in_force(pact, rules.on(END))


def test_a_party_that_joins_must_sign_too() -> None:
    pact = a_pact(*BOTH)._replace(
        parties=[SideSpan(AGENCY, FIRST), SideSpan(DISTRICT, FIRST), SideSpan(SECOND, END)],
        terms=[Span(FIRST, None)],
    )

    assert rules.in_force(pact, rules.on(date(2026, 6, 30)))
    assert not rules.in_force(pact, rules.on(END))
    assert rules.unsigned(pact, rules.on(END)) == [SECOND]


def test_one_side_alone_makes_no_agreement() -> None:
    pact = Pact([Span(FIRST)], [SideSpan(AGENCY, FIRST)], [SideSpan(AGENCY, FIRST)])

    assert not rules.in_force(pact, rules.on(NEXT))


@pytest.mark.parametrize(
    ("day", "signatures", "expected"),
    [
        (NEXT, BOTH, State.IN_FORCE),
        (END, BOTH, State.ENDED),
        (NEXT, BOTH[:1], State.DRAFT),
        (
            date(2025, 6, 15),
            ((AGENCY, date(2025, 6, 1)), (DISTRICT, date(2025, 6, 2))),
            State.SIGNED,
        ),
        (date(2025, 6, 15), BOTH, State.DRAFT),
    ],
)
def test_where_an_agreement_stands(
    day: date, signatures: tuple[tuple[Side, date], ...], expected: State
) -> None:
    pact = a_pact(*signatures)._replace(
        parties=[SideSpan(AGENCY, date(2025, 1, 1)), SideSpan(DISTRICT, date(2025, 1, 1))]
    )

    assert rules.state(pact, day) is expected


@pytest.mark.parametrize("missing", rules.ESSENTIAL)
def test_an_agreement_without_an_essential_clause_is_not_complete(missing: int) -> None:
    held = tuple(n for n in rules.ESSENTIAL if n != missing)

    assert rules.missing_clauses(a_pact(clauses=held), rules.on(NEXT)) == [missing]
    assert rules.missing_clauses(a_pact(clauses=rules.ESSENTIAL), rules.on(NEXT)) == []


def test_an_affirmation_without_changes_sets_the_review_clock_anew() -> None:
    pact = a_pact(*BOTH, until=None)
    affirmed = pact._replace(reviews=[Span(date(2026, 6, 20)), Span(date(2029, 1, 1))])

    assert rules.review_due(pact, date(2026, 7, 1), 24) == date(2027, 7, 1)
    assert rules.review_due(affirmed, date(2026, 7, 1), 24) == date(2028, 6, 20)
    assert rules.review_due(pact, date(2025, 6, 30), 24) is None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ((), False),
        (("yes",), True),
        (("yes", "not_said"), True),
        (("yes", "no"), False),
        (("no",), False),
    ],
)
def test_officers_are_school_officials_only_where_an_agreement_says_yes_and_none_says_no(
    said: tuple[str, ...], expected: bool
) -> None:
    assert rules.are_official(said) is expected


def test_a_settled_term_has_one_of_the_words_of_its_list() -> None:
    assert rules.is_allowed("school_official", "not_said")
    assert not rules.is_allowed("school_official", "sros")
    assert not rules.is_allowed("color", "yes")


def test_the_library_has_forty_clauses_with_titles_in_two_languages() -> None:
    library = rules.clauses()

    assert list(library) == list(range(1, 41))
    assert all(c.titles["en"] and c.titles["es"] for c in library.values())
    assert all(c.source for c in library.values() if c.is_sourced)
    assert library[8].title("es-mx").startswith("sin participación")
    assert library[8].title("fr") == library[8].titles["en"]
