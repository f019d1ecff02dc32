"""What people do with the roster. One verb, one function, one transaction, one line in the trail."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Unpack

from django.db import transaction
from django.db.models import Q

from rapport.foundation import live
from rapport.foundation.access import Actor, Place
from rapport.foundation.audit import trail
from rapport.foundation.kinds import deeds
from rapport.foundation.kinds.kind import FactKind, Span, SpanChanges
from rapport.organizations.people.models import Person
from rapport.organizations.places.models import Agency
from rapport.standing.officers import access, rules
from rapport.standing.officers.access import CERTIFICATION, DUTY, EMPLOYMENT
from rapport.standing.officers.models import (
    Certification,
    Certified,
    Duty,
    DutyStatus,
    Employment,
    Officer,
)


class EmploymentTerms(Span):
    """What an employment says."""

    agency: Agency
    badge: str


class CertificationTerms(Span):
    """What a certification says; `agency` is who keeps the record."""

    agency: Agency
    state: str
    status: str


class DutyTerms(Span):
    """What a duty status says."""

    agency: Agency
    status: str


class EmploymentChanges(SpanChanges, total=False):
    """What a correction of an employment may change."""

    agency: Agency
    badge: str


class CertificationChanges(SpanChanges, total=False):
    """What a correction of a certification may change."""

    agency: Agency
    state: str
    status: str


class DutyChanges(SpanChanges, total=False):
    """What a correction of a duty status may change."""

    agency: Agency
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOfficer:
    """What is known of an officer who joins the roster. `person` where the program knows them already."""

    agency: Agency
    badge: str
    employed_from: date
    source: str
    name: str = ""
    title: str = ""
    person: Person | None = None
    certified_from: date | None = None  # by the agency's state
    is_on_duty: bool = False  # from the first day of employment


@transaction.atomic
def add_officer(actor: Actor, new: NewOfficer, *, now: datetime) -> Officer:
    """Put an officer on the roster: person, employment and, where known, certification and duty status.

    Raises `NotAllowed`, or `Refused` where the badge is taken, a date lies ahead or the person is on
    the roster already.
    """
    about = new.person.pk if new.person else None
    access.require(actor, access.ADD, Place(agency_id=new.agency.pk, about_person_id=about))
    rules.ensure_named(new.name if new.person is None else new.person.name)
    if new.person is not None and Officer.objects.filter(person=new.person).exists():
        raise rules.is_on_the_roster(str(new.person))
    person = new.person or Person.objects.create(name=new.name.strip(), title=new.title.strip())
    officer = Officer.objects.create(person=person)
    made = {}
    for kind, said in _facts_of(new):
        _ensure_badge_is_free(officer, said)
        fact, _cut = deeds.write_fact(actor, kind, now=now, **_about(officer), **said)
        made[kind.name] = str(fact.uid)
    place = Place(agency_id=new.agency.pk)
    trail.record(actor, access.ADD, officer, at=now, about=person.pk, place=place, **made)
    live.ring("standing")
    return officer


def _facts_of(new: NewOfficer) -> list[tuple[FactKind[Any], dict[str, Any]]]:
    known = {"agency": new.agency, "source": new.source, "valid_from": new.employed_from}
    found: list[tuple[FactKind[Any], dict[str, Any]]] = [(EMPLOYMENT, known | {"badge": new.badge})]
    if new.certified_from:
        certified = {"state": new.agency.state, "status": Certified.CERTIFIED}
        found.append((CERTIFICATION, known | certified | {"valid_from": new.certified_from}))
    if new.is_on_duty:
        found.append((DUTY, known | {"status": Duty.ON_DUTY}))
    return found


@transaction.atomic
def open_records(actor: Actor, officer: Officer, *, now: datetime) -> None:
    """Leave the line of a look at an officer's personnel records. Raises `NotAllowed`."""
    kept = Employment.objects.filter(officer=officer).values_list("agency_id", flat=True)
    places = [Place(agency_id=a, about_person_id=officer.person_id) for a in (*set(kept), None)]
    readable = (at for at in places if access.may(actor, access.OPEN, at))
    access.require(actor, access.OPEN, next(readable, Place()))
    trail.record(actor, access.OPEN, officer, at=now, about=officer.person_id)


@transaction.atomic
def record_employment(
    actor: Actor, officer: Officer, *, now: datetime, **terms: Unpack[EmploymentTerms]
) -> Employment:
    """Record that an agency employs an officer under a badge. Raises `NotAllowed`, `Refused`."""
    _ensure_badge_is_free(officer, terms)
    return deeds.record_fact(actor, EMPLOYMENT, now=now, **_about(officer), **terms)


