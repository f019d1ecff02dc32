from datetime import date

import pytest

from rapport.foundation.months import add_months


@pytest.mark.parametrize(
    ("start", "months", "found"),
    [
        (date(2026, 3, 2), 0, date(2026, 3, 2)),
        (date(2026, 3, 2), 10, date(2027, 1, 2)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2025, 12, 31), -12, date(2024, 12, 31)),
    ],
)
def test_months_are_counted_by_the_calendar_and_clipped_to_the_last_day(
    start: date, months: int, found: date
) -> None:
    assert add_months(start, months) == found
