"""What a question names, found: officers by badge, schools by id; and the names beside an answer."""

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Q

from rapport.foundation.facts import Fact
from rapport.foundation.rulesets.models import RuleSetVersion
from rapport.organizations.places.models import Agency, AgencyStart, School, SchoolInDistrict
from rapport.standing.assignments.case import hex_uid
from rapport.standing.assignments.models import Assigned, Assignment
from rapport.standing.officers.models import DutyStatus, Employment, Officer


class CannotAnswer(RuntimeError):
    """The question names something that is not there, or that is there more than once."""


def school_named(ref: str) -> School:
    """Return the school with this NCES id or uid. Raises `CannotAnswer`."""
    by = Q(nces_id=ref)
    if (uid := _as_uid(ref)) is not None:
        by |= Q(uid=uid)
    school = School.objects.filter(by).first()
    if school is None:
        raise CannotAnswer(
            f"No school has the NCES id or uid {ref!r}. List them with: rapport facts --all --json"
        )
    return school


def officer_named(badge: str, ori: str | None, *, day: date) -> tuple[Officer, Agency]:
    """Return the officer with this badge and the employing agency. Raises `CannotAnswer`.

    A badge belongs to an officer on the days of its employment; where none holds on `day`, the
    newest is taken. Two agencies with the same badge need `ori`; an ended one may be asked about.
    """
    rows = Employment.objects.known().filter(badge=badge).select_related("officer", "agency")
    if ori:
        rows = rows.filter(agency__ori=ori)
    found = list(rows.order_by("-valid_from", "pk"))
    if not found:
        raise CannotAnswer(
            f"No officer has the badge {badge!r}" + (f" with {ori}." if ori else ".")
        )
    holding = [
        e for e in found if e.valid_from <= day and (e.valid_until is None or day < e.valid_until)
    ]
    chosen = holding or found[:1]
    if len({(e.officer_id, e.agency_id) for e in chosen}) > 1:
        agencies = ", ".join(sorted(e.agency.ori or str(e.agency.uid) for e in chosen))
        raise CannotAnswer(
            f"The badge {badge!r} is borne in several agencies. Add --agency with one of: {agencies}."
        )
    if not ori and (two := _two_employers(chosen[0], day)):
        raise CannotAnswer(
            f"This officer has two employers on {day}. Add --agency with one of: {', '.join(two)}."
        )
    return chosen[0].officer, chosen[0].agency


def _two_employers(row: Employment, day: date) -> list[str]:
    others = (
        Employment.objects.as_of(day).filter(officer_id=row.officer_id).select_related("agency")
    )
    oris = sorted({e.agency.ori or str(e.agency.uid) for e in others})
    return oris if len(oris) > 1 else []


def _as_uid(ref: str) -> UUID | None:
    try:
        return UUID(ref)
    except ValueError:
        return None


class OfficerName(NamedTuple):
    """How an officer is named beside a standing."""

    uid: str
    name: str


class SchoolName(NamedTuple):
    """How a school is named beside a standing."""

    uid: str
    name: str
    nces_id: str | None
    state: str


class Names:
    """Names and uids of everything a standing is about, by key. For the system's own lists alone."""

    def __init__(self) -> None:
        uid = hex_uid()
        officers = Officer.objects.annotate(text=uid).values_list("pk", "text", "person__name")
        schools = School.objects.annotate(text=uid).values_list(
            "pk", "text", "name", "nces_id", "state"
        )
        agencies = Agency.objects.annotate(text=uid).values_list("pk", "ori", "text")
        self.officers = {pk: OfficerName(*rest) for pk, *rest in officers}
        self.schools = {pk: SchoolName(*rest) for pk, *rest in schools}
        self.agencies = {pk: ori or text for pk, ori, text in agencies}
        self.assignments = dict(Assignment.objects.annotate(text=uid).values_list("pk", "text"))


def program_zone() -> str:
    """Return the time zone of most schools: where "the end of that day" is meant for a whole list."""
    zones = School.objects.values_list("zone").annotate(n=Count("pk")).order_by("-n", "zone")
    first = zones.first()
    return first[0] if first else "UTC"


def beside(row: Fact) -> dict[str, Any]:
    """Return what a checker needs beside a fact's own terms: states, districts that employ."""
    if isinstance(row, Assigned | SchoolInDistrict):
        return {"state": row.school.state}
    if isinstance(row, Employment | DutyStatus | AgencyStart):
        own = row.agency.own_district
        return {"state": row.agency.state, "own_district": own.uid.hex if own else None}
    if isinstance(row, RuleSetVersion):
        return {"jurisdiction": row.ruleset.jurisdiction, "topic": row.ruleset.topic}
    return {}
