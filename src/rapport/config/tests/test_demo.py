"""`rapport demo` as people run it."""

import contextlib
import json
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rapport.config import commands
from rapport.config.tests.build import PROGRAM, environment, rapport
from rapport.foundation import demo, registry
from rapport.foundation.access import SYSTEM
from rapport.foundation.audit.models import Line
from rapport.foundation.demo import Town
from rapport.standing.assignments import queries

TODAY = "2026-11-20"


@pytest.fixture(scope="module")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo town's home. Do not change it: take `town`."""
    home = tmp_path_factory.mktemp("demo") / "town"
    done = rapport("demo", "--home", str(home), "--today", TODAY)
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture
def town(demo_home: Path, tmp_path: Path) -> Path:
    """A copy of a demo town's home, to be spoiled."""
    copy = tmp_path / "town"
    shutil.copytree(demo_home, copy)
    return copy


@contextlib.contextmanager
def database(home: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(home / "rapport.sqlite3")) as found:
        yield found


def lines(home: Path) -> list[tuple[Any, ...]]:
    """Return the trail without ids that are random."""
    with database(home) as rows:
        return rows.execute(
            "SELECT at, actor_id, verb, object, object_id, subject_id, channel FROM trail ORDER BY id"
        ).fetchall()


def test_the_town_has_eighteen_months_of_lines_that_run_forward(demo_home: Path) -> None:
    told = lines(demo_home)

    moments = [line[0] for line in told]
    assert len(told) >= 60
    assert moments == sorted(moments)
    assert moments[-1] < TODAY
    assert told[-1][2] == "demo.make"
    assert {line[2] for line in told} >= {
        "agreements.draft",
        "agreements.sign",
        "agreements.affirm",
        "assignments.begin",
        "assignments.except",
        "assignments.withdraw",
        "officers.record_duty_status",
    }


def test_the_town_is_marked_as_a_demo_and_nothing_is_left_beside_it(demo_home: Path) -> None:
    marked = json.loads((demo_home / "demo").read_text())

    assert marked == {"seed": 15, "today": TODAY}
    assert [p.name for p in demo_home.parent.iterdir()] == ["town"]


def test_the_trail_of_the_town_is_sound_and_witnessed(town: Path) -> None:
    answer = rapport("audit", "verify", home=town)

    assert answer.returncode == 0, answer.stdout + answer.stderr


def standings(home: Path, day: str, *more: str) -> list[str]:
    answer = rapport("standing", "--all", "--on", day, *more, "--json", home=home)
    assert answer.returncode == 0, answer.stderr
    return sorted(json.loads(line)["standing"] for line in answer.stdout.splitlines())


def test_today_nobody_is_red_and_over_the_months_every_word_occurs(town: Path) -> None:
    today = standings(town, TODAY)

    assert today == ["cleared", "cleared", "provisional"]
    assert standings(town, "2025-05-26") == ["provisional"]  # before the second signature
    on_leave = standings(town, "2026-03-23")
    assert "not_cleared" in on_leave
    as_known_then = standings(town, "2026-03-23", "--known", "2026-03-24")
    assert "not_cleared" not in as_known_then


def test_the_rules_were_known_on_every_day_of_the_town(town: Path) -> None:
    answer = rapport(
        "standing", "--all", "--on", "2025-06-02", "--known", "2025-06-02", "--json", home=town
    )

    (only,) = (json.loads(line) for line in answer.stdout.splitlines())
    assert only["standing"] == "provisional"
    assert only["rules"]


def test_a_second_making_says_that_it_is_there_and_changes_nothing(town: Path) -> None:
    before = lines(town)

    again = rapport("demo", "--home", str(town))

    assert again.returncode == 0
    assert "is there already" in again.stderr
    assert lines(town) == before


def test_a_program_of_ones_own_is_never_made_a_demo(home: Path) -> None:
    answer = rapport("demo", "--home", str(home))

    assert answer.returncode == 2
    assert "is no demo. Nothing was changed." in answer.stderr
    assert not (home / "demo").exists()
    assert lines(home)  # the set-up's own


@pytest.mark.slow
def test_an_empty_folder_becomes_the_home(tmp_path: Path) -> None:
    place = tmp_path / "empty"
    place.mkdir()

    done = rapport("demo", "--home", str(place), "--today", TODAY)

    assert done.returncode == 0, done.stderr
    assert (place / "demo").exists()


