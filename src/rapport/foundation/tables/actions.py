"""Taking a list as a file. Whoever may see a list may take it; that it was taken is written down."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from rapport.foundation import registry
from rapport.foundation.access import Actor
from rapport.foundation.audit import trail
from rapport.foundation.tables import export
from rapport.foundation.tables.listing import Listing

EXPORT = registry.verb("tables.export", "list", None, None, _("took a list as a file"))


@transaction.atomic
def record_export(actor: Actor, listing: Listing[Any], *, now: datetime) -> None:
    """Write down that a list was taken: which, how many rows, by which filters, and what for.

    Of a search only that there was one is kept: its words are somebody's typing.
    """
    narrowed = [f"{c.filter.key}={c.value}" for c in listing.controls if c.value]
    trail.record(
        actor,
        EXPORT,
        0,
        at=now,
        list=listing.table.name,
        rows=listing.count,
        why=export.why(listing).value,
        filters=narrowed,
        searched=bool(listing.words),
    )
