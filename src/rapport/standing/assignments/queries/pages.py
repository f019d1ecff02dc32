"""What the page of an officer shows, put together for an actor."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from rapport.foundation import registry
from rapport.foundation.access import Actor, Role
from rapport.foundation.kinds import pages
from rapport.foundation.kinds import queries as facts
from rapport.foundation.kinds.queries import FactRow
from rapport.organizations.people.models import RoleHeld
from rapport.organizations.places.models import Agency, School, SchoolInDistrict
from rapport.standing.agreements import queries as agreements
from rapport.standing.agreements.access import visible_agreements
from rapport.standing.agreements.models import Coverage
from rapport.standing.assignments import access, case
from rapport.standing.assignments.models import Assigned, Assignment
from rapport.standing.assignments.queries import standings
from rapport.standing.assignments.queries.labels import OfficerLabel
from rapport.standing.assignments.queries.offers import exceptions
from rapport.standing.assignments.queries.standings import Found, Piece
from rapport.standing.officers import access as roster
from rapport.standing.officers.models import Officer


@dataclass(frozen=True, slots=True)
class Service:
    """One assignment of an officer on their page: the standing of the day, and the pieces around it."""

    assignment: Assignment
    found: Found
    pieces: list[Piece]
    since: date
    until: date | None
    hours: Decimal | None

    @property
    def goes_on(self) -> bool:
        """Whether the assignment lasts beyond the last piece."""
        return bool(self.pieces) and (self.until is None or self.until > self.pieces[-1].until)


def services(
    actor: Actor,
    officer: Officer,
    *,
    day: date,
    known: datetime | None = None,
    around: timedelta = timedelta(days=548),
) -> list[Service]:
    """Return the officer's assignments that the actor may see, with their standing on `day` and before."""
    rows = access.visible_assigned(actor).known(known).filter(officer=officer)
    spans: dict[int, list[Assigned]] = {}
    for row in rows.select_related("assignment__school", "assignment__agency").order_by(
        "valid_from"
    ):
        spans.setdefault(row.assignment_id, []).append(row)
    pairs = [case.Pair(officer.pk, h[0].school_id, h[0].agency_id) for h in spans.values()]
    loaded = case.load(known=known, officers=(officer.pk,), at=pairs) if pairs else None
    found = []
    for pair, held in zip(pairs, spans.values(), strict=True):
        assignment = held[0].assignment
        one = standings.standing_of(actor, *pair[:3], day=day, known=loaded)
        if one is None:
            continue
        first, last = held[0].valid_from, held[-1].valid_until
        pieces = standings.timeline_of(
            actor,
            assignment,
            first=max(first, day - around),
            last=min(last or date.max, day + timedelta(days=180)),
            known=loaded,
        )
        found.append(Service(assignment, one, pieces, first, last, held[-1].hours_per_week))
    found.sort(key=lambda s: (s.found.is_if_assigned, -s.since.toordinal(), s.assignment.pk))
    return found


def records(actor: Actor, officer: Officer, *, known: datetime | None = None) -> list[FactRow]:
    """Return every fact about an officer that the actor may read, newest first, also those withdrawn.

    With `known` those that were known at that moment, as they stood then.
    """
    kinds = [
        there.kind
        for there in registry.fact_pages
        if any(f.name == "officer" for f in there.kind.model._meta.concrete_fields)
    ]
    found = facts.rows(actor, kinds, known=known, officer=officer)
    found += exceptions(actor, officer, known=known)
    found.sort(key=lambda r: (r.valid_from, r.recorded_at, r.kind, str(r.uid)), reverse=True)
    return found


def evidence(
    actor: Actor,
    services: Iterable[Service],
    records: Iterable[FactRow],
    *,
    known: datetime | None = None,
) -> dict[str, FactRow]:
    """Return, by uid, the facts on which the grounds rest and that the actor may read.

    Those about the officer are among `records`; those of the agreements are asked for, one query a kind.
    """
    grounds = [g for s in services for g in s.found.standing.grounds.values()]
    wanted = {uid for ground in grounds for uid in ground.facts}
    found = {row.uid.hex: row for row in records}
    missing = [UUID(uid) for uid in wanted - set(found)]
    kinds = [there.kind for there in registry.fact_pages if there.owners is visible_agreements]
    more = facts.rows(actor, kinds, known=known, uid__in=missing)
    return {uid: row for uid, row in found.items() if uid in wanted} | {r.uid.hex: r for r in more}


def new_urls(actor: Actor, officer: Officer) -> list[tuple[str, str]]:
    """Return, for every kind of fact that the actor may record of this officer, its title and address."""
    return [
        (str(there.kind.title), pages.new_url(there.kind.name, officer))
        for there in registry.fact_pages
        if there.owners is roster.visible_officers
        and there.record is not None
        and there.may_record(actor, officer)
    ]


class Contact(NamedTuple):
    """Whom to call about an officer at a school."""

    name: str
    agency: str
    phone: str
    email: str


def contacts(
    actor: Actor, officers: Iterable[OfficerLabel], *, day: date, known: datetime | None = None
) -> list[Contact]:
    """Return the supervisors, on `day`, of the agencies whose officers serve a school, to be called."""
    agencies = {o.agency_uid for o in officers}
    held = RoleHeld.objects.as_of(day, known).filter(role=Role.SUPERVISOR, agency__uid__in=agencies)
    return [
        Contact(
            str(h.person),
            h.agency.short_name or h.agency.name if h.agency else "",
            h.person.work_phone,
            h.person.work_email,
        )
        for h in held.select_related("person", "agency").order_by("person__name")
    ]


def covering(
    actor: Actor, school: School, *, day: date, known: datetime | None = None
) -> list[agreements.Found]:
    """Return the agreements, visible to the actor, that cover a school on `day`."""
    district = (
        SchoolInDistrict.objects.as_of(day, known).filter(school=school).values("district_id")
    )
    covers = Coverage.objects.as_of(day, known).filter(
        Q(school=school) | Q(school=None, district_id__in=district)
    )
    keys = set(covers.values_list("agreement_id", flat=True))
    return [f for f in agreements.agreements(actor, day=day, known=known) if f.agreement.pk in keys]


def districts(actor: Actor, *, day: date) -> list[tuple[str, str]]:
    """Return uid and name of the districts with a school that the actor's list shows on `day`, by name."""
    schools = access.visible_schools(actor, day=day)
    rows = SchoolInDistrict.objects.as_of(day).filter(school__in=schools.values("pk"))
    pairs = (
        rows.values_list("district__uid", "district__name").distinct().order_by("district__name")
    )
    return [(str(uid), name) for uid, name in pairs]


def employed(
    actor: Actor, *, day: date, known: datetime | None = None
) -> dict[str, tuple[str, Officer, Agency]]:
    """Return the officers whom the actor may know of and who are employed on `day`, by a key for a form."""
    rows = (
        roster.visible_employments(actor)
        .as_of(day, known)
        .select_related("officer__person", "agency")
    )
    return {
        f"{e.officer.uid.hex}-{e.agency.uid.hex}": (
            f"{e.officer.person}, {e.agency.short_name or e.agency.name} {e.badge}",
            e.officer,
            e.agency,
        )
        for e in rows.order_by("officer__person__name", "pk")
    }
