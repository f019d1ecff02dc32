"""Questions about agencies, districts and schools."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from rapport.foundation.access import Actor, Place, Scope
from rapport.foundation.facts import Refused
from rapport.foundation.registry import Hit
from rapport.organizations.places import access, rules
from rapport.organizations.places.models import (
    Agency,
    AgencyStart,
    District,
    Group,
    IdClaim,
    School,
    SchoolInDistrict,
)

FOUND: Final = 50  # of a kind, for a search


class DistrictRow(NamedTuple):
    """A district, and how many schools belong to it."""

    district: District
    schools: int


class NoSuchPlace(Refused):
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
            ref=ref[:60], near=rules.near(ref, rows.values_list("nces_id", "uid", "name"))
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
            ref=ori[:60], near=rules.near(ori, rows.values_list("ori", "uid", "name"))
        )
    )


def find(actor: Actor, words: str) -> Iterator[Hit]:
    """Yield agencies by part of the name or ORI, and districts by part of the name or NCES id.

    Schools are found by the app that has their page.
    """
    named = Q(name__icontains=words)
    by_number = named | Q(ori__istartswith=words) | Q(short_name__icontains=words)
    for agency in access.visible_agencies(actor).filter(by_number).order_by("name", "pk")[:FOUND]:
        url = reverse("places:agency", args=[agency.uid])
        yield Hit(_("Agencies"), agency.name, url, agency.ori or agency.state)
    by_number = named | Q(nces_id__istartswith=words)
    for row in access.visible_districts(actor).filter(by_number).order_by("name", "pk")[:FOUND]:
        url = reverse("places:district", args=[row.uid])
        yield Hit(_("Districts"), row.name, url, ", ".join(filter(None, [row.state, row.nces_id])))


def _as_uid(ref: str) -> UUID | None:
    try:
        return UUID(ref)
    except ValueError:
        return None


def agencies(actor: Actor) -> QuerySet[Agency]:
    """Return the agencies that `actor` may see, by name, each with `started`: its first day, or None."""
    starts = AgencyStart.objects.known().filter(agency=OuterRef("pk")).order_by("valid_from")
    rows = access.visible_agencies(actor)
    return rows.annotate(started=Subquery(starts.values("valid_from")[:1])).order_by("name", "pk")


def districts(actor: Actor) -> QuerySet[District]:
    """Return the districts that `actor` may see, by state and name."""
    return access.visible_districts(actor).order_by("state", "name", "pk")


def schools(actor: Actor) -> QuerySet[School]:
    """Return the schools that `actor` may see, by name."""
    return access.visible_schools(actor).order_by("name", "pk")


def schools_of(
    actor: Actor, district: District, day: date, *, known: datetime | None = None
) -> QuerySet[School]:
    """Return the schools that belong to a district on `day`, by name."""
    there = access.visible_belongings(actor).as_of(day, known).filter(district=district)
    return schools(actor).filter(pk__in=there.values("school"))


def with_school_counts(actor: Actor, rows: Sequence[District], day: date) -> list[DistrictRow]:
    """Return districts with how many schools belong to each on `day`: one query."""
    there = access.visible_belongings(actor).as_of(day).filter(district__in=[d.pk for d in rows])
    counted = dict(there.values_list("district").annotate(n=Count("pk")).order_by())
    return [DistrictRow(district, counted.get(district.pk, 0)) for district in rows]


class ClaimRow(NamedTuple):
    """A school's claim on an id, as an actor may see it."""

    claim: IdClaim
    district: str
    may_settle: bool


class ClaimedId(NamedTuple):
    """An NCES id that more than one school was given, and the schools."""

    nces_id: str
    holder: School | None  # who has it now
    claims: list[ClaimRow]
    is_open: bool


def claimed_ids(actor: Actor) -> list[ClaimedId]:
    """Return the ids that schools were given twice, those on which nobody has chosen first."""
    rows = access.visible_claims(actor).select_related("school", "district")
    claims: dict[str, list[IdClaim]] = {}
    for claim in rows.order_by("nces_id", "school__name"):
        claims.setdefault(claim.nces_id, []).append(claim)
    holders = {
        school.nces_id: school
        for school in access.visible_schools(actor).filter(nces_id__in=claims)
    }
    found = [
        ClaimedId(
            number,
            holders.get(number),
            [_claim_row(actor, claim) for claim in each],
            any(claim.is_given is None for claim in each),
        )
        for number, each in claims.items()
    ]
    return sorted(found, key=lambda c: (not c.is_open, c.nces_id))


def _claim_row(actor: Actor, claim: IdClaim) -> ClaimRow:
    return ClaimRow(claim, str(claim.district or ""), access.may_settle(actor, claim))


def open_claims(actor: Actor) -> int:
    """Return on how many ids somebody has yet to choose, of those that `actor` may read."""
    rows = access.visible_claims(actor).filter(is_given=None)
    return rows.values("nces_id").distinct().count()


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


class Students(NamedTuple):
    """How many students a school had, and when that was counted."""

    number: int
    counted: date


def enrollment(actor: Actor, school: School, *, day: date) -> Students | None:
    """Return the newest count of a school's students at or before `day`; None where none was taken.

    Where only boys and girls were counted apart, both together.
    """
    rows = access.visible_enrollments(actor).known().filter(school=school, valid_from__lte=day)
    taken = rows.exclude(count=None)
    newest = taken.order_by("-valid_from").values_list("valid_from", flat=True).first()
    if newest is None:
        return None
    counts = dict(taken.filter(valid_from=newest).values_list("group", "count"))
    apart = [counts[g] for g in (Group.MALE, Group.FEMALE) if g in counts]
    total = counts.get(Group.ALL, sum(apart) if len(apart) == 2 else None)
    return Students(total, newest) if total is not None else None


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
