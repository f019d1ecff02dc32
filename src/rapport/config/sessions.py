"""Sessions in the database, found by keys that could have been given; any other is nobody's."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as Rows


class SessionStore(Rows):
    """Django's own, but that a key with odd letters never reaches the database: PostgreSQL has no null byte."""

    def _validate_session_key(self, key: Any) -> bool:
        whole = isinstance(key, str) and key.isascii() and key.isalnum()
        return whole and len(key) <= 40 and bool(super()._validate_session_key(key))  # type: ignore[misc]
