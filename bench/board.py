"""The board with 500 officers and 700 assignments, and one officer's timeline over six years."""

import re
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from bench import homes
from bench.homes import Home
from bench.rows import Row, show

ROUNDS = 60


def run() -> list[Row]:
    """Build a county in a home of its own, on each database that can be had, and measure in a fresh process."""
    with homes.homes() as each:
        return [row for home in each for row in on(home)]


def on(home: Home) -> list[Row]:
    """Measure in a process that works on the home."""
    said = homes.run(home, sys.executable, "-m", "bench.board", "inside")
    lines = (line.split("\t") for line in said.splitlines() if "\t" in line)
    return [
        Row(f"{what}, {home.database}", figure, "", bar, holds == "yes")
        for what, figure, bar, holds in lines
    ]


def inside() -> None:
    """Measure inside the home that the environment names, and print a line a row."""
    import django

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS.append("testserver")
    settings.RAPPORT_SECOND_FACTOR = False  # nobody here has a phone
    from bench import state

    state.build(officers=500, schools=240, assignments=700)
    client = _client()
    _say(*_board(client))
    _say(*_weight(client))
    _say(*_timeline())


def _client() -> Any:
    from django.test import Client

    client = Client()
    client.force_login(_somebody())
    client.get("/board/")
    return client


def _board(client: Any) -> tuple[str, str, str, bool]:
    took = []
    for n in range(ROUNDS):
        began = time.perf_counter()
        answer = client.get(f"/board/?page={n % 10 + 1}")
        took.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, answer.status_code
    slow = quantiles(took, n=20)[18]
    figure = f"p95 {slow:.0f} ms, median {median(took):.0f} ms"
    return "board, 500 officers, 50 rows a page", figure, "p95 60 ms", slow < 60


def _weight(client: Any) -> tuple[str, str, str, bool]:
    import brotli
    from django.contrib.staticfiles import finders

    page = len(client.get("/board/", headers={"accept-encoding": "gzip"}).content)
    linked = set(
        re.findall(r'(?:href|src)="/static/([^"]+)"', client.get("/board/").content.decode())
    )
    files = [Path(str(finders.find(name))).read_bytes() for name in linked]
    first = page + sum(len(brotli.compress(file)) for file in files)
    figure = f"{first / 1000:.0f} kB at first, {page / 1000:.0f} kB after"
    return (
        "  of which goes over the wire",
        figure,
        "120 kB, 20 kB",
        first < 120_000 and page < 20_000,
    )


def _timeline() -> tuple[str, str, str, bool]:
    from rapport.foundation.access import SYSTEM
    from rapport.standing.assignments import queries
    from rapport.standing.assignments.models import Assignment

    took = []
    for assignment in Assignment.objects.order_by("pk")[:ROUNDS]:
        began = time.perf_counter()
        queries.timeline_of(SYSTEM, assignment, first=date(2020, 1, 1), last=date(2026, 1, 1))
        took.append((time.perf_counter() - began) * 1000)
    middle, slow = median(took), quantiles(took, n=20)[18]
    figure = f"median {middle:.1f} ms, p95 {slow:.1f} ms"
    return "timeline of an officer, six years", figure, "20 ms", middle < 20


def _somebody() -> Any:
    from rapport.foundation import facts
    from rapport.foundation.access import Role, Scope
    from rapport.organizations.people.models import Account, Person, RoleHeld

    now = datetime(2024, 1, 2, tzinfo=UTC)
    person = Person.objects.create(name="Somebody")
    held = {"person": person, "role": Role.SUPERVISOR, "scope": Scope.PROGRAM}
    facts.record(RoleHeld, now=now, valid_from=now.date(), **held)
    return Account.objects.create(email="somebody@example.org", person=person, created_at=now)


def _say(what: str, figure: str, bar: str, holds: bool) -> None:  # noqa: FBT001
    sys.stdout.write("\t".join((what, figure, bar, "yes" if holds else "no")) + "\n")


if __name__ == "__main__":
    if sys.argv[1:] == ["inside"]:
        inside()
    else:
        raise SystemExit(show(run()))
