"""Which home a command works on. A home is one folder: database, files, keys, witness, log."""

import os
from pathlib import Path


class HomeTrouble(RuntimeError):
    """No home, or too many to choose from; the message says what to do."""


def candidates(top: Path) -> list[Path]:
    """Return the homes below `top`/var: folders that hold keys or a database."""
    var = top / "var"
    if not var.is_dir():
        return []
    return sorted(
        p for p in var.iterdir() if (p / "keys").is_dir() or (p / "rapport.sqlite3").exists()
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
