"""The day a page is asked about, and the day by whose end things were known; both are in the address."""

from datetime import date, datetime
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

from rapport.foundation import clock
from rapport.foundation.access import Request
from rapport.standing.assignments import queries


class Asked(NamedTuple):
    """What the address asks for. `known` is None for "as known now"; `note` says what was not followed."""

    day: date
    known_day: date | None
    known: datetime | None
    today: date
    zone: str
    note: str = ""
    passed_over: date | None = None  # the day it is, where a demo opens on its last school day

    @property
    def is_today(self) -> bool:
        """Tell whether the page is about the day on which it opens, as known now."""
        return self.day == self.today and self.known is None


def read(request: Request) -> Asked:
    """Return the day and the known day of a page's address: `?on=2026-03-12&known=2026-03-31`."""
    zone = settings.RAPPORT_ZONE
    today = queries.opening_day(request.actor, now=request.now)
    day, bad_day = _date(request.GET.get("on", ""))
    known, bad_known = _date(request.GET.get("known", ""))
    note = ""
    if bad_day or bad_known:
        note = _("This is no day; today is shown. Write one like 2026-03-12.")
    elif known and known > clock.today(request.now, zone):
        known = None
        note = _(
            "What will be known on a day to come is not known; what is known now is shown. "
            "Name a day up to today."
        )
    moment = clock.end_of(known, zone) if known else None
    now = clock.today(request.now, zone)
    passed_over = now if day is None and now != today else None
    return Asked(day or today, known, moment, today, zone, note, passed_over)


def _date(text: str) -> tuple[date | None, bool]:
    if not text:
        return None, False
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None, True
    return (found, False) if 1900 <= found.year <= 2200 else (None, True)