@transaction.atomic
def correct_employment(
    actor: Actor, fact: Employment, *, now: datetime, **changes: Unpack[EmploymentChanges]
) -> Employment:
    """Put what should have been recorded in a fact's place. Raises `NotAllowed`, `Refused`, `Overtaken`."""
    said = {"agency": fact.agency, "badge": fact.badge, "valid_from": fact.valid_from}
    _ensure_badge_is_free(fact.officer, said | {"valid_until": fact.valid_until} | dict(changes))
    return deeds.correct_fact(actor, EMPLOYMENT, fact, now=now, **changes)


def end_employment(actor: Actor, fact: Employment, on: date, *, now: datetime) -> Employment | None:
    """End an employment: `on` is the first day without it. Raises `NotAllowed`, `Refused`, `Overtaken`."""
    return deeds.end_fact(actor, EMPLOYMENT, fact, on, now=now)


def withdraw_employment(actor: Actor, fact: Employment, *, now: datetime) -> Employment:
    """Withdraw an employment that never was. Raises `NotAllowed`, `Overtaken`."""
    return deeds.withdraw_fact(actor, EMPLOYMENT, fact, now=now)


def record_certification(
    actor: Actor, officer: Officer, *, now: datetime, **terms: Unpack[CertificationTerms]
) -> Certification:
    """Record what a state says of an officer; what it said before ends there. Raises `NotAllowed`, `Refused`."""
    return deeds.record_fact(actor, CERTIFICATION, now=now, **_about(officer), **terms)


def correct_certification(
    actor: Actor, fact: Certification, *, now: datetime, **changes: Unpack[CertificationChanges]
) -> Certification:
    """Put what should have been recorded in a fact's place. Raises `NotAllowed`, `Refused`, `Overtaken`."""
    return deeds.correct_fact(actor, CERTIFICATION, fact, now=now, **changes)


def end_certification(
    actor: Actor, fact: Certification, on: date, *, now: datetime
) -> Certification | None:
    """End a certification: `on` is the first day without it. Raises `NotAllowed`, `Overtaken`."""
    return deeds.end_fact(actor, CERTIFICATION, fact, on, now=now)


def withdraw_certification(actor: Actor, fact: Certification, *, now: datetime) -> Certification:
    """Withdraw a certification that never was. Raises `NotAllowed`, `Overtaken`."""
    return deeds.withdraw_fact(actor, CERTIFICATION, fact, now=now)


def record_duty_status(
    actor: Actor, officer: Officer, *, now: datetime, **terms: Unpack[DutyTerms]
) -> DutyStatus:
    """Record a duty status, such as a leave of some weeks: what held before goes on after its last day.

    Raises `NotAllowed` (also about oneself), `Refused`.
    """
    return deeds.record_fact(actor, DUTY, now=now, **_about(officer), **terms)


def correct_duty_status(
    actor: Actor, fact: DutyStatus, *, now: datetime, **changes: Unpack[DutyChanges]
) -> DutyStatus:
    """Put what should have been recorded in a fact's place. Raises `NotAllowed`, `Refused`, `Overtaken`."""
    return deeds.correct_fact(actor, DUTY, fact, now=now, **changes)


def end_duty_status(
    actor: Actor, fact: DutyStatus, on: date, *, now: datetime
) -> DutyStatus | None:
    """End a duty status: `on` is the first day without it. Raises `NotAllowed`, `Overtaken`."""
    return deeds.end_fact(actor, DUTY, fact, on, now=now)


def withdraw_duty_status(actor: Actor, fact: DutyStatus, *, now: datetime) -> DutyStatus:
    """Withdraw a duty status that never was; what it had cut holds again. Raises `NotAllowed`, `Overtaken`."""
    return deeds.withdraw_fact(actor, DUTY, fact, now=now)


def _about(officer: Officer) -> dict[str, Any]:
    return {"officer": officer, "about_person_id": officer.person_id}


def _ensure_badge_is_free(officer: Officer, said: Mapping[str, Any]) -> None:
    """Raise `Refused` where another officer of the agency bears the badge; the guard has the last word."""
    if "badge" not in said:
        return
    others = (
        Employment.objects.known()
        .filter(agency=said["agency"], badge=said["badge"])
        .filter(Q(valid_until=None) | Q(valid_until__gt=said["valid_from"]))
        .exclude(officer=officer)
        .select_related("officer__person")
    )
    if said.get("valid_until") is not None:
        others = others.filter(valid_from__lt=said["valid_until"])
    if (other := others.first()) is not None:
        raise rules.badge_is_taken(said["badge"], str(other.officer.person))
