"""Program and page agree: over the demo town, and over histories made to set them at odds.

`checker` follows docs/check-a-standing.md without the program.
"""

import gc
from argparse import Namespace
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.conf import settings

from rapport.config import commands as program
from rapport.config import demo as _demo  # noqa: F401  its import adds the parts
from rapport.foundation import clock, demo, registry
from rapport.foundation.access import SYSTEM
from rapport.foundation.demo import Town
from rapport.organizations.places.models import Agency, School
from rapport.standing.assignments import queries
from rapport.standing.assignments.commands.facts import run_facts
from rapport.standing.assignments.commands.lines import Printer
from rapport.standing.assignments.commands.standing import run_standing
from rapport.standing.officers.models import Officer
from tests.independent import checker
from tests.independent.history import TICK, History
from tests.independent.made_up import NOTED

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TODAY = date(2026, 11, 20)
ODD_DAYS = [
    date(1950, 1, 1),  # before any fact, and any rule
    date(2024, 2, 29),
    date(2025, 12, 31),
    date(2026, 3, 8),  # the clocks go forward
    date(2026, 11, 1),  # and back
    date(2028, 2, 29),
]


class Asked:
    """The questions put to the program, and what the page says to each."""

    def __init__(self, capsys: pytest.CaptureFixture[str], seed: int) -> None:
        self.facts = checker.read(printed_facts(capsys))
        self.chance = Random(seed)
        spans = [day for fact in self.facts for day in (fact.since, fact.until) if day]
        self.edges = sorted({day for day in spans if day.year > 1950})
        known = [m for fact in self.facts for m in (fact.recorded, fact.withdrawn) if m]
        self.moments = sorted(set(known))
        self.lines: list[str] = []

    def questions(self, many: int, others: list[date]) -> Iterator[tuple[date, datetime | None]]:
        """Yield so many pairs of a day and a moment, each once."""
        found: set[tuple[date, datetime | None]] = set()
        while len(found) < many:
            found.add((self.day(others), self.known()))
        yield from sorted(found, key=str)

    def day(self, others: list[date]) -> date:
        """Return a day on which something begins or ends, one beside it, or another."""
        if self.chance.random() < 0.7:
            return self.chance.choice(self.edges) + self.chance.choice((-1, 0, 0, 1)) * DAY
        return self.chance.choice(others)

    def known(self) -> datetime | None:
        """Return now, the moment something was recorded or a tick beside it, or a day's end."""
        moment = self.chance.choice(self.moments)
        to_the_tick = moment + self.chance.choice((-1, 0, 1)) * TICK
        day_end = clock.end_of(moment.date(), settings.RAPPORT_ZONE)
        return self.chance.choice((None, to_the_tick, day_end))

    def parted(self, day: date, known: datetime | None) -> list[str]:
        """Return where page and program part on that day, of all assignments and of some pairs."""
        facts = queries.load_facts(SYSTEM, known=known)
        printer = Printer(facts, day, known)
        told = list(queries.all_standings(SYSTEM, day=day, known=known, facts=facts))
        lines = [printer.line(found) for found in told + self._if_assigned(told, day, known)]
        self.lines += lines
        return list(checker.differences(self.facts, lines))

    def _if_assigned(self, told: list[Any], day: date, known: datetime | None) -> list[Any]:
        found, assigned = [], {found.pair[:3] for found in told}
        for officer in Officer.objects.order_by("pk"):
            school = self.chance.choice(School.objects.order_by("pk")[:20])
            agency = self.chance.choice(Agency.objects.order_by("pk"))
            keys = (officer.pk, school.pk, agency.pk)
            if keys not in assigned:
                found.append(queries.standing_of(SYSTEM, *keys, day=day, known=known))
        return found


def printed_facts(capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    run_facts(Namespace())
    return capsys.readouterr().out.splitlines()


def words_of(lines: list[str]) -> set[str]:
    words = ("cleared", "provisional", "not_cleared")
    return {word for word in words if any(f'"standing":"{word}"' in line for line in lines)}


def a_demo_town() -> None:
    town = Town(15, TODAY)
    program.set_up(SYSTEM, now=town.last)
    demo.build(town, registry.demo, lambda name: None)


def test_the_demo_town_is_judged_as_the_page_says(capsys: pytest.CaptureFixture[str]) -> None:
    a_demo_town()
    asked = Asked(capsys, seed=15)
    months = [TODAY + n * 30 * DAY for n in range(-18, 13)]

    parted = [
        p for day, known in asked.questions(60, ODD_DAYS + months) for p in asked.parted(day, known)
    ]

    assert parted == []
    assert len(asked.lines) > 150
    assert words_of(asked.lines) == {"cleared", "provisional", "not_cleared"}


@pytest.mark.parametrize("seed", [3, 9, 10, 15])
def test_a_hostile_history_is_judged_as_the_page_says(
    seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    History(seed)
    asked = Asked(capsys, seed)

    parted = [p for day, known in asked.questions(40, NOTED) for p in asked.parted(day, known)]

    assert parted == []
    assert len(asked.lines) > 80


def test_the_checker_reads_what_the_commands_print_and_names_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a_demo_town()
    facts, standings = tmp_path / "facts.jsonl", tmp_path / "standings.jsonl"
    facts.write_text("\n".join(printed_facts(capsys)), encoding="utf-8")
    run_standing(
        Namespace(all=True, officer=None, school=None, on=TODAY, known=TODAY - DAY, json=True)
    )
    gc.enable()  # a command leaves it off until its process ends
    said = capsys.readouterr().out

    standings.write_text(said, encoding="utf-8")
    assert checker.main(str(facts), str(standings)) == 0
    assert capsys.readouterr().out == "no difference\n"

    first, *others = said.splitlines()
    wrong = first.replace('"standing":"cleared"', '"standing":"not_cleared"')
    standings.write_text("\n".join([wrong, *others[1:]]), encoding="utf-8")
    assert checker.main(str(facts), str(standings)) == 1
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 2
    assert "alone" in told[0]  # the second line was left out
    assert "standing is printed not_cleared, by the page cleared" in told[1]
