"""Taking emergency access, ending it, writing down what was opened, and saying afterwards whether it was right."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rapport.foundation import access as wall
from rapport.foundation import live, vault
from rapport.foundation.access import Actor, NotAllowed, Place, RecordClass, Right, RoleAt, Scope
from rapport.foundation.audit import trail
from rapport.foundation.audit.models import Side
from rapport.foundation.facts import Overtaken, Refused
from rapport.foundation.outbox import outbox
from rapport.organizations.emergency_access import access, rules
from rapport.organizations.emergency_access.models import Emergency, Outcome, Review
from rapport.organizations.people import queries as people
from rapport.organizations.places.models import Agency, District, School, SchoolInDistrict

FINISH: Final = "emergency_access.finish"  # the deed, as the worker knows it


@dataclass(frozen=True, slots=True)
class Ask:
    """What somebody asks to read at once, and why."""

    record_class: RecordClass
    at: Agency | District | School
    reason: str


@transaction.atomic
def take(actor: Actor, ask: Ask, *, now: datetime) -> Emergency:
    """Open a class of records at a place to read, at once and for a time, and return the row.

    Raises `NotAllowed`, or `Refused` where no role of the actor opens it, it can be read already, or
    the reason says too little.
    """
    if actor.person_id is None or not access.may_take(actor):
        raise NotAllowed(access.TAKE.name)
    reason = rules.reason(ask.reason)
    by = rules.opening(actor.roles, ask.record_class)
    scope = people.scope_of(ask.at)
    rules.ensure_scope(ask.record_class, scope)
    _ensure_closed(actor, ask.record_class, scope, ask.at.pk)
    emergency = Emergency(
        person_id=actor.person_id,
        record_class=ask.record_class,
        taken_at=now,
        until=now + rules.openable([by])[ask.record_class],
        **{scope.value: ask.at},
        **_sides(by, ask.at),
    )
    emergency.sealed = vault.seal(reason.encode(), emergency.row)
    emergency.save(force_insert=True)
    minutes = int((emergency.until - now).total_seconds() // 60)
    _line(actor, access.TAKE, emergency, now, opens=str(ask.record_class), minutes=minutes)
    outbox.plan(FINISH, emergency.pk, emergency.until)
    return emergency


@transaction.atomic
def end(actor: Actor, emergency: Emergency, *, now: datetime) -> Emergency:
    """End it before its time. Raises `NotAllowed`, or `Overtaken` where it has ended already."""
    access.require_that(access.may_end(actor, emergency), access.END)
    still = Emergency.objects.filter(pk=emergency.pk, ended_at=None, until__gt=now)
    if not still.update(ended_at=now):
        raise Overtaken(_("It has ended already."))
    emergency.refresh_from_db()
    _line(actor, access.END, emergency, now, how="person")
    return emergency


@transaction.atomic
def finish(actor: Actor, emergency_id: int, *, now: datetime) -> None:
    """Leave the line of an end by the clock: it gave nothing from that moment on. For the worker."""
    for emergency in Emergency.objects.filter(pk=emergency_id, ended_at=None, until__lte=now):
        if Emergency.objects.filter(pk=emergency.pk, ended_at=None).update(
            ended_at=emergency.until
        ):
            _line(actor, access.END, emergency, now, how="time")


@transaction.atomic
def note_reading(actor: Actor, *, page: str, thing: str, now: datetime) -> None:
    """Leave a line that a page was opened, for each emergency access that is open for the actor."""
    ids = [opened.id for opened in actor.emergencies]
    for emergency in Emergency.objects.filter(pk__in=ids).order_by("pk"):
        _line(actor, access.READ, emergency, now, page=page, thing=thing)


@transaction.atomic
def look(actor: Actor, emergency: Emergency, *, now: datetime) -> str:
    """Return the reason in words; empty where it was shredded. Raises `NotAllowed`, `VaultTrouble`."""
    seen = access.visible_emergencies(actor).filter(pk=emergency.pk)
    access.require_that(seen.exists(), access.LOOK)
    if emergency.person_id not in actor.persons:
        _line(actor, access.LOOK, emergency, now)
    sealed = emergency.sealed
    return vault.open(bytes(sealed), emergency.row).decode() if sealed else ""


@transaction.atomic
def review(
    actor: Actor, emergency: Emergency, *, side: Side, outcome: str, now: datetime
) -> Review:
    """Say for one side whether it was right. Raises `NotAllowed`, `Refused`, `Overtaken`."""
    if outcome not in Outcome.values:
        raise Refused(_("Choose what you found."), field="outcome")
    free = access.free_sides(actor, emergency, now=now)
    if actor.person_id is None or side not in free:
        raise NotAllowed(access.REVIEW.name)
    try:
        with transaction.atomic():
            said = Review.objects.create(
                emergency=emergency,
                side=side,
                by_id=actor.person_id,
                outcome=outcome,
                made_at=now,
            )
    except IntegrityError as problem:
        raise Overtaken(_("Somebody else of your side has just answered.")) from problem
    _line(actor, access.REVIEW, emergency, now, side=str(side), outcome=outcome)
    return said


def _ensure_closed(actor: Actor, record_class: RecordClass, scope: Scope, scope_id: int) -> None:
    at = Place(**{f"{scope}_id": scope_id})
    if wall.gives(actor, Right.READ, record_class, at):
        raise Refused(_("You may read these records there already."), field="where")


def _sides(by: RoleAt, at: Agency | District | School) -> dict[str, Any]:
    """Return on whose side the actor stands by this role, and in which district a school lies."""
    school = by.scope_id if by.scope is Scope.SCHOOL else None
    lies = at.pk if isinstance(at, School) else None
    above = _districts([school, lies])
    return {
        "role": by.role,
        "role_scope": by.scope,
        "role_scope_id": by.scope_id,
        "for_agency_id": by.scope_id if by.scope is Scope.AGENCY else None,
        "for_district_id": by.scope_id if by.scope is Scope.DISTRICT else above.get(school),
        "in_district_id": above.get(lies),
    }


def _districts(schools: list[int | None]) -> dict[int | None, int]:
    rows = SchoolInDistrict.objects.known().filter(
        school_id__in=[s for s in schools if s is not None], valid_until=None
    )
    return dict(rows.values_list("school_id", "district_id"))


def _line(
    actor: Actor, verb: wall.Verb, emergency: Emergency, now: datetime, **detail: Any
) -> None:
    # By its key, so that the line bears no class: both sides read it, also who reads no such record.
    trail.record(
        actor,
        verb,
        emergency.pk,
        at=now,
        about=emergency.person_id,
        place=emergency.lies,
        **detail,
    )
    live.ring("emergency_access")
