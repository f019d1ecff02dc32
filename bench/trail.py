"""What the trail costs an action, and how long a check of a million lines takes.

An action is what most actions are: a fact corrected, which is an update that only one can win and
an insert. It is done with its line and without, in turns, by one writer and by eight at once.
Each line tells of the two facts that it concerns; a check holds a million facts against a million lines.
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
ENDED: Final = datetime(2026, 1, 1, tzinfo=UTC)
KIND: Final = "duty_status"
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
            f"audit verify, {LINES:,} lines, as many facts, {home.database}",
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
    """Correct one officer's duty status again and again, as often as a line of the input says.

    What was done without a line gets one in the end, so that the home can be checked.
    """
    from django.db import transaction

    from rapport.foundation import facts
    from rapport.foundation.access import SYSTEM
    from rapport.foundation.audit import changes, trail
    from rapport.standing.officers.access import CORRECT_DUTY
    from rapport.standing.officers.models import DutyStatus

    fact: Any = DutyStatus.objects.known().order_by("officer_id")[place]
    told: Any = (changes.wrote, changes.ended)
    kept: list[Any] = []
    untold = (lambda *what: kept.append((0, what)), lambda *what: kept.append((1, what)))
    for said in sys.stdin:
        how, actions = said.split()
        changes.wrote, changes.ended = told if how == "with" else untold
        for _ in range(int(actions)):
            now = datetime.now(UTC)
            with transaction.atomic():
                other = "leave" if fact.status == "on_duty" else "on_duty"
                fact = facts.correct(fact, now=now, status=other)
                if how == "with":
                    trail.record(SYSTEM, CORRECT_DUTY, fact, at=now, replaces=fact.replaces_id)
        sys.stdout.write("done\n")
        sys.stdout.flush()
    with transaction.atomic():
        for which, what in kept:
            told[which](*what)
        trail.record(SYSTEM, CORRECT_DUTY, fact, at=datetime.now(UTC))


def lines(count: int, lanes: int) -> None:
    """Write lines with true MACs, in as many lanes, each of a fact; and let the witness have seen them."""
    from django.db import connection, transaction

    from rapport.foundation.audit import rows, rules, verify, witness
    from rapport.standing.officers.models import DutyStatus

    ends = dict(verify.heads())
    with (
        transaction.atomic(),
        connection.cursor() as cursor,
        connection.chunked_cursor() as facts,
        witness.current().path.open("ab") as seen,
    ):
        written = rows.sql(DutyStatus, connection.vendor, rows.WRITTEN)
        facts.execute(f"{written} WHERE id >= %s ORDER BY id", [_facts(count)])
        for lane in range(lanes):
            mine = {n: mac for n, mac in ends.items() if n >> rules.LANE == lane}
            last, prev = max(mine.items(), default=(lane << rules.LANE, b""))
            for start in range(0, count // lanes, 5000):
                made = []
                for n in range(start, min(start + 5000, count // lanes)):
                    last += 1
                    row, prev = _line(last, n, prev, facts.fetchone())
                    made.append(row)
                    seen.write(b"%d %s\n" % (last, prev.hex().encode()))
                _insert(cursor, made)


def _line(number: int, n: int, prev: bytes, fact: tuple[int, Any]) -> tuple[Any, bytes]:
    """Return the columns of a line that tells of a fact, and its MAC."""
    from django.db import connection

    from rapport.foundation.audit import keys, rows, rules, trail

    ring = keys.ring()
    digest = rows.digest(fact[1] if isinstance(fact[1], bytes) else fact[1].encode())
    gone = rows.end_of(ENDED)
    done = ((rows.WRITTEN + KIND, fact[0], digest), (rows.ENDED + KIND, fact[0], gone))
    said = '","'.join(str(entry) for entry in rows.entries(done, ring.keys[ring.current]))
    at = trail.as_text(datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=n))
    detail = f'{{"agency":{n % 300},"class":"personnel","digests":["{said}"],"replaces":{n}}}'
    entry = trail.Entry(at, n % 900, "officers.correct_duty", KIND, n, n % 700, "page", detail)
    mac = rules.mac_of(ring.keys, ring.current, rules.text_of(number, entry), prev)
    stored = at + "+00:00" if connection.vendor == "postgresql" else at
    return (number, stored, *entry[1:], prev, mac), mac


def _facts(count: int) -> int:
    """Write as many facts, each withdrawn since, and return the number of the first."""
    from rapport.standing.officers.models import DutyStatus

    like = DutyStatus.objects.order_by("pk")[0]
    kept = {f.attname: getattr(like, f.attname) for f in like._meta.concrete_fields}
    for name in ("id", "uid", "withdrawn_at"):
        del kept[name]
    first = 0
    for _ in range(0, count, 5000):
        batch = [DutyStatus(**kept, withdrawn_at=ENDED) for _ in range(5000)]
        DutyStatus.objects.bulk_create(batch)
        first = first or batch[0].pk
    return first


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
