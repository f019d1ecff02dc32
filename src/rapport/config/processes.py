"""How a home is served: by one process on SQLite, by several on PostgreSQL.

On SQLite the worker is a thread of the process that serves the pages, so that it can ring the
broker in memory. On PostgreSQL pages and worker are processes of their own, watched by the first.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Final

import structlog
import uvicorn
from django.conf import settings

from rapport.foundation import logs
from rapport.foundation.outbox.worker import Worker

log = structlog.get_logger(__name__)
GRACE: Final = 4  # seconds that open requests have to end
PATIENCE: Final = 8.0  # seconds after which a process that was told to end is ended
MOST_ENDS: Final = 20  # parts that ended by themselves before all of it does


class _Server(uvicorn.Server):
    """A server that says when it serves."""

    greeting = ""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        _say(self.greeting)


def one(door: socket.socket, greeting: str) -> int:
    """Serve pages in this process, with the worker as a thread; return 0 after a signal."""
    logs.configure("web", Path(settings.RAPPORT_LOG))
    worker = Worker()
    beside = threading.Thread(target=worker.run, name="worker", daemon=True)
    beside.start()
    _web(door, greeting)
    worker.stop.set()
    beside.join(PATIENCE - GRACE)
    return 0


def several(door: socket.socket, greeting: str, processes: int) -> int:
    """Serve pages and run the worker in processes of their own; return 0 after a signal.

    One that ends by itself is started again; 1 is returned where that happens too often.
    """
    logs.configure("first", Path(settings.RAPPORT_LOG))
    told = threading.Event()
    _on_signal(told.set)
    watched = _Watched(door, [*(["web"] * max(1, processes)), "worker"])
    _say(greeting)
    while not told.wait(0.5) and watched.ends <= MOST_ENDS:
        watched.start_again()
    watched.end()
    return 1 if watched.ends > MOST_ENDS else 0


def part(name: str, door: int) -> int:
    """Be one of several processes, until told to end or until the first of them is gone."""
    threading.Thread(target=_end_with, args=[os.getppid()], name="watch", daemon=True).start()
    logs.configure(f"{name}-{os.getpid()}" if name == "web" else name, Path(settings.RAPPORT_LOG))
    if name == "web":
        with socket.socket(fileno=door) as inherited:
            _web(inherited)
        return 0
    worker = Worker()
    _on_signal(worker.stop.set)
    worker.run()
    return 0


class _Watched:
    """The processes that this one started."""

    def __init__(self, door: socket.socket, parts: list[str]) -> None:
        self._door, self._parts, self.ends = door.fileno(), parts, 0
        os.set_inheritable(self._door, True)  # noqa: FBT003  the name says what it is
        self._running = [self._start(name) for name in parts]

    def start_again(self) -> None:
        """Start each part again that has ended by itself."""
        for place, process in enumerate(self._running):
            if process.poll() is not None:
                self.ends += 1
                log.error("part_ended", part=self._parts[place], number=process.returncode)
                time.sleep(1)
                self._running[place] = self._start(self._parts[place])

    def end(self) -> None:
        """Tell all of them to end, and end whoever does not."""
        for process in self._running:
            process.terminate()
        deadline = time.monotonic() + PATIENCE
        for process in self._running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _start(self, name: str) -> "subprocess.Popen[bytes]":
        words = ["serve", "--home", settings.RAPPORT_HOME, "--part", name, "--socket"]
        program = [sys.executable, "-m", "rapport", *words, str(self._door)]
        env = {**os.environ, "RAPPORT_POOL": "10" if name == "web" else "0"}
        return subprocess.Popen(program, env=env, pass_fds=[self._door])  # noqa: S603  our own words


def _web(door: socket.socket, greeting: str = "") -> None:
    # WhiteNoise hands files over synchronously; at our sizes that is nothing to warn of.
    warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous")
    server = _Server(
        uvicorn.Config(
            "rapport.config.asgi:application",
            http="httptools",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE,
        )
    )
    server.greeting = greeting
    # Once it has ended, uvicorn raises the signal again; what follows here must still be done.
    _on_signal(lambda: None)
    server.run(sockets=[door])


def _on_signal(do: Callable[[], None]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: do())


def _end_with(first: int) -> None:
    while os.getppid() == first:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


def _say(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
