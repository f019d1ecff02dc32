"""The parts of an agreement, one by one, and who is in it."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from django.utils.translation import get_language

from rapport.foundation.access import Actor
from rapport.foundation.kinds.queries import FactRow, row
from rapport.organizations.places.models import Agency, District
from rapport.standing.agreements import access, rules
from rapport.standing.agreements.models import (
    Agreement,
    Clause,
    Party,
)

# The order of kinds that have one of their own.
PLACES: Final[dict[str, Callable[[Any], int]]] = {
    access.CLAUSE.name: lambda clause: clause.number,
    access.SETTLED.name: lambda term: list(rules.Key).index(term.key),
}


def parts(actor: Actor, agreement: Agreement) -> dict[str, list[FactRow]]:
    """Return every part of an agreement by its kind, also those withdrawn: a query a kind.

    Newest first, those of one moment by their words; clauses by number, what is settled as it is asked.
    """
    agreement.kept_places = access.places(agreement)  # asked for once, not once a link
    found: dict[str, list[FactRow]] = {}
    for kind in access.KINDS:
        rows = list(kind.rows(actor).filter(agreement=agreement))
        for fact in rows:
            fact.agreement = agreement
        rows.sort(key=kind.words)
        rows.sort(key=lambda f: (f.valid_from, f.recorded_at), reverse=True)
        if place := PLACES.get(kind.name):
            rows.sort(key=place)
        found[kind.name] = [row(actor, kind, fact) for fact in rows]
    return found


def clauses_on(
    actor: Actor, agreement: Agreement, *, day: date
) -> list[tuple[rules.LibraryClause, str, bool]]:
    """Return the whole library: each clause, its title in the reader's language, and whether it is held."""
    rows = Clause.objects.as_of(day).filter(
        agreement=agreement, agreement__in=access.visible_agreements(actor)
    )
    there = set(rows.values_list("number", flat=True))
    language = get_language() or "en"
    return [(c, c.title(language), n in there) for n, c in rules.clauses().items()]


def sides(actor: Actor, agreement: Agreement) -> list[Agency | District]:
    """Return the parties of an agreement, as the agencies and districts they are."""
    rows = Party.objects.known().filter(
        agreement=agreement, agreement__in=access.visible_agreements(actor)
    )
    return [
        side
        for party in rows.select_related("agency", "district").order_by("pk")
        if (side := party.agency or party.district) is not None
    ]
