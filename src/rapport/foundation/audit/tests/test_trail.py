from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from rapport.foundation import guards
from rapport.foundation.access import SYSTEM, Verb
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
