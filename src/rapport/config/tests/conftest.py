import shutil
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from rapport.config.tests.build import rapport


@pytest.fixture(scope="session")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home made by `rapport migrate`, on SQLite. Do not change it: take `home`."""
    home = tmp_path_factory.mktemp("made") / "home"
    done = rapport("migrate", home=home)
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture(scope="session")
def other_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second one, with keys and a witness of its own. Do not change it."""
    other = tmp_path_factory.mktemp("other") / "home"
    assert rapport("migrate", home=other).returncode == 0
    return other


@pytest.fixture
def home(made_home: Path, tmp_path: Path) -> Path:
    """A copy of a new home, to be spoiled."""
    copy = tmp_path / "home"
    shutil.copytree(made_home, copy)
    return copy


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 6 MB in memory. Only root may make one."""
    place = tmp_path / "disk"
    place.mkdir()
    made = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(place)]
    if (
        not shutil.which("mount")
        or subprocess.run(made, capture_output=True, check=False).returncode
    ):
        pytest.skip("a small disk cannot be made here: that needs root and mount")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.fixture
def county() -> Iterator[dict[str, str]]:
    """The settings of a home on a PostgreSQL database of its own, where the suite runs on one."""
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite one process serves all")
    import psycopg

    own = connection.get_connection_params()
    own = {k: v for k, v in own.items() if k in ("user", "password", "host", "port")}
    name = f"served_{uuid.uuid4().hex}"
    with psycopg.connect(**own, dbname="postgres", autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    place = own.get("host", "")
    user = f"{own['user']}@" if own.get("user") else ""
    at = (
        f"/{name}?host={place}"
        if place.startswith("/") or not place
        else f"{place}:{own.get('port', 5432)}/{name}"
    )
    try:
        yield {"DATABASE_URL": f"postgresql://{user}{at}"}
    finally:
        with psycopg.connect(**own, dbname="postgres", autocommit=True) as server:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
