"""Throwing away, once a day, what has ended: sessions, counts of wrong tries, what was held, secrets half set up."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.contrib.sessions.models import Session
from django.db import transaction

from rapport.foundation.access import Actor
from rapport.foundation.outbox import outbox
from rapport.organizations.sign_in.actions.held import DAYS
from rapport.organizations.sign_in.models import Held, Totp, Tries
from rapport.organizations.sign_in.rules import tries

CLEAR: Final = "sign_in.clear"  # the deed, as the worker knows it
EVERY: Final = timedelta(days=1)


class Cleared(NamedTuple):
    """How many rows of each kind were thrown away."""

    sessions: int
    tries: int
    held: int
    apps: int


@transaction.atomic
def clear_ended(actor: Actor, *, now: datetime) -> Cleared:
    """Throw away what has ended, and return how much; a day later the worker does it again."""
    ended = (
        Session.objects.filter(expire_date__lte=now),
        Tries.objects.filter(last_at__lte=now - tries.CLOSED_FOR),
        Held.objects.filter(held_at__lt=now - DAYS),
        Totp.objects.filter(confirmed_at=None, made_at__lt=now - EVERY),
    )
    cleared = Cleared(*(rows.delete()[0] for rows in ended))
    outbox.plan(CLEAR, 0, now + EVERY)
    return cleared


@transaction.atomic
def plan_clearing(actor: Actor, *, now: datetime) -> None:
    """Plan the first clearing for now, unless one is planned. For `rapport migrate`."""
    if not outbox.is_planned(CLEAR):
        outbox.plan(CLEAR, 0, now)
