"""What an answer says: the same words for all, with its end, what is recorded and what is missing."""

from datetime import date, timedelta
from typing import Any

import pytest

from rapport.standing.assignments.rules import (
    Case,
    Chosen,
    Covered,
    Day,
    Lapse,
    Span,
    Why,
    Word,
    ends,
    is_by_exception,
    lapses,
    standing,
)
from rapport.standing.assignments.rules.agreed import agreements
from rapport.standing.assignments.rules.sentences import headline, text
from rapport.standing.assignments.rules.shown import Reader, View, shown_standing, views
from rapport.standing.assignments.tests import build

BEGAN, DAY = date(2025, 1, 6), date(2025, 6, 2)
BASIC = build.a_course("nasro-basic", 40, date(2024, 6, 1))
SOON = date(2025, 7, 1)


def a_case(**said: Any) -> Case:
    return build.a_case(build.shipped(), BEGAN, **({"taken": [BASIC]} | said))


def said_on(case: Case, day: date = DAY) -> str:
    now = standing(case, Day(day))
    return headline(now, lapses(case, now, day, day + timedelta(days=90)))


def reasons_on(ground: str, day: date = DAY, **said: Any) -> list[str]:
    found = standing(a_case(**said), Day(day)).grounds[ground]
    return [text(r) for r in found.reasons if r.why is not Why.ALARM]


def test_cleared_names_the_end_that_is_in_sight_and_what_is_needed_by_then() -> None:
    ending = a_case(certified=[Span("c", "certified", build.LONG_AGO, SOON)])

    assert said_on(a_case()) == "cleared"
    assert said_on(ending) == (
        "cleared through 30 Jun 2025; needs certification as an officer by the state by then"
    )
    assert standing(ending, Day(DAY)).word is Word.CLEARED


def test_a_clock_that_runs_longer_does_not_hide_a_certificate_that_ends_before() -> None:
    case = a_case(taken=[], certified=[Span("c", "certified", build.LONG_AGO, SOON)])
    now = standing(case, Day(DAY))

    assert now.until == date(2026, 1, 7)
    assert ends(now, lapses(case, now, DAY, DAY + timedelta(days=90))) == SOON
    assert said_on(case).startswith("cleared through 30 Jun 2025; needs certification")


def test_what_only_gets_a_clock_does_not_end_a_standing_that_has_one() -> None:
    now = standing(a_case(taken=[]), Day(DAY))

    assert ends(now, [Lapse(SOON, "agreed", False, ())]) == now.until
    assert ends(now, [Lapse(SOON, "agreed", True, ())]) == SOON


def test_an_exception_that_carries_a_standing_is_named_with_its_ground() -> None:
    case = a_case(selected=[], exceptions=[Span("x", "selected", BEGAN, SOON)])

    assert is_by_exception(standing(case, Day(DAY)))
    assert said_on(case) == (
        "cleared by exception through 30 Jun 2025, because “selected” is set aside; "
        "needs a recorded selection by then"
    )


def test_an_exception_beside_a_clock_that_runs_carries_nothing() -> None:
    case = a_case(taken=[], exceptions=[Span("x", "trained", BEGAN, SOON)])

    assert not is_by_exception(standing(case, Day(DAY)))
    assert said_on(case).startswith("cleared through 6 Jan 2026; needs a basic SRO course")


def test_hours_that_are_recorded_are_said_with_those_asked_for() -> None:
    thirty = [build.a_course("nasro-basic", 30, date(2024, 6, 1))]
    unknown = [build.a_course("nasro-basic", None, date(2024, 6, 1))]

    assert "30 of 40 hours recorded" in reasons_on("trained", taken=thirty)[0]
    assert "0 of 40 hours recorded" in reasons_on("trained", taken=unknown)[0]
    assert "nothing is recorded yet" in reasons_on("trained", taken=[])[0]


