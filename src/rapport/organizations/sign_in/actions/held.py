"""Keeping what was sent while a session was locked, sealed, until its person sends it again."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from rapport.foundation import vault
from rapport.foundation.access import Actor
from rapport.organizations.people.models import Account
from rapport.organizations.sign_in.models import Held

DAYS: Final = timedelta(days=7)
MOST: Final = 50  # for one account; the oldest gives way


@transaction.atomic
def hold(actor: Actor, account: Account, path: str, words: bytes, *, now: datetime) -> Held:
    """Seal what `account` sent to `path` while locked (the actor is nobody then), and return the row.

    It is no act of the program, so it leaves no line.
    """
    Held.objects.filter(held_at__lt=now - DAYS).delete()
    kept = Held.objects.filter(account=account).order_by("-held_at", "-pk")
    Held.objects.filter(pk__in=[row.pk for row in kept[MOST - 1 :]]).delete()
    held = Held(account=account, path=path, held_at=now)
    held.sealed = vault.seal(words, held.row)
    held.save(force_insert=True)
    return held


@transaction.atomic
def let_go(actor: Actor, account: Account, uid: UUID) -> None:
    """Forget what was held: it was sent again, or thrown away by its person."""
    Held.objects.filter(account=account, uid=uid).delete()
