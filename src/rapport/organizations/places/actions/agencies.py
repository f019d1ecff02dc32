"""Add an agency, and record its start in the program."""

from dataclasses import dataclass
from datetime import datetime
from typing import Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from rapport.foundation.access import Actor, Place
from rapport.foundation.audit import trail
from rapport.foundation.facts import Refused
from rapport.foundation.kinds import deeds
from rapport.foundation.kinds.kind import Span, SpanChanges
from rapport.organizations.places import access, rules
from rapport.organizations.places.models import Agency, AgencyStart, District


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAgency:
    """An agency to add. Where a district employs its own officers, `own_district` names it."""

    name: str
    state: str
    short_name: str = ""
    ori: str = ""
    zone: str = ""  # empty: that of most of the state
    own_district: District | None = None


@transaction.atomic
def add_agency(actor: Actor, new: NewAgency, *, now: datetime) -> Agency:
    """Add an agency. Raises `NotAllowed`, or `Refused` on a name or an ORI that is there already."""
    access.require_add(actor, access.ADD_AGENCY)
    ori = rules.ori(new.ori)
    if Agency.objects.filter(state=new.state, name__iexact=new.name).exists():
        raise Refused(_("There is an agency of this name already."), field="name")
    if ori and (other := Agency.objects.filter(ori=ori).first()):
        raise Refused(_("{agency} has this ORI.").format(agency=other), field="ori")
    agency = Agency.objects.create(
        name=new.name,
        short_name=new.short_name,
        state=new.state,
        ori=ori,
        zone=new.zone or rules.zone_of(new.state),
        own_district=new.own_district,
    )
    trail.record(actor, access.ADD_AGENCY, agency, at=now, place=Place(agency_id=agency.pk))
    return agency


def start_agency(
    actor: Actor, agency: Agency, *, now: datetime, **span: Unpack[Span]
) -> AgencyStart:
    """Record the day on which an agency starts in the program: its day one (DESIGN, "Day one")."""
    return deeds.record_fact(actor, access.START, now=now, agency=agency, **span)


def correct_start(
    actor: Actor, start: AgencyStart, *, now: datetime, **changes: Unpack[SpanChanges]
) -> AgencyStart:
    """Put another start in the place of one that was recorded wrongly."""
    return deeds.correct_fact(actor, access.START, start, now=now, **changes)


def withdraw_start(actor: Actor, start: AgencyStart, *, now: datetime) -> AgencyStart:
    """Withdraw a start that should never have been recorded."""
    return deeds.withdraw_fact(actor, access.START, start, now=now)
