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
from bench.rows import Row, show


def benches(chosen: list[str]) -> Iterator[tuple[str, Any]]:
    """Yield the benches with their names, those that were chosen or all."""
    for found in pkgutil.iter_modules(bench.__path__):
        if found.name == "__main__" or (chosen and found.name not in chosen):
            continue
        module = importlib.import_module(f"bench.{found.name}")
        if hasattr(module, "run"):
            yield found.name, module


def measured(name: str, module: Any) -> list[Row]:
    """Return the rows of one bench; where it fails, one row that says so."""
    began = time.monotonic()
    sys.stderr.write(f"… {name}")
    sys.stderr.flush()
    try:
        rows: list[Row] = module.run()
    except Exception as trouble:  # the other benches are still worth having
        traceback.print_exc()
        rows = [Row(f"{name}: {type(trouble).__name__}", "failed", holds=False)]
    sys.stderr.write(f" ({time.monotonic() - began:.0f} s)\n")
    return rows


def main(chosen: list[str]) -> int:
    """Measure and print; return 1 where a bar is missed, 2 where there is no bench of that name."""
    found = list(benches(chosen))
    unknown = set(chosen) - {name for name, _ in found}
    if unknown:
        there = ", ".join(name for name, _ in benches([]))
        sys.stderr.write(f"No bench is named {', '.join(sorted(unknown))}. There are: {there}\n")
        return 2
    return show([row for name, module in found for row in measured(name, module)])


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
