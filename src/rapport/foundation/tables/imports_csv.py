"""From the bytes of a file to its records. What cannot be read is said in words, by line where one can."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

MOST_BYTES: Final = 64 * 1024 * 1024
MOST_LINES: Final = (
    50  # of a file, that one record may take up before its quotation mark is given up
)
BROKEN: Final = re.compile(
    "[\udc80-\udcff]"
)  # what surrogateescape makes of bytes that are no UTF-8
SAVE_AS: Final = "CSV UTF-8"
SIGNATURES: Final = {
    b"%PDF": "PDF",
    b"PK\x03\x04": "Excel",
    b"\xd0\xcf\x11\xe0": "Excel",
}


class Unusable(ValueError):
    """A file that cannot be used at all; the message says why, and what to do."""


class Text(NamedTuple):
    """A file as text, and what had to be assumed to read it."""

    body: str
    note: str = ""


class Record(NamedTuple):
    """The cells that begin on a line of the file, or what is wrong with that line."""

    line: int  # the heading is on line 1
    cells: list[str]
    problem: str = ""


def read(path: Path) -> Text:
    """Return a file as text. Raises `Unusable`."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Unusable(
                _(
                    "{file} is larger than {most} MB. Is it the right file? Split it if it is."
                ).format(file=path, most=MOST_BYTES // 1024 // 1024)
            )
        return text_of(path.read_bytes())
    except OSError as problem:
        raise Unusable(
            _("{file} could not be read: {why}.").format(file=path, why=problem.strerror)
        ) from problem


def text_of(data: bytes) -> Text:
    """Return bytes as text: UTF-8 with or without a byte-order mark, else Windows-1252.

    A UTF-8 file with a few broken bytes stays UTF-8; those bytes come as surrogates, and `records`
    names their lines. Raises `Unusable` where the bytes are no text at all.
    """
    _ensure_text(data)
    try:
        return Text(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        loose = data.decode("utf-8-sig", "surrogateescape")
    if not BROKEN.sub("", loose).isascii():
        return Text(loose)  # it holds real UTF-8 elsewhere
    try:
        note = _("The file is not UTF-8; it was read as Windows-1252. Look at accented letters.")
        return Text(data.decode("cp1252"), note)
    except UnicodeDecodeError:
        return Text(loose)


def _ensure_text(data: bytes) -> None:
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        raise Unusable(_("The file is empty."))
    for begins, what in SIGNATURES.items():
        if data.startswith(begins):
            raise Unusable(
                _("This is a file of type {what}, not a table as text. Save it as {csv}.").format(
                    what=what, csv=SAVE_AS
                )
            )
    if b"\x00" in data:
        raise Unusable(
            _("The file holds bytes that are no text. Open it where it came from, save it as {csv}.")
            .format(csv=SAVE_AS)
        )  # fmt: skip


def records(text: str) -> Iterator[Record]:
    """Yield the records of a table with commas, quotation marks and line breaks as in RFC 4180.

    A line whose quotation mark is never closed, or that holds broken bytes, comes with its problem;
    the next line is read anew, so that one bad line costs one line.
    """
    lines = list(io.StringIO(text, newline=""))
    at = 0
    while at < len(lines):
        record, taken = _record(lines, at)
        yield record
        at += taken


def _record(lines: list[str], at: int) -> tuple[Record, int]:
    number, problem = at + 1, ""
    for taken in range(1, MOST_LINES + 1):
        chunk = list(islice(lines, at, at + taken))
        if len(chunk) < taken:
            break
        try:
            cells = next(csv.reader(chunk, strict=True), [])
        except csv.Error as trouble:
            problem = str(trouble)
            if "unexpected end of data" in problem:
                continue
            break
        if any(map(BROKEN.search, chunk)):
            return Record(number, cells, _("This line holds bytes that are no text.")), taken
        return Record(number, cells), taken
    return Record(number, [], _in_words(problem)), 1


def _in_words(problem: str) -> str:
    if "field limit" in problem:
        return _("A cell on this line is far too long.")
    return _("A quotation mark on this line is not closed, or stands in the wrong place.")
