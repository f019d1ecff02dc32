"""Standing of 15,000 assignments on a past day as known on a past day, from the command line."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from bench.rows import Row

ON, KNOWN = "2025-03-12", "2025-06-30"
RUNS = 5
BUILD = "import django; django.setup(); from bench import state; print(state.build())"


def measured(words: list[str], env: dict[str, str]) -> tuple[float, float]:
    """Run a program; return its seconds and its peak memory in MB."""
    began = time.perf_counter()
    with open(os.devnull, "wb") as nowhere:
        process = subprocess.Popen(words, env=env, stdout=nowhere)
        _, status, used = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"{words} ended with {status}")
    return time.perf_counter() - began, used.ru_maxrss / 1024


def merely_read(env: dict[str, str]) -> float:
    """Return the seconds in which the driver alone reads the rows that the command reads."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.merely_read"],
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    return float(json.loads(done.stdout)["seconds"])


def on(name: str, env: dict[str, str]) -> list[Row]:
    """Measure on one database."""
    subprocess.run(
        [sys.executable, "-m", "rapport", "migrate"], env=env, check=True, capture_output=True
    )
    facts = subprocess.run(
        [sys.executable, "-c", BUILD], env=env, check=True, capture_output=True, text=True
    ).stdout.strip()
    words = [
        sys.executable,
        "-m",
        "rapport",
        "standing",
        "--all",
        "--on",
        ON,
        "--known",
        KNOWN,
        "--json",
    ]
    runs = [(merely_read(env), *measured(words, env)) for _ in range(RUNS)]
    read, took, peak = (median(column) for column in zip(*runs, strict=True))
    start = median(
        measured([sys.executable, "-m", "rapport", "standing", "--help"], env)[0] for _ in range(3)
    )
    return [
        Row(
            f"standing --all, {facts} facts, {name}",
            f"{took:.2f} s",
            f"{took / read:.1f}x merely read ({read:.2f} s)",
            "2 s",
            took < 2,
        ),
        Row(
            f"  of which the program's start, {name}",
            f"{start:.2f} s",
            f"{(took - start) / read:.1f}x without it",
            "7x",
            (took - start) / read <= 7,
        ),
        Row(f"  peak memory, {name}", f"{peak:.0f} MB", "", "200 MB", peak < 200),
    ]


def run() -> list[Row]:
    """Measure on SQLite, and on PostgreSQL where RAPPORT_TEST_DATABASE_URL names a server."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="rapport-bench-") as folder:
        base = {
            **os.environ,
            "RAPPORT_HOME": str(Path(folder) / "home"),
            "DJANGO_SETTINGS_MODULE": "rapport.config.settings",
        }
        base.pop("DATABASE_URL", None)
        rows += on("SQLite", base)
        url = os.environ.get("RAPPORT_TEST_DATABASE_URL")
        if url:
            rows += postgres(url, base | {"RAPPORT_HOME": str(Path(folder) / "pg")})
    return rows


def postgres(url: str, env: dict[str, str]) -> list[Row]:
    """Measure in a database of its own."""
    import psycopg

    base, name = url.rsplit("/", 1)[0], "rapport_bench"
    admin: Any = psycopg.connect(base + "/postgres", autocommit=True)
    with admin as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
    try:
        return on("PostgreSQL", env | {"DATABASE_URL": f"{base}/{name}"})
    finally:
        with psycopg.connect(base + "/postgres", autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


if __name__ == "__main__":
    for row in run():
        print(*row, sep="\t")
