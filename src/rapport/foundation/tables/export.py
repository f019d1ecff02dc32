"""A list as a file: exactly the rows and columns that the page shows, every cell harmless."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.http import HttpResponse
from django.utils.encoding import force_str
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from .cells import defused, plain
from .listing import Listing


class Why(TextChoices):
    """What a file is for, as whoever takes it says. It stands in the file's name and in the history."""

    WORK = "work", _("Daily work")
    MEETING = "meeting", _("A meeting")
    REVIEW = "review", _("A review or audit")
    REQUEST = "request", _("A records request")
    OTHER = "other", _("Something else")


def why(listing: Listing[Any]) -> Why:
    """Return what the file is for; daily work where nothing or something unknown was said."""
    given = listing.query.get("why", "")
    return Why(given) if given in Why.values else Why.WORK


def lines(listing: Listing[Any], zone: str = "UTC") -> Iterator[list[str]]:
    """Yield the header, then a line a row: all that search and filters left, not only one page."""
    columns = listing.table.columns
    yield [defused(force_str(column.label)) for column in columns]
    for row in listing.every_row():
        yield [defused(plain((c.export or c.value)(row), zone)) for c in columns]


def respond(listing: Listing[Any], *, who: str, now: datetime, zone: str = "UTC") -> HttpResponse:
    """Return the list as CSV (RFC 4180, UTF-8 with a mark so that spreadsheets read names right).

    Its name says what, when, by whom and why. The view writes the history's line first, by an action.
    """
    out = io.StringIO(newline="")
    csv.writer(out).writerows(lines(listing, zone))
    at = now.astimezone(ZoneInfo(zone))
    name = "_".join(
        filter(None, [listing.table.name, f"{at:%Y-%m-%d_%H%M}", slugify(who), why(listing).value])
    )
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response
