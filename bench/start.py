"""From a fresh clone to the first page, the second start, the memory of the idle town, and making a town."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median

from bench import homes
from bench.homes import PROGRAM, TOP, Home
from bench.rows import Row, show

IDLE = 8.0  # seconds after the first page


def run() -> list[Row]:
    """Clone, start once and then again, look at the idle town; make a town by itself."""
    with tempfile.TemporaryDirectory(prefix="rapport-bench-") as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "-q", str(TOP), str(clone)], check=True)
        with started(clone) as (_group, first):
            pass
        seconds = []
        for _ in range(3):
            with started(clone) as (group, again):
                seconds.append(again)
                time.sleep(IDLE)
                memory = resident(group)
        second, town = median(seconds), made(Path(folder))
    return [
        Row("first make run, to the first page", f"{first:.1f} s", "", "60 s", first < 60),
        Row("second make run, to the first page", f"{second:.1f} s", "", "5 s", second < 5),
        Row("  idle memory, all processes", f"{memory:.0f} MB", "", "200 MB", memory < 200),
        Row("rapport demo", f"{town:.1f} s", "", "8 s", town < 8),
    ]


def made(folder: Path) -> float:
    """Return the seconds in which a demo town is made, by what is installed here."""
    town = Home("SQLite", homes.environment())
    words = ((*PROGRAM, "demo", "--home", str(folder / f"town{n}")) for n in range(3))
    return median(homes.used(town, *each).seconds for each in words)


@contextmanager
def started(clone: Path) -> Iterator[tuple[int, float]]:
    """Run `make run`; yield its process group and the seconds until its first page could be used."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    kept = {k: v for k, v in homes.environment().items() if k != "PYTHONPATH"}
    began = time.monotonic()
    with (clone.parent / "log").open("wb") as log:
        process = subprocess.Popen(
            ["make", "run", f"PORT={port}"],
            cwd=clone,
            env=kept,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        wait_for_page(port, process)
        yield process.pid, time.monotonic() - began
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(15)


def wait_for_page(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Wait until the first page is there. Raises where the start ended by itself."""
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as page:
                if b"</html>" in page.read():
                    return
        except OSError:
            if process.poll() is not None:
                raise RuntimeError("make run ended by itself") from None
            time.sleep(0.1)


def resident(group: int) -> float:
    """Return the memory of a process group in MB: what processes share is shared out where Linux says so."""
    listed = subprocess.run(
        ["ps", "-eo", "pid=,pgid=,rss="], capture_output=True, text=True, check=True
    )
    rows = (map(int, line.split()) for line in listed.stdout.splitlines())
    return sum(_share(pid, rss) for pid, pgid, rss in rows if pgid == group) / 1024


def _share(pid: int, rss: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return rss


if __name__ == "__main__":
    sys.exit(show(run()))
