"""Questions about officers. Each names its asker first; what comes out is what the asker may see."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from rapport.foundation import access as wall
from rapport.foundation.access import Actor, Place, RecordClass, Right
from rapport.foundation.facts import FactQuerySet
from rapport.foundation.kinds.kind import FactKind
from rapport.foundation.registry import Hit
from rapport.organizations.people.models import Person, RoleHeld
from rapport.organizations.places.models import Agency
from rapport.standing.officers import access
from rapport.standing.officers.models import Officer


def agencies_where(actor: Actor, kind: FactKind[Any], officer: Officer) -> list[Agency]:
    """Return the agencies at which `actor` may record this kind of fact of an officer, by name."""
    return _agencies(lambda at: kind.may(actor, kind.record, at), officer.person_id)


def keepers(
    actor: Actor, kind: FactKind[Any], officer: Officer
) -> tuple[list[Agency], Agency | None]:
    """Return the agencies at which `actor` may record this of an officer, and which of them employs them now."""
    agencies = agencies_where(actor, kind, officer)
    return agencies, employer_among(actor, officer, agencies)


def agencies_to_add_to(actor: Actor) -> list[Agency]:
    """Return the agencies to whose roster `actor` may add officers, by name."""
    return _agencies(lambda at: access.may(actor, access.ADD, at))


def _agencies(allowed: Callable[[Place], bool], about: int | None = None) -> list[Agency]:
    rows = Agency.objects.order_by("name", "pk")
    return [a for a in rows if allowed(Place(agency_id=a.pk, about_person_id=about))]


def employer_among(actor: Actor, officer: Officer, agencies: list[Agency]) -> Agency | None:
    """Return which of these agencies employs the officer, as far as `actor` may read; the newest first."""
    rows = access.visible_employments(actor).known().filter(officer=officer, agency__in=agencies)
    newest = rows.order_by("-valid_from", "-pk").select_related("agency").first()
    return newest.agency if newest else None


def person_to_add(actor: Actor, uid: UUID | None) -> Person | None:
    """Return the person with this uid who holds a role that `actor` may read of, or None."""
    seen = wall.visible(RoleHeld.objects.known(), actor, Right.READ, RecordClass.PROGRAM)
    return Person.objects.filter(uid=uid, pk__in=seen.values("person_id")).first() if uid else None


def roster(actor: Actor, *, day: date, former: bool = False) -> FactQuerySet:
    """Return the employments on `day` that `actor` may know of; `former`: those that have ended before."""
    rows = access.visible_employments(actor).known()
    rows = rows.filter(valid_until__lte=day) if former else rows.as_of(day)
    return rows.select_related("officer__person", "agency").order_by(
        "officer__person__name", "agency__name", "pk"
    )


def agencies_of(actor: Actor, rows: FactQuerySet) -> list[tuple[str, str]]:
    """Return uid and name of the agencies of these employments, which `actor` may know of, as choices."""
    found = rows.order_by("agency__name").values_list("agency__uid", "agency__name").distinct()
    return [(str(uid), name) for uid, name in found]


def find(actor: Actor, words: str) -> Iterator[Hit]:
    """Yield the officers whom `actor` may know of, by part of the name or by the beginning of a badge."""
    rows = access.visible_employments(actor).known()
    named = Q(officer__person__name__icontains=words) | Q(badge__istartswith=words)
    for row in (
        rows.filter(named).select_related("officer__person", "agency").order_by("-valid_from")
    ):
        note = access.EMPLOYMENT.words(row)
        yield Hit(_("Officers"), str(row.officer.person), row.officer.get_absolute_url(), note)


def names(ids: Iterable[int]) -> dict[int, str]:
    """Return the names of officers, by id: for lines of the history, which decides who reads them."""
    rows = Officer.objects.filter(pk__in=list(ids)).select_related("person")
    return {officer.pk: str(officer.person) for officer in rows}
