"""Standing of 15,000 assignments on a past day as known on a past day, from the command line.

Held against its bar is what the answer takes beyond the start of the program, which any command has.
"""

import json
import sys
from statistics import median

from bench import homes
from bench.homes import PROGRAM, Home
from bench.rows import Row, show

ASKED = ("standing", "--all", "--on", "2025-03-12", "--known", "2025-06-30", "--json")
ROUNDS = 7
BUILD = "import django; django.setup(); from bench import state; print(state.build())"


def run() -> list[Row]:
    """Measure on each database that can be had."""
    with homes.homes() as each:
        return [row for home in each for row in on(home)]


def on(home: Home) -> list[Row]:
    """Fill one home, then read, start and answer in turns."""
    facts = int(homes.run(home, sys.executable, "-c", BUILD))
    rounds = []
    for _ in range(ROUNDS):
        read = json.loads(homes.run(home, sys.executable, "-m", "bench.merely_read"))
        start = homes.used(home, *PROGRAM, "standing", "--help")
        whole = homes.used(home, *PROGRAM, *ASKED)
        rounds.append((read["seconds"], start.seconds, whole.seconds, whole.busy, whole.peak))
    read, start, took, busy, peak = (median(column) for column in zip(*rounds, strict=True))
    alone = median((whole - start) / read for read, start, whole, _, _ in rounds)
    ratio = median(whole / read for read, _, whole, _, _ in rounds)
    return [
        Row(
            f"standing of 15,000, {facts:,} facts, {home.database}",
            f"{took:.2f} s (processor {busy:.2f})",
            f"{alone:.1f}× merely read ({read:.2f} s)",
            "7×, 2 s",
            alone <= 7 and took < 2,
        ),
        Row("  with the program's start", f"{start:.2f} s of it", f"{ratio:.1f}×"),
        Row("  peak memory", f"{peak:.0f} MB", "", "200 MB", peak < 200),
    ]


if __name__ == "__main__":
    raise SystemExit(show(run()))
