"""What people do with selections and evaluations. One verb, one transaction, one line in the trail."""

from datetime import date, datetime
from typing import Any, NotRequired, Unpack

from django.db import transaction
from django.db.models import Min

from rapport.foundation.access import Actor
from rapport.foundation.kinds import deeds
from rapport.foundation.kinds.kind import Span, SpanChanges
from rapport.organizations.places.models import Agency
from rapport.standing.officers.models import Employment, Officer
from rapport.standing.selection import rules
from rapport.standing.selection.access import EVALUATION, SELECTION
from rapport.standing.selection.models import Evaluation, Selection


class SelectionTerms(Span):
    """What a selection says; its first day is the day of the decision."""

    agency: Agency
    method: str
    outcome: str
    district_part: str
    decided_by_id: NotRequired[int | None]  # person


class SelectionChanges(SpanChanges, total=False):
    """What a correction of a selection may change."""

    agency: Agency
    method: str
    outcome: str
    district_part: str
    decided_by_id: int | None


class EvaluationTerms(Span):
    """What an evaluation says; its first day is the day on which it was done."""

    agency: Agency
    district_part: str


class EvaluationChanges(SpanChanges, total=False):
    """What a correction of an evaluation may change."""

    agency: Agency
    district_part: str


def record_selection(
    actor: Actor, officer: Officer, *, now: datetime, **terms: Unpack[SelectionTerms]
) -> Selection:
    """Record that an officer was, or was not, selected. Raises `NotAllowed` (also about oneself), `Refused`."""
    return deeds.record_fact(actor, SELECTION, now=now, **_about(officer), **terms)


def correct_selection(
    actor: Actor, fact: Selection, *, now: datetime, **changes: Unpack[SelectionChanges]
) -> Selection:
    """Put what should have been recorded in a fact's place. Raises `NotAllowed`, `Refused`, `Overtaken`."""
    return deeds.correct_fact(actor, SELECTION, fact, now=now, **changes)


def end_selection(actor: Actor, fact: Selection, on: date, *, now: datetime) -> Selection | None:
    """End a selection, as when an officer is reassigned: `on` is the first day without it."""
    return deeds.end_fact(actor, SELECTION, fact, on, now=now)


def withdraw_selection(actor: Actor, fact: Selection, *, now: datetime) -> Selection:
    """Withdraw a selection that never was. Raises `NotAllowed`, `Overtaken`."""
    return deeds.withdraw_fact(actor, SELECTION, fact, now=now)


@transaction.atomic
def record_evaluation(
    actor: Actor, officer: Officer, *, now: datetime, **terms: Unpack[EvaluationTerms]
) -> Evaluation:
    """Record that the yearly evaluation was done.

    Raises `NotAllowed` (also about oneself), or `Refused` where it lies ahead or before the first
    day of the recorded employment.
    """
    _ensure_employed(officer, terms["agency"], terms["valid_from"])
    return deeds.record_fact(actor, EVALUATION, now=now, **_about(officer), **terms)


@transaction.atomic
def correct_evaluation(
    actor: Actor, fact: Evaluation, *, now: datetime, **changes: Unpack[EvaluationChanges]
) -> Evaluation:
    """Put what should have been recorded in a fact's place. Raises `NotAllowed`, `Refused`, `Overtaken`."""
    agency, day = changes.get("agency", fact.agency), changes.get("valid_from", fact.valid_from)
    _ensure_employed(fact.officer, agency, day)
    return deeds.correct_fact(actor, EVALUATION, fact, now=now, **changes)


def withdraw_evaluation(actor: Actor, fact: Evaluation, *, now: datetime) -> Evaluation:
    """Withdraw an evaluation that never was. Raises `NotAllowed`, `Overtaken`."""
    return deeds.withdraw_fact(actor, EVALUATION, fact, now=now)


def _about(officer: Officer) -> dict[str, Any]:
    return {"officer": officer, "about_person_id": officer.person_id}


def _ensure_employed(officer: Officer, agency: Agency, day: date) -> None:
    rows = Employment.objects.known().filter(officer=officer, agency=agency)
    first = rows.aggregate(first=Min("valid_from"))["first"]
    rules.ensure_employed_by_then(day, first, str(agency))
