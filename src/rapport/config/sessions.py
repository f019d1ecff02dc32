"""Sessions in the database, found by keys that could have been given; any other is nobody's."""

from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as Rows
from django.db import close_old_connections
from django.http import parse_cookie


class SessionStore(Rows):
    """Django's own, but that a key with odd letters never reaches the database: PostgreSQL has no null byte."""

    def _validate_session_key(self, key: Any) -> bool:
        whole = isinstance(key, str) and key.isascii() and key.isalnum()
        return whole and len(key) <= 40 and bool(super()._validate_session_key(key))  # type: ignore[misc]


@sync_to_async
def seat(cookies: str) -> str | None:
    """Return the key of the session in a Cookie header in which somebody is signed in; None without one."""
    session = SessionStore(parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME))
    try:
        return session.session_key if SESSION_KEY in session else None
    finally:
        close_old_connections()
