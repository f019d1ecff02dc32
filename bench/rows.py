"""What a bench prints: a measured figure, what it is measured against, and the bar."""

import sys
from collections.abc import Iterable
from typing import NamedTuple


class Row(NamedTuple):
    """One line of the table. `ratio` is within one run; `bar` is the promise it is held against."""

    what: str
    figure: str
    ratio: str = ""
    bar: str = ""
    holds: bool | None = None


HEAD = ("what", "figure", "ratio", "bar", "")
WORDS = {True: "holds", False: "FALLS SHORT", None: ""}


def table(rows: Iterable[Row]) -> str:
    """Return the rows as aligned text, each with a word on whether it holds."""
    cells = [HEAD] + [(*row[:4], WORDS[row.holds]) for row in rows]
    widths = [max(len(line[place]) for line in cells) for place in range(5)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def show(rows: list[Row]) -> int:
    """Print the rows; return 1 where one falls short of its bar."""
    sys.stdout.write(table(rows) + "\n")
    return 1 if any(row.holds is False for row in rows) else 0
