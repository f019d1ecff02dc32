"""What is open at a moment, and what waits to be looked at: for registries that every page asks."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import ngettext

from rapport.foundation.access import Actor, Opened, RecordClass, RoleAt
from rapport.foundation.registry import Notice
from rapport.foundation.ui.words import class_word
from rapport.organizations.emergency_access import access
from rapport.organizations.emergency_access.models import Emergency


def opened(ids: Iterable[int], roles: Iterable[RoleAt], now: datetime) -> list[Opened]:
    """Return what is open for a person at this moment. For `registry.opened`: one query."""
    rows = Emergency.objects.filter(person_id__in=ids, taken_at__lte=now, until__gt=now)
    held = list(roles)
    return [
        Opened(
            RecordClass(row.record_class),
            row.scope,
            row.at.pk,
            row.until,
            row.pk,
            str(row.at),
            reverse("emergency_access:end", args=[row.uid]),
        )
        for row in rows.filter(ended_at=None).select_related("agency", "district", "school")
        if access.still_held(row, held)
    ]


def notices(actor: Actor, now: datetime) -> Iterator[Notice]:
    """Yield what waits for this actor's review. For `registry.notices`: one query, for reviewers alone."""
    if access.reviews_some(actor) and (count := access.to_review(actor, now=now).count()):
        words = ngettext(
            "%d emergency access waits for your review",
            "%d emergency accesses wait for your review",
            count,
        )
        yield Notice(words % count, reverse("emergency_access:index") + "?state=waits")


def names(ids: Iterable[int]) -> dict[int, str]:
    """Return what was opened where, by id: for lines of the history, which decides who reads them."""
    rows = Emergency.objects.filter(pk__in=set(ids))
    return {e.pk: in_words(e) for e in rows.select_related("agency", "district", "school")}


def named(actor: Actor, ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return words and page of those that `actor` may know of. For `registry.namers`."""
    rows = access.visible_emergencies(actor).filter(pk__in=set(ids))
    found = rows.select_related("agency", "district", "school")
    return {e.pk: (in_words(e), reverse("emergency_access:show", args=[e.uid])) for e in found}


def in_words(emergency: Emergency) -> str:
    """Return what was opened and where, such as "Education record, Maple High"."""
    return f"{capfirst(class_word(emergency.record_class))}, {emergency.at}"
