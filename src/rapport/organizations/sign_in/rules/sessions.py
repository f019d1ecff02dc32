"""What a session says: since when nobody has done anything in it, when its person last proved who they are.

A session is a mapping from words to texts; moments are written as ISO 8601.
"""

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

IDLE: Final = timedelta(minutes=30)  # FIELD.md 11: lock after 30 idle minutes
DEEP: Final = timedelta(hours=12)  # from then on a locked session opens only by the whole sign-in
FRESH: Final = timedelta(minutes=10)  # how long a proof holds for changes of the sign-in itself
HALF: Final = timedelta(minutes=10)  # between the password and the second factor
NOTED: Final = timedelta(minutes=1)  # how exactly it is noted when somebody last did something

SEEN, LOCKED, SIGNED_IN, PROVED = "seen", "locked", "signed_in", "proved"
HALF_WAY, SECOND, DEMO, DOOR = "half", "second", "demo", "passkey"
LINK: Final = "link"  # what shows that an old proof was given beside a link
Session = Mapping[str, Any]


def moment(session: Session, key: str) -> datetime | None:
    """Return the moment kept under `key`, if there is one."""
    text = session.get(key)
    return datetime.fromisoformat(text) if isinstance(text, str) else None


def is_locked(session: Session, now: datetime) -> bool:
    """Tell whether the session is locked: by its person, or because nobody did anything for 30 minutes."""
    seen = moment(session, SEEN)
    return bool(session.get(LOCKED)) or (seen is not None and now - seen >= IDLE)


def is_to_be_noted(session: Session, now: datetime) -> bool:
    """Tell whether it is time to note that somebody did something."""
    seen = moment(session, SEEN)
    return seen is None or now - seen >= NOTED


def is_deep(session: Session, now: datetime) -> bool:
    """Tell whether a locked session opens only by the whole sign-in, as it began long ago."""
    began = moment(session, SIGNED_IN)
    return began is None or now - began >= DEEP


def is_fresh(session: Session, now: datetime) -> bool:
    """Tell whether its person proved who they are within the last ten minutes."""
    proved = moment(session, PROVED)
    return proved is not None and now - proved < FRESH


def half_way(session: Session, now: datetime) -> int | None:
    """Return the key of the account whose password was right a moment ago, if one waits for its second factor."""
    half = session.get(HALF_WAY)
    if not isinstance(half, dict):
        return None
    at = moment(half, "at")
    return int(half["account"]) if at is not None and now - at < HALF else None


def is_still(session: Session, account_hash: str) -> bool:
    """Tell whether the account is as it was when its password was right: the same password and epoch."""
    return hmac.compare_digest(str(session[HALF_WAY].get("hash", "")), account_hash)
