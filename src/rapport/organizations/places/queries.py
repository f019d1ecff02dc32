"""Questions about places. Names of agencies, districts and schools are public."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from rapport.foundation.access import Place, Scope
from rapport.organizations.places.models import Agency, District, School, SchoolInDistrict

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
