"""The places at which roles are held: found by what people call them."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from rapport.foundation.access import HELD_AT, Actor, Role, Scope
from rapport.foundation.facts import Refused
from rapport.organizations.people import access
from rapport.organizations.people.models import RoleHeld
from rapport.organizations.people.rules import roles
from rapport.organizations.places.models import Agency, District, School

from .actors import same_as

At = Agency | District | School | None


class Kind(NamedTuple):
    """A kind of place: its rows, and the id by which outside lists know it."""

    model: type[Agency] | type[District] | type[School]
    outside_id: str


KINDS: Final[Mapping[str, Kind]] = {
    "agency": Kind(Agency, "ori"),
    "district": Kind(District, "nces_id"),
    "school": Kind(School, "nces_id"),
}
FEW: Final = 8
MOST: Final = 500  # names that a form offers; of more, one types the name or the id


def place(kind: str, key: str) -> At:
    """Return the agency (by ORI), district or school (by NCES id), or by uid; None where there is none."""
    model, outside_id = KINDS[kind]
    rows = model._default_manager.all()
    try:
        found = rows.filter(uid=UUID(key))
    except ValueError:
        found = rows.filter(**{f"{outside_id}__iexact": key.strip()})
    return found.first()


def known_places(kind: str) -> str:
    """Return a sentence that names the first places of a kind, for whoever named one that is not there."""
    model, outside_id = KINDS[kind]
    rows = model._default_manager.exclude(**{outside_id: None}).order_by("name")
    known = [f"{getattr(row, outside_id)} ({row})" for row in rows[: FEW + 1]]
    if not known:
        return _("None is recorded yet; add it, or import schools, first.")
    return _("Known are: {some}").format(
        some=", ".join(known[:FEW]) + (", …" if len(known) > FEW else ".")
    )


def places_for(actor: Actor, scope: Scope) -> QuerySet[Any]:
    """Return the places of this kind at which `actor` may give some role."""
    model = KINDS[scope].model
    rows: QuerySet[Any] = model._default_manager.order_by("name", "pk")
    if access.is_over_all(actor):
        return rows
    if scope is Scope.AGENCY:
        return rows.filter(pk__in=access.agencies_of(actor, Role.AGENCY_HEAD))
    districts = access.districts_of(actor, Role.SUPERINTENDENT)
    if scope is Scope.DISTRICT:
        return rows.filter(pk__in=districts)
    return rows.filter(pk__in=access.schools_of(districts))


def suggested_places(actor: Actor) -> list[str]:
    """Return the names of the places at which `actor` may give roles; none where they are too many to offer."""
    rows = [places_for(actor, Scope(name)) for name in KINDS]
    if sum(found.count() for found in rows) > MOST:
        return []
    return sorted({name for found in rows for name in found.values_list("name", flat=True)})


def called(at: At) -> str:
    """Return what names a place alone: its name, or its outside id where another has the same name."""
    if at is None:
        return ""
    alike = sum(
        k.model._default_manager.filter(name__iexact=at.name).count() for k in KINDS.values()
    )
    return at.name if alike < 2 else _outside_id(at) or at.name


def roles_to_give(actor: Actor) -> list[Role]:
    """Return the roles that `actor` may give somewhere."""
    if access.is_over_all(actor):
        return list(roles.LABELS)
    mine: set[Role] = set()
    if actor.holds(Role.AGENCY_HEAD):
        mine |= roles.OF_AGENCY
    if actor.holds(Role.SUPERINTENDENT):
        mine |= roles.OF_DISTRICT
    return [role for role in roles.LABELS if role in mine]


def keepers(actor: Actor) -> list[Agency | District]:
    """Return the agencies and districts to whose records `actor` may add people, by name."""
    agencies = [a for a in Agency.objects.all() if access.may_add(actor, a.pk, None)]
    districts = [d for d in District.objects.all() if access.may_add(actor, None, d.pk)]
    return sorted([*agencies, *districts], key=lambda place: place.name.casefold())


def place_named(actor: Actor, role: Role, typed: str) -> At:
    """Return the place where a role is to be held, from its name or outside id as somebody typed it.

    Nothing typed is the whole program. Raises `Refused` where no such place is there, where several
    are, and where such a role is not held at a place of that kind.
    """
    words = " ".join(typed.split())
    if not words:
        if Scope.PROGRAM in HELD_AT[role]:
            return None
        raise Refused(
            _("Say where: {scopes}.").format(scopes=roles.scopes_in_words(role)), field="where"
        )
    found = [
        row
        for scope in Scope
        if scope in KINDS
        for row in _named(places_for(actor, scope), KINDS[scope].outside_id, words)
    ]
    fitting = [row for row in found if scope_of(row) in HELD_AT[role]]
    if len(fitting) == 1:
        at: At = fitting[0]
        return at
    if len(fitting) > 1:
        ids = ", ".join(sorted(_outside_id(row) or str(row) for row in fitting)[:FEW])
        raise Refused(
            _("Several places are called “{name}”. Type one of these ids: {ids}.").format(
                name=words, ids=ids
            ),
            field="where",
        )
    if found:
        roles.ensure_can_be_held(role, scope_of(found[0]))
    raise Refused(_not_there(actor, words), field="where")


def _not_there(actor: Actor, words: str) -> str:
    said = _("There is no place called “{name}” where you may give roles.").format(name=words[:80])
    rows = (places_for(actor, Scope(name)).filter(name__icontains=words[:80]) for name in KINDS)
    near = [row.name for found in rows for row in found[:FEW]][:FEW]
    return said + " " + _("Did you mean: {some}?").format(some=", ".join(near)) if near else said


def holds(person_id: int, role: Role, at: At, day: date) -> bool:
    """Tell whether a person, under whatever id, holds a role at just this place on `day`, or will."""
    rows = RoleHeld.objects.known().filter(person_id__in=same_as(person_id), role=role)
    rows = rows.filter(
        agency=at if isinstance(at, Agency) else None,
        district=at if isinstance(at, District) else None,
        school=at if isinstance(at, School) else None,
    )
    return rows.filter(Q(valid_until=None) | Q(valid_until__gt=day)).exists()


def _named(rows: QuerySet[Any], outside_id: str, words: str) -> list[Any]:
    exact = list(rows.filter(**{f"{outside_id}__iexact": words})[:2])
    return exact or list(rows.filter(name__iexact=words)[: FEW + 1])


def scope_of(at: At) -> Scope:
    """Return the scope of a place; of None, the whole program."""
    kinds = (Scope(name) for name, kind in KINDS.items() if isinstance(at, kind.model))
    return next(kinds, Scope.PROGRAM)


def _outside_id(row: Any) -> str:
    return getattr(row, KINDS[scope_of(row)].outside_id) or ""
