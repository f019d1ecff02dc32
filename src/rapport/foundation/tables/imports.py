"""Tables that people bring: the layout is known by its columns, and every line ends somewhere.

A line is new, changed, same or empty; or it was loaded without one of its values (`set_aside`); or
it was not loaded (`refused`). Nothing is left out in silence.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.foundation.tables.imports_cells import Reader, Unfit, Unwanted
from rapport.foundation.tables.imports_csv import Record, Text, Unusable, records

SHOWN: Final = 20  # remarks that people are shown; programs get them all


class Remark(NamedTuple):
    """What became of one value, or of one line where no column is named."""

    line: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading as published, what the program calls it, and how a cell is read."""

    heading: str
    name: str
    read: Reader
    is_needed: bool = False  # in the file at all, for the layout to be this one
    must_be_filled: bool = False  # a line without it, or with an unfit one, is refused


@dataclass(frozen=True, slots=True)
class Layout:
    """A table as somebody publishes it."""

    name: str
    title: Any  # lazily translated
    columns: tuple[Column, ...]
    blanks: frozenset[str] = frozenset({"", "†", "‡", "–", "—"})  # NCES: not applicable, missing

    def needed(self) -> list[str]:
        """Return the headings without which a file is not of this layout."""
        return [c.heading for c in self.columns if c.is_needed]


class Row(NamedTuple):
    """The values of a line by name; what is blank in the file is not there."""

    line: int
    values: dict[str, Any]


@dataclass(slots=True)
class Answer:
    """What became of a file, line by line."""

    new: int = 0
    changed: int = 0
    same: int = 0
    empty: int = 0
    set_aside: list[Remark] = field(default_factory=list)
    refused: list[Remark] = field(default_factory=list)

    def put_aside(self, line: int, column: str, reason: str) -> None:
        """Note that a line was loaded without one of its values."""
        self.set_aside.append(Remark(line, column, reason))

    def refuse(self, line: int, column: str, reason: str) -> None:
        """Note that a line was not loaded."""
        self.refused.append(Remark(line, column, reason))

    def in_order(self) -> "Answer":
        """Return the same with its remarks in the order of the file."""
        self.set_aside.sort()
        self.refused.sort()
        return self

    def as_json(self) -> dict[str, Any]:
        """Return the object that `--json` prints."""
        return {
            **self.counts(),
            "set_aside": [r._asdict() for r in self.set_aside],
            "refused": [r._asdict() for r in self.refused],
        }

    def counts(self) -> dict[str, int]:
        """Return how many of each there are, by their names in JSON: what the trail keeps."""
        return {
            "new": self.new,
            "changed": self.changed,
            "same": self.same,
            "empty": self.empty,
            "set_aside": len(self.set_aside),
            "refused": len(self.refused),
        }


@dataclass(slots=True)
class Table:
    """A file whose layout was recognized."""

    layout: Layout
    headings: list[str]  # as they stand in the file
    at: dict[int, Column]  # by place in the line
    body: Iterable[Record]
    notes: list[str] = field(default_factory=list)

    def heading(self, name: str) -> str:
        """Return the heading, as it stands in the file, of the column that is called `name` here."""
        for place, column in self.at.items():
            if column.name == name:
                return self.headings[place]
        return next((c.heading for c in self.layout.columns if c.name == name), "")

    def rows(self, answer: Answer) -> Iterator[Row]:
        """Yield each line that can be loaded; note in `answer` what cannot, and why."""
        for record in self.body:
            row = self._row(record, answer)
            if row is not None:
                yield row

    def _row(self, record: Record, answer: Answer) -> Row | None:
        problem = record.problem or self._misshapen(record)
        if problem:
            answer.refuse(record.line, "", problem)
            return None
        if not any(_plain(c) for c in record.cells):
            answer.empty += 1
            return None
        values: dict[str, Any] = {}
        aside: list[Remark] = []
        for place, column in self.at.items():
            said = _plain(record.cells[place])
            try:
                if said not in self.layout.blanks:
                    values[column.name] = column.read(said)
                elif column.must_be_filled:
                    raise Unfit(_("This is empty."))
            except Unfit as problem:
                remark = Remark(record.line, self.headings[place], str(problem))
                if column.must_be_filled or isinstance(problem, Unwanted):
                    answer.refused.append(remark)
                    return None
                aside.append(remark)
        answer.set_aside += aside
        return Row(record.line, values)

    def _misshapen(self, record: Record) -> str:
        have, want = len(record.cells), len(self.headings)
        while have > want and not _plain(record.cells[have - 1]):
            have -= 1
        if have == want or not any(_plain(c) for c in record.cells):
            return ""
        return _("This line has {have} cells, the heading has {want}.").format(have=have, want=want)


