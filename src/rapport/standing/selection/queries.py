"""Questions about selections and evaluations. Each names its asker first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from rapport.foundation.access import Actor, Role
from rapport.foundation.kinds import queries as facts
from rapport.foundation.kinds.queries import FactRow
from rapport.organizations.people.models import Person, RoleHeld
from rapport.organizations.places.models import Agency
from rapport.standing.officers import access as officers
from rapport.standing.officers.models import Officer
from rapport.standing.selection import access
from rapport.standing.selection.models import DistrictPart, Outcome, Selection


@dataclass(frozen=True, slots=True)
class SelectionCard:
    """What an actor may read of an officer's selection, known now, newest first."""

    selections: tuple[FactRow, ...]
    evaluations: tuple[FactRow, ...]


@dataclass(frozen=True, slots=True)
class DistrictSelection:
    """What the district may know of a selection: that it was done, when, and its own part in it."""

    agency: str
    on: date
    district_part: Any


def selection_card(actor: Actor, officer: Officer) -> SelectionCard:
    """Return the selections and evaluations known now, as far as `actor` may read them."""
    return SelectionCard(
        facts.current(actor, access.SELECTION, officer=officer),
        facts.current(actor, access.EVALUATION, officer=officer),
    )


def facts_of(actor: Actor, officer: Officer) -> list[FactRow]:
    """Return every selection and evaluation that `actor` may read, also those withdrawn since."""
    return facts.rows(actor, access.KINDS, officer=officer)


def selections_for_district(actor: Actor, officer: Officer) -> list[DistrictSelection]:
    """Return what the district may know of an officer whom `actor` may know of; else nothing."""
    if not officers.visible_officers(actor).filter(pk=officer.pk).exists():
        return []
    rows = (
        Selection.objects.known()
        .filter(officer=officer, outcome=Outcome.SELECTED)
        .select_related("agency")
        .order_by("-valid_from", "-pk")
    )
    return [
        DistrictSelection(str(s.agency), s.valid_from, DistrictPart(s.district_part).label)
        for s in rows
    ]


def deciders(actor: Actor, agencies: Iterable[Agency], *, also: int | None = None) -> list[Person]:
    """Return who has ever led or supervised these agencies, and `also` a person named already, by name."""
    held = RoleHeld.objects.known().filter(
        agency__in=list(agencies), role__in=[Role.AGENCY_HEAD, Role.SUPERVISOR]
    )
    known = Person.objects.filter(Q(pk__in=held.values("person_id")) | Q(pk=also))
    return list(known.order_by("name", "pk"))
