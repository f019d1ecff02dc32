"""The board with 500 officers and 700 assignments, and one officer's timeline over six years."""

import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median, quantiles

from bench.rows import Row

ROUNDS = 60


def run() -> list[Row]:
    """Build a county in a home of its own and measure in a fresh process."""
    with tempfile.TemporaryDirectory(prefix="rapport-bench-") as folder:
        env = {
            **os.environ,
            "RAPPORT_HOME": str(Path(folder) / "home"),
            "DJANGO_SETTINGS_MODULE": "rapport.config.settings",
        }
        env.pop("DATABASE_URL", None)
        words = [sys.executable, "-m", "rapport", "migrate"]
        subprocess.run(words, env=env, check=True, capture_output=True)
        done = subprocess.run(
            [sys.executable, "-m", "bench.board"],
            env=env,
            check=True,
            capture_output=True,
            text=True,
        )
    return [
        Row(*line.split("\t")[:4], holds=line.endswith("yes"))
        for line in done.stdout.splitlines()
        if "\t" in line
    ]


def main() -> None:
    """Measure inside the home that the environment names, and print the rows."""
    import django

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS.append("testserver")
    from bench import state

    state.build(officers=500, schools=240, assignments=700)
    _say(*_board())
    _say(*_timeline())


def _board() -> tuple[str, str, str, str, bool]:
    from django.test import Client

    client = Client()
    client.force_login(_somebody())
    client.get("/board/")
    took = []
    for n in range(ROUNDS):
        began = time.perf_counter()
        answer = client.get(f"/board/?page={n % 10 + 1}")
        took.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, answer.status_code
    slow = quantiles(took, n=20)[18]
    figure = f"p95 {slow:.0f} ms, median {median(took):.0f} ms"
    return "board, 500 officers, 700 assignments, 50 rows", figure, "", "p95 60 ms", slow < 60


def _timeline() -> tuple[str, str, str, str, bool]:
    from rapport.foundation.access import SYSTEM
    from rapport.standing.assignments import queries
    from rapport.standing.assignments.models import Assignment

    took = []
    for assignment in Assignment.objects.order_by("pk")[:60]:
        began = time.perf_counter()
        queries.timeline_of(SYSTEM, assignment, first=date(2020, 1, 1), last=date(2026, 1, 1))
        took.append((time.perf_counter() - began) * 1000)
    middle, slow = median(took), quantiles(took, n=20)[18]
    figure = f"median {middle:.1f} ms, p95 {slow:.1f} ms"
    return (
        "timeline of one officer, 2020 to 2026, with its queries",
        figure,
        "",
        "20 ms",
        middle < 20,
    )


def _somebody() -> object:
    from datetime import UTC, datetime

    from rapport.foundation import facts
    from rapport.foundation.access import Role, Scope
    from rapport.organizations.people.models import Account, Person, RoleHeld

    now = datetime(2024, 1, 2, tzinfo=UTC)
    person = Person.objects.create(name="Somebody")
    held = {"person": person, "role": Role.SUPERVISOR, "scope": Scope.PROGRAM}
    facts.record(RoleHeld, now=now, valid_from=now.date(), **held)
    return Account.objects.create(email="somebody@example.org", person=person, created_at=now)


def _say(what: str, figure: str, ratio: str, bar: str, holds: bool) -> None:  # noqa: FBT001
    sys.stdout.write("\t".join((what, figure, ratio, bar, "yes" if holds else "no")) + "\n")


if __name__ == "__main__":
    main()