def recognize(text: Text, layouts: Sequence[Layout]) -> Table:
    """Return the table in `text` by the layout that its columns show. Raises `Unusable`."""
    body = records(text.body)
    first = next((r for r in body if r.problem or any(_plain(c) for c in r.cells)), None)
    if first is None or first.problem:
        raise Unusable(_("The line with the headings cannot be read."))
    headings = [_plain(c) for c in first.cells]
    shared, layout = max(
        ((len(_common(headings, each)), each) for each in layouts), key=lambda pair: pair[0]
    )
    missing = [h for h in layout.needed() if folded(h) not in {folded(h) for h in headings}]
    if missing:
        raise Unusable(_not_recognized(layout if shared else None, missing, layouts))
    at = _places(headings, layout)
    found = {c.name for c in at.values()}
    absent = [c.heading for c in layout.columns if c.name not in found]
    notes = [text.note] if text.note else []
    if absent:
        notes.append(
            _("The file has no column {names}; nothing is loaded for it.").format(
                names=", ".join(absent)
            )
        )
    return Table(layout, headings, at, body, notes)


def folded(heading: str) -> str:
    """Return a heading as it is compared: without case, stars and spaces."""
    return "".join(heading.casefold().replace("*", "").split())


def _common(headings: Iterable[str], layout: Layout) -> set[str]:
    return {folded(h) for h in headings} & {folded(c.heading) for c in layout.columns}


def _places(headings: list[str], layout: Layout) -> dict[int, Column]:
    known = {folded(c.heading): c for c in layout.columns}
    twice = [h for h, n in Counter(map(folded, headings)).items() if n > 1 and h in known]
    if twice:
        names = ", ".join(known[h].heading for h in twice)
        raise Unusable(_("These columns stand in the file twice: {names}.").format(names=names))
    return {
        place: known[folded(h)] for place, h in enumerate(headings) if folded(h) in known
    }  # fmt: skip


def _not_recognized(near: Layout | None, missing: list[str], layouts: Sequence[Layout]) -> str:
    said = [_("The columns of this file are not those of a layout that is known.")]
    if near is not None:
        said.append(
            ngettext(
                "To be “{title}” it lacks the column {names}.",
                "To be “{title}” it lacks the columns {names}.",
                len(missing),
            ).format(title=near.title, names=", ".join(missing))
        )
    for each in layouts:
        said.append(
            _("Known is “{title}” with: {names}.").format(
                title=each.title, names=", ".join(each.needed())
            )
        )
    return " ".join(said)


def _plain(cell: str) -> str:
    """Return a cell without spaces around it; line breaks and runs of spaces within become one space."""
    return " ".join(cell.split())


def in_words(answer: Answer) -> list[str]:
    """Return what became of a file as lines for people: all, part or none first, then what needs a look."""
    loaded = answer.new + answer.changed + answer.same
    lost = len({r.line for r in answer.refused})
    said = [_heading(loaded, lost)]
    said.append(
        _("{new} new, {changed} changed, {same} the same, {empty} empty lines.").format(
            new=answer.new, changed=answer.changed, same=answer.same, empty=answer.empty
        )
    )
    for title, remarks in (
        (_("Loaded without one value:"), answer.set_aside),
        (_("Not loaded:"), answer.refused),
    ):
        if remarks:
            said.append(title)
            said += [_remark(r) for r in remarks[:SHOWN]]
        if len(remarks) > SHOWN:
            said.append(
                _("  and {more} more; --json lists them all.").format(more=len(remarks) - SHOWN)
            )
    return said


def _heading(loaded: int, lost: int) -> str:
    if not loaded:
        return _("Nothing was loaded.")
    if not lost:
        return _("All of it was loaded: {loaded} lines.").format(loaded=loaded)
    return _("Part of it was loaded: {loaded} lines of {all}.").format(
        loaded=loaded, all=loaded + lost
    )


def _remark(remark: Remark) -> str:
    where = _("line {line}").format(line=remark.line)
    return f"  {where}{f', {remark.column}' if remark.column else ''}: {remark.reason}"
