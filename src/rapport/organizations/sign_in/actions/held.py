"""Keeping what was sent while a session was locked, sealed, until its person sends it again."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Length

from rapport.foundation import vault
from rapport.foundation.access import Actor
from rapport.organizations.people.models import Account
from rapport.organizations.sign_in.models import Held

DAYS: Final = timedelta(days=7)
MOST: Final = 50  # for one account; the oldest gives way
BYTES: Final = 5_000_000  # for one account, sealed: some typed pages, not a store of files


@transaction.atomic
def hold(actor: Actor, account: Account, path: str, words: bytes, *, now: datetime) -> Held:
    """Seal what `account` sent to `path` while locked (the actor is nobody then), and return the row.

    It is no act of the program, so it leaves no line.
    """
    Held.objects.filter(held_at__lt=now - DAYS).delete()
    _make_room(account, len(words))
    held = Held(account=account, path=path, held_at=now)
    held.sealed = vault.seal(words, held.row)
    held.save(force_insert=True)
    return held


def _make_room(account: Account, size: int) -> None:
    """Throw away the oldest, so that what is kept of one account stays bounded; the newest always fits."""
    rows = Held.objects.filter(account=account).order_by("-held_at", "-pk")
    gone = []
    for number, (pk, length) in enumerate(rows.values_list("pk", Length("sealed")), 1):
        size += length
        if number >= MOST or size > BYTES:
            gone.append(pk)
    Held.objects.filter(pk__in=gone).delete()


@transaction.atomic
def let_go(actor: Actor, account: Account, uid: UUID) -> None:
    """Forget what was held: it was sent again, or thrown away by its person."""
    Held.objects.filter(account=account, uid=uid).delete()
