import sys

import pytest

from rapport.config import settings
from rapport.config.env import OddSetting


def test_a_postgresql_without_its_driver_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(OddSetting, match="pip install"):
        settings.postgres("postgresql://rapport:secret@db.example/rapport")


def test_an_address_of_a_database_is_read_in_parts() -> None:
    found = settings.postgres("postgresql://rapport:p%40ss@db.example:5433/rapport")

    assert (found["HOST"], found["PORT"], found["PASSWORD"]) == ("db.example", "5433", "p@ss")
