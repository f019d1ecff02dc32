"""Homes to measure in: thrown away afterwards, on each database that can be had."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from tests.postgres import NoPostgres, postgres

TOP = Path(__file__).resolve().parents[1]
PROGRAM = (sys.executable, "-m", "rapport")
OURS = ("RAPPORT", "DATABASE_URL", "DJANGO", "PYTHONDONTWRITEBYTECODE")


class Home(NamedTuple):
    """A home that was made, the database's name as people say it, and the environment to work on it."""

    database: str
    env: dict[str, str]


class Used(NamedTuple):
    """What a program took: seconds by the clock, seconds of processor time, peak memory in MB."""

    seconds: float
    busy: float
    peak: float


@contextmanager
def homes() -> Iterator[Iterator[Home]]:
    """Yield homes, each made when it is asked for: on SQLite, and on PostgreSQL where one can be had."""
    with ExitStack() as stack:
        yield _each(stack)


def _each(stack: ExitStack) -> Iterator[Home]:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rapport-bench-")))
    yield _made("SQLite", folder / "home")
    try:
        url, _ = stack.enter_context(postgres())
    except NoPostgres as why:
        sys.stderr.write(f"PostgreSQL: not measured. {why}\n")
        return
    named = stack.enter_context(_database(url))
    yield _made("PostgreSQL", folder / "pg", named)


@contextmanager
def _database(url: str) -> Iterator[str]:
    """Yield the URL of a database of its own beside the one at `url`; it is dropped afterwards."""
    import psycopg

    place, mark, words = url.partition("?")
    base, name = place.rsplit("/", 1)[0], f"rapport_bench_{os.getpid()}"
    server = f"{base}/postgres{mark}{words}"
    admin: Any = psycopg.connect(server, autocommit=True)
    with admin as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield f"{base}/{name}{mark}{words}"
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _made(database: str, folder: Path, url: str = "") -> Home:
    env = environment() | {"RAPPORT_HOME": str(folder)} | ({"DATABASE_URL": url} if url else {})
    home = Home(database, env | {"DJANGO_SETTINGS_MODULE": "rapport.config.settings"})
    run(home, *PROGRAM, "migrate")
    return home


def environment() -> dict[str, str]:
    """Return the environment without what is ours; bytecode is kept, as in any installation."""
    return {k: v for k, v in os.environ.items() if not k.startswith(OURS)}


def run(home: Home, *words: str) -> str:
    """Run a program on a home and return what it said. Raises where it fails."""
    done = subprocess.run(words, env=home.env, cwd=TOP, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{words} ended with {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout


def used(home: Home, *words: str) -> Used:
    """Run a program on a home, its output thrown away; return what it took. Raises where it fails."""
    began = time.perf_counter()
    with open(os.devnull, "wb") as nowhere, tempfile.TemporaryFile() as said:
        process = subprocess.Popen(words, env=home.env, cwd=TOP, stdout=nowhere, stderr=said)
        _, status, spent = os.wait4(process.pid, 0)
        if status:
            said.seek(0)
            raise RuntimeError(f"{words} ended with {status}: {said.read()[-2000:]!r}")
    return Used(
        time.perf_counter() - began, spent.ru_utime + spent.ru_stime, spent.ru_maxrss / 1024
    )
