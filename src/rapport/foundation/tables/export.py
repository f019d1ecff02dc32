"""A list as a file: exactly the rows and columns that the page shows, every cell harmless."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
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


def lines(listing: Listing[Any]) -> Iterator[list[str]]:
    """Yield the header, then a line a row: all that search and filters left, not only one page.

    Of a list that answers for a day, each line ends with that day.
    """
    columns = listing.table.columns
    days = [(_("As of"), listing.as_of), (_("As known at the end of"), listing.known)]
    answers = [(label, plain(day)) for label, day in days if day is not None]
    yield [defused(force_str(label)) for label in (*(c.label for c in columns), *dict(answers))]
    told = [defused(day) for _label, day in answers]
    for row in listing.every_row():
        yield [*(defused(plain((c.export or c.value)(row))) for c in columns), *told]


def respond(listing: Listing[Any], *, who: str, now: datetime) -> HttpResponse:
    """Return the list as CSV (RFC 4180, UTF-8 with a mark so that spreadsheets read names right).

    Its name says what, when, by whom and why. The view writes the history's line first, by an action.
    """
    out = io.StringIO(newline="")
    csv.writer(out).writerows(lines(listing))
    at = now.astimezone(ZoneInfo(settings.RAPPORT_ZONE))
    about = [listing.table.name]
    about += [f"as-of-{listing.as_of}"] if listing.as_of else []
    about += [f"known-{listing.known}"] if listing.known else []
    name = "_".join(filter(None, [*about, f"{at:%Y-%m-%d_%H%M}", slugify(who), why(listing).value]))
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response