@pytest.mark.slow
def test_an_interrupted_making_leaves_no_half_town_and_can_be_begun_again(tmp_path: Path) -> None:
    place = tmp_path / "town"
    words = [*PROGRAM, "demo", "--home", str(place), "--today", TODAY]
    making = subprocess.Popen(words, env=environment(None), stderr=subprocess.PIPE, text=True)
    assert making.stderr is not None
    for said in making.stderr:
        if said.strip() == "training":
            making.send_signal(signal.SIGKILL)
            break
    making.wait(30)
    making.stderr.close()

    assert not place.exists()
    assert rapport("standing", "--all", "--on", TODAY, cwd=tmp_path, home=place).returncode == 2
    done = rapport("demo", "--home", str(place), "--today", TODAY)
    assert done.returncode == 0, done.stderr
    assert len(lines(place)) >= 60
    assert [p.name for p in tmp_path.iterdir()] == ["town"]


def test_a_town_that_was_made_and_only_not_moved_is_moved(demo_home: Path, tmp_path: Path) -> None:
    place = tmp_path / "town"
    shutil.copytree(demo_home, tmp_path / "town.making")
    (tmp_path / "town.making" / "demo").unlink()

    done = rapport("demo", "--home", str(place))

    assert done.returncode == 0, done.stderr
    assert lines(place) == lines(demo_home)
    assert json.loads((place / "demo").read_text()) == {"seed": 15, "today": TODAY}


@pytest.mark.slow
def test_the_same_seed_and_day_give_the_same_town_and_another_seed_another(
    demo_home: Path, tmp_path: Path
) -> None:
    for seed in ("15", "16"):
        done = rapport("demo", "--home", str(tmp_path / seed), "--seed", seed, "--today", TODAY)
        assert done.returncode == 0, done.stderr

    assert lines(tmp_path / "15") == lines(demo_home)
    assert lines(tmp_path / "16") != lines(demo_home)
    assert facts(tmp_path / "15") == facts(demo_home)


def facts(home: Path) -> list[tuple[Any, ...]]:
    """Return every fact's kind, dates and moments: all that is not random."""
    answer = rapport("facts", "--all", "--json", home=home)
    assert answer.returncode == 0, answer.stderr
    rows = (json.loads(line) for line in answer.stdout.splitlines())
    return sorted(
        (
            r["kind"],
            r["valid_from"],
            str(r["valid_until"]),
            r["recorded_at"],
            str(r["withdrawn_at"]),
        )
        for r in rows
    )


@pytest.mark.slow
def test_on_postgresql_the_town_is_made_in_an_empty_database_and_in_no_other(
    county: dict[str, str], tmp_path: Path
) -> None:
    done = rapport("demo", "--home", str(tmp_path / "town"), env=county)
    again = rapport("demo", "--home", str(tmp_path / "other"), env=county)

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "town" / "demo").exists()
    assert again.returncode == 2
    assert "holds a program already. Nothing was changed." in again.stderr
    assert not (tmp_path / "other").exists()
    assert rapport("audit", "verify", home=tmp_path / "town", env=county).returncode == 0


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2999-01-01", "lies ahead"),
        ("tomorrow", "is no date"),
        ("2019-01-01", "too long ago"),
    ],
)
def test_a_day_that_cannot_be_is_said_in_words(tmp_path: Path, typed: str, said: str) -> None:
    answer = rapport("demo", "--home", str(tmp_path / "town"), "--today", typed)

    assert answer.returncode == 2
    assert said in answer.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("seed", "today"),
    [
        (1, date(2026, 7, 12)),  # a Sunday in the summer
        (2, date(2026, 1, 1)),
        (3, date(2026, 3, 31)),
        (4, date(2026, 8, 11)),
        (5, date(2024, 2, 29)),
        (6, date(2025, 12, 26)),
    ],
)
def test_the_story_holds_on_any_day_and_with_any_seed(seed: int, today: date) -> None:
    town = Town(seed, today)
    commands.set_up(SYSTEM, now=town.last)

    demo.build(town, registry.demo, lambda part: None)

    now = sorted(f.standing.word for f in queries.all_standings(SYSTEM, day=today))
    assert now == ["cleared", "cleared", "provisional"]
    moments = list(Line.objects.order_by("pk").values_list("at", flat=True))
    assert moments == sorted(moments)
    assert len(moments) >= 60
