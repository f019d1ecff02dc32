"""The environment, read as what it should be. Odd text is refused, never taken for no."""

import os
from typing import Final

YES: Final = frozenset({"1", "true", "yes", "on"})
NO: Final = frozenset({"0", "false", "no", "off", ""})


class OddSetting(ValueError):
    """A variable of the environment that cannot be read; the message names it and says what it may be."""


def text(name: str, default: str = "") -> str:
    """Return the variable's text; `default` where it is not set or empty."""
    return os.environ.get(name) or default


def flag(name: str, *, default: bool = False) -> bool:
    """Return yes or no. Raises `OddSetting` for anything else, such as "ture"."""
    given = os.environ.get(name)
    if given is None:
        return default
    if given.strip().lower() in YES:
        return True
    if given.strip().lower() in NO:
        return False
    raise OddSetting(f"{name} is {given!r}; it may be true or false.")


def number(name: str, default: int) -> int:
    """Return a whole number that is not negative. Raises `OddSetting`."""
    given = os.environ.get(name, "").strip()
    if not given:
        return default
    if not given.isdecimal():
        raise OddSetting(f"{name} is {given!r}; it must be a whole number.")
    return int(given)


def several(name: str, default: list[str]) -> list[str]:
    """Return the parts of a list that is separated by commas."""
    given = [part.strip() for part in os.environ.get(name, "").split(",")]
    return [part for part in given if part] or default
