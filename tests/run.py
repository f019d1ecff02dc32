"""`make test`: the whole suite on SQLite and on PostgreSQL, and the journeys in a browser.

Runs go side by side; each line of output bears the name of its run. The last lines say which
databases, browser and Pythons took part; with CI=true a part that is missing fails the run.
"""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests import browser
from tests.postgres import NoPostgres, postgres

TOP = Path(__file__).resolve().parents[1]
STRICT = os.environ.get("CI", "").lower() in ("1", "true")
_printing = threading.Lock()


@dataclass
class Run:
    """One run of pytest: what it is called, by which Python, on what, and which tests."""

    name: str
    words: list[str]
    env: dict[str, str] = field(default_factory=dict)
    python: str = sys.executable
    chosen: bool = False  # somebody named tests, so that this run may have none

    def go(self) -> bool:
        """Run it, its lines printed as they come; tell whether every test passed."""
        env = {**os.environ, "PYTHONPATH": str(TOP / "src"), "COLUMNS": "110", **self.env}
        process = subprocess.Popen(
            [self.python, "-m", "pytest", *self.words],
            cwd=TOP,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        assert process.stdout is not None
        for line in process.stdout:
            with _printing:
                print(f"{self.name:>10} | {line}", end="", flush=True)
        nothing = 5  # pytest's code for "no test was chosen": right only where one named some
        return process.wait() in ((0, nothing) if self.chosen else (0,))


def main(words: list[str]) -> int:
    """Run everything that can be run here; return 0 when all of it passed."""
    said: list[str] = []
    lacking: list[str] = []
    with ExitStack() as stack:
        runs = [Run("SQLite", ["-m", "not journey", *words], {"RAPPORT_TEST_DATABASE_URL": ""})]
        said.append(f"SQLite: {sqlite3.sqlite_version}")
        try:
            url, server = stack.enter_context(postgres(quick=True))
        except NoPostgres as problem:
            lacking.append(f"PostgreSQL: not run ({problem})")
        else:
            part = ["-m", "not journey", "--touching-database", *words]
            runs.append(Run("PostgreSQL", part, {"RAPPORT_TEST_DATABASE_URL": url}))
            said.append(f"PostgreSQL: {server}, for all that touches a database")
        found = browser.find() or browser.install()
        if found:
            env = {"RAPPORT_TEST_DATABASE_URL": "", "RAPPORT_TEST_BROWSER": found}
            runs.append(Run("journeys", ["-m", "journey", *words], env))
            said.append(f"Browser: {browser.version(found)}")
        else:
            lacking.append("Browser: not run (no Chromium is here, and none could be installed)")
        newer = environment_of("3.13")
        if newer:
            env = {"RAPPORT_TEST_DATABASE_URL": ""}
            few = ["-m", "not journey and not slow", *words]
            runs.append(Run("3.13", few, env, python=newer))
        said.append(
            "Python: "
            + sys.version.split()[0]
            + (", and 3.13 for all but the slow" if newer else "; 3.13: not run")
        )
        for run in runs:
            run.chosen = bool(words)
        with ThreadPoolExecutor(max(2, (os.cpu_count() or 2) // 2)) as pool:
            passed = list(pool.map(Run.go, runs))
    for run, well in zip(runs, passed, strict=True):
        said.append(f"{run.name}: {'passed' if well else 'FAILED'}")
    print("\n".join(["", *said, *lacking]))
    return 0 if all(passed) and not (STRICT and lacking) else 1


def pythons(version: str) -> Iterator[str]:
    """Yield where a Python of this version may lie. A shim may stand there without one behind it."""
    on_path = shutil.which(f"python{version}")
    if on_path:
        yield on_path
    kept = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    yield from (str(p) for p in sorted(kept.glob(f"{version}.*/bin/python{version}")))


def environment_of(version: str) -> str | None:
    """Return the Python of an environment of this version with the suite's packages, or None."""
    works = (p for p in pythons(version) if _runs([p, "--version"]))
    base = next(works, None)
    if base is None or sys.version_info[:2] == tuple(int(n) for n in version.split(".")):
        return None
    folder = TOP / f".venv-{version}"
    lock = TOP / "requirements" / "dev.lock.txt"
    stamp, digest = folder / "stamp", hashlib.sha256(lock.read_bytes()).hexdigest()
    python = folder / "bin" / "python"
    if stamp.exists() and stamp.read_text() == digest:
        return str(python)
    print(f"Making an environment for Python {version} …", flush=True)
    install = [str(python), "-m", "pip", "install", "-q", "--require-hashes", "-r", str(lock)]
    if not _runs([base, "-m", "venv", "--clear", str(folder)]) or not _runs(install):
        return None
    stamp.write_text(digest)
    return str(python)


def _runs(words: list[str]) -> bool:
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
