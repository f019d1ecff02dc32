"""Rules 1 to 3 of the field's list, and the small print of what a standing means."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rapport.standing.assignments import rules
from rapport.standing.assignments.rules import (
    Answer,
    Book,
    Chosen,
    Day,
    RulesUnreadable,
    Span,
    Why,
    Word,
    Work,
    requirements,
    standing,
)
from rapport.standing.assignments.rules.sentences import headline, text
from rapport.standing.assignments.rules.shown import Reader, shown_standing
from rapport.standing.assignments.tests import build

BEGAN = date(2025, 1, 6)
SHELF = Path(rules.__file__).parents[1] / "rulesets"


def word(case: rules.Case, day: date) -> str:
    return standing(case, Day(day)).word.value


def test_rule_1_posting_is_refused_where_indiana_asks_before_and_counts_down_in_texas_and_carolina() -> (
    None
):
    by_state = {
        state: standing(build.a_case(build.shipped(state), BEGAN), Day(BEGAN))
        for state in ("IN", "TX", "NC", "MD")
    }

    assert by_state["IN"].word is Word.NOT_CLEARED
    assert (by_state["TX"].word, by_state["TX"].until) == (Word.PROVISIONAL, date(2025, 7, 6))
    assert (by_state["NC"].word, by_state["NC"].until) == (Word.PROVISIONAL, date(2026, 1, 7))
    assert by_state["MD"].word is Word.NOT_CLEARED


def test_rule_1_maryland_lets_a_mid_year_hire_start_only_with_notice_and_preliminary_curriculum() -> (
    None
):
    notice = build.a_course("md-center-notice", 0, date(2025, 1, 2))
    preliminary = build.a_course("md-preliminary", 8, date(2025, 1, 3))
    book = build.shipped("MD")

    assert word(build.a_case(book, BEGAN, taken=[notice, preliminary]), BEGAN) == "provisional"
    assert word(build.a_case(book, BEGAN, taken=[notice]), BEGAN) == "not_cleared"
    assert word(build.a_case(book, BEGAN, taken=[preliminary]), BEGAN) == "not_cleared"


@pytest.mark.parametrize(
    ("hours", "until", "is_sro"),
    [
        (19.5, date(2025, 4, 7), False),
        (20.0, date(2025, 4, 7), True),
        (20.0, date(2025, 3, 31), False),
    ],
    ids=["19.5 hours for 13 weeks", "20 hours for 13 weeks", "20 hours for exactly 12 weeks"],
)
def test_rule_2_an_sro_in_carolina_has_20_hours_for_more_than_12_weeks(
    hours: float, until: date, is_sro: bool
) -> None:
    case = build.a_case(build.shipped("NC"), BEGAN, work=[Work("w", hours, BEGAN, until)])

    used = {v.jurisdiction for v in standing(case, Day(BEGAN)).rules}

    assert ("NC" in used) is is_sro


def test_hours_in_pieces_add_up_as_on_paper() -> None:
    pieces = [Work(f"w{n}", n, BEGAN, date(2025, 4, 7)) for n in (4.6, 11.7, 3.7)]

    found = standing(build.a_case(build.shipped("NC"), BEGAN, work=pieces), Day(BEGAN))

    assert "NC" in {v.jurisdiction for v in found.rules}


def test_each_set_is_asked_for_its_own_hours() -> None:
    sets = [build.a_version(workload={"hours": hours, "weeks": 4}) for hours in (40, 10)]
    work = [Work("w", 20.0, BEGAN, date(2025, 4, 7))]

    found = standing(build.a_case(Book(sets), BEGAN, work=work), Day(BEGAN))

    assert found.rules == (sets[1],)


def test_rule_3_last_years_report_uses_last_years_rules() -> None:
    old = build.a_version(
        {
            "key": "basic-course",
            "needs": "course",
            "name": {"en": "8 hours"},
            "courses": ["nasro-basic"],
            "hours": 8,
        },
        until=date(2026, 1, 1),
    )
    new = build.a_version(
        {
            "key": "basic-course",
            "needs": "course",
            "name": {"en": "60 hours"},
            "courses": ["nasro-basic"],
            "hours": 60,
        },
        since=date(2026, 1, 1),
    )
    book = Book([*build.shipped().versions, old, new])
    case = build.a_case(book, BEGAN, taken=[build.a_course("nasro-basic", 40, date(2024, 6, 1))])

    assert word(case, date(2025, 12, 31)) == "cleared"
    assert word(case, date(2026, 1, 1)) == "not_cleared"


def test_without_a_rule_set_nobody_is_cleared_and_every_ground_says_why() -> None:
    found = standing(build.a_case(Book([]), BEGAN), Day(BEGAN))

    assert found.word is Word.NOT_CLEARED
    assert all(ground.reasons and not ground.holds for ground in found.grounds.values())


def test_a_recommended_rule_and_an_alarm_change_no_standing() -> None:
    case = build.a_case(
        build.shipped(),
        date(2023, 1, 9),
        pacts=[build.a_pact()],
        selected=[rules.Chosen("s", "selected", "none", build.LONG_AGO, None)],
        taken=[build.a_course("nasro-basic", 40, date(2022, 6, 1))],
    )

    found = standing(case, Day(date(2025, 1, 6)))

    alarms = {r.rule.key for g in found.grounds.values() for r in g.reasons if r.why is Why.ALARM}
    assert found.word is Word.CLEARED
    assert alarms == {"district-part", "evaluated", "verified", "review"}


def reminders(**said: Any) -> dict[str, Answer]:
    """Return, by the key of its rule, what is only reminded of in a case that is otherwise good."""
    good = {
        "taken": [build.a_course("nasro-basic", 40, date(2022, 6, 1))],
        "evaluated": [Span("e", "", BEGAN, None)],
    }
    found = standing(build.a_case(build.shipped(), BEGAN, **(good | said)), Day(BEGAN))
    reasons = [r for g in found.grounds.values() for r in g.reasons]
    return {r.rule.key: r.answer for r in reasons if r.why is Why.ALARM}


@pytest.mark.parametrize(
    ("parts", "answer"),
    [
        (["on_panel"], None),
        (["concurred"], None),
        (["unknown"], Answer.BLANK),
        (["none"], Answer.NO),
        (["none", "unknown"], Answer.BLANK),
        (["unknown", "on_panel"], None),
    ],
    ids=str,
)
def test_the_districts_part_is_good_on_the_panel_or_in_agreement_and_unknown_is_not_known(
    parts: list[str], answer: Answer | None
) -> None:
    chosen = [Chosen(f"s{n}", "selected", p, build.LONG_AGO, None) for n, p in enumerate(parts)]

    assert reminders(selected=chosen).get("district-part") is answer


@pytest.mark.parametrize(
    ("proven", "answer"),
    [([], Answer.BLANK), (["a"], Answer.BLANK), (["b"], Answer.BLANK), (["a", "b"], None)],
    ids=["none of two", "the first of two", "the second of two", "both"],
)
def test_every_completion_is_verified_and_not_only_some(
    proven: list[str], answer: Answer | None
) -> None:
    taken = {
        "a": build.a_course("nasro-basic", 40, date(2022, 6, 1)),
        "b": build.a_course("in-service", 8, date(2023, 6, 1)),
    }
    proofs = {taken[n].completion: [Span(f"v{n}", "", BEGAN, None)] for n in proven}

    found = reminders(taken=list(taken.values()), verified=proofs)

    assert found.get("verified") is answer


def test_a_grace_counts_the_days_from_the_first_on_which_the_rule_fails() -> None:
    rule = {
        "key": "on-duty",
        "needs": "on_duty",
        "name": {"en": "duty"},
        "consequence": "provisional",
        "grace_days": 10,
    }
    case = build.a_case(
        Book([*build.shipped().versions, build.a_version(rule)]),
        BEGAN,
        duty=[Span("on", "on_duty", build.LONG_AGO, date(2025, 3, 1))],
        taken=[build.a_course("nasro-basic", 40, date(2024, 6, 1))],
    )

    assert word(case, date(2025, 2, 28)) == "cleared"
    assert standing(case, Day(date(2025, 3, 1))).until == date(2025, 3, 11)
    assert word(case, date(2025, 3, 11)) == "not_cleared"


CHOSEN_ALONE = {"selected": [Chosen("s", "selected", "none", date(2025, 2, 2), None)]}
EVALUATED = {"evaluated": [Span("e", "", date(2024, 2, 1), None)]}
AGREED = {"pacts": [build.a_pact(since=date(2024, 2, 1))]}


@pytest.mark.parametrize(
    ("needs", "said"),
    [("district_part", CHOSEN_ALONE), ("evaluated", EVALUATED), ("review", AGREED)],
)
def test_a_grace_counts_from_the_day_on_which_something_is_out_of_date(
    needs: str, said: dict[str, Any]
) -> None:
    rule = {"key": "k", "name": {"en": "it"}, "consequence": "provisional", "grace_days": 10}
    rule |= {"needs": needs, "every_months": 12}
    case = build.a_case(Book([build.a_version(rule)]), BEGAN, **said)

    assert standing(case, Day(date(2025, 2, 2))).until == date(2025, 2, 12)


def test_the_sentences_say_what_is_needed_and_by_when() -> None:
    found = standing(build.a_case(build.shipped("VA"), BEGAN), Day(date(2025, 2, 1)))
    reason = next(r for r in found.grounds["trained"].reasons if r.why is Why.IN_TIME)

    assert text(reason) == (
        "needs the SRO training of the compulsory minimum standards by 6 Jan 2026 "
        "(nothing is recorded yet; this rule was not checked against its source yet)"
    )
    assert headline(found) == (
        "cleared through 6 Jan 2026; needs the SRO training of the compulsory minimum standards by then"
    )


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ({"key": "x", "needs": "magic", "name": {"en": "x"}}, "needs is 'magic'"),
        ({"key": "x", "needs": "course", "name": {"en": "x"}}, "which courses"),
        ({"key": "x", "needs": "selected"}, "name is missing"),
        (
            {"key": "x", "needs": "selected", "name": {"en": "x"}, "deadline": "within"},
            "either days or months",
        ),
        ({"key": "x", "needs": "selected", "name": {"en": "x"}, "hour": 4}, "hour is not known"),
    ],
)
def test_a_rule_that_does_not_say_what_it_must_is_refused_by_name(
    rule: dict[str, object], says: str
) -> None:
    with pytest.raises(RulesUnreadable, match=says) as refusal:
        rules.requirements.requirement(rule)

    assert "Rule x" in str(refusal.value)


def test_who_may_not_read_personnel_is_shown_words_where_the_reasons_are_personnel() -> None:
    case = build.a_case(
        build.shipped("VA"),
        BEGAN,
        duty=[Span("l", "leave", date(2025, 2, 1), None)],
        selected=[rules.Chosen("s", "selected", "on_panel", build.LONG_AGO, None)],
    )
    full = standing(case, Day(date(2025, 2, 1)))

    seen = shown_standing(full, Reader(may_read_program=True, may_read_personnel=False))
    nothing = shown_standing(full, Reader(may_read_program=False, may_read_personnel=True))

    assert nothing is None
    assert seen is not None
    assert seen.word is full.word
    assert headline(seen) == "not cleared: not available; the agency can say more"
    assert (
        seen.grounds["sworn"].holds,
        seen.grounds["sworn"].reasons,
        seen.grounds["sworn"].facts,
    ) == (False, (), ())
    assert seen.grounds["trained"].reasons == full.grounds["trained"].reasons
    assert seen.grounds["trained"].facts == ()
    assert seen.grounds["agreed"] == full.grounds["agreed"]


def test_a_rules_name_takes_its_hours_from_the_rule_and_asks_for_none_that_are_not_given() -> None:
    said = {
        "key": "k",
        "needs": "course",
        "courses": ["c"],
        "name": {"en": "the {hours}-hour course"},
    }

    assert requirements.requirement(said | {"hours": 40}).name["en"] == "the 40-hour course"
    with pytest.raises(RulesUnreadable, match="no hours are given"):
        requirements.requirement(said)


def test_no_shipped_rule_writes_its_hours_twice() -> None:
    for path in SHELF.glob("*.toml"):
        for version in tomllib.loads(path.read_text(encoding="utf-8"))["version"]:
            for rule in version.get("rule", ()):
                twice = [w for w in rule["name"].values() if str(rule.get("hours", "–")) in w]
                assert not twice, (path.name, twice)
