"""What the trail costs an action, and how long a check of a million lines takes.

An action is what most actions are: a fact corrected, which is an update that only one can win and
an insert. It is done with its line and without, in turns, by one writer and by eight at once.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from statistics import median
from subprocess import PIPE, Popen
from typing import Any, Final

from bench import homes
from bench.homes import PROGRAM, TOP, Home
from bench.rows import Row, show

ROUNDS: Final = 5
WRITERS: Final = {1: 300, 8: 60}  # how many write at once: actions each of them does a round
BARS: Final = {"SQLite": 1.75, "PostgreSQL": 2.0}
LINES: Final = 1_000_000
LANES: Final = {"SQLite": 1, "PostgreSQL": 8}
HERE: Final = (sys.executable, "-m", "bench.trail")


def run() -> list[Row]:
    """Measure on each database that can be had."""
    with homes.homes() as each:
        return [row for home in each for row in (*written(home), *checked(home))]


def written(home: Home) -> Iterator[Row]:
    """Yield what a line costs an action, by how many write at once."""
    homes.run(home, *HERE, "officers", str(max(WRITERS)))
    for writers, actions in WRITERS.items():
        with _waiting(home, writers) as processes:
            _all(processes, "with", 20)  # everybody is awake
            rounds = []
            for n in range(ROUNDS):
                order = ("without", "with") if n % 2 == 0 else ("with", "without")
                took = {how: _all(processes, how, actions) for how in order}
                rounds.append((took["without"], took["with"]))
        ratio = median(line / bare for bare, line in rounds)
        count = writers * actions
        bare, line = (median(column) for column in zip(*rounds, strict=True))
        bar = BARS[home.database]
        yield Row(
            f"action with its line, {writers} writing, {home.database}",
            f"{count / line:.0f} a second",
            f"{ratio:.2f}× without ({count / bare:.0f} a second)",
            f"{bar}×",
            ratio <= bar,
        )


@contextmanager
def _waiting(home: Home, writers: int) -> Iterator[list["Popen[str]"]]:
    """Yield processes that wait to be told what to write."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(
                Popen(
                    (*HERE, "writer", str(n)),
                    env=home.env,
                    cwd=TOP,
                    stdin=PIPE,
                    stdout=PIPE,
                    text=True,
                )
            )
            for n in range(writers)
        ]


def _all(processes: list["Popen[str]"], how: str, actions: int) -> float:
    """Let all write at once; return the seconds until the last is done. Raises where one fails."""
    began = time.perf_counter()
    for process in processes:
        assert process.stdin
        process.stdin.write(f"{how} {actions}\n")
        process.stdin.flush()
    for process in processes:
        assert process.stdout
        if process.stdout.readline() != "done\n":
            raise RuntimeError("a writer failed")
    return time.perf_counter() - began


def checked(home: Home) -> list[Row]:
    """Return what a check of a million lines takes."""
    homes.run(home, *HERE, "lines", str(LINES), str(LANES[home.database]))
    runs = [homes.used(home, *PROGRAM, "audit", "verify") for _ in range(3)]
    took, peak = median(r.seconds for r in runs), median(r.peak for r in runs)
    return [
        Row(
            f"audit verify, {LINES:,} lines, {home.database}",
            f"{took:.1f} s (processor {median(r.busy for r in runs):.1f})",
            "",
            "30 s",
            took < 30,
        ),
        Row("  peak memory", f"{peak:.0f} MB", "", "100 MB", peak < 100),
    ]


# Inside a home


def officers(count: int) -> None:
    """Make a duty status for each writer."""
    from bench.state import build
    from rapport.standing.officers.models import DutyStatus

    build(officers=count, schools=30, assignments=count)
    assert DutyStatus.objects.known().count() == count


def writer(place: int) -> None:
    """Correct one officer's duty status again and again, as often as a line of the input says."""
    from django.db import transaction

    from rapport.foundation import facts
    from rapport.foundation.access import SYSTEM
    from rapport.foundation.audit import trail
    from rapport.standing.officers.access import CORRECT_DUTY
    from rapport.standing.officers.models import DutyStatus

    fact: Any = DutyStatus.objects.known().order_by("officer_id")[place]
    for said in sys.stdin:
        how, actions = said.split()
        for _ in range(int(actions)):
            now = datetime.now(UTC)
            with transaction.atomic():
                other = "leave" if fact.status == "on_duty" else "on_duty"
                fact = facts.correct(fact, now=now, status=other)
                if how == "with":
                    trail.record(SYSTEM, CORRECT_DUTY, fact, at=now, replaces=fact.replaces_id)
        sys.stdout.write("done\n")
        sys.stdout.flush()


def lines(count: int, lanes: int) -> None:
    """Write lines with true MACs, in as many lanes, and let the witness have seen them."""
    from django.db import connection, transaction

    from rapport.foundation.audit import keys, rules, trail, verify, witness

    ring = keys.ring()
    ends = dict(verify.heads())
    began = datetime(2024, 1, 1, tzinfo=UTC)
    with (
        transaction.atomic(),
        connection.cursor() as cursor,
        witness.current().path.open("ab") as seen,
    ):
        for lane in range(lanes):
            mine = {n: mac for n, mac in ends.items() if n >> rules.LANE == lane}
            last, prev = max(mine.items(), default=(lane << rules.LANE, b""))
            rows = []
            for n in range(count // lanes):
                last += 1
                at = trail.as_text(began + timedelta(seconds=n))
                detail = f'{{"agency":{n % 300},"class":"personnel","replaces":{n}}}'
                entry = trail.Entry(
                    at, n % 900, "officers.correct_duty", "duty_status", n, n % 700, "page", detail
                )
                mac = rules.mac_of(ring.keys, ring.current, rules.text_of(last, entry), prev)
                stored = at + "+00:00" if connection.vendor == "postgresql" else at
                rows.append((last, stored, *entry[1:], prev, mac))
                seen.write(b"%d %s\n" % (last, mac.hex().encode()))
                prev = mac
                if len(rows) == 5000:
                    _insert(cursor, rows)
                    rows.clear()
            _insert(cursor, rows)


def _insert(cursor: Any, rows: list[Any]) -> None:
    cursor.executemany(
        "INSERT INTO trail (id, at, actor_id, verb, object, object_id, subject_id, channel,"
        " detail, prev, mac) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        rows,
    )


def main(words: list[str]) -> int:
    """Do what one word says inside a home; without words, measure."""
    if not words:
        return show(run())
    import django

    django.setup()
    {"officers": officers, "writer": writer, "lines": lines}[words[0]](*map(int, words[1:]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
