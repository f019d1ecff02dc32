"""Set a ground of an assignment aside for a time, and take that back."""

from datetime import date, datetime
from typing import Any, NotRequired, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from rapport.foundation import facts
from rapport.foundation.access import Actor
from rapport.foundation.facts import Refused, Source
from rapport.foundation.kinds.deeds import correct_fact, end_fact, line, withdraw_fact
from rapport.standing.assignments import access
from rapport.standing.assignments.actions.writing import district_of, insert, values_of
from rapport.standing.assignments.models import Assigned, Assignment, Excepted


class ExceptionTerms(TypedDict):
    """Which ground, from when until when (the first day it no longer holds), and how it is known."""

    ground: str
    valid_from: date
    valid_until: date | None
    source: NotRequired[Source | str]


@transaction.atomic
def grant_exception(
    actor: Actor, assignment: Assignment, *, now: datetime, **terms: Unpack[ExceptionTerms]
) -> Excepted:
    """Set one ground of an assignment aside until an end; its reasons stay. Return the exception.

    Recorded by one side, which the line names. Raises `NotAllowed`, `Refused`, `Overtaken`.
    """
    draft = Excepted(
        assignment=assignment,
        agency_id=assignment.agency_id,
        district_id=district_of(assignment.school_id, terms["valid_from"]),
        school_id=assignment.school_id,
        about_person_id=assignment.officer.person_id,
        recorded_at=now,
        **terms,
    )
    access.require(actor, access.EXCEPT, draft)
    access.EXCEPTED.ensure(draft, access.EXCEPTED.today(draft, now))
    facts.ensure_span(draft.valid_from, draft.valid_until)
    facts.ensure_alone(Excepted, values_of(draft))
    _ensure_assigned(draft)
    insert(draft)
    line(actor, access.EXCEPT, draft, now=now, ground=draft.ground, by=access.side_of(actor))
    return draft


def correct_exception(actor: Actor, fact: Excepted, *, now: datetime, **changes: Any) -> Excepted:
    """Put what should have been recorded in a fact's place. Raises `NotAllowed`, `Refused`, `Overtaken`."""
    return correct_fact(actor, access.EXCEPTED, fact, now=now, **changes)


@transaction.atomic
def end_exception(actor: Actor, fact: Excepted, on: date, *, now: datetime) -> Excepted | None:
    """End an exception before its time: `on` is the first day without it. Raises `NotAllowed`, `Refused`."""
    access.require(actor, access.END_EXCEPTION, fact)
    if fact.valid_until is not None and on >= fact.valid_until:
        raise Refused(
            _("It ends by itself before that. To make it longer, correct it."), field="last_day"
        )
    return end_fact(actor, access.EXCEPTED, fact, on, now=now)


def withdraw_exception(actor: Actor, fact: Excepted, *, now: datetime) -> Excepted:
    """Withdraw an exception that was never granted. Raises `NotAllowed`, `Overtaken`."""
    return withdraw_fact(actor, access.EXCEPTED, fact, now=now)


def _ensure_assigned(draft: Excepted) -> None:
    rows = Assigned.objects.known().filter(assignment_id=draft.assignment_id)
    rows = rows.filter(valid_from__lt=draft.valid_until).exclude(valid_until__lte=draft.valid_from)
    if not rows.exists():
        raise Refused(
            _("The officer is not assigned in that time, so there is nothing to except."),
            field="valid_from",
        )
