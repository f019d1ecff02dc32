"""What went wrong, in words that say what to do. Nothing here quotes a traceback."""

import os
import shutil
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connection

from rapport.foundation.audit.keys import KeyTrouble
from rapport.foundation.audit.testimony import NoWitness
from rapport.foundation.audit.verify import NoHeads
from rapport.foundation.clock import ClockWentBack
from rapport.foundation.vault import VaultTrouble

FULL: Final = "The disk is full. Make room, then try again."
CLOSED: Final = "It cannot be written. Give the program the right to write to it and to its folder."
ADVICE: Final = (
    (
        ("locked", "lock timeout"),
        "Another program has been writing to it for too long. Wait a moment and try again.",
    ),
    (("readonly", "read-only"), CLOSED),
    (("disk is full", "no space"), FULL),
    (
        ("not a database", "malformed", "disk i/o"),
        "It is no database, or a damaged one. Put back the last copy, then run: rapport audit verify",
    ),
    (
        ("no such table", "no such column", "does not exist"),
        "It is behind this program, or empty. Save a copy, then bring it up to date with: rapport migrate",
    ),
    (
        ("unable to open",),
        "It is not there, or may not be opened. Put back the last copy, or make a home with: rapport migrate",
    ),
    (
        ("connect", "could not translate", "timeout expired", "authentication"),
        "Its server does not answer, or does not let the program in. Is DATABASE_URL right, and does the server run?",
    ),
)
ROOM: Final = 1024 * 1024  # SQLite says "disk I/O error" on a disk with less than it needs


def in_words(trouble: BaseException) -> str | None:
    """Return what a person can do about `trouble`, or None where it is not of a kind that is known."""
    if isinstance(trouble, ClockWentBack | KeyTrouble | NoHeads | NoWitness | VaultTrouble):
        return str(trouble)
    if not isinstance(trouble, DatabaseError):
        return None
    text = " ".join(str(trouble).split())
    advice = _seen_on_disk() or _by_text(text.lower()) or "Nothing was changed."
    return f"The database {settings.RAPPORT_DATABASE} could not be used ({text[:200]}). {advice}"


def _by_text(text: str) -> str | None:
    found = (advice for words, advice in ADVICE if any(word in text for word in words))
    return next(found, None)


def _seen_on_disk() -> str | None:
    """Return what the disk itself shows: SQLite has one message for several of these."""
    file = Path(settings.RAPPORT_DATABASE)
    if connection.vendor != "sqlite" or not file.exists():
        return None
    if not (os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)):
        return CLOSED
    return FULL if shutil.disk_usage(file.parent).free < ROOM else None
