"""Agreements as the search, the history and the counts name them."""

from collections.abc import Iterable, Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext

from rapport.foundation.access import Actor
from rapport.foundation.registry import Hit
from rapport.standing.agreements import access
from rapport.standing.agreements.models import (
    Agreement,
    Party,
)


def find(actor: Actor, words: str) -> Iterator[Hit]:
    """Yield the agreements whose name or party has these words in it, for the search."""
    parties = Party.objects.known().filter(
        Q(agency__name__icontains=words) | Q(district__name__icontains=words)
    )
    rows = access.visible_agreements(actor).filter(
        Q(title__icontains=words) | Q(pk__in=parties.values("agreement_id"))
    )
    for agreement in rows.order_by("title", "pk"):
        url = reverse("agreements:agreement", args=[agreement.uid])
        yield Hit(gettext("Agreements"), agreement.title, url)


def names(ids: Iterable[int]) -> dict[int, str]:
    """Return the names of agreements, by id: for lines of the history, which decides who reads them."""
    return dict(Agreement.objects.filter(pk__in=list(ids)).values_list("pk", "title"))


def count(actor: Actor, other: Actor) -> int:
    """Return how many agreements `other` may read, of those that the actor may read."""
    known = access.visible_agreements(actor).values("pk")
    return access.visible_agreements(other).filter(pk__in=known).count()
