"""A walk of every address with GET and HEAD, as every kind of person: nothing changes, nothing breaks."""

import hashlib
from collections.abc import Iterator
from typing import Any, Final

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from tests.wall.addresses import FILL, PUBLIC, addresses, patterns
from tests.wall.town import CAST, STRANGER, Town

# What a GET may write: lines of the trail, the session that keeps somebody signed in, when one was last here.
MAY_CHANGE: Final = {"trail", "django_session"}
MAY_BE_UNREADY: Final = {"/readyz"}  # no worker runs beside the tests
LAST_SEEN: Final = {("people_account", "last_seen_at"), ("people_account", "last_login")}


def test_the_walk_knows_how_to_fill_every_pattern_of_the_urlconf() -> None:
    asking = {route for route, _, pattern in patterns() if pattern.pattern.converters}

    assert not sorted(asking - set(FILL)), "Add these to FILL in tests/wall/addresses.py."
    assert not sorted(set(FILL) - asking), "These are gone; take them out of FILL."


def test_only_the_named_views_answer_without_sign_in() -> None:
    open_views = {
        name
        for _, name, pattern in patterns()
        if not getattr(pattern.callback, "login_required", True)
    }

    assert open_views == set(PUBLIC) & {name for _, name, _ in patterns()}


def signed_in(town: Town, key: str) -> Client:
    """Return a client that is signed in as this person, and answers 500 instead of raising."""
    client = Client(raise_request_exception=False)
    if key != STRANGER:
        client.force_login(town.accounts[key])
    return client


def digest() -> dict[str, tuple[int, str]]:
    """Return for every table its number of rows and a digest of them."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if table in MAY_CHANGE or not model._meta.managed:
            continue
        columns = [
            f.column for f in model._meta.concrete_fields if (table, f.column) not in LAST_SEEN
        ]
        rows = list(_rows(table, columns))
        found[table] = len(rows), hashlib.sha256(repr(rows).encode()).hexdigest()
    return found


def _rows(table: str, columns: list[Any]) -> Iterator[Any]:
    quoted = ", ".join(f'"{c}"' for c in columns)
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {quoted} FROM "{table}" ORDER BY 1')
        for row in cursor.fetchall():
            yield tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)


# One person a role, somebody without any, and a stranger.
KINDS: Final = {tuple(r for r, _ in roles): key for key, roles in reversed(CAST.items())}.values()


@pytest.mark.slow
@pytest.mark.parametrize("key", [*KINDS, STRANGER])
def test_every_address_answers_and_a_get_or_head_changes_nothing(town: Town, key: str) -> None:
    before = digest()
    client = signed_in(town, key)

    broken = {}
    for address in addresses(town, at_most=9):
        for method in (client.get, client.head):
            answer = method(address)
            if answer.status_code >= 500 and address not in MAY_BE_UNREADY:
                broken[f"{method.__name__} {address}"] = answer.status_code
            if method.__name__ == "head":
                assert not getattr(answer, "content", b""), f"HEAD {address} sent a body"

    assert not broken
    assert digest() == before
