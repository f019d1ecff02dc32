"""The program as people run it: a process of its own, on a home of its own."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

PROGRAM = [sys.executable, "-m", "rapport"]


def environment(home: Path | str | None) -> dict[str, str]:
    """Return the environment of a shell in which nothing of ours is set but the home."""
    ours = ("RAPPORT", "DATABASE_URL", "DJANGO")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
    named = {"RAPPORT_HOME": str(home)} if home is not None else {}
    source = str(Path(__file__).resolve().parents[3])
    return {**kept, "PYTHONPATH": source, **named}


def rapport(
    *words: str,
    home: Path | str | None = None,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> "subprocess.CompletedProcess[str]":
    """Run `rapport` with these words and return what it said."""
    return subprocess.run(
        [*PROGRAM, *words],
        env={**environment(home), **(env or {})},
        cwd=cwd,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=120,
        check=False,
    )


@contextmanager
def database_of(home: Path) -> Iterator[sqlite3.Connection]:
    """Open the database of a home beside the program; what was done to it is kept, and it is closed."""
    with closing(sqlite3.connect(home / "rapport.sqlite3")) as database, database:
        yield database
