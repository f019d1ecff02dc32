"""What a question names, found: officers by badge; and the names beside an answer."""

from datetime import date
from typing import NamedTuple

from rapport.foundation.access import Actor
from rapport.foundation.facts import FactQuerySet, Refused
from rapport.organizations.places import queries as places
from rapport.organizations.places.models import Agency, School
from rapport.organizations.places.rules import near
from rapport.standing.assignments.case import hex_uid
from rapport.standing.assignments.models import Assignment
from rapport.standing.officers import access as roster
from rapport.standing.officers.models import Employment, Officer


class CannotAnswer(Refused):
    """The question names something that is not there, or that is there more than once."""


def officer_named(
    actor: Actor, badge: str, ori: str | None, *, day: date
) -> tuple[Officer, Agency]:
    """Return the officer with this badge and the employing agency. Raises `CannotAnswer`, `NoSuchPlace`.

    A badge belongs to an officer on the days of its employment; where none holds on `day`, the
    newest is taken. Two agencies with the same badge need `ori`; an ended one may be asked about.
    Where nobody has the badge, near ones are named, also by the officer's name.
    """
    employed = roster.visible_employments(actor)
    rows = employed.known().filter(badge=badge).select_related("officer", "agency")
    if ori:
        rows = rows.filter(agency=places.agency_by_ori(actor, ori))
    found = list(rows.order_by("-valid_from", "pk"))
    if not found:
        known = employed.known().order_by("valid_from", "pk")
        named = known.values_list("badge", "officer__uid", "officer__person__name")
        raise CannotAnswer(
            f"No officer has the badge {badge!r}{f' with {ori}' if ori else ''}. {near(badge, named)}"
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
    if not ori and (two := _two_employers(employed, chosen[0], day)):
        raise CannotAnswer(
            f"This officer has two employers on {day}. Add --agency with one of: {', '.join(two)}."
        )
    return chosen[0].officer, chosen[0].agency


def _two_employers(employed: FactQuerySet, row: Employment, day: date) -> list[str]:
    others = employed.as_of(day).filter(officer_id=row.officer_id).select_related("agency")
    oris = sorted({e.agency.ori or str(e.agency.uid) for e in others})
    return oris if len(oris) > 1 else []


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


class AgencyName(NamedTuple):
    """How an agency is named beside a standing: `ref` is its ORI, or its uid where it has none."""

    uid: str
    ref: str


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
        self.agencies = {pk: AgencyName(text, ori or text) for pk, ori, text in agencies}
        self.assignments = dict(Assignment.objects.annotate(text=uid).values_list("pk", "text"))
