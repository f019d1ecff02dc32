"""Begin, correct, end and withdraw an assignment."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, NotRequired, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from rapport.foundation import facts
from rapport.foundation.access import Actor
from rapport.foundation.facts import Refused, Source
from rapport.foundation.kinds.deeds import correct_fact, end_fact, line, withdraw_fact
from rapport.organizations.places.models import Agency, School
from rapport.standing.assignments import access
from rapport.standing.assignments.actions.standing import ensure_standing
from rapport.standing.assignments.actions.writing import changed, district_of, insert, values_of
from rapport.standing.assignments.models import Assigned, Assignment
from rapport.standing.officers.models import Employment, Officer


class Terms(TypedDict):
    """From when until when (the first day it no longer holds), how many hours, how it is known."""

    valid_from: date
    valid_until: NotRequired[date | None]
    hours_per_week: NotRequired[Decimal | None]
    source: NotRequired[Source | str]


def begin_assignment(
    actor: Actor,
    officer: Officer,
    school: School,
    agency: Agency | None = None,
    *,
    now: datetime,
    **terms: Unpack[Terms],
) -> Assignment:
    """Assign an officer to a school for an agency, and return the assignment.

    Without `agency` the officer's only employer on the first day is taken. Raises `NotAllowed`;
    `NotCleared` where the standing "if assigned from this day" is not cleared (a provisional one is
    enough); `Refused` for dates, hours, or an employer that must be chosen; `Overtaken` when
    somebody assigned the same pair at the same time.
    """
    with transaction.atomic():
        agency = agency or _employer(officer, terms["valid_from"])
        assignment = Assignment(officer=officer, school=school, agency=agency)
        draft = _assigned(assignment, terms, now)
        access.require(actor, access.BEGIN, draft)
        access.ASSIGNED.ensure(draft, access.ASSIGNED.today(draft, now))
        facts.ensure_span(draft.valid_from, draft.valid_until)
        facts.ensure_alone(Assigned, values_of(draft))
        word = ensure_standing(actor, draft)
        assignment.save()
        draft.assignment = assignment
        insert(draft)
        line(actor, access.BEGIN, draft, now=now, standing=str(word))
    return assignment


@transaction.atomic
def correct_assignment(actor: Actor, fact: Assigned, *, now: datetime, **changes: Any) -> Assigned:
    """Put what should have been recorded in a fact's place.

    A first day that moves is judged like a new one. Raises `NotAllowed`, `NotCleared`, `Refused`,
    `Overtaken`.
    """
    first = changes.get("valid_from", fact.valid_from)
    if first != fact.valid_from:
        access.require(actor, access.CORRECT, fact)
        moved = changed(fact, valid_from=first, district_id=district_of(fact.school_id, first))
        changes["district"] = moved.district
        ensure_standing(actor, moved)
    return correct_fact(actor, access.ASSIGNED, fact, now=now, **changes)


def end_assignment(actor: Actor, fact: Assigned, on: date, *, now: datetime) -> Assigned | None:
    """End an assignment: `on` is the first day without it. Raises `NotAllowed`, `Overtaken`."""
    return end_fact(actor, access.ASSIGNED, fact, on, now=now)


def withdraw_assignment(actor: Actor, fact: Assigned, *, now: datetime) -> Assigned:
    """Withdraw an assignment that never was. Raises `NotAllowed`, `Overtaken`."""
    return withdraw_fact(actor, access.ASSIGNED, fact, now=now)


def _assigned(assignment: Assignment, terms: Terms, now: datetime) -> Assigned:
    return Assigned(
        officer=assignment.officer,
        school=assignment.school,
        agency=assignment.agency,
        district_id=district_of(assignment.school_id, terms["valid_from"]),
        about_person_id=assignment.officer.person_id,
        recorded_at=now,
        **terms,
    )


def _employer(officer: Officer, day: date) -> Agency:
    rows = Employment.objects.as_of(day).filter(officer=officer).select_related("agency")
    found: dict[int, Agency] = {e.agency_id: e.agency for e in rows}
    if len(found) > 1:
        raise Refused(
            _("This officer has two employers on that day. Choose the agency to serve for."),
            field="agency",
        )
    if not found:
        raise Refused(
            _("No agency employs this officer on that day. Record the employment first."),
            field="agency",
        )
    return next(iter(found.values()))
