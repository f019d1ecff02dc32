"""The list engine: search, filters, sorting and pages in the URL, over rows an actor may see.

A `Table` says what a list is; `Table.read(request.GET, rows)` gives the `Listing` that `ui/listing.html`
shows and `export.respond` sends as a file. `rows` come from a query that took the actor: this engine
only narrows them. `foundation/ui/README.md` has a whole example.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Generic, TypeVar

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from . import narrowing
from .narrowing import By, Rows

R = TypeVar("R")
PER_PAGE: Final = 50
EMPTY: Final = "~"  # the value of a filter that asks for rows without one
RESERVED: Final = frozenset({"q", "sort", "page", "format", "why"})


@dataclass(frozen=True)  # no slots: Table[Officer](…) cannot be called with them
class Column(Generic[R]):
    """A column. `value` gives what the cell shows: a plain value or a `Cell`."""

    key: str
    label: Any
    value: Callable[[R], Any]
    sort: By | None = None  # a lookup path (or several, or a function of a row); None: not sortable
    export: Callable[[R], Any] | None = (
        None  # what a file holds, where it is not what the cell says
    )
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter in the URL under `key`. Without `choices` it is a date; `empty` also offers "none".

    `narrow` (rows, value → rows) stands in for `by` where no lookup path says what is meant.
    """

    key: str
    label: Any
    by: By = ""
    choices: Sequence[tuple[str, Any]] = ()
    empty: bool = False
    narrow: Callable[[Any, str], Any] | None = None


@dataclass(frozen=True)
class Table(Generic[R]):
    """What a list is. Built once, or by a function where its choices depend on who asks."""

    name: str  # names the file and the part of the page
    columns: Sequence[Column[R]]
    unit: Callable[[int], str]  # "12 officers", translated
    search: Sequence[By] = ()
    filters: Sequence[Filter] = ()
    sort: str = ""  # a column's key, with "-" before it for downwards; empty: as the rows come
    per_page: int = PER_PAGE
    # Turns the rows of one page (or of a piece of an export) into what the columns read, all at once,
    # so that what a row needs costs a fixed number of queries.
    enrich: Callable[[Sequence[Any]], Sequence[R]] | None = None

    def __post_init__(self) -> None:
        taken = RESERVED & {f.key for f in self.filters}
        if taken:
            raise ValueError(f"A filter cannot be called {', '.join(sorted(taken))}.")

    def read(
        self,
        query: QueryDict,
        rows: Rows[Any],
        *,
        as_of: date | None = None,
        known: date | None = None,
    ) -> "Listing[R]":
        """Return the page of `rows` that `query` asks for. What cannot be followed becomes a note.

        `as_of` is the day for which the rows answer, `known` the day by whose end they were known.
        """
        notes: list[str] = []
        controls = tuple(_control(f, query.get(f.key, ""), notes) for f in self.filters)
        words = asked_words(query) if self.search else ""
        found = narrowing.search(rows, self.search, words)
        for control in controls:
            found = control.narrow(found)
        sorting = self._sorting(query.get("sort", ""), notes)
        by = next((c.sort for c in self.columns if c.key == sorting.removeprefix("-")), None)
        if by is not None:
            found = narrowing.order(found, by, down=sorting.startswith("-"))
        narrowed = bool(words) or any(c.value for c in controls)
        count = narrowing.count(found)
        return Listing(
            table=self,
            query=query,
            words=words,
            controls=controls,
            sorting=sorting,
            notes=tuple(notes),
            total=narrowing.count(rows) if narrowed else count,
            count=count,
            found=found,
            number=_page_number(query.get("page", ""), count, self.per_page),
            as_of=as_of,
            known=known,
        )

    def _sorting(self, asked: str, notes: list[str]) -> str:
        if asked.removeprefix("-") in {c.key for c in self.columns if c.sort is not None}:
            return asked
        if asked:
            notes.append(_("This list cannot be sorted that way; it stands in its own order."))
        return self.sort


@dataclass(frozen=True, slots=True)
class Control:
    """A filter and the value it was given."""

    filter: Filter
    value: str  # empty: everything

    @property
    def options(self) -> list[tuple[str, Any, bool]]:
        """Return value, label, chosen: for a select."""
        offered = [("", _("All")), *self.filter.choices]
        if self.filter.empty:
            offered.append((EMPTY, _("None")))
        return [(value, label, value == self.value) for value, label in offered]

    def narrow(self, rows: Rows[Any]) -> Rows[Any]:
        """Return the rows that the value asks for."""
        if not self.value:
            return rows
        if self.filter.narrow is not None:
            narrowed: Rows[Any] = self.filter.narrow(rows, self.value)
            return narrowed
        if self.value == EMPTY:
            return narrowing.empty(rows, self.filter.by)
        return narrowing.equal(rows, self.filter.by, self.value)


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's heading: which way it is sorted now, and the sort that a press on it asks for."""

    column: Column[Any]
    aria: str  # "ascending", "descending" or "none"; empty where it cannot be sorted
    next_sort: str


