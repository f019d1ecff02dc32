"""How lists name officers and schools."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from rapport.foundation.access import Actor
from rapport.organizations.places import access as places
from rapport.standing.officers import access as roster
from rapport.standing.officers.models import Employment


class OfficerLabel(NamedTuple):
    """How a list names an officer."""

    uid: UUID
    name: str
    badge: str
    agency: str
    agency_uid: UUID


class SchoolLabel(NamedTuple):
    """How a list names a school."""

    uid: UUID
    name: str
    district: str
    district_uid: UUID | None


def officer_labels(
    actor: Actor, officers: Iterable[int], *, day: date, known: datetime | None = None
) -> dict[int, OfficerLabel]:
    """Return names, badges and agencies of those officers that the actor may know of, by key: two queries."""
    keys = list(officers)
    badges = {
        o: (badge, short or name, uid)
        for o, badge, short, name, uid in Employment.objects.known(known)
        .filter(officer_id__in=keys, valid_from__lte=day)
        .order_by("valid_from")
        .values_list("officer_id", "badge", "agency__short_name", "agency__name", "agency__uid")
    }
    found = {}
    for pk, uid, name, title in (
        roster.visible_officers(actor)
        .filter(pk__in=keys)
        .values_list("pk", "uid", "person__name", "person__title")
    ):
        badge, agency, agency_uid = badges.get(pk, ("", "", uid))
        found[pk] = OfficerLabel(uid, f"{title} {name}".strip(), badge, agency, agency_uid)
    return found


def school_labels(
    actor: Actor, schools: Iterable[int], *, day: date, known: datetime | None = None
) -> dict[int, SchoolLabel]:
    """Return names and districts of those schools that the actor may see, on a day: two queries."""
    keys = list(schools)
    districts = {
        school: (name, uid)
        for school, name, uid in places.visible_belongings(actor)
        .as_of(day, known)
        .filter(school_id__in=keys)
        .values_list("school_id", "district__name", "district__uid")
    }
    rows = places.visible_schools(actor).filter(pk__in=keys).values_list("pk", "uid", "name")
    return {pk: SchoolLabel(uid, name, *districts.get(pk, ("", None))) for pk, uid, name in rows}
