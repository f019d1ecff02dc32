"""What the trail says of rows: the line of an action holds a digest of each fact that the action wrote.

Digests are made with the trail's key: who has none can neither make one nor guess by it what a fact
says. Up to `RUN` neighbors, as an import writes them, share one digest.
"""

import hashlib
import hmac
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import models

from rapport.foundation.audit.rules import shown

KEY: Final = "digests"  # of a line's detail
MARK: Final = b'"digests":['
RUN: Final = 256
WRITTEN, ENDED = "+", "-"  # a row was inserted; it was withdrawn
BETWEEN: Final = "\x1f"


class Entry(NamedTuple):
    """What a line says of neighboring rows: its word (were they written, or withdrawn, and their kind),
    from which to which, and what they said."""

    word: str
    first: int
    last: int
    mac: bytes

    def __str__(self) -> str:
        span = f"{self.first}" if self.first == self.last else f"{self.first}-{self.last}"
        return f"{self.word}:{span}:{self.mac.hex()}"


def entries(changes: Iterable[tuple[str, int, bytes]], key: bytes) -> Iterator[Entry]:
    """Yield what a line says of `changes`: word, row and digest of each; neighbors together."""
    found: dict[str, list[tuple[int, bytes]]] = defaultdict(list)
    for word, number, digest in changes:
        found[word].append((number, digest))
    for word, rows in found.items():
        for run in _neighbors(sorted(rows)):
            yield Entry(word, run[0][0], run[-1][0], mac_of(key, word, run))


def _neighbors(rows: Iterable[tuple[int, bytes]]) -> Iterator[list[tuple[int, bytes]]]:
    run: list[tuple[int, bytes]] = []
    for row in rows:
        if run and (row[0] != run[-1][0] + 1 or len(run) == RUN):
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def mac_of(key: bytes, word: str, rows: Iterable[tuple[int, bytes]]) -> bytes:
    """Return HMAC-SHA256 to 96 bits over neighboring rows and their digests."""
    text = b"".join([b"%d:%s" % row for row in rows])
    return hmac.digest(key, b"rows:" + word.encode() + b":" + text, "sha256")[:12]


def digest_of_all(rows: Iterable[tuple[int, bytes]]) -> bytes:
    """Return a digest of what rows say now."""
    return digest(b"".join([b"%d:%s" % row for row in rows]))


def read(text: bytes) -> Iterator[tuple[str, int, int, bytes]]:
    """Yield what a line says of rows, as an `Entry` holds it, given the text that its MAC covers."""
    start = text.index(MARK) + len(MARK)
    said = text[start : text.index(b"]", start)].decode()  # no bracket stands in an entry
    for entry in said[1:-1].split('","'):
        word, span, mac = entry.split(":")
        first, _, last = span.partition("-")
        yield word, int(first), int(last or first), bytes.fromhex(mac)


def without(detail: str) -> str:
    """Return a line's detail as people read it: without digests."""
    if MARK.decode() not in detail:
        return detail
    left = {key: value for key, value in json.loads(detail).items() if key != KEY}
    return json.dumps(left, sort_keys=True, separators=(",", ":"))


# A row as text: each column that is not empty, with its name, so that a column added later, empty
# in the rows there are, changes no digest.


def digest_of(row: models.Model) -> bytes:
    """Return a digest of all that a row says but when it was withdrawn."""
    parts = []
    for field, _kind in columns(type(row)):
        value = field.to_python(getattr(row, field.attname))
        if value is not None:
            parts.append(f"{field.column}={_text(value)}{BETWEEN}")
    return digest("".join(parts).encode())


def end_of(at: datetime) -> bytes:
    """Return a digest of when a row was withdrawn."""
    return digest(_text(at).encode())


def digest(text: bytes) -> bytes:
    """Return a digest of what a row says, as `sql` gives it."""
    return hashlib.sha256(text).digest()


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return str(value.astimezone(UTC).replace(tzinfo=None))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return str(int(value)) if isinstance(value, bool) else str(value)


def ends(model: type[Any]) -> str:
    """Return the column that says when a row was withdrawn."""
    return str(model.ends)


