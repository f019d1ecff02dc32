"""Joins held against the lines that tell of them: one made or changed by SQL gives nobody roles unseen."""

from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from rapport.foundation.access import SYSTEM
from rapport.foundation.audit.tests import build
from rapport.organizations.people import actions
from rapport.organizations.people.models import Merge
from rapport.organizations.people.tests.build import NOON, a_person

TABLE = Merge._meta.db_table
NAMES = "id, uid, kept_id, absorbed_id, reason, made_at, undone_at"
LATER = "'2026-05-01 00:00:00+00:00'"


@pytest.fixture
def two(committed: str) -> list[int]:
    """Two joins, the second of which was parted again. Their numbers."""
    persons = [a_person(f"Ana {n}") for n in range(5)]
    made = [
        actions.merge_persons(SYSTEM, persons[0], persons[n], reason="twice", now=NOON)
        for n in (1, 2)
    ]
    actions.undo_merge(SYSTEM, made[1], now=NOON)
    assert found() == []
    return [merge.pk for merge in made]


def found() -> list[str]:
    return [str(finding) for finding in build.found()]


def copied(verb: str, **changed: str) -> str:
    """Return the statement that adds a join like the first but for `changed`."""
    values = ", ".join(changed.get(name, name) for name in NAMES.split(", "))
    where = f"WHERE id = (SELECT min(id) FROM {TABLE})"
    return f"{verb} INTO {TABLE} ({NAMES}) SELECT {values} FROM {TABLE} {where}"


def test_a_join_inserted_by_sql_is_found_without_a_guard_touched(two: list[int]) -> None:
    free = "(SELECT max(id) FROM people_person)"
    build.sql(copied("INSERT", id="900", uid=f"'{UUID(int=9).hex}'", absorbed_id=free))

    assert found() == ["the fact merge 900: no line tells of it: written past the program"]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (
            "UPDATE {t} SET kept_id = kept_id + 3 WHERE id = {0}",
            "{0}: not as line 0-1 tells of it: changed past the program",
        ),
        (
            "UPDATE {t} SET absorbed_id = absorbed_id + 2 WHERE id = {0}",
            "{0}: not as line 0-1 tells of it: changed past the program",
        ),
        ("DELETE FROM {t} WHERE id = {0}", "{0}: gone, though line 0-1 tells of it"),
        (
            f"UPDATE {{t}} SET undone_at = {LATER} WHERE id = {{0}}",
            "{0}: withdrawn, and no line tells of that",
        ),
        (
            "UPDATE {t} SET undone_at = NULL WHERE id = {1}",
            "{1}: not withdrawn or gone, though line 0-3 tells that it was withdrawn",
        ),
    ],
)
def test_a_join_changed_deleted_or_parted_by_sql_is_found(
    two: list[int], statement: str, words: str
) -> None:
    build.unguarded(TABLE, statement.format(*two, t=TABLE))

    assert found() == ["the fact merge " + words.format(*two)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {t} SET kept_id = kept_id + 3 WHERE id = {0}",
        "UPDATE {t} SET reason = 'name' WHERE id = {0}",
        "UPDATE {t} SET undone_at = NULL WHERE id = {1}",
        f"UPDATE {{t}} SET undone_at = {LATER} WHERE id = {{1}}",
        f"UPDATE {{t}} SET undone_at = {LATER}, kept_id = kept_id + 3 WHERE id = {{0}}",
        "DELETE FROM {t} WHERE id = {0}",
    ],
)
def test_a_join_is_never_edited_nor_deleted_and_parted_but_once(
    two: list[int], statement: str
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        build.sql(statement.format(*two, t=TABLE))


@pytest.mark.parametrize("by", ["id", "uid", "absorbed_id"])
def test_a_join_is_not_replaced_by_another_in_its_place(two: list[int], by: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("a matter of SQLite")
    new = {"id": "900", "uid": f"'{UUID(int=9).hex}'", "absorbed_id": "absorbed_id + 2"}
    del new[by]

    with pytest.raises(IntegrityError), transaction.atomic():
        build.sql(copied("INSERT OR REPLACE", kept_id="kept_id + 3", **new))

    assert Merge.objects.filter(pk=two[0]).exists()
