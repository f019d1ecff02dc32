"""From a fresh clone to the first page, the second start, and the memory of the idle town."""

import os
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.rows import Row

TOP = Path(__file__).resolve().parents[1]
IDLE = 8.0  # seconds after the first page


def run() -> list[Row]:
    """Clone, start twice, measure."""
    with tempfile.TemporaryDirectory(prefix="rapport-bench-") as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "-q", str(TOP), str(clone)], check=True)
        with started(clone) as (_group, first):
            pass
        with started(clone) as (group, second):
            time.sleep(IDLE)
            memory = resident(group)
    return [
        Row("first make run, to the first page", f"{first:.1f} s", "", "< 60 s", first < 60),
        Row("second make run, to the first page", f"{second:.1f} s", "", "< 5 s", second < 5),
        Row(
            "idle memory of the town, all processes",
            f"{memory:.0f} MB",
            "",
            "< 200 MB",
            memory < 200,
        ),
    ]


@contextmanager
def started(clone: Path) -> Iterator[tuple[int, float]]:
    """Run `make run`; yield its process group and the seconds until its first page could be used."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    kept = {
        k: v
        for k, v in os.environ.items()
        if not k.startswith(("RAPPORT", "DATABASE_URL", "PYTHONPATH"))
    }
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
    """Return the resident memory of a process group in MB; what processes share counts for each."""
    listed = subprocess.run(["ps", "-eo", "pgid=,rss="], capture_output=True, text=True, check=True)
    rows = (line.split() for line in listed.stdout.splitlines())
    return sum(int(rss) for pgid, rss in rows if int(pgid) == group) / 1024
