"""How days off are typed, and what a calendar must be. No database."""

from datetime import date

import pytest

from rapport.foundation.facts import Refused
from rapport.foundation.school_days import Span
from rapport.organizations.calendars import rules
from rapport.organizations.calendars.forms import reasons
from rapport.organizations.calendars.rules import DaysOff

YEAR = Span(date(2026, 8, 19), date(2027, 6, 5))


@pytest.mark.parametrize(
    ("text", "off"),
    [
        ("2026-11-25 – 2026-11-27 break", (25, 27, "break")),
        ("2026-11-25 - 2026-11-27, Break", (25, 27, "break")),
        ("2026-11-25 to 2026-11-27", (25, 27, "unknown")),
        ("11/25/2026 through 11/27/2026: Thanksgiving", (25, 27, "other")),
        ("2026-11-3 staff day", (3, 3, "staff")),
        ("  2026-11-11   holiday  ", (11, 11, "holiday")),
        ("2026-11-12; snow", (12, 12, "closed")),
    ],
)
def test_days_off_are_typed_as_people_write_them(text: str, off: tuple[int, int, str]) -> None:
    first, last, why = off

    assert rules.typed(text, reasons()) == [
        DaysOff(date(2026, 11, first), date(2026, 11, last), why)
    ]


def test_empty_lines_are_no_days_off() -> None:
    assert rules.typed("\n  \n", reasons()) == []


def test_every_line_that_cannot_be_read_is_named() -> None:
    with pytest.raises(Refused) as problem:
        rules.typed("2026-11-25\nThanksgiving\n2026-02-30\n", reasons())

    said = str(problem.value)
    assert "line 2, “Thanksgiving”; line 3, “2026-02-30”" in said
    assert "line 1" not in said
    assert problem.value.field == "off"


@pytest.mark.parametrize(
    ("off", "said"),
    [
        ([(date(2026, 11, 27), date(2026, 11, 25))], "the end lies before the start"),
        ([(date(2026, 8, 18), date(2026, 8, 18))], "outside of the school year"),
        ([(date(2027, 6, 4), date(2027, 6, 5))], "outside of the school year"),
        (
            [(date(2026, 12, 21), date(2027, 1, 2)), (date(2027, 1, 2), date(2027, 1, 3))],
            "2027-01-02 – 2027-01-03 overlaps 2026-12-21 – 2027-01-02",
        ),
        ([(date(2026, 9, 1), date(2026, 12, 1))], "look at the dates again"),
    ],
)
def test_days_off_that_cannot_be_are_refused(off: list[tuple[date, date]], said: str) -> None:
    with pytest.raises(Refused, match=said):
        rules.ensure_calendar(YEAR, [DaysOff(*days, "break") for days in off])


@pytest.mark.parametrize("until", [date(2026, 8, 19), date(2026, 8, 1), date(2028, 6, 5)])
def test_a_school_year_that_is_reversed_or_far_too_long_is_refused(until: date) -> None:
    with pytest.raises(Refused):
        rules.ensure_year(Span(YEAR.first, until))