@dataclass(frozen=True)
class Listing(Generic[R]):
    """One page of a list, and everything its controls need."""

    table: Table[R]
    query: QueryDict
    words: str
    controls: tuple[Control, ...]
    sorting: str
    notes: tuple[str, ...]
    total: int  # rows there are
    count: int  # rows left by search and filters
    found: Rows[Any] = field(repr=False)
    number: int  # of this page, from 1
    as_of: date | None = None  # the day for which it answers; None where it is of no day
    known: date | None = None  # as known at the end of this day; None: now

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return max(1, -(-self.count // self.table.per_page))

    @property
    def first(self) -> int:
        """Return the place of this page's first row, from 1; 0 in an empty list."""
        return (self.number - 1) * self.table.per_page + 1 if self.count else 0

    @property
    def last(self) -> int:
        """Return the place of this page's last row."""
        return min(self.number * self.table.per_page, self.count)

    @property
    def is_narrowed(self) -> bool:
        """Tell whether a search or a filter is at work."""
        return bool(self.words) or any(c.value for c in self.controls)

    @property
    def wants_file(self) -> bool:
        """Tell whether the address asks for the list as a file."""
        return self.query.get("format") == "csv"

    @property
    def counted(self) -> str:
        """Return "12 officers" or, narrowed, "12 of 500 officers"."""
        if self.is_narrowed and self.count != self.total:
            return _("%(count)s of %(all)s") % {
                "count": self.count,
                "all": self.table.unit(self.total),
            }
        return self.table.unit(self.count)

    @property
    def headings(self) -> list[Heading]:
        """Return the columns with how each is sorted."""
        return [self._heading(column) for column in self.table.columns]

    def _heading(self, column: Column[R]) -> Heading:
        if column.sort is None:
            return Heading(column, "", "")
        if self.sorting == column.key:
            return Heading(column, "ascending", f"-{column.key}")
        down = self.sorting == f"-{column.key}"
        return Heading(column, "descending" if down else "none", column.key)

    @property
    def numbers(self) -> list[int | None]:
        """Return the page numbers to show; None stands for a gap."""
        near = {1, self.pages, self.number - 1, self.number, self.number + 1}
        shown = sorted(n for n in near if 1 <= n <= self.pages)
        out: list[int | None] = []
        for number in shown:
            if out and isinstance(out[-1], int) and number - out[-1] > 1:
                out.append(
                    number - 1 if number - out[-1] == 2 else None
                )  # a gap of one is that page
            out.append(number)
        return out

    @property
    def carried(self) -> list[tuple[str, str]]:
        """Return what a link to the same list as a file keeps: search, filters, sorting."""
        keys = ("q", "sort", *(f.key for f in self.table.filters))
        return [(key, value) for key in keys if (value := self.query.get(key, ""))]

    def rows(self) -> list[R]:
        """Return the rows of this page; asks the database for no more than these."""
        start = (self.number - 1) * self.table.per_page
        return self._enriched(list(self.found[start : start + self.table.per_page]))

    def lines(self) -> list[list[tuple[Column[R], Any]]]:
        """Return the rows of this page as cells, for the template."""
        return [[(c, c.value(row)) for c in self.table.columns] for row in self.rows()]

    def every_row(self, piece: int = 500) -> Iterator[R]:
        """Yield all rows that search and filters left, fetched in pieces."""
        source = (
            self.found.iterator(chunk_size=piece)
            if isinstance(self.found, QuerySet)
            else iter(self.found)
        )
        held: list[Any] = []
        for row in source:
            held.append(row)
            if len(held) == piece:
                yield from self._enriched(held)
                held = []
        yield from self._enriched(held)

    def _enriched(self, rows: list[Any]) -> list[R]:
        return list(self.table.enrich(rows)) if self.table.enrich and rows else rows


def asked_words(query: QueryDict) -> str:
    """Return what is searched for: at most a hundred signs, without null bytes, which no database takes."""
    return query.get("q", "").replace("\0", "").strip()[:100]


def _control(given: Filter, value: str, notes: list[str]) -> Control:
    known = {v for v, _label in given.choices} | ({EMPTY} if given.empty else set())
    fits = value in known if given.choices else narrowing.is_day(value) or value in known
    if value and not fits:
        notes.append(
            _("“%(filter)s” has no such choice; it was left out.") % {"filter": given.label}
        )
        value = ""
    return Control(given, value)


def _page_number(asked: str, count: int, per_page: int) -> int:
    last = max(1, -(-count // per_page))
    return min(max(int(asked), 1), last) if asked.isascii() and asked.isdigit() else 1
