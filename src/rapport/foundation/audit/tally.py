"""Facts, and other tracked rows, held against the lines that tell of them, both ways, in constant memory."""

import sqlite3
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from django.db import connection, transaction

from rapport.foundation.audit import rows
from rapport.foundation.audit.rows import CHANGED, ENDED, GONE, UNTOLD, WRITTEN, Entry, Wrong
from rapport.foundation.audit.rules import Row
from rapport.foundation.tracked import Tracked, tracked_models

AT_A_TIME: Final = 2000
Stood = tuple[int, bytes]  # a row's number, and a digest of what it says


class Tally:
    """What the lines say of facts: gathered line by line, sorted in a file that goes when it is closed."""

    def __init__(self, keys: Mapping[int, bytes]) -> None:
        self._keys = keys
        self._kept = sqlite3.connect("", isolation_level=None)
        self._kept.execute("CREATE TABLE said (word, first, last, mac, key, line)")
        self._kept.execute("BEGIN")
        self._words: dict[str, int] = {}  # way and kind, and the number by which they are sorted
        self._waiting: list[tuple[Any, ...]] = []

    def hear(self, row: Row) -> None:
        """Take what a line says, whose MAC was found true."""
        number, text, _prev, mac = row
        if text is None or rows.MARK not in text:
            return
        for word, first, last, said in rows.read(text):
            place = self._words.setdefault(word, len(self._words))
            self._waiting.append((place, first, last, said, mac[1], number))
        if len(self._waiting) >= AT_A_TIME:
            self._keep()

    def is_told(self, wrong: Wrong) -> bool:
        """Tell whether a line that was heard says something of these rows."""
        self._keep()
        said = wrong.said
        found = self._kept.execute(
            "SELECT 1 FROM said WHERE word = ? AND first <= ? AND last >= ?",
            (self._words.get(said.word), said.first, said.last),
        )
        return found.fetchone() is not None

    def close(self) -> None:
        """Let go of what was gathered."""
        self._kept.close()

    def wrong(self) -> Iterator[Wrong]:
        """Yield what is wrong, one row or one run of rows at a time."""
        self._keep()
        words = list(self._words)
        models = {model.kind: model for model in tracked_models()}
        silent = {way + kind for kind in models for way in (WRITTEN, ENDED)} - {*words}
        told = self._kept.execute(
            "SELECT word, first, last, mac, key, line FROM said ORDER BY word, first, line"
        )
        for place, said in groupby(told, itemgetter(0)):
            word = words[place]
            with closing(_stood(models.get(word[1:]), word[0])) as stood:
                yield from self._compared(word, said, stood)
        for word in sorted(silent):
            with closing(_stood(models[word[1:]], word[0])) as stood:
                yield from self._compared(word, (), stood)

    def _compared(
        self, word: str, said: Iterable[tuple[Any, ...]], stood: Iterator[Stood]
    ) -> Iterator[Wrong]:
        row = next(stood, None)
        for _place, first, last, mac, key, line in said:
            while row and row[0] < first:
                yield Wrong(UNTOLD, Entry(word, row[0], row[0], b""), 0, row[1])
                row = next(stood, None)
            run: list[Stood] = []
            while row and row[0] <= last:
                run.append(row)
                row = next(stood, None)
            what = GONE if len(run) <= last - first else CHANGED
            if what is GONE or rows.mac_of(self._keys[key], word, run) != mac:
                yield Wrong(what, Entry(word, first, last, mac), line, rows.digest_of_all(run))
        while row:
            yield Wrong(UNTOLD, Entry(word, row[0], row[0], b""), 0, row[1])
            row = next(stood, None)

    def _keep(self) -> None:
        self._kept.executemany("INSERT INTO said VALUES (?, ?, ?, ?, ?, ?)", self._waiting)
        self._waiting.clear()


def _stood(model: type[Tracked] | None, way: str) -> Generator[Stood, None, None]:
    if model is None:  # of an app that is no longer there
        return
    digest = rows.digest
    query = f"{rows.sql(model, connection.vendor, way)} ORDER BY id"
    if connection.vendor == "sqlite":
        with small_cache() as cursor:
            cursor.execute(query)
            while found := cursor.fetchmany(AT_A_TIME):
                for number, text in found:
                    yield number, digest(text)
        return
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(query)
        while found := cursor.fetchmany(AT_A_TIME):
            for number, text in found:
                yield number, digest(text.encode())


@contextmanager
def small_cache() -> Iterator[Any]:
    """Yield a cursor of SQLite that keeps few pages: none is looked at twice."""
    with connection.cursor() as cursor:
        kept = cursor.execute("PRAGMA cache_size").fetchone()[0]
        cursor.execute("PRAGMA cache_size = -2048")
        try:
            yield cursor
        finally:
            cursor.execute(f"PRAGMA cache_size = {int(kept)}")
