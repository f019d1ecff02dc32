"""Rows that the trail tells of: facts, and what else must not change unseen."""

import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, ClassVar

from django.db import models

# Who is told of rows that were written or withdrawn: the trail, which stands above and adds
# itself here, so that the next line of the transaction tells of them.
written: "list[Callable[[str, Iterable[models.Model]], None]]" = []
ended: "list[Callable[[str, Iterable[int], datetime], None]]" = []


class Tracked(models.Model):
    """A row that lines tell of when it is written and when it is ended, and that is else never edited.

    The guards (`foundation/guards.py`) refuse any UPDATE but the one that sets `ends`, and a check
    holds its rows against the lines.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    kind: ClassVar[str] = ""  # stable word in JSON, trail and URLs
    ends: ClassVar[str] = "withdrawn_at"  # the column that says since when it no longer stands

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert it; the next line of the transaction tells of it."""
        super().save(*args, **kwargs)
        tell_written(self.kind, [self])


def tracked_models() -> list[type[Tracked]]:
    """Return every model whose rows are held against the lines, facts and others, ordered by its kind."""
    from django.apps import apps

    found = [m for m in apps.get_models() if issubclass(m, Tracked)]
    return sorted(found, key=lambda m: m.kind)


def tell_written(kind: str, found: Iterable[models.Model]) -> None:
    """Let the next line of the transaction tell of rows that were inserted."""
    for tell in written:
        tell(kind, found)


def tell_ended(kind: str, keys: Iterable[int], at: datetime) -> None:
    """Let the next line of the transaction tell of rows that were ended."""
    for tell in ended:
        tell(kind, keys, at)