@cache
def columns(model: type[models.Model]) -> tuple[tuple["models.Field[Any, Any]", str], ...]:
    """Return the columns that a digest covers, each with the type of what it holds."""
    found = []
    for field in model._meta.concrete_fields:
        target = field.target_field if isinstance(field, models.ForeignKey) else field
        if field.column != ends(model):
            found.append((field, target.get_internal_type()))
    return tuple(found)


# How PostgreSQL writes what Python and SQLite write otherwise. What is no day at all is written as it
# is, and a day before Christ bears its era: no two say the same.
_POSTGRES: Final = {
    "DateTimeField": "coalesce(replace(replace(to_char({} AT TIME ZONE 'UTC',"
    " 'YYYY-MM-DD HH24:MI:SS.US BC'), ' AD', ''), '.000000', ''), {}::text)",
    "DateField": "coalesce(replace(to_char({}, 'YYYY-MM-DD BC'), ' AD', ''), {}::text)",
    "UUIDField": "replace({}::text, '-', '')",
    "DecimalField": "trim_scale({})::text",
    "BooleanField": "{}::int::text",
}


def sql(model: type[models.Model], vendor: str, way: str) -> str:
    """Return the SELECT of number and text of each row, or of each that was withdrawn."""
    table = model._meta.db_table
    if way == ENDED:
        text = _column(ends(model), "DateTimeField", vendor)
        return (
            f'SELECT id, {_whole([text], vendor)} FROM "{table}" WHERE "{ends(model)}" IS NOT NULL'
        )
    parts = [
        f"coalesce('{f.column}=' || {_column(f.column, kind, vendor)} || {_char(vendor)}, '')"
        for f, kind in columns(model)
    ]
    return f'SELECT id, {_whole(parts, vendor)} FROM "{table}"'


def _column(name: str | None, kind: str, vendor: str) -> str:
    if vendor == "sqlite":
        return f'"{name}"'
    return _POSTGRES.get(kind, "{}::text").format(f'"{name}"', f'"{name}"')


def _char(vendor: str) -> str:
    return "char(31)" if vendor == "sqlite" else "chr(31)"


def _whole(parts: list[str], vendor: str) -> str:
    text = " || ".join(parts)
    return f"CAST({text} AS BLOB)" if vendor == "sqlite" else text


# What can be wrong, kept in the pin of a finding, from which its words come.
UNTOLD, GONE, CHANGED = "untold", "gone", "changed"
_WORDS: Final = {
    (UNTOLD, WRITTEN): "no line tells of it: written past the program",
    (GONE, WRITTEN): "gone, though line {line} tells of it",
    (CHANGED, WRITTEN): "not as line {line} tells of it: changed past the program",
    (UNTOLD, ENDED): "withdrawn, and no line tells of that",
    (GONE, ENDED): "not withdrawn or gone, though line {line} tells that it was withdrawn",
    (CHANGED, ENDED): "not withdrawn when line {line} tells",
}


class Wrong(NamedTuple):
    """What is wrong with neighboring rows: what, what a line (0: none) says of them, what they say now."""

    what: str
    said: Entry
    line: int
    stands: bytes

    @property
    def pin(self) -> str:
        """Return what stands in a finding: what is wrong, with which rows, and a digest of what they say."""
        word, first, last, mac = self.said
        stands = digest(mac + self.stands).hex()[:32]
        return f"{self.what}:{word}:{first}-{last}:{self.line}:{stands}"


def together(found: Iterable[Wrong]) -> Iterator[Wrong]:
    """Put neighbors that no line tells of together."""
    run: Wrong | None = None
    for one in found:
        if run and _joins(run, one):
            said = run.said._replace(last=one.said.last)
            run = Wrong(UNTOLD, said, 0, digest(run.stands + one.stands))
            continue
        if run:
            yield run
        run = one
    if run:
        yield run


def _joins(run: Wrong, one: Wrong) -> bool:
    if (run.what, run.said.word) != (UNTOLD, one.said.word):
        return False
    return one.what == UNTOLD and one.said.first == run.said.last + 1


def in_words(pin: str) -> str:
    """Say what is wrong with rows."""
    what, word, span, line, _ = pin.split(":")
    first, _, last = span.partition("-")
    which = f"{word[1:]} {first}" if first == last else f"{word[1:]} {first} to {last}"
    return f"the fact {which}: {_WORDS[what, word[0]].format(line=shown(int(line)))}"
