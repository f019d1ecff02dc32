"""What was committed, written down outside the database as soon as it was."""

import os
from functools import cache
from pathlib import Path

import structlog
from django.conf import settings

log = structlog.get_logger(__name__)


class Witness:
    """A text file of ids and MACs; one a host, opened for appending only."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd: int | None = None

    def saw(self, number: int, mac: bytes) -> None:
        """Note one line. A witness that cannot be written is logged; the action stands."""
        try:
            if self._fd is None:
                self._fd = os.open(self.path, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)
            os.write(self._fd, b"%d %s\n" % (number, mac.hex().encode()))
        except OSError as problem:
            log.error("witness_not_written", line=number, problem=problem.strerror)

    def is_writable(self) -> bool:
        """Tell whether a note could be made now."""
        return (
            os.access(self.path, os.W_OK)
            if self.path.exists()
            else os.access(self.path.parent, os.W_OK)
        )

    def close(self) -> None:
        """Let go of the file."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


def current() -> Witness:
    """Return the witness of this home."""
    return _open(str(settings.RAPPORT_WITNESS))


@cache
def _open(folder: str) -> Witness:
    return Witness(Path(folder) / "trail")
