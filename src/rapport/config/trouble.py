"""What went wrong, in words that say what to do. Nothing here quotes a traceback."""

from typing import Final

from django.conf import settings
from django.db import DatabaseError

from rapport.foundation.audit.keys import KeyTrouble
from rapport.foundation.clock import ClockWentBack

ADVICE: Final = (
    (("locked", "lock timeout"), "Another program has been writing to it for too long. Wait a moment and try again."),
    (("readonly", "read-only"), "It cannot be written. Give the program the right to write to it and to its folder."),
    (("disk is full", "no space"), "The disk is full. Make room, then try again."),
    (
        ("not a database", "malformed", "disk i/o", "file is encrypted"),
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
        ("connection", "could not translate", "timeout expired", "authentication", "couldn't get a connection"),
        "Its server does not answer, or does not let the program in. Is DATABASE_URL right, and does the server run?",
    ),
)  # fmt: skip


def in_words(trouble: BaseException) -> str | None:
    """Return what a person can do about `trouble`, or None where it is not of a kind that is known."""
    if isinstance(trouble, ClockWentBack | KeyTrouble):
        return str(trouble)
    if not isinstance(trouble, DatabaseError):
        return None
    text = " ".join(str(trouble).split())
    found = [advice for words, advice in ADVICE if any(word in text.lower() for word in words)]
    advice = found[0] if found else "Nothing was changed."
    return f"The database {settings.RAPPORT_DATABASE} could not be used ({text[:200]}). {advice}"
