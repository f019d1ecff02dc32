"""Which home a command works on. A home is one folder: database, files, keys, witness, log."""

import os
import sys
from pathlib import Path
from typing import IO, Final

MAKING: Final = ".making"  # a home that is being made; it gets its name when it is whole


class HomeTrouble(RuntimeError):
    """No home, or too many to choose from; the message says what to do."""


def candidates(top: Path) -> list[Path]:
    """Return the homes below `top`/var: folders that hold keys or a database."""
    var = top / "var"
    if not var.is_dir():
        return []
    return sorted(
        p
        for p in var.iterdir()
        if p.suffix != MAKING and ((p / "keys").is_dir() or (p / "rapport.sqlite3").exists())
    )


def choose(given: str | None, *, making: bool = False) -> Path:
    """Return the home: `given`, else RAPPORT_HOME, else the only one there is under ./var.

    `making` allows one that does not exist yet. Raises `HomeTrouble`.
    """
    named = given or os.environ.get("RAPPORT_HOME")
    if named:
        home = Path(named).absolute()
        if home.exists() and not home.is_dir():
            raise HomeTrouble(f"{home} is a file, not a home. Name a folder with --home.")
        if not making and not (home / "keys").is_dir():
            raise HomeTrouble(
                f"{home} is not a home yet. Make one with: rapport migrate --home {home}"
            )
        return home
    found = candidates(Path.cwd())
    if len(found) == 1:
        return found[0].absolute()
    if not found:
        raise HomeTrouble(
            "There is no home here. Name one with --home DIR, or make the demo with: rapport demo"
        )
    raise HomeTrouble(
        "There are several homes; name one with --home DIR: " + ", ".join(str(p) for p in found)
    )


def beside(home: Path) -> Path:
    """Return where a new home is made before it gets its place; the home itself where one is there."""
    if home.is_dir() and any(home.iterdir()):
        return home
    return home.with_name(home.name + MAKING)


def locked(file: IO[bytes]) -> bool:
    """Lock a file for as long as it is open; tell whether nobody else holds it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
