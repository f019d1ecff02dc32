"""The keys that sign the trail. They live beside the database, never in it."""

import hmac
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from django.conf import settings

LARGEST: Final = 255  # a key's number is one byte of each line's MAC


class KeyTrouble(RuntimeError):
    """A key is missing or is not what it should be; the message says what to do."""


class Ring(NamedTuple):
    """Every trail key by its number, and the number of the one that signs. The others only check."""

    keys: dict[int, bytes]
    current: int

    @property
    def home(self) -> str:
        """Name the home that these keys were made with. The witness bears the same name."""
        return hmac.digest(self.keys[1], b"home", "sha256")[:8].hex()


def folder() -> Path:
    """Return the folder of keys of this home."""
    return Path(settings.RAPPORT_KEYS)


def ring() -> Ring:
    """Return the trail's keys. Raises `KeyTrouble` where there is none or one is damaged."""
    place = folder()
    try:
        changed = place.stat().st_mtime_ns  # a rotation is seen by every process at its next line
    except OSError:
        changed = 0
    return _read(str(place), changed)


@lru_cache(maxsize=8)
def _read(place: str, _changed: int) -> Ring:
    found = dict(_key(path) for path in sorted(Path(place).glob("trail-*.key")))
    if not found:
        raise KeyTrouble(
            f"There is no trail key in {place}. Put back the keys of this home; "
            "without them the trail can be neither written nor checked."
        )
    for number in range(1, max(found)):
        if number not in found:
            raise KeyTrouble(
                f"The trail key {Path(place) / f'trail-{number}.key'} is missing. Put it back: "
                "the lines that it signed cannot be checked without it."
            )
    return Ring(found, max(found))


def _key(path: Path) -> tuple[int, bytes]:
    number = path.stem.removeprefix("trail-")
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (ValueError, OSError) as problem:
        raise KeyTrouble(
            f"The trail key {path} cannot be read. Put back the one that was made with this home."
        ) from problem
    if len(key) != 32 or not number.isdecimal() or not 0 < int(number) <= LARGEST:
        raise KeyTrouble(
            f"The trail key {path} is damaged. Put back the one that was made with this home."
        )
    return int(number), key


def forget() -> None:
    """Read the keys anew at the next use."""
    _read.cache_clear()


def make() -> bool:
    """Make the first trail key unless there is one; tell whether one was made."""
    place = folder()
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(place.glob("trail-*.key")):
        return False
    with _next(1):
        return True


def rotate() -> int:
    """Make the next key, which signs from now on, and return its number. The old ones still check."""
    with rotated() as number:
        return number


@contextmanager
def rotated() -> Iterator[int]:
    """Yield the number of the next key, which signs once the block is done, and not where it fails."""
    number = ring().current + 1
    if number > LARGEST:
        raise KeyTrouble(f"There are {LARGEST} trail keys; no more can be told apart.")
    with _next(number):
        yield number


@contextmanager
def _next(number: int) -> Iterator[None]:
    with put(folder() / f"trail-{number}.key", secrets.token_hex(32)):
        yield
    forget()


@contextmanager
def put(path: Path, text: str) -> Iterator[None]:
    """Write a key beside its place, and put it there once the block is done.

    Whatever is cut short leaves no half a key, and none that nobody was told of.
    """
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        yield
        if path.exists():
            raise KeyTrouble(f"Somebody else has just made the key {path}. Nothing was replaced.")
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def open_to_others() -> list[Path]:
    """Return what other users of this machine can get at: keys of this home, of whatever use, and their
    folder where others can write into it.

    Windows keeps no such bits.
    """
    if os.name != "posix":
        return []
    place = folder()
    written = place.exists() and place.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    others = stat.S_IRWXG | stat.S_IRWXO
    found = [p for p in sorted(place.glob("*.key")) if p.stat().st_mode & others]
    return [place, *found] if written else found


# What somebody could do who read a key, and how a new one is made.
_USES: Final = {
    "trail": ("sign lines", "then make a new one with: rapport audit rotate-key"),
    "vault": ("open what is sealed", "then make a new one with: rapport vault rotate-key"),
    "session": (
        "sign in as anybody",
        "then delete it and make a new one with: rapport migrate; everybody signs in again",
    ),
}


def exposed(path: Path) -> str:
    """Say that a key, or the folder of keys, is open to others, what they could do, and what to do."""
    if path == folder():
        return (
            f"Other users of this machine can write into the folder of keys {path}, and put others in "
            f"their place. Close it with: chmod 700 {path}; then hold the keys against the history "
            "with: rapport audit verify"
        )
    use = path.name.partition("-")[0].removesuffix(".key")
    could, then = _USES.get(use, ("read it", "then take it away"))
    return (
        f"The key {path} is open to other users of this machine, who could {could}. "
        f"Close it with: chmod 600 {path}; {then}"
    )
