"""Rows as the driver gives them: converting value by value is half of a load."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import Func, Q, TextField

from rapport.foundation.facts import Fact
from rapport.standing.assignments.rules import Side, Span


class Plain(Func):
    """A column whose values no Python converts."""

    template = "%(expressions)s"
    on_sqlite = "CAST(%(expressions)s AS text)"
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Return what SQLite is asked."""
        return super().as_sql(compiler, connection, template=self.on_sqlite, **context)


class _HexUid(Plain):
    template = "REPLACE(CAST(%(expressions)s AS varchar), '-', '')"
    on_sqlite = "%(expressions)s"


def hex_uid() -> Func:
    """Return a row's uid as 32 digits: as SQLite keeps it, and as PostgreSQL is asked to write it."""
    return _HexUid("uid")


class Days(dict[Any, Any]):
    """The date for what a driver gives for one: text, or a date. Each different one is read once."""

    def __missing__(self, given: Any) -> date | None:
        day = date.fromisoformat(given) if isinstance(given, str) else given
        self[given] = day
        return day


class Rows:
    """Reads what was known at a moment (None: now) in plain rows; many of them a few thousand at a time."""

    def __init__(self, known: datetime | None, *, many: bool = False) -> None:
        self.known, self.many, self.days = known, many, Days()

    def of(
        self, model: type[Fact], only: Q, *columns: str, **more: Func
    ) -> Iterator[tuple[Any, ...]]:
        """Return these columns and a fact's uid, first day and end. The last two are still to be read by `days`."""
        rows = model.objects.known(self.known).filter(only).annotate(text_uid=hex_uid(), **more)
        if not self.many:
            return iter(rows.values_list(*columns, "text_uid", "valid_from", "valid_until"))
        rows = rows.annotate(since=Plain("valid_from"), until=Plain("valid_until"))
        return iter(rows.values_list(*columns, "text_uid", "since", "until").iterator(5000))

    def spans(self, model: type[Fact], only: Q, key: str, word: str) -> dict[Any, list[Span]]:
        """Return spans by one column, each with a word."""
        found: dict[Any, list[Span]] = defaultdict(list)
        days = self.days
        for one, chosen, uid, since, until in self.of(model, only, key, word):
            found[one].append(Span(uid, chosen, days[since], days[until]))
        return found

    def sides(self, model: type[Fact], only: Q) -> dict[int, list[Side]]:
        """Return parties or signatures by agreement."""
        found: dict[int, list[Side]] = defaultdict(list)
        days = self.days
        for key, agency, district, uid, since, until in self.of(
            model, only, "agreement_id", "agency_id", "district_id"
        ):
            found[key].append(Side(uid, agency, district, days[since], days[until]))
        return found
