"""What was written and no line tells of yet: the next line of the same transaction does.

Both wait in Django's own list of what to do after the commit, which a rollback to a savepoint shortens.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

import structlog
from django.db import connection, models, transaction

from rapport.foundation.audit import rows, witness

log = structlog.get_logger(__name__)


class Change:
    """Rows of one kind that were written, or withdrawn."""

    def __init__(self, word: str, found: list[tuple[int, bytes]]) -> None:
        self.word, self.rows = word, found
        self.is_told = False

    def __call__(self) -> None:
        """After the commit it is too late: a check will find it."""
        if not self.is_told:
            log.error("fact_without_line", rows=self.word, count=len(self.rows))


class Told:
    """A line that was written, which tells of every change before it."""

    def __init__(self, number: int, mac: bytes) -> None:
        self.number, self.mac = number, mac

    def __call__(self) -> None:
        """Let the witness note the line once it is committed."""
        witness.current().saw(self.number, self.mac)


def wrote(kind: str, found: Iterable[models.Model]) -> None:
    """Remember rows that were inserted."""
    _note(Change(rows.WRITTEN + kind, [(row.pk, rows.digest_of(row)) for row in found]))


def ended(kind: str, keys: Iterable[int], at: datetime) -> None:
    """Remember rows that were withdrawn."""
    end = rows.end_of(at)
    _note(Change(rows.ENDED + kind, [(key, end) for key in keys]))


def _note(change: Change) -> None:
    if change.rows:
        transaction.on_commit(change)


def take() -> Iterator[tuple[str, int, bytes]]:
    """Yield what no line of this transaction tells of yet: word, row and digest."""
    for waiting in reversed(connection.run_on_commit):
        waits = waiting[1]
        if isinstance(waits, Told):
            return
        if isinstance(waits, Change):
            waits.is_told = True
            yield from ((waits.word, number, digest) for number, digest in waits.rows)
