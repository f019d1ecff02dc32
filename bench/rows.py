"""What a bench prints: a measured figure, what it is measured against, and the bar."""

from typing import NamedTuple


class Row(NamedTuple):
    """One line of the table. `ratio` is within one run; `bar` is the promise it is held against."""

    what: str
    figure: str
    ratio: str = ""
    bar: str = ""
    holds: bool | None = None
