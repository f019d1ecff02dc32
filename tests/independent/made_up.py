"""Days of note, and rules that no state made: every need, force, consequence and clock, as a file may say them."""

import json
from datetime import UTC, date, datetime
from random import Random
from typing import Any

FIRST = date(2023, 11, 1)
NOTED = [
    date(2023, 12, 31),
    date(2024, 1, 1),
    date(2024, 1, 31),
    date(2024, 2, 28),
    date(2024, 2, 29),
    date(2024, 3, 1),
    date(2024, 3, 10),
    date(2024, 7, 31),
    date(2024, 8, 1),
    date(2024, 8, 19),
    date(2024, 11, 1),
    date(2024, 11, 3),
    date(2025, 2, 28),
    date(2025, 8, 1),
]
MIDNIGHTS = [
    datetime(2024, 3, 10, 5, tzinfo=UTC),  # in New York the day of the clock change begins
    datetime(2024, 3, 11, 4, tzinfo=UTC),  # and ends, an hour sooner
    datetime(2024, 11, 3, 4, tzinfo=UTC),
    datetime(2024, 11, 4, 5, tzinfo=UTC),
]
COURSES = ("nasro-basic", "va-sro", "nc-basic-sro", "md-preliminary", "made-one", "made-two")
KEYS = ("basic-course", "on-duty", "agreement", "review", "evaluated", "one", "two", "three")
NEEDS = (
    *("certified", "employed", "on_duty", "selected", "district_part", "evaluated", "course"),
    *("verified", "agreement", "review", "clauses"),
)


def a_rule(chance: Random, key: str, needs: str) -> dict[str, Any]:
    """Return a rule as a file would say it."""
    said: dict[str, Any] = {"key": key, "needs": needs}
    said |= {"name": {"en": "it", "es": "eso"}, "source": "made up"}
    if said["needs"] == "course":
        said["courses"] = chance.sample(COURSES, chance.randint(1, 3))
        said["hours"] = chance.choice((0, 0, 16, 20, 40))
    if said["needs"] == "clauses":
        said["clauses"] = chance.sample((8, 11, 23), chance.randint(0, 3))
    maybe: dict[str, tuple[Any, ...]] = {
        "force": ("required", "required", "required", "recommended"),
        "consequence": ("stops", "provisional", "provisional", "provisional", "alarm"),
        "grace_days": (0, 31, 90, 200),
        "verified": (True, False),
        "every_months": (0, 1, 6, 9, 12),
        "meanwhile": (COURSES[:1], said.get("courses", COURSES[3:5]), COURSES[4:6]),
    }
    for name, choices in maybe.items():
        if chance.random() < 0.6:
            said[name] = chance.choice(choices)
    if chance.random() < 0.4:
        how = chance.choice((("days", 0), ("days", 30), ("months", 1), ("months", 12)))
        said |= {"deadline": "within", how[0]: how[1]}
    return said


def a_body(chance: Random) -> str:
    """Return a version's body: some rules, perhaps an hours test, perhaps first days."""
    keys = chance.sample(KEYS, chance.randint(0, 4))
    body: dict[str, Any] = {"rule": [a_rule(chance, key, chance.choice(NEEDS)) for key in keys]}
    if chance.random() < 0.4:
        body["workload"] = {"hours": chance.choice((10, 20, 40)), "weeks": 4}
    if chance.random() < 0.4:
        body["first_days"] = chance.choice((0, 1, 30, 400))
    return json.dumps(body)


def a_full_body(chance: Random) -> str:
    """Return a body that asks for everything that a rule may ask for, twice, and has an hours test."""
    keyed = [(f"{needs}-{n}", needs) for needs in NEEDS for n in range(2)]
    rules = [a_rule(chance, key, needs) for key, needs in keyed]
    return json.dumps({"rule": rules, "workload": {"hours": 20, "weeks": 4}, "first_days": 30})
