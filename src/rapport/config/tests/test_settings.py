import sys

import pytest
from django.utils.module_loading import import_string

from rapport.config import settings
from rapport.config.env import OddSetting


def test_a_postgresql_without_its_driver_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(OddSetting, match="pip install"):
        settings.postgres("postgresql://rapport:secret@db.example/rapport")


def test_an_address_of_a_database_is_read_in_parts() -> None:
    found = settings.postgres("postgresql://rapport:p%40ss@db.example:5433/rapport")

    assert (found["HOST"], found["PORT"], found["PASSWORD"]) == ("db.example", "5433", "p@ss")


def test_a_password_costs_whoever_guesses_it_memory_and_time() -> None:
    hasher = import_string(settings.PASSWORD_HASHERS[0])()

    assert hasher.algorithm == "argon2"
    assert hasher.time_cost >= 2
    assert hasher.memory_cost >= 19_456  # KiB
