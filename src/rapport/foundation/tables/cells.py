"""What stands in a cell of a list: one value for the page, the print and the file."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.encoding import force_str
from django.utils.translation import gettext as _

Plain = str | int | float | None
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with more than a value: a link, a small second line, a state (word and icon together)."""

    text: Any  # str, date, datetime, number, bool or None; a lazy translation too
    note: Any = ""  # small, under it; not exported: give it a column of its own where it matters
    url: str = ""
    state: str = ""  # ok, warn, bad or na: shown as a pill
    icon: str = ""  # another icon than the state's own
    zone: str = ""  # in which a moment is shown; else the program's


def plain(value: Any, zone: str = "") -> Plain:
    """Return `value` as a file holds it: dates as 2026-12-01, moments with their offset, None as nothing."""
    if isinstance(value, Cell):
        return plain(value.text, value.zone or zone)
    if value is None:
        return None
    if isinstance(value, bool):
        return force_str(_("yes") if value else _("no"))
    if isinstance(value, int | float):
        return value
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo(zone or settings.RAPPORT_ZONE)).isoformat(
            timespec="minutes"
        )
    if isinstance(value, date):
        return value.isoformat()
    return force_str(value)


def defused(value: Plain) -> str:
    """Return `value` so that no spreadsheet takes it for a formula: a leading apostrophe where it could.

    Numbers stay numbers; only words that begin with =, +, -, @, a tab or a line break are marked (OWASP,
    "CSV Injection").
    """
    if value is None:
        return ""
    if isinstance(value, str) and value.lstrip(" ").startswith(_DANGEROUS):
        return "'" + value
    return str(value)
