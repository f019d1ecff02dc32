"""How the cells of a table are read. Each reader returns a value, or says why a cell is none."""

import math
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from rapport.foundation.letters import unseen

Reader = Callable[[str], Any]


class Unfit(ValueError):
    """A cell's words that cannot be what its column holds; the message says why."""


class Unwanted(Unfit):
    """A cell that says that its whole line is not to be loaded."""


def words(longest: int) -> Reader:
    """Return a reader of words of at most so many letters."""

    def read(said: str) -> str:
        if problem := unseen(said):
            raise Unfit(problem)
        if len(said) > longest:
            raise Unfit(
                _("This is {have} letters long, and {most} is the most.").format(
                    have=len(said), most=longest
                )
            )
        return said

    return read


def digits(count: int) -> Reader:
    """Return a reader of an id of exactly so many digits; a spreadsheet's leading apostrophe is dropped."""

    def read(said: str) -> str:
        number = said.lstrip("'")
        if not (number.isascii() and number.isdigit()):
            raise Unfit(
                _("“{said}” is no id of {count} digits.").format(said=said[:30], count=count)
            )
        if len(number) != count:
            raise Unfit(
                _("“{said}” has {have} digits, an id has {count}. Did a spreadsheet drop a zero?")
                .format(said=number[:30], have=len(number), count=count)
            )  # fmt: skip
        return number

    return read


def number(low: float, high: float) -> Reader:
    """Return a reader of a number from `low` to `high`."""

    def read(said: str) -> float:
        found = _number(said)
        if not low <= found <= high:
            raise Unfit(
                _("{said} does not lie between {low} and {high}.").format(
                    said=said[:30], low=f"{low:g}", high=f"{high:g}"
                )
            )
        return found

    return read


def count(said: str) -> int:
    """Read a whole number of people or things. Negative numbers are codes, never counts."""
    found = _number(said.replace(",", ""))
    if found < 0:
        raise Unfit(_("{said} is a code, not a count.").format(said=said[:30]))
    if found != int(found) or found > 1_000_000:
        raise Unfit(_("{said} is no count.").format(said=said[:30]))
    return int(found)


def _number(said: str) -> float:
    try:
        found = float(said)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise Unfit(_("“{said}” is no number.").format(said=said[:30]))
    return found
