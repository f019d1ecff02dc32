"""What is done about disclosures: record, end before time, look at."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from rapport.foundation import access as wall
from rapport.foundation import clock, registry
from rapport.foundation.access import WATCHED, Actor, NotAllowed
from rapport.foundation.audit import trail
from rapport.foundation.disclosure import access, rules
from rapport.foundation.disclosure.models import Disclosure, DisclosureWords, Recipient
from rapport.foundation.disclosure.rules import Basis, Terms
from rapport.foundation.facts import Overtaken
from rapport.foundation.registry import Record


@transaction.atomic
def record_disclosure(actor: Actor, record: Record, terms: Terms, *, now: datetime) -> Disclosure:
    """Record that a record is disclosed; its recipients may read it until the last day has passed.

    Raises `NotAllowed`, or `Refused` where something that must be said is missing.
    """
    row = _row(actor, record, terms, now)
    wall.require(actor, access.RECORD, row)
    rules.ensure_terms(terms, record.record_class, clock.today(now, settings.RAPPORT_ZONE))
    if terms.basis is Basis.SCHOOL_OFFICIAL:
        rules.ensure_officials(_outsiders(terms, record, now))
    row.save(force_insert=True)
    Recipient.objects.bulk_create(
        Recipient(disclosure=row, person_id=person) for person in terms.persons
    )
    DisclosureWords.objects.create(
        disclosure=row, purpose=terms.purpose, threat=terms.threat, others=terms.others
    )
    trail.record(
        actor,
        access.RECORD,
        row,
        at=now,
        about=row.about_person_id,
        of=record.word,
        of_id=record.id,
        basis=str(terms.basis),
        to=list(terms.persons),
        others=bool(terms.others.strip()),
        until=terms.last_day.isoformat(),
    )
    return row


def _row(actor: Actor, record: Record, terms: Terms, now: datetime) -> Disclosure:
    return Disclosure(
        record_class=record.record_class,
        object=record.word,
        object_id=record.id,
        agency_id=record.place.agency_id,
        district_id=record.place.district_id,
        school_id=record.place.school_id,
        about_person_id=record.place.about_person_id,
        basis=terms.basis,
        by_id=actor.person_id,
        at=now,
        expires_at=_end_of(terms),
    )


def _end_of(terms: Terms) -> datetime:
    return datetime.combine(
        terms.last_day + timedelta(days=1), time(), ZoneInfo(settings.RAPPORT_ZONE)
    )


def _outsiders(terms: Terms, record: Record, now: datetime) -> list[str]:
    """Return the names of recipients of an agency whom no agreement makes school officials there."""
    found = []
    for directory in registry.directories:
        for person in terms.persons:
            actor = directory.actor(person, now)
            if actor.is_of_agency and record.place.school_id not in actor.official_schools:
                found.append(actor.name or _("this person"))
    return found


@transaction.atomic
def end_disclosure(actor: Actor, row: Disclosure, *, now: datetime) -> Disclosure:
    """End a disclosure before its time. Raises `NotAllowed`, or `Overtaken` where it has ended."""
    wall.require(actor, access.END, row)
    moved = Disclosure.objects.filter(pk=row.pk, ended_at=None, expires_at__gt=now).update(
        ended_at=now, ended_by_id=actor.person_id
    )
    if not moved:
        raise Overtaken(_("It has ended already."))
    trail.record(actor, access.END, row, at=now, about=row.about_person_id)
    row.refresh_from_db()
    return row


@transaction.atomic
def open_disclosure(actor: Actor, row: Disclosure, *, now: datetime) -> Disclosure:
    """Look at one disclosure; of a watched class its words say much about a person, so it leaves a line."""
    if not access.visible_disclosures(actor).filter(pk=row.pk).exists():
        raise NotAllowed(access.OPEN.name)
    if row.record_class in WATCHED:
        trail.record(actor, access.OPEN, row, at=now, about=row.about_person_id)
    return row


@transaction.atomic
def list_disclosures(
    actor: Actor, shown: dict[str, Any], *, count: int, as_file: bool, now: datetime
) -> None:
    """Leave the line of a list of disclosures: its filter in chosen words, and how many it held."""
    verb = access.EXPORT if as_file else access.LIST
    trail.record(actor, verb, 0, at=now, count=count, **shown)
