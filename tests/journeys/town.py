"""The demo town, made once by `rapport demo` and served by `rapport serve`, as a stranger would do it."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ENV = {
    k: v for k, v in os.environ.items() if not k.startswith(("RAPPORT_", "DATABASE_URL", "DJANGO_"))
}


def rapport(*words: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run the program; return what it said."""
    return subprocess.run(
        [sys.executable, "-m", "rapport", *words, "--home", str(home)],
        capture_output=True,
        text=True,
        env=ENV,
        check=True,
        timeout=180,
    )


@contextmanager
def served(home: Path) -> Iterator[str]:
    """Serve a home; give the address; end it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with open(home / "log" / "journey", "wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "rapport", "serve", "--home", str(home), "--port", str(port)],
            env=ENV,
            stdout=log,
            stderr=log,
        )
    try:
        _wait(f"http://localhost:{port}/readyz", server)
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait(20)


def _wait(address: str, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            assert server.poll() is None, "the server ended by itself"
            time.sleep(0.2)
    raise AssertionError(f"{address} does not answer")
