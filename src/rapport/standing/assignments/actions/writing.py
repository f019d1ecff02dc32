"""What the actions on assignments share: the rows' columns, where a school lies, the last word of a guard."""

from datetime import date
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rapport.foundation.facts import Overtaken
from rapport.organizations.places.models import SchoolInDistrict
from rapport.standing.assignments.models import Assigned, Excepted

A_ = TypeVar("A_", bound=Assigned | Excepted)


def district_of(school: int, day: date) -> int | None:
    """Return the district that a school belongs to on `day`, or None where nobody recorded it."""
    rows = SchoolInDistrict.objects.known().filter(school_id=school).order_by("valid_from")
    spans = list(rows.values_list("district_id", "valid_from", "valid_until"))
    for district, since, until in spans:
        if since <= day and (until is None or day < until):
            return int(district)
    return None


def values_of(fact: Assigned | Excepted) -> dict[str, Any]:
    """Return a fact's own columns, without what makes it this row."""
    aside = ("id", "uid", "recorded_at", "withdrawn_at", "replaces")
    return {
        f.attname: getattr(fact, f.attname)
        for f in fact._meta.concrete_fields
        if f.name not in aside
    }


def changed(fact: A_, **changes: Any) -> A_:
    """Return the fact, not saved, as it would stand with `changes` (columns)."""
    return type(fact)(recorded_at=fact.recorded_at, **(values_of(fact) | changes))


def insert(fact: Assigned | Excepted) -> None:
    """Insert a fact; the guard's last word means that somebody recorded the same at the same time."""
    try:
        with transaction.atomic():
            fact.save(force_insert=True)
    except IntegrityError as problem:
        raise Overtaken(_("Somebody else has just recorded this. Look again.")) from problem
