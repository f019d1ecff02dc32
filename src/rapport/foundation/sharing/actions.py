"""What is done here: looking at what another person can see leaves a line."""

from datetime import date, datetime

from django.db import transaction

from rapport.foundation.access import Actor, NotAllowed
from rapport.foundation.audit import trail
from rapport.foundation.sharing import access


@transaction.atomic
def export_rules(actor: Actor, *, why: str, now: datetime) -> None:
    """Leave the line of an export of the sharing rules."""
    trail.record(actor, access.EXPORT, 0, at=now, why=why)


@transaction.atomic
def look(actor: Actor, other: Actor, *, day: date, now: datetime) -> None:
    """Leave the line of a look at what another person can see. Raises `NotAllowed`."""
    if not access.may_look(actor, other, day=day):
        raise NotAllowed(access.LOOK.name)
    if other.person_id is not None and other.person_id not in actor.persons:
        trail.record(actor, access.LOOK, other.person_id, at=now, about=other.person_id)
