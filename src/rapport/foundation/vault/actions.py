"""A new vault key, and everything that is sealed sealed anew under it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from rapport.foundation import registry, vault
from rapport.foundation.access import Actor, Place, require
from rapport.foundation.audit import trail

ROTATE: Final = registry.verb("vault.rotate_key", "vault", None, None, _("made a new vault key"))


def rotate_key(actor: Actor, *, now: datetime) -> tuple[int, Mapping[str, int]]:
    """Make a new vault key and seal everything anew; return its number, and how much of what.

    The old keys stay: backups were sealed with them. Cut short, it is finished by the next one.
    Raises `VaultTrouble` where something does not open.
    """
    require(actor, ROTATE, Place())
    with vault.renewed() as number, transaction.atomic():
        trail.record(actor, ROTATE, number, at=now)
    return number, {name: registry.sealed[name].anew() for name in registry.sealed.names()}
