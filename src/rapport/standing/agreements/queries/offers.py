"""What the forms of agreements offer, and what they ask about."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from rapport.foundation.access import Actor
from rapport.organizations.places import access as places
from rapport.organizations.places.models import Agency, District, School, SchoolInDistrict
from rapport.standing.agreements import access
from rapport.standing.agreements.models import (
    Agreement,
    Party,
)
from rapport.standing.agreements.queries.parts import sides


def is_recorded(actor: Actor, title: str, parties: Iterable[Agency | District]) -> bool:
    """Tell whether `actor` knows of an agreement of this name to which one of these is a party."""
    sides = Q()
    for side in parties:
        sides |= Q(agency=side) if isinstance(side, Agency) else Q(district=side)
    theirs = Party.objects.known().filter(sides).values("agreement_id")
    rows = access.visible_agreements(actor).filter(title__iexact=title.strip())
    return rows.filter(pk__in=theirs).exists()


def agencies(actor: Actor) -> QuerySet[Agency]:
    """Return the agencies that can be parties. Their names are public."""
    return places.visible_agencies(actor).order_by("name", "pk")


def districts(actor: Actor) -> QuerySet[District]:
    """Return the districts that can be parties. Their names are public."""
    return places.visible_districts(actor).order_by("name", "pk")


def coverable(actor: Actor, agreement: Agreement) -> list[tuple[District, list[School]]]:
    """Return each district that is a party, with its schools of today."""
    found: dict[int, tuple[District, list[School]]] = {
        side.pk: (side, []) for side in sides(actor, agreement) if isinstance(side, District)
    }
    rows = SchoolInDistrict.objects.known().filter(district_id__in=found, valid_until=None)
    for belonging in rows.select_related("school").order_by("school__name", "pk"):
        found[belonging.district_id][1].append(belonging.school)
    return list(found.values())
