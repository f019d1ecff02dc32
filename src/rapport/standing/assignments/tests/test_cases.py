"""The reviewed cases beside each rule set come out as written. Field experts review the CSV files."""

from collections import Counter
from importlib.resources import files

import pytest

from rapport.standing.assignments.rules import Day, standing
from rapport.standing.assignments.tests import cases

ROWS = tuple(cases.rows())


@pytest.mark.parametrize("row", ROWS, ids=lambda r: f"{r.file}: {r.case}")
def test_a_reviewed_case_comes_out_as_written(row: cases.Row) -> None:
    found = standing(cases.case_of(row), Day(row.day))

    stops = " ".join(name for name, ground in found.grounds.items() if not ground.holds)
    assert (found.word.value, found.until, stops) == (row.standing, row.until, row.stops)


def test_every_rule_set_has_at_least_twelve_reviewed_cases() -> None:
    folder = files("rapport.standing.assignments").joinpath("rulesets")
    shelf = {p.name.removesuffix(".toml") for p in folder.iterdir() if p.name.endswith(".toml")}
    counts = Counter(r.file for r in ROWS)

    assert shelf == {name.removesuffix(".cases.csv") for name in counts}
    assert min(counts.values()) >= 12