@pytest.mark.parametrize(
    ("pact", "says"),
    [
        (build.a_pact(signed=[build.LONG_AGO]), "recorded: not yet signed by the district"),
        (build.a_pact(signed=[]), "not yet signed by the agency, not yet signed by the district"),
        (build.a_pact(school=build.SCHOOL + 1), "recorded: it does not cover the school"),
        (build.a_pact(date(2025, 9, 1)), "its first day is not recorded or has not come"),
    ],
    ids=["district", "both", "another school", "to come"],
)
def test_of_an_agreement_that_is_recorded_it_is_said_what_it_lacks(pact: Any, says: str) -> None:
    (said,) = reasons_on("agreed", pacts=[pact])

    assert says in said
    assert "nothing is recorded" not in said


def test_an_agreement_that_is_not_there_is_not_said_to_be() -> None:
    assert "(nothing is recorded yet)" in reasons_on("agreed", pacts=[])[0]


@pytest.mark.parametrize(
    ("duty", "says"),
    [
        ([Span("d", "on_duty", build.LONG_AGO, SOON)], "what is recorded held through 30 Jun 2025"),
        ([Span("d", "leave", SOON, None)], "recorded as not so since 1 Jul 2025"),
        (
            [
                Span("d", "on_duty", build.LONG_AGO, SOON),
                Span("l", "leave", SOON, None),
            ],
            "recorded as not so since 1 Jul 2025",
        ),
    ],
    ids=["ended", "says no", "both on one day"],
)
def test_a_no_says_whether_it_ended_or_says_no_and_when(duty: list[Span], says: str) -> None:
    assert says in reasons_on("sworn", date(2025, 7, 2), duty=duty)[0]
    assert says in reasons_on("sworn", date(2025, 7, 2), duty=duty[::-1])[0]


def test_of_two_agreements_that_ended_the_later_is_the_one_that_counts() -> None:
    early, late = (build.a_pact(until=day) for day in (date(2025, 3, 1), date(2025, 5, 1)))

    for pacts in ([early, late], [late, early]):
        found = agreements(a_case(pacts=pacts), Day(DAY)).found
        assert found.failed == date(2025, 5, 1)
        assert "held through 30 Apr 2025" in reasons_on("agreed", pacts=pacts)[0]


def test_where_one_ground_is_not_for_the_reader_the_other_is_not_said_to_be_all() -> None:
    case = a_case(selected=[], duty=[Span("l", "leave", BEGAN, None)])
    seen = shown_standing(standing(case, Day(DAY)), Reader(True, False))

    assert seen is not None
    assert headline(seen) == ("not cleared: needs a recorded selection; the agency can say more")


@pytest.mark.parametrize("selected", [True, False])
@pytest.mark.parametrize("taken", [True, False])
def test_the_word_and_its_end_are_the_same_for_every_reader(*, selected: bool, taken: bool) -> None:
    case = a_case(
        selected=[Chosen("s", "selected", "on_panel", BEGAN, None)] if selected else [],
        taken=[BASIC] if taken else [],
        districts=[Covered("d", build.DISTRICT, build.SCHOOL, build.LONG_AGO, None)],
    )
    full = standing(case, Day(DAY))
    readers = (Reader(True, True), Reader(True, False), Reader(True, False, is_peer=True))

    for seen in (shown_standing(full, reader) for reader in readers):
        assert seen is not None
        assert (seen.word, seen.until) == (full.word, full.until)
        assert {n: g.holds for n, g in seen.grounds.items()} == {
            n: g.holds for n, g in full.grounds.items()
        }


def test_an_officer_reads_of_a_colleague_the_word_and_no_gap() -> None:
    peer = Reader(may_read_program=True, may_read_personnel=False, is_peer=True)
    seen = shown_standing(standing(a_case(taken=[]), Day(DAY)), peer)

    assert views(peer) == {
        "sworn": View.WORD,
        "selected": View.WORD,
        "trained": View.WORD,
        "agreed": View.FULL,
    }
    assert seen is not None
    assert seen.grounds["trained"].reasons == ()
    assert headline(seen) == "cleared through 6 Jan 2026"
    assert views(replace_personnel(peer))["trained"] is View.FULL  # one's own


def replace_personnel(reader: Reader) -> Reader:
    return reader._replace(may_read_personnel=True)
