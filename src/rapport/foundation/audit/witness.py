"""What was committed, written down outside the database as soon as it was.

A text file: its first line names the home; then each line of the trail as its id and its MAC. Other
lines begin with a word: `accepted` (what people accepted) and `checked` (all up to there was sound,
and only some MACs of it were kept). `testimony.py` reads it.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

import structlog
from django.conf import settings

from rapport.foundation.audit import keys
from rapport.foundation.audit.rules import LANE, Acceptance, shown

if TYPE_CHECKING:
    from rapport.foundation.audit.testimony import Reading

try:
    import fcntl
except ImportError:  # Windows: one process alone writes there, and the file is never shortened
    fcntl = None  # type: ignore[assignment]

log = structlog.get_logger(__name__)
BINARY: Final = getattr(os, "O_BINARY", 0)  # Windows would write other line ends
HOME: Final = b"home"
ACCEPTED: Final = b"accepted"
CHECKED: Final = b"checked"
TAIL: Final = 256 * 1024  # bytes of the file in which the newest line must stand


class Witness:
    """A text file of ids and MACs, opened anew for each note so that it can be replaced by a shorter one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.waiting: list[bytes] = []  # notes that could not be written yet
        self._mine = Lock()

    def saw(self, number: int, mac: bytes) -> None:
        """Note one line. Where it cannot be written it is logged and tried again; the action stands."""
        with self._mine:
            self.waiting.append(b"%d %s\n" % (number, mac.hex().encode()))
            try:
                self._append(b"".join(self.waiting))
            except (OSError, keys.KeyTrouble) as problem:
                log.error("witness_not_written", line=number, problem=type(problem).__name__)
            else:
                self.waiting.clear()

    def make(self) -> None:
        """Make the file with the home's name, unless it is there. Raises `OSError`, `KeyTrouble`."""
        with self._mine:
            self._append(b"")

    def accept(self, accepted: Iterable[Acceptance]) -> None:
        """Note what people accepted. Raises `OSError`: what is not noted is not accepted."""
        text = "".join(
            f"accepted {a.when} {a.uid} {a.reason} {a.kind} {a.first} {a.last} {a.pin or '-'}\n"
            for a in accepted
        )
        with self._mine:
            self._append(text.encode("ascii"))

    def is_writable(self) -> bool:
        """Tell whether notes can be made now and none is waiting."""
        with self._mine, suppress(OSError, keys.KeyTrouble):
            self._append(b"".join(self.waiting))
            self.waiting.clear()
            return True
        return False

    def home(self) -> str:
        """Return the home that the file names in its first line; empty where it names none."""
        with suppress(OSError), self.path.open("rb") as file:
            word, _, name = file.readline(64).rstrip(b"\n").partition(b" ")
            if word == HOME and name.isalnum():
                return name.decode("ascii", "replace")
        return ""

    def ends_with(self, number: int, mac: bytes) -> bool:
        """Tell whether the last few thousand notes tell of this line."""
        note = b"%d %s\n" % (number, mac.hex().encode())
        with suppress(OSError), self.path.open("rb") as file:
            file.seek(max(0, self.path.stat().st_size - TAIL))
            return note in file.read()
        return False

    def shorten(self, seen: "Reading", ends: dict[int, int], now: datetime) -> bool:
        """Keep of what a clean check saw only some MACs, and a dated line; tell whether it was done.

        `ends` is the last id that was checked in each lane. What is noted meanwhile stays.
        """
        if fcntl is None:
            return False
        with self._mine, self._locked(exclusive=True) as old:
            seen.more()
            new = self.path.with_suffix(".new")
            with new.open("wb") as file:
                os.chmod(new, 0o600)
                file.writelines(_shortened(seen, ends, now))
                file.flush()
                os.fsync(file.fileno())
            new.replace(self.path)
            _sync(self.path.parent)
            del old
        return True

    def _append(self, notes: bytes) -> None:
        with self._locked() as file:
            size = os.fstat(file).st_size
            if size == 0:
                notes = b"%s %s\n%s" % (HOME, keys.ring().home.encode(), notes)
            elif notes and _last_byte(file, size) != b"\n":  # a full disk cut off a note
                notes = b"\n" + notes
            if notes and os.write(file, notes) != len(notes):
                raise OSError("Only a part was written.")

    @contextmanager
    def _locked(self, *, exclusive: bool = False) -> Iterator[int]:
        """Open the file for appending, so that nobody puts another in its place meanwhile."""
        file = self._open()
        try:
            if fcntl is not None:
                empty = os.fstat(file).st_size == 0
                fcntl.flock(file, fcntl.LOCK_EX if exclusive or empty else fcntl.LOCK_SH)
                while os.fstat(file).st_nlink == 0:  # it was replaced while we waited
                    os.close(file)
                    file = self._open()
                    fcntl.flock(file, fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH)
            yield file
        finally:
            os.close(file)

    def _open(self) -> int:
        return os.open(self.path, os.O_APPEND | os.O_CREAT | os.O_RDWR | BINARY, 0o600)


def _last_byte(file: int, size: int) -> bytes:
    os.lseek(file, size - 1, os.SEEK_SET)
    return os.read(file, 1)


def _shortened(seen: "Reading", ends: dict[int, int], now: datetime) -> Iterator[bytes]:
    yield b"%s %s\n" % (HOME, seen.home.encode())
    yield from seen.said
    kept = seen.kept()
    old = {n: m for n, m in kept.items() if n <= ends.get(n >> LANE, 0)}
    for number, mac in old.items():
        yield b"%d %s\n" % (number, mac.hex().encode())
    through = " ".join(shown(end) for _, end in sorted(ends.items()))
    yield f"checked {now.isoformat()} {len(old)} {through}\n".encode()
    for number, mac in kept.items():
        if number not in old:
            yield b"%d %s\n" % (number, mac.hex().encode())


def _sync(folder: Path) -> None:
    file = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def current() -> Witness:
    """Return the witness of this home."""
    return _open(str(settings.RAPPORT_WITNESS))


@cache
def _open(folder: str) -> Witness:
    return Witness(Path(folder) / "trail")
