"""School years as statistics count them: from 1 July to 1 July, since no district's calendar is asked."""

import re
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from rapport.foundation.facts import Refused

# A list of schools does not say since when a school belongs to its district; it is taken to be always.
BEFORE_RECORDS: Final = date(1900, 1, 1)
# The school year that a layout's counts are of, where the layout is known to carry one.
COUNTS_OF: Final = {"state": "2021-22"}
YEAR: Final = re.compile(r"(20\d\d)\s*[-–/]\s*(?:20)?(\d\d)")


def school_year_named(text: str) -> tuple[date, date]:
    """Return the first day of a school year written like 2021-22, and the day after its last."""
    found = YEAR.fullmatch(text.strip())
    if not found or (int(found[1]) + 1) % 100 != int(found[2]):
        raise Refused(
            _("“{text}” is no school year. Write one like 2021-22.").format(text=text[:20])
        )
    first = int(found[1])
    return date(first, 7, 1), date(first + 1, 7, 1)


def school_year_of(day: date) -> tuple[date, date]:
    """Return the first day of the school year that a day lies in, and the day after its last."""
    first = day.year if day.month >= 7 else day.year - 1
    return date(first, 7, 1), date(first + 1, 7, 1)


def name_of(year: tuple[date, date]) -> str:
    """Return how a school year is written: 2021-22."""
    return f"{year[0].year}-{year[1].year % 100:02}"


def ensure_begun(first: date, today: date) -> None:
    """Raise `Refused` where an agency's start lies ahead: the time it gives would have no end."""
    if first > today:
        raise Refused(
            _("{day} is still to come (today is {today}). Record it when it has happened.").format(
                day=first.isoformat(), today=today.isoformat()
            ),
            field="valid_from",
        )
