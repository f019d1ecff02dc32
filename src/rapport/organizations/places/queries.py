"""Questions about agencies, districts and schools."""

from collections.abc import Iterable
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from rapport.foundation.access import Actor, Place, Scope
from rapport.organizations.places import access
from rapport.organizations.places.models import Agency, District, School, SchoolInDistrict


class NoSuchPlace(LookupError):
    """Nothing here is called so; the message says what comes near."""


def school_by_ref(actor: Actor, ref: str) -> School:
    """Return the school with this NCES id or uid. Raises `NoSuchPlace`, naming near matches."""
    rows = access.visible_schools(actor)
    by = Q(nces_id=ref.strip())
    if (uid := _as_uid(ref)) is not None:
        by |= Q(uid=uid)
    school = rows.filter(by).first()
    if school is not None:
        return school
    raise NoSuchPlace(
        _("No school has the NCES id or uid “{ref}”. {near}").format(
            ref=ref[:60], near=_near(ref, rows.values_list("nces_id", "uid", "name"))
        )
    )


def agency_by_ori(actor: Actor, ori: str) -> Agency:
    """Return the agency with this ORI or uid. Raises `NoSuchPlace`, naming near matches."""
    rows = access.visible_agencies(actor)
    by = Q(ori=ori.strip().upper())
    if (uid := _as_uid(ori)) is not None:
        by |= Q(uid=uid)
    agency = rows.filter(by).first()
    if agency is not None:
        return agency
    raise NoSuchPlace(
        _("No agency has the ORI or uid “{ref}”. {near}").format(
            ref=ori[:60], near=_near(ori, rows.values_list("ori", "uid", "name"))
        )
    )


def _near(ref: str, rows: Iterable[tuple[str | None, UUID, str]]) -> str:
    """Return a sentence that names up to three of `rows` (id, uid, name) that are written much like `ref`."""
    named = {number or str(uid): name for number, uid, name in rows}
    by_name = {name.casefold(): key for key, name in named.items()}
    asked = ref.strip().casefold()
    found = [by_name[n] for n in by_name if len(asked) > 3 and asked in n][:3]
    found += [by_name[n] for n in get_close_matches(asked, by_name, 3, 0.75)]
    found += get_close_matches(asked, named, 3, 0.8)
    near = [f"{key} ({named[key]})" for key in dict.fromkeys(found)][:3]
    if not near:
        return _("Nothing here is written like it.")
    return _("Do you mean {near}?").format(near=_(" or ").join(near))


def _as_uid(ref: str) -> UUID | None:
    try:
        return UUID(ref)
    except ValueError:
        return None


def districts_on(
    actor: Actor, day: date, *, known: datetime | None = None, schools: Iterable[int] | None = None
) -> dict[int, int]:
    """Return the district that each school belongs to on `day`, by keys, as known at `known` (None: now).

    A school of which no district is known on that day is not there.
    """
    rows = access.visible_belongings(actor).as_of(day, known)
    if schools is not None:
        rows = rows.filter(school__in=schools)
    return dict(rows.values_list("school_id", "district_id"))


# For `registry.names` and `registry.atlases`: what foundation asks without knowing this app.


def agency_names(ids: Iterable[int]) -> dict[int, str]:
    """Return the names of agencies, by id."""
    return _names(Agency, ids)


def district_names(ids: Iterable[int]) -> dict[int, str]:
    """Return the names of districts, by id."""
    return _names(District, ids)


def school_names(ids: Iterable[int]) -> dict[int, str]:
    """Return the names of schools, by id."""
    return _names(School, ids)


def _names(model: Any, ids: Iterable[int]) -> dict[int, str]:
    return dict(model.objects.filter(pk__in=ids).values_list("pk", "name"))


def under(scope: Scope, scope_id: int | None, day: date) -> list[Place]:
    """Return a scope's own place on `day`, then the places in it: a district's schools by name."""
    if scope is Scope.AGENCY:
        return [Place(agency_id=scope_id)]
    belongs = SchoolInDistrict.objects.as_of(day)
    if scope is Scope.SCHOOL:
        row = belongs.filter(school_id=scope_id).first()
        return [Place(district_id=row.district_id if row else None, school_id=scope_id)]
    if scope is Scope.DISTRICT:
        schools = belongs.filter(district_id=scope_id).order_by("school__name", "school_id")
        own = [Place(district_id=scope_id)]
        return own + [Place(district_id=scope_id, school_id=row.school_id) for row in schools]
    return [Place()]


def every(scope: Scope) -> list[Place]:
    """Return every agency, or every district, by name."""
    if scope is Scope.AGENCY:
        return [Place(agency_id=k) for k in _keys(Agency)]
    return [Place(district_id=k) for k in _keys(District)] if scope is Scope.DISTRICT else []


def _keys(model: Any) -> list[int]:
    return list(model.objects.order_by("name", "pk").values_list("pk", flat=True))
