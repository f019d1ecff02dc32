"""`rapport serve` as a process: what it refuses, what it starts, and that nothing of it stays."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rapport.config.tests.build import PROGRAM, database_of, environment, rapport


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port


def get(port: int, path: str) -> tuple[int, str]:
    """Return status and body; status 0 where nobody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as page:
            return page.status, page.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()
    except OSError:
        return 0, ""


def wait_for(port: int, path: str, status: int, seconds: float = 40) -> str:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        seen, body = get(port, path)
        if seen == status:
            return body
        time.sleep(0.2)
    raise AssertionError(
        f"{path} did not answer {status} within {seconds} s, but {seen}: {body[:500]}"
    )


def group(leader: int) -> list[int]:
    """Return the processes of a group that are still there."""
    found = subprocess.run(
        ["ps", "-eo", "pid=,pgid=,stat="], capture_output=True, text=True, check=True
    )
    rows = [line.split() for line in found.stdout.splitlines()]
    return [int(pid) for pid, pgid, stat in rows if int(pgid) == leader and "Z" not in stat]


@contextmanager
def served(
    home: Path, *words: str, env: dict[str, str] | None = None
) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """Serve `home` until the block ends; yield the process and its port."""
    port = free_port()
    with (home / "said").open("w") as said:
        process = subprocess.Popen(
            [*PROGRAM, "serve", "--port", str(port), *words],
            env={**environment(home), **(env or {})},
            stdout=said,
            stderr=said,
            text=True,
            start_new_session=True,
        )
    try:
        wait_for(port, "/healthz", 200)
        yield process, port
    finally:
        for left in group(process.pid):
            os.kill(left, signal.SIGKILL)
        process.wait(10)


def ends(process: "subprocess.Popen[str]", number: signal.Signals) -> tuple[int, float, list[int]]:
    """Send a signal; return the exit code, the seconds it took, and who is left."""
    began = time.monotonic()
    process.send_signal(number)
    code = process.wait(15)
    return code, time.monotonic() - began, group(process.pid)


def refusal(home: Path, *words: str, env: dict[str, str] | None = None) -> str:
    done = rapport("serve", *(words or ("--port", str(free_port()))), home=home, env=env)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


class TestItRefuses:
    def test_a_demo_beyond_this_computer(self, home: Path) -> None:
        (home / "demo").touch()

        said = refusal(home, "--host", "0.0.0.0")

        assert "this computer alone" in said

    def test_a_port_that_is_taken(self, home: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            said = refusal(home, "--port", str(port))

        assert f"127.0.0.1:{port} cannot be used" in said
        assert f"PORT={port + 1}" in said

    def test_a_database_that_is_behind(self, home: Path) -> None:
        with database_of(home) as database:
            database.execute("DELETE FROM django_migrations WHERE app = 'outbox'")

        assert "behind this program" in refusal(home)

    def test_a_home_without_its_keys(self, home: Path) -> None:
        for key in (home / "keys").glob("trail-*"):
            key.unlink()

        assert "Put back the keys" in refusal(home)

    def test_a_witness_that_cannot_be_written(self, home: Path) -> None:
        said = refusal(home, env={"RAPPORT_WITNESS": "/dev/null/witness"})

        assert "cannot be written" in said

    def test_a_database_without_its_guards(self, home: Path) -> None:
        with database_of(home) as database:
            database.execute("DROP TRIGGER trail_no_delete")

        assert "trail_no_delete" in refusal(home)


@pytest.mark.slow
class TestItServes:
    def test_pages_and_worker_until_it_is_told_to_end(self, home: Path) -> None:
        with served(home) as (process, port):
            ready = json.loads(wait_for(port, "/readyz", 200))
            second = rapport("serve", "--port", str(free_port()), home=home)
            code, took, left = ends(process, signal.SIGTERM)

        assert ready["ready"]
        assert ready["checks"]["worker"]
        assert second.returncode == 2
        assert "served already" in second.stderr
        assert (code, left) == (0, [])
        assert took < 10
        said = (home / "said").read_text()
        assert f"http://localhost:{port}" in said
        assert "Nobody can sign in yet" in said

    def test_a_home_that_is_not_there_once_it_is_told_to_make_it(self, tmp_path: Path) -> None:
        (tmp_path / "home").mkdir()

        with served(tmp_path / "home", "--migrate") as (_process, port):
            assert json.loads(wait_for(port, "/readyz", 200))["ready"]

    def test_what_is_still_being_sent_does_not_hold_the_end_up(self, home: Path) -> None:
        with served(home) as (process, port), socket.create_connection(("127.0.0.1", port)) as slow:
            slow.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nx")
            time.sleep(0.5)
            code, took, left = ends(process, signal.SIGINT)

        assert (code, left) == (0, [])
        assert took < 10

    def test_readiness_names_what_is_wrong_and_no_more(self, home: Path) -> None:
        with served(home) as (_process, port):
            wait_for(port, "/readyz", 200)
            (home / "keys" / "trail-1.key").rename(home / "keys" / "hidden")
            with database_of(home) as database:
                database.execute("DROP TRIGGER trail_no_delete")
            said = wait_for(port, "/readyz", 503)
            alive = get(port, "/healthz")

        assert json.loads(said)["checks"]["guards"] is False
        assert "trail_no_delete" not in said
        assert str(home) not in said
        assert alive == (200, "alive\n")

    def test_a_database_that_goes_is_said_in_words_and_not_made_anew(self, home: Path) -> None:
        with served(home) as (_process, port):
            wait_for(port, "/readyz", 200)
            (home / "rapport.sqlite3").rename(home / "elsewhere")
            time.sleep(3)
            status, body = get(port, "/readyz")
            made = (home / "rapport.sqlite3").exists()

        assert status == 503
        assert json.loads(body)["checks"]["database"] is False
        assert not made


@pytest.mark.slow
class TestOnPostgres:
    def test_pages_and_worker_are_processes_that_end_together(
        self, home: Path, county: dict[str, str]
    ) -> None:
        with served(home, "--migrate", "--processes", "2", env=county) as (process, port):
            ready = json.loads(wait_for(port, "/readyz", 200))
            running = len(group(process.pid))
            code, took, left = ends(process, signal.SIGTERM)

        assert ready["checks"]["worker"]
        assert running == 4  # the first, two for pages, one worker
        assert (code, left) == (0, [])
        assert took < 10

    def test_a_part_that_dies_is_started_again_and_none_outlives_the_first(
        self, home: Path, county: dict[str, str]
    ) -> None:
        with served(home, "--migrate", "--processes", "1", env=county) as (process, port):
            wait_for(port, "/readyz", 200)
            parts = [pid for pid in group(process.pid) if pid != process.pid]
            os.kill(parts[0], signal.SIGKILL)
            time.sleep(3)
            again = [pid for pid in group(process.pid) if pid != process.pid]
            wait_for(port, "/healthz", 200)
            process.kill()
            process.wait()
            deadline = time.monotonic() + 10
            while group(process.pid) and time.monotonic() < deadline:
                time.sleep(0.2)
            left = group(process.pid)

        assert len(again) == 2
        assert set(again) != set(parts)
        assert left == []
