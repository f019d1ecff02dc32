"""The suite's ground: guards in the test database, and copies of it for real commits."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests import settings


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--touching-database",
        action="store_true",
        help="leave out what touches no database, and so says the same on every one",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--touching-database"):
        left_out = [item for item in items if not _touches_database(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if _touches_database(item)]


def _touches_database(item: pytest.Item) -> bool:
    """Programs that a test starts have SQLite homes, except in a `county`."""
    fixtures = set(getattr(item, "fixturenames", ()))
    module = getattr(item, "module", None)
    return (
        item.get_closest_marker("django_db") is not None
        or not fixtures.isdisjoint({"django_db_setup", "county"})
        or hasattr(module, "connection")
        or hasattr(module, "connections")
    )


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """A test that speaks another language leaves none to the next."""
    from django.utils import translation

    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """SQLite's test database is a file, so that it can be copied."""
    from django.conf import settings as django_settings
    from django.db import connections

    if connections["default"].vendor == "sqlite":
        name = str(settings.HOME / "test.sqlite3")
        django_settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = name
        connections["default"].settings_dict.setdefault("TEST", {})["NAME"] = name


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: Any,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """Make the test database with its guards. Ours, since pytest-django's own leaves it out where
    every test chosen has real commits (`committed`) and none bears its mark."""
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    from rapport.foundation import guards, vault
    from rapport.foundation.audit import keys

    keys.make()
    vault.make_keys()
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, aliases={"default"})
        guards.put_back(connection)
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """Run against a fresh copy of the test database, with real commits; the copy is thrown away.

    Append-only tables cannot be flushed, so `TransactionTestCase` will not do. The copy has a
    witness of its own. Yields the name.
    """
    from django.conf import settings as django_settings
    from django.db import connection

    with django_db_blocker.unblock():
        original = str(connection.settings_dict["NAME"])
        connection.close()
        copy = _copy(connection, original)
        connection.settings_dict["NAME"] = copy
        witness, django_settings.RAPPORT_WITNESS = (
            django_settings.RAPPORT_WITNESS,
            _witness_of_copy(),
        )
        try:
            yield copy
        finally:
            connection.close()
            connection.settings_dict["NAME"] = original
            django_settings.RAPPORT_WITNESS = witness
            _drop(connection, copy)


def _copy(connection: Any, original: str) -> str:
    if connection.vendor == "sqlite":
        copy = str(settings.HOME / f"copy-{uuid.uuid4().hex}.sqlite3")
        import sqlite3

        with sqlite3.connect(original) as source, sqlite3.connect(copy) as target:
            source.backup(target)
        source.close()
        target.close()
        return copy
    name = f"copy_{uuid.uuid4().hex}"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{original}"')
    return name


def _witness_of_copy() -> str:
    folder = settings.HOME / f"witness-{uuid.uuid4().hex}"
    folder.mkdir()
    return str(folder)


def _drop(connection: Any, name: str) -> None:
    if connection.vendor == "sqlite":
        for path in Path(name).parent.glob(Path(name).name + "*"):
            path.unlink()
        return
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
