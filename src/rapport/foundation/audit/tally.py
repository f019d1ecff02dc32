"""Facts held against the lines that tell of them, both ways, in constant memory."""

import sqlite3
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from typing import Any, Final

from django.db import connection, models, transaction

from rapport.foundation.audit import rows, rules
from rapport.foundation.audit.rows import CHANGED, ENDED, GONE, UNTOLD, WRITTEN, Entry, Wrong
from rapport.foundation.audit.rules import Row
from rapport.foundation.facts import fact_models

AT_A_TIME: Final = 5000
Stood = tuple[int, bytes]  # a row's number, and a digest of what it says
Said = tuple[Entry, int, int]  # what a line says, the number of its key, and its own


class Tally:
    """What the lines say of facts: gathered line by line, sorted in a file that goes when it is closed."""

    def __init__(self, keys: Mapping[int, bytes]) -> None:
        self._keys = keys
        self._kept = sqlite3.connect("", isolation_level=None)
        self._kept.execute("CREATE TABLE said (kind, way, first, last, mac, key, line)")
        self._kept.execute("BEGIN")
        self._waiting: list[tuple[Any, ...]] = []

    def hear(self, row: Row) -> None:
        """Take what a line says, if its MAC is true."""
        number, text, _prev, mac = row
        if text is None or rows.MARK not in text or not rules.is_signed(self._keys, row):
            return
        for way, kind, first, last, said in rows.read(text):
            self._waiting.append((kind, way, first, last, said, mac[1], number))
        if len(self._waiting) >= AT_A_TIME:
            self._keep()

    def is_told(self, wrong: Wrong) -> bool:
        """Tell whether a line that was heard says something of these rows."""
        self._keep()
        said = wrong.said
        found = self._kept.execute(
            "SELECT 1 FROM said WHERE kind = ? AND way = ? AND first <= ? AND last >= ?",
            (said.kind, said.way, said.first, said.last),
        )
        return found.fetchone() is not None

    def close(self) -> None:
        """Let go of what was gathered."""
        self._kept.close()

    def wrong(self) -> Iterator[Wrong]:
        """Yield what is wrong, one row or one run of rows at a time."""
        self._keep()
        there = {model.kind: model for model in fact_models()}
        told = {kind for (kind,) in self._kept.execute("SELECT DISTINCT kind FROM said")}
        for kind in sorted(there.keys() | told):
            for way in (WRITTEN, ENDED):
                with closing(_stood(there.get(kind), way)) as stood:
                    yield from self._compared(Entry(way, kind, 0, 0, b""), stood)

    def _compared(self, bare: Entry, stood: Iterator[Stood]) -> Iterator[Wrong]:
        row = next(stood, None)
        for said, key, line in self._said(bare):
            while row and row[0] < said.first:
                yield Wrong.of(UNTOLD, bare, 0, [row])
                row = next(stood, None)
            run = []
            while row and row[0] <= said.last:
                run.append(row)
                row = next(stood, None)
            if len(run) != said.last - said.first + 1:
                yield Wrong.of(GONE, said, line, run)
            elif rows.mac_of(self._keys[key], said.way, said.kind, run) != said.mac:
                yield Wrong.of(CHANGED, said, line, run)
        while row:
            yield Wrong.of(UNTOLD, bare, 0, [row])
            row = next(stood, None)

    def _said(self, bare: Entry) -> Iterator[Said]:
        for first, last, mac, key, line in self._kept.execute(
            "SELECT first, last, mac, key, line FROM said WHERE kind = ? AND way = ?"
            " ORDER BY first, line",
            (bare.kind, bare.way),
        ):
            yield bare._replace(first=first, last=last, mac=mac), key, line

    def _keep(self) -> None:
        self._kept.executemany("INSERT INTO said VALUES (?, ?, ?, ?, ?, ?, ?)", self._waiting)
        self._waiting.clear()


def _stood(model: type[models.Model] | None, way: str) -> Generator[Stood, None, None]:
    if model is None:  # of an app that is no longer there
        return
    query = f"{rows.sql(model, connection.vendor, way)} ORDER BY id"
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(query)
            while found := cursor.fetchmany(AT_A_TIME):
                yield from ((number, rows.digest(text)) for number, text in found)
        return
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(query)
        while found := cursor.fetchmany(AT_A_TIME):
            yield from ((number, rows.digest(text.encode())) for number, text in found)
