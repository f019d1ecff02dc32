"""What a school calendar must be, and how days off are typed."""

import re
from datetime import date, timedelta
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from rapport.foundation.facts import Refused
from rapport.foundation.school_days import Span

LONGEST_YEAR: Final = timedelta(days=366)
LONGEST_BREAK: Final = timedelta(days=60)
DAY: Final = r"(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}/\d{1,2}/\d{4})"
LINE: Final = re.compile(rf"({DAY})(?:\s*(?:-|–|to|through|a)\s*({DAY}))?\s*[,;:]?\s*(.*)")
ONE: Final = timedelta(days=1)


class DaysOff(NamedTuple):
    """Days without school, as they are typed: the first, the last, and why (a chosen word)."""

    first: date
    last: date
    why: str

    @property
    def span(self) -> Span:
        """Return the same as facts hold it."""
        return Span(self.first, self.last + ONE)


def ensure_year(year: Span) -> None:
    """Raise `Refused` where a school year is reversed, or so long that a date must be wrong."""
    if year.until <= year.first:
        raise Refused(_("The last day lies before the first."), field="last_day")
    if year.until - year.first > LONGEST_YEAR:
        raise Refused(
            _("This school year is longer than a year. Look at its dates again."), field="last_day"
        )


def ensure_break(off: Span) -> None:
    """Raise `Refused` where days off are so many that a date must be wrong."""
    if off.until - off.first > LONGEST_BREAK:
        raise Refused(
            _("More than {count} days without school: look at the dates again.").format(
                count=LONGEST_BREAK.days
            ),
            field="valid_until",
        )


def ensure_calendar(year: Span, off: list[DaysOff]) -> None:
    """Raise `Refused` where days off are reversed, overlap, or lie outside of the school year."""
    ensure_year(year)
    before: DaysOff | None = None
    for each in sorted(off):
        said = in_words(each)
        if each.last < each.first:
            raise Refused(
                _("{days}: the end lies before the start.").format(days=said), field="off"
            )
        if not (year.first <= each.first and each.last < year.until):
            raise Refused(
                _("{days} lies outside of the school year.").format(days=said), field="off"
            )
        if before and each.first <= before.last:
            raise Refused(
                _("{days} overlaps {other}.").format(days=said, other=in_words(before)), field="off"
            )
        ensure_break(each.span)
        before = each


def in_words(off: DaysOff) -> str:
    """Return days off as they are typed."""
    if off.first == off.last:
        return off.first.isoformat()
    return f"{off.first.isoformat()} – {off.last.isoformat()}"


def typed(text: str, words: dict[str, str]) -> list[DaysOff]:
    """Return the days off that were typed, one range a line: `2026-11-25 – 2026-11-27 break`.

    `words` gives the chosen word for what may stand behind a range, in small letters. Raises
    `Refused`, naming every line that could not be read.
    """
    found, bad = [], []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        off = _line(line.strip(), words)
        if off is None:
            bad.append(_("line {number}, “{line}”").format(number=number, line=line.strip()[:40]))
        else:
            found.append(off)
    if bad:
        raise Refused(
            _("Could not be read: {lines}. Write 2026-11-25 – 2026-11-27 break.").format(
                lines="; ".join(bad[:10])
            ),
            field="off",
        )
    return found


def _line(line: str, words: dict[str, str]) -> DaysOff | None:
    match = LINE.fullmatch(line)
    if match is None:
        return None
    first, last = _day(match[1]), _day(match[2] or match[1])
    said = match[3].strip().casefold()
    why = words.get(said, "unknown" if not said else "other")
    return DaysOff(first, last, why) if first and last else None


def _day(text: str) -> date | None:
    try:
        if "/" in text:
            month, day, year = (int(part) for part in text.split("/"))
        else:
            year, month, day = (int(part) for part in text.split("-"))
        return date(year, month, day)
    except ValueError:
        return None
