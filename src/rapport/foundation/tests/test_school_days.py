"""Clocks that count in school days, and what a calendar does not say."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import takewhile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.foundation.school_days import Calendar, Span, days, next_year_after

LAST_YEAR = Span(date(2025, 8, 20), date(2026, 6, 6))
THIS_YEAR = Span(date(2026, 8, 19), date(2027, 6, 5))
THANKSGIVING = Span(date(2026, 11, 25), date(2026, 11, 28))
WINTER = Span(date(2026, 12, 21), date(2027, 1, 4))
TOWN = Calendar((THIS_YEAR, LAST_YEAR), (WINTER, THANKSGIVING))


@pytest.mark.parametrize(
    ("day", "is_one"),
    [
        (date(2026, 11, 24), True),
        (date(2026, 11, 25), False),  # Thanksgiving
        (date(2026, 11, 28), False),  # a Saturday
        (date(2026, 11, 30), True),
        (date(2026, 8, 19), True),  # the first day
        (date(2027, 6, 4), True),  # the last
        (date(2026, 7, 4), False),  # between two years that are known
        (date(2027, 6, 7), None),  # after the last year that is known
        (date(2025, 8, 19), None),  # before the first
    ],
)
def test_a_day_is_a_school_day_or_not_or_unknown(day: date, is_one: bool | None) -> None:
    assert TOWN.is_school_day(day) is is_one


def test_a_year_that_is_missing_between_two_is_unknown_not_summer() -> None:
    calendar = Calendar((LAST_YEAR, Span(date(2027, 8, 18), date(2028, 6, 3))))

    assert calendar.is_school_day(date(2026, 10, 6)) is None
    assert calendar.is_school_day(date(2026, 7, 4)) is None


def test_without_a_calendar_nothing_is_known() -> None:
    day = date(2026, 10, 6)

    assert Calendar().is_school_day(day) is None
    assert Calendar().nth_after(day, 1) is None
    assert Calendar().last_on_or_before(day) is None
    assert Calendar().between(day, day + timedelta(1)) is None


def test_a_clock_that_starts_on_the_thursday_before_a_holiday_week_counts_school_days() -> None:
    winter_week = Calendar((THIS_YEAR,), (Span(date(2027, 2, 15), date(2027, 2, 20)),))

    assert winter_week.nth_after(date(2027, 2, 11), 1) == date(2027, 2, 12)
    assert winter_week.nth_after(date(2027, 2, 11), 2) == date(2027, 2, 22)
    assert winter_week.nth_after(date(2027, 2, 11), 5) == date(2027, 2, 25)


def test_a_clock_runs_over_the_summer_where_the_next_year_is_known_and_else_has_no_answer() -> None:
    assert TOWN.nth_after(date(2026, 6, 4), 2) == date(2026, 8, 19)
    assert TOWN.nth_after(date(2027, 6, 3), 2) is None


def test_a_clock_of_no_days_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="from 1"):
        TOWN.nth_after(date(2026, 10, 6), 0)


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2026, 10, 6), date(2026, 10, 6)),
        (date(2026, 10, 11), date(2026, 10, 9)),  # a Sunday
        (date(2026, 7, 14), date(2026, 6, 5)),  # July
        (date(2027, 1, 2), date(2026, 12, 18)),  # in the winter break
        (date(2029, 1, 2), date(2027, 6, 4)),  # long after the calendar's end
        (date(2025, 8, 19), None),
    ],
)
def test_the_last_school_day_on_or_before_a_day(day: date, last: date | None) -> None:
    assert TOWN.last_on_or_before(day) == last


def test_school_days_between_two_days_count_the_first_and_not_the_last() -> None:
    assert TOWN.between(date(2026, 11, 23), date(2026, 12, 1)) == 3
    assert TOWN.between(date(2026, 11, 23), date(2026, 11, 23)) == 0
    assert TOWN.between(date(2027, 6, 3), date(2027, 6, 8)) is None


@pytest.mark.parametrize(
    ("day", "start", "is_verified"),
    [
        (date(2026, 3, 2), date(2026, 8, 19), True),
        (date(2026, 8, 18), date(2026, 8, 19), True),
        (date(2026, 8, 19), date(2027, 8, 1), False),  # the day itself is this year's
        (date(2027, 7, 31), date(2027, 8, 1), False),
        (date(2027, 8, 1), date(2028, 8, 1), False),
        (date(2024, 3, 2), date(2024, 8, 1), False),  # a calendar a year later says nothing of it
    ],
)
def test_the_next_school_year_begins_as_the_calendar_says_or_on_1_august_not_verified(
    day: date, start: date, *, is_verified: bool
) -> None:
    assert next_year_after(day, TOWN.years) == (start, is_verified)


def test_a_year_that_begins_in_july_is_not_followed_by_one_that_august() -> None:
    early = Calendar((Span(date(2026, 7, 20), date(2027, 5, 29)),))

    assert next_year_after(date(2026, 7, 25), early.years) == (date(2027, 8, 1), False)


# Properties

FIRST = date(2024, 7, 1)


@st.composite
def calendars(draw: Callable[..., int]) -> Calendar:
    years, off = [], []
    for year in range(2024, 2024 + draw(st.integers(1, 3))):
        start = date(year, 8, 1) + timedelta(draw(st.integers(0, 40)))
        years.append(Span(start, start + timedelta(draw(st.integers(250, 310)))))
        for _ in range(draw(st.integers(0, 6))):
            first = start + timedelta(draw(st.integers(0, 300)))
            off.append(Span(first, first + timedelta(draw(st.integers(1, 14)))))
    return Calendar(tuple(years), tuple(off))


SOME_DAY = st.integers(0, 1200).map(lambda n: FIRST + timedelta(n))


@given(calendars(), SOME_DAY, st.integers(1, 60))
def test_the_nth_school_day_after_is_one_and_n_of_them_lie_up_to_it(
    calendar: Calendar, day: date, n: int
) -> None:
    found = calendar.nth_after(day, n)

    if found is None:
        ahead = days(Span(day + timedelta(1), day + timedelta(1600)))
        known = takewhile(lambda d: calendar.is_school_day(d) is not None, ahead)
        assert sum(calendar.is_school_day(d) is True for d in known) < n
    else:
        assert calendar.is_school_day(found)
        assert calendar.between(day + timedelta(1), found + timedelta(1)) == n
        assert calendar.last_on_or_before(found) == found


@given(calendars(), SOME_DAY, st.integers(1, 30), st.integers(1, 30))
def test_counting_in_two_steps_comes_to_the_same_day(
    calendar: Calendar, day: date, n: int, more: int
) -> None:
    first = calendar.nth_after(day, n)

    if first is not None:
        assert calendar.nth_after(first, more) == calendar.nth_after(day, n + more)


@given(calendars(), SOME_DAY)
def test_between_the_last_school_day_and_the_day_there_is_none(
    calendar: Calendar, day: date
) -> None:
    last = calendar.last_on_or_before(day)

    if last is None:
        assert not any(calendar.is_school_day(d) for d in days(Span(FIRST, day + timedelta(1))))
    else:
        assert calendar.is_school_day(last)
        after = days(Span(last + timedelta(1), day + timedelta(1)))
        assert not any(calendar.is_school_day(d) for d in after)


@given(calendars(), SOME_DAY, st.integers(0, 400))
def test_a_count_is_the_days_one_by_one_and_unknown_where_one_is(
    calendar: Calendar, day: date, length: int
) -> None:
    each = [calendar.is_school_day(d) for d in days(Span(day, day + timedelta(length)))]

    assert calendar.between(day, day + timedelta(length)) == (
        None if None in each else each.count(True)
    )


@given(calendars(), SOME_DAY, st.integers(1, 20))
def test_a_day_off_more_never_makes_a_clock_shorter(calendar: Calendar, day: date, n: int) -> None:
    holiday = Span(day + timedelta(1), day + timedelta(3))
    more = Calendar(calendar.years, (*calendar.off, holiday))
    before, after = calendar.nth_after(day, n), more.nth_after(day, n)

    assert after is None or before is not None
    if before is not None and after is not None:
        assert after >= before


@given(calendars(), SOME_DAY)
def test_the_order_of_spans_does_not_matter(calendar: Calendar, day: date) -> None:
    other = Calendar(calendar.years[::-1], calendar.off[::-1])

    assert other == calendar
    assert other.is_school_day(day) == calendar.is_school_day(day)


@given(calendars(), SOME_DAY)
def test_the_next_school_year_begins_later(calendar: Calendar, day: date) -> None:
    start = next_year_after(day, calendar.years)

    assert start.day > day
    assert start.is_verified == any(first == start.day for first, _ in calendar.years)
