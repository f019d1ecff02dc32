"""Searching, filtering and sorting rows that lie in the database or in memory, by the same words."""

import math
from collections.abc import Callable, Sequence
from datetime import date
from functools import reduce
from operator import and_, or_
from typing import Any, TypeVar

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.db.models.functions import Lower

R = TypeVar("R")
By = str | tuple[str, ...] | Callable[[Any], Any]  # lookup paths, or a function of a row in memory
Rows = Sequence[R] | QuerySet[Any, R]


def count(rows: Rows[Any]) -> int:
    """Return how many there are."""
    return rows.count() if isinstance(rows, QuerySet) else len(rows)


def search(rows: Rows[R], fields: Sequence[By], words: str) -> Rows[R]:
    """Return the rows in which every word of `words` occurs in one of `fields`, whatever its case."""
    asked = words.split()
    if not asked or not fields:
        return rows
    if isinstance(rows, QuerySet):
        paths = [path for by in fields for path in _paths(by)]
        each = (reduce(or_, (Q(**{f"{p}__icontains": word}) for p in paths)) for word in asked)
        return rows.filter(reduce(and_, each))
    readers = [_reader(by) for by in fields]
    return [row for row in rows if _says(row, readers, asked)]


def equal(rows: Rows[R], by: By, value: str) -> Rows[R]:
    """Return the rows that have `value`."""
    if isinstance(rows, QuerySet):
        return rows.filter(**dict.fromkeys(_paths(by), value))
    read = _reader(by)
    return [row for row in rows if str(_first(read(row))) == value]


def empty(rows: Rows[R], by: By) -> Rows[R]:
    """Return the rows that have nothing there: null, or no words."""
    if isinstance(rows, QuerySet):
        path = _paths(by)[0]
        nothing = Q(**{f"{path}__isnull": True})
        return rows.filter(nothing | Q(**{path: ""}) if _is_text(rows, path) else nothing)
    read = _reader(by)
    return [row for row in rows if _first(read(row)) in (None, "")]


def order(rows: Rows[R], by: By, *, down: bool) -> Rows[R]:
    """Return the rows sorted; those without a value stand last either way, and ties keep a fixed order."""
    if isinstance(rows, QuerySet):
        return rows.order_by(*(_way(rows, path, down=down) for path in _paths(by)), "pk")
    read = _reader(by)
    filled = [row for row in rows if not _missing(read(row))]
    blank = [row for row in rows if _missing(read(row))]
    return [*sorted(filled, key=lambda row: _fold(read(row)), reverse=down), *blank]


def is_day(value: str) -> bool:
    """Tell whether `value` is a date such as 2026-12-01."""
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return len(value) == 10


def _way(rows: QuerySet[Any, Any], path: str, *, down: bool) -> OrderBy:
    # SQLite sorts all capitals before all small letters; readers do not.
    term = Lower(path) if _is_text(rows, path) else F(path)
    return term.desc(nulls_last=True) if down else term.asc(nulls_last=True)


def _paths(by: By) -> tuple[str, ...]:
    if callable(by):
        raise TypeError("Rows of the database are narrowed by lookup paths, not by a function.")
    return (by,) if isinstance(by, str) else by


def _reader(by: By) -> Callable[[Any], Any]:
    if callable(by):
        return by
    paths = _paths(by)
    return lambda row: tuple(_along(row, path) for path in paths)


def _along(row: Any, path: str) -> Any:
    for step in path.split("__"):
        row = getattr(row, step, None)
    return row


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, tuple) and len(value) == 1 else value


def _missing(value: Any) -> bool:
    first = value[0] if isinstance(value, tuple) and value else value
    return first is None or (isinstance(first, float) and math.isnan(first))


def _fold(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple((part is None, "" if part is None else _fold(part)) for part in value)
    return value.casefold() if isinstance(value, str) else value


def _says(row: Any, readers: Sequence[Callable[[Any], Any]], asked: Sequence[str]) -> bool:
    parts = [str(part) for read in readers for part in _all(read(row)) if part is not None]
    said = [part.casefold() for part in parts]
    return all(any(word.casefold() in part for part in said) for word in asked)


def _all(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def _is_text(rows: QuerySet[Any, Any], path: str) -> bool:
    model: Any = rows.model
    steps = path.split("__")
    try:
        for step in steps[:-1]:
            model = model._meta.get_field(step).related_model
        kind = model._meta.get_field(steps[-1]).get_internal_type()
    except (FieldDoesNotExist, AttributeError):
        return False
    return kind in ("CharField", "TextField", "SlugField", "EmailField", "URLField")
