"""What happens when lines are committed, rolled back, and written by many at once."""

import threading
import time
from contextlib import suppress

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from rapport.foundation.access import SYSTEM
from rapport.foundation.audit import rules, trail, witness
from rapport.foundation.audit.models import Line
from rapport.foundation.audit.tests import build
from rapport.foundation.audit.tests.build import END, NOON, grow

WRITERS, EACH = 8, 30


def roll_back(number: int) -> None:
    """Write a line in a transaction that fails."""
    with suppress(ZeroDivisionError), transaction.atomic():
        trail.record(SYSTEM, END, number, at=NOON)
        raise ZeroDivisionError


def test_a_committed_line_is_noted_by_the_witness(committed: str) -> None:
    with transaction.atomic():
        number = trail.record(SYSTEM, END, 1, at=NOON)

    noted = witness.current().path.read_text().splitlines()[-1]
    assert noted == f"{number} {bytes(Line.objects.get().mac).hex()}"


def test_a_line_that_was_rolled_back_leaves_no_gap_and_no_note(committed: str) -> None:
    grow(1, 2)
    roll_back(3)

    grow(4, 1)

    assert list(Line.objects.order_by("id").values_list("id", "object_id")) == [
        (1, 1),
        (2, 2),
        (3, 4),
    ]
    assert build.found() == []


def test_a_line_whose_savepoint_was_rolled_back_is_not_noted(committed: str) -> None:
    with transaction.atomic():
        trail.record(SYSTEM, END, 1, at=NOON)
        roll_back(2)
        trail.record(SYSTEM, END, 3, at=NOON)

    assert [line.object_id for line in Line.objects.order_by("id")] == [1, 3]
    assert build.found() == []


def test_two_lines_of_one_transaction_are_chained(committed: str) -> None:
    with transaction.atomic():
        first = trail.record(SYSTEM, END, 1, at=NOON)
        second = trail.record(SYSTEM, END, 2, at=NOON)

    assert second == first + 1
    assert build.found() == []


def write_some(writer: int, troubles: list[BaseException]) -> None:
    try:
        for number in range(EACH):
            if number % 10 in (2, 5, 8):
                roll_back(writer * 1000 + number)
            else:
                grow(writer * 1000 + number, 1)
    except BaseException as trouble:
        troubles.append(trouble)
    finally:
        connection.close()


def test_eight_writers_of_whom_some_roll_back_leave_no_gap_and_no_finding(committed: str) -> None:
    witness.current().make()
    troubles: list[BaseException] = []
    threads = [threading.Thread(target=write_some, args=(w, troubles)) for w in range(WRITERS)]

    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        assert build.found() == []  # a check that goes on while others write finds nothing either
        time.sleep(0.05)
    for thread in threads:
        thread.join()

    assert troubles == []
    assert build.found() == []
    assert Line.objects.count() == WRITERS * EACH * 7 // 10
    lanes = {number >> rules.LANE for number in Line.objects.values_list("id", flat=True)}
    assert lanes == {0} if connection.vendor == "sqlite" else 1 <= len(lanes) <= WRITERS


def test_another_isolation_than_read_committed_fails_loudly(committed: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time.")

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        with pytest.raises(DatabaseError, match="READ COMMITTED"):
            trail.record(SYSTEM, END, 1, at=NOON)
        transaction.set_rollback(True)


def test_a_line_outside_of_a_transaction_is_refused(committed: str) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        trail.record(SYSTEM, END, 1, at=NOON)


def test_a_line_apart_stands_although_the_action_was_rolled_back(committed: str) -> None:
    roll_back(3)

    trail.record_apart(SYSTEM, END, 7, at=NOON, why="wrong_password")

    assert Line.objects.get().detail == '{"why":"wrong_password"}'


def test_the_trail_only_grows_at_its_end(committed: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("On PostgreSQL many lanes grow; the primary key keeps each id to one line.")
    grow(1, 3)

    with pytest.raises(IntegrityError):
        build.insert(0, 3, prev="mac")
