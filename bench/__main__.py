"""`make bench`: every bench, as one table.

`python -m bench start standing` runs those alone. Exit 1 where a figure misses its bar or a bench fails.
"""

import importlib
import sys
import time
import traceback

from bench.rows import Row, show

BENCHES = ("standing", "board", "trail", "start")


def measured(name: str) -> list[Row]:
    """Return the rows of one bench; where it fails, one row that says so."""
    began = time.monotonic()
    sys.stderr.write(f"… {name}")
    sys.stderr.flush()
    try:
        rows: list[Row] = importlib.import_module(f"bench.{name}").run()
    except Exception as trouble:  # the other benches are still worth having
        traceback.print_exc()
        rows = [Row(f"{name}: {type(trouble).__name__}", "failed", holds=False)]
    sys.stderr.write(f" ({time.monotonic() - began:.0f} s)\n")
    return rows


def main(chosen: list[str]) -> int:
    """Measure and print; return 1 where a bar is missed, 2 where there is no bench of that name."""
    unknown = sorted(set(chosen) - set(BENCHES))
    if unknown:
        there = ", ".join(BENCHES)
        sys.stderr.write(f"No bench is named {', '.join(unknown)}. There are: {there}\n")
        return 2
    return show([row for name in BENCHES if name in (chosen or BENCHES) for row in measured(name)])


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
