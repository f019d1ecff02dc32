"""What a line holds, and what is kept out of it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from rapport.foundation import guards
from rapport.foundation.access import SYSTEM, Place, Verb
from rapport.foundation.audit import trail
from rapport.foundation.audit.models import Line

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DID = Verb("tests.did", "test", None, None, "did a test")


def test_lines_are_chained_in_the_order_in_which_they_were_written() -> None:
    first = trail.record(SYSTEM, DID, 1, at=NOON)
    second = trail.record(SYSTEM, DID, 2, at=NOON, before="a")

    one, two = Line.objects.get(pk=first), Line.objects.get(pk=second)
    assert second == first + 1
    assert bytes(two.prev) == bytes(one.mac)
    assert two.detail == '{"before":"a"}'


@pytest.mark.parametrize("spoil", ["UPDATE trail SET verb = 'x'", "DELETE FROM trail"])
def test_the_trail_can_be_neither_erased_nor_rewritten(spoil: str) -> None:
    trail.record(SYSTEM, DID, 1, at=NOON)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(spoil)

    assert Line.objects.get().verb == "tests.did"


def test_every_guard_is_there() -> None:
    assert guards.missing(connection) == []


@pytest.mark.parametrize(
    "typed",
    [
        "He said no",
        "a\nb",
        "a\u2028b",
        "x" * 201,
        ["fine", "not fine"],
        1.5,
        b"bytes",
        {"a": 1},
        UUID(int=1),
        NOON,
    ],
)
def test_what_someone_typed_is_kept_out(typed: Any) -> None:
    with pytest.raises(ValueError, match="trail"):
        trail.record(SYSTEM, DID, 1, at=NOON, said=typed)

    assert not Line.objects.exists()


def test_a_line_says_where_it_lies_from_its_thing_or_as_it_is_told() -> None:
    place = Place(agency_id=3, district_id=4, about_person_id=5)

    told = Line.objects.get(pk=trail.record(SYSTEM, DID, 1, at=NOON, place=place))
    nowhere = Line.objects.get(pk=trail.record(SYSTEM, DID, 1, at=NOON))

    assert (told.agency_id, told.district_id, told.school_id) == (3, 4, None)
    assert (told.subject_id, told.detail) == (5, '{"agency":3,"district":4}')
    assert (nowhere.agency_id, nowhere.subject_id, nowhere.detail) == (None, None, "{}")


def test_a_place_is_named_by_its_key_alone() -> None:
    with pytest.raises(ValueError, match="'school'"):
        trail.record(SYSTEM, DID, 1, at=NOON, school="Oak")


def test_an_import_leaves_one_line_for_all_its_rows() -> None:
    number = trail.record_many(SYSTEM, DID, [11, 12, 13], at=NOON, layout="nces")

    line = Line.objects.get()
    assert (line.pk, line.object_id) == (number, 11)
    assert line.detail == '{"count":3,"layout":"nces"}'
