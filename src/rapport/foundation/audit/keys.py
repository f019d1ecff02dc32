"""The keys that sign the trail. They live beside the database, never in it."""

import os
import secrets
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings


class KeyTrouble(RuntimeError):
    """A key is missing or is not what it should be; the message says what to do."""


class Ring(NamedTuple):
    """Every trail key by its number, and the number of the one that signs."""

    keys: dict[int, bytes]
    current: int


def folder() -> Path:
    """Return the folder of keys of this home."""
    return Path(settings.RAPPORT_KEYS)


def ring() -> Ring:
    """Return the trail's keys. Raises `KeyTrouble` where there is none or one is damaged."""
    return _read(str(folder()))


@cache
def _read(place: str) -> Ring:
    found: dict[int, bytes] = {}
    for path in sorted(Path(place).glob("trail-*.key")):
        number = path.stem.removeprefix("trail-")
        try:
            key = bytes.fromhex(path.read_text(encoding="ascii").strip())
        except (ValueError, OSError) as problem:
            raise KeyTrouble(
                f"The trail key {path} cannot be read. Put back the one that was made with this home."
            ) from problem
        if len(key) != 32 or not number.isdecimal() or not 0 < int(number) < 256:
            raise KeyTrouble(
                f"The trail key {path} is damaged. Put back the one that was made with this home."
            )
        found[int(number)] = key
    if not found:
        raise KeyTrouble(
            f"There is no trail key in {place}. Put back the keys of this home; "
            "without them the trail can be neither written nor checked."
        )
    return Ring(found, max(found))


def forget() -> None:
    """Read the keys anew at the next use."""
    _read.cache_clear()


def make() -> bool:
    """Make the first trail key unless there is one; tell whether one was made."""
    place = folder()
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(place.glob("trail-*.key")):
        return False
    path = place / "trail-1.key"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_hex(32) + "\n")
    forget()
    return True
