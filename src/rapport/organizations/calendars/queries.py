"""Questions about school days."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from rapport.foundation.access import Actor
from rapport.foundation.kinds import queries as kinds
from rapport.foundation.kinds.queries import FactRow
from rapport.foundation.school_days import Calendar, Span
from rapport.organizations.calendars import access
from rapport.organizations.places.models import District


def calendar_of(actor: Actor, district: int, *, known: datetime | None = None) -> Calendar:
    """Return the calendar of a district (its key), as known at `known` (None: now)."""
    return calendars(actor, [district], known=known).get(district, Calendar())


def calendars(
    actor: Actor, districts: Iterable[int], *, known: datetime | None = None
) -> dict[int, Calendar]:
    """Return the calendars of districts by their keys, in two queries; a district without one is not there."""
    keys = list(districts)
    years: dict[int, list[Span]] = {}
    off: dict[int, list[Span]] = {}
    for kind, found in ((access.YEAR, years), (access.OFF, off)):
        rows = kind.model.objects.known(known).filter(district__in=keys)
        seen = kind.rows(actor).filter(pk__in=rows.values("pk"))
        for key, first, until in seen.values_list("district_id", "valid_from", "valid_until"):
            if until is not None:
                found.setdefault(key, []).append(Span(first, until))
    return {
        key: Calendar(tuple(spans), tuple(off.get(key, ()))) for key, spans in years.items()
    }  # fmt: skip


class YearShown(NamedTuple):
    """A school year with its days off, newest first, and how many school days it has."""

    year: FactRow
    off: list[FactRow]
    school_days: int | None


def years_shown(actor: Actor, district: District) -> list[YearShown]:
    """Return the school years of a district as a page shows them, the newest first."""
    rows = kinds.rows(actor, [access.YEAR, access.OFF], district=district)
    there = [row for row in rows if row.withdrawn_at is None]
    calendar = calendar_of(actor, district.pk)
    found = []
    for year in (row for row in there if row.kind == access.YEAR.name):
        until = year.valid_until
        off = [
            row
            for row in there
            if row.kind == access.OFF.name
            and year.valid_from <= row.valid_from
            and (until is None or row.valid_from < until)
        ]
        count = calendar.between(year.valid_from, until) if until else None
        found.append(YearShown(year, off[::-1], count))
    return found
