"""While a file is made nobody waits: the database is held for its line alone, not while rows are read."""

import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import RequestFactory

from rapport.foundation.access import Actor, Role, RoleAt, Scope
from rapport.foundation.audit import queries, views
from rapport.foundation.audit.models import Line
from rapport.foundation.audit.tests.build import grow

ADMINISTRATOR = Actor(1, frozenset({RoleAt(Role.ADMINISTRATOR, Scope.PROGRAM)}))


def test_others_write_while_a_file_is_made(committed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []
    in_words = queries.sentences

    def write() -> None:
        try:
            grow(1, 1)
            written.append(Line.objects.count())
        finally:
            connection.close()

    def meanwhile(*said: Any) -> Any:
        writer = threading.Thread(target=write)
        writer.start()
        writer.join(5)  # a writer that waits for the file would wait for twenty seconds
        return in_words(*said)

    monkeypatch.setattr(queries, "sentences", meanwhile)
    request: Any = RequestFactory().get("/history/", {"format": "csv"})
    request.actor, request.now = ADMINISTRATOR, datetime(2026, 3, 12, 12, tzinfo=UTC)

    assert views.history(request).status_code == 200
    assert written
