"""What people do with school calendars: type a year with its days off, correct, withdraw."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Unpack

from django.db import transaction

from rapport.foundation import facts
from rapport.foundation.access import Actor, Place, require
from rapport.foundation.audit import trail
from rapport.foundation.facts import Source
from rapport.foundation.kinds import deeds
from rapport.foundation.kinds.kind import Span as Terms
from rapport.foundation.kinds.kind import SpanChanges
from rapport.foundation.school_days import Span
from rapport.organizations.calendars import access, rules
from rapport.organizations.calendars.access import OFF, YEAR
from rapport.organizations.calendars.models import NoSchool, SchoolYear
from rapport.organizations.calendars.rules import DaysOff
from rapport.organizations.places.models import District


@dataclass(frozen=True, slots=True, kw_only=True)
class NewYear:
    """A school year as it is typed: first day, last day, and the days without school between them."""

    first_day: date
    last_day: date
    off: Sequence[DaysOff] = ()
    source: str = Source.RECORD


class OffTerms(Terms):
    """What days without school say."""

    why: str


class OffChanges(SpanChanges, total=False):
    """What a correction of days without school may change."""

    why: str


@transaction.atomic
def set_school_year(actor: Actor, district: District, new: NewYear, *, now: datetime) -> SchoolYear:
    """Record a school year with its days off and return it: all of it, or nothing.

    Raises `NotAllowed`, or `Refused` where dates are reversed, lie outside of the year, or overlap
    what is recorded.
    """
    require(actor, access.SET, Place(district_id=district.pk))
    year = Span(new.first_day, new.last_day + timedelta(days=1))
    rules.ensure_calendar(year, list(new.off))
    common = {"district": district, "source": new.source}
    fact = facts.record(
        SchoolYear, now=now, valid_from=year.first, valid_until=year.until, **common
    )
    days = [
        {**common, "valid_from": off.span.first, "valid_until": off.span.until, "why": off.why}
        for off in new.off
    ]
    facts.record_many(NoSchool, days, now=now)
    trail.record(
        actor,
        access.SET,
        district,
        at=now,
        place=Place(district_id=district.pk),
        fact=str(fact.uid),
        days_off=len(days),
    )
    return fact


def correct_school_year(
    actor: Actor, year: SchoolYear, *, now: datetime, **changes: Unpack[SpanChanges]
) -> SchoolYear:
    """Put other dates in the place of a school year's."""
    return deeds.correct_fact(actor, YEAR, year, now=now, **changes)


@transaction.atomic
def withdraw_school_year(actor: Actor, year: SchoolYear, *, now: datetime) -> SchoolYear:
    """Withdraw a school year that should never have been recorded, and its days off with it."""
    off = NoSchool.objects.known().filter(district=year.district_id)
    within = off.filter(valid_from__gte=year.valid_from, valid_from__lt=year.valid_until)
    facts.withdraw_many(NoSchool, within.values_list("pk", flat=True), now=now)
    return deeds.withdraw_fact(actor, YEAR, year, now=now)


def record_no_school(
    actor: Actor, district: District, *, now: datetime, **terms: Unpack[OffTerms]
) -> NoSchool:
    """Record days without school: a snow day, a break that was forgotten."""
    return deeds.record_fact(actor, OFF, now=now, district=district, **terms)


def correct_no_school(
    actor: Actor, off: NoSchool, *, now: datetime, **changes: Unpack[OffChanges]
) -> NoSchool:
    """Put other days, or another reason, in the place of days without school."""
    return deeds.correct_fact(actor, OFF, off, now=now, **changes)


def withdraw_no_school(actor: Actor, off: NoSchool, *, now: datetime) -> NoSchool:
    """Withdraw days without school: there was school."""
    return deeds.withdraw_fact(actor, OFF, off, now=now)
