"""`make bench`: every module of this folder that has `run() -> list[Row]`, as one table.

`python -m bench start standing` runs those alone. Exit 1 where a figure misses its bar or a bench fails.
"""

import importlib
import pkgutil
import sys
import time
import traceback
from collections.abc import Iterator
from typing import Any

import bench
from bench.rows import Row

HEAD = Row("what", "figure", "ratio", "bar")


def benches(chosen: list[str]) -> Iterator[str]:
    """Yield the names of the benches, those that were chosen or all."""
    for found in pkgutil.iter_modules(bench.__path__):
        if (not chosen or found.name in chosen) and hasattr(_module(found.name), "run"):
            yield found.name


def _module(name: str) -> Any:
    if name == "__main__":
        return None
    return importlib.import_module(f"bench.{name}")


def measured(name: str) -> list[Row]:
    """Return the rows of one bench; where it fails, one row that says so."""
    began = time.monotonic()
    print(f"… {name}", end="", file=sys.stderr, flush=True)
    try:
        rows: list[Row] = _module(name).run()
    except Exception as trouble:  # the other benches are still worth having
        traceback.print_exc()
        rows = [Row(f"{name}: {type(trouble).__name__}", "failed", holds=False)]
    print(f" ({time.monotonic() - began:.0f} s)", file=sys.stderr, flush=True)
    return rows


def table(rows: list[Row]) -> str:
    """Return the rows as aligned text, each with a word on whether it holds."""
    words = {True: "holds", False: "FALLS SHORT", None: ""}
    cells = [(*HEAD[:4], "")] + [(*row[:4], words[row.holds]) for row in rows]
    widths = [max(len(line[place]) for line in cells) for place in range(5)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def main(chosen: list[str]) -> int:
    """Measure and print; return 1 where a bar is missed."""
    rows = [row for name in benches(chosen) for row in measured(name)]
    print(table(rows))
    return 1 if any(row.holds is False for row in rows) else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
