"""Check the whole trail against its keys and the witness, in constant memory."""

import json
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction

from rapport.foundation import guards
from rapport.foundation.audit import keys, losses, rules, witness
from rapport.foundation.audit.rows import UNTOLD, Wrong, in_words, together
from rapport.foundation.audit.rules import Finding, Judge, Kind, Row
from rapport.foundation.audit.tally import Tally, small_cache
from rapport.foundation.audit.testimony import Testimony

AT_A_TIME: Final = 5000
LATE: Final = 10_000  # more lines than that were not just about to be noted
PATIENCE: Final = 5  # tenths of a second without a note
# What a line's MAC covers, put together by the database: text as it stands, whatever its type became.
SQLITE: Final = """SELECT id, CAST(id || char(31) || coalesce(at, '') || char(31) ||
    coalesce(actor_id, '') || char(31) || coalesce(verb, '') || char(31) || coalesce(object, '')
    || char(31) || coalesce(object_id, '') || char(31) || coalesce(subject_id, '') || char(31) ||
    coalesce(channel, '') || char(31) || coalesce(detail, '') AS BLOB),
  CAST(prev AS BLOB), CAST(mac AS BLOB) FROM trail"""
POSTGRES: Final = """SELECT id, concat(id, chr(31),
    replace(replace(to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US BC'), ' AD', ''),
    '.000000', ''), chr(31),
    actor_id, chr(31), verb, chr(31), object, chr(31), object_id, chr(31), subject_id, chr(31),
    channel, chr(31), detail), prev, mac FROM trail"""


class NoHeads(RuntimeError):
    """There are no heads to hold the trail against; the message says what to do."""


@dataclass
class Check:
    """A check of the trail: what to hold it against; and, once `findings` was read, what it came to."""

    seen: Testimony
    mailed: Mapping[int, bytes] = field(default_factory=dict)
    lines: int = 0
    found: int = 0
    ends: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.seen = heard(self.seen)

    def findings(self) -> Iterator[Finding]:
        """Yield what is wrong, neighbors put together. Raises `KeyTrouble` or `DatabaseError`."""
        for finding in self._all():
            self.found += 1
            yield finding

    def singly(self) -> Iterator[Finding]:
        """Yield what is wrong with the lines, one line or one gap at a time."""
        ring = keys.ring().keys
        late: list[Finding] = []
        with closing(Tally(ring)) as tally:
            judge = Judge(ring, self.seen, self.mailed, tally.hear)
            with closing(rows()) as lines:  # also where the reader stops before the end
                for finding in judge.findings(lines):
                    if finding.kind is Kind.UNSEEN and len(late) < LATE:
                        late.append(finding)
                    else:
                        yield finding
            self.lines, self.ends = judge.lines, judge.ends
            yield from self._still_unseen(late)
            yield from self._facts(tally)

    def _all(self) -> Iterator[Finding]:
        yield from self.seen.problems(keys.ring().home)
        for path in keys.open_to_others():
            yield Finding(Kind.KEY, text=keys.exposed(path))
        for name in guards.missing(connection):
            yield Finding(
                Kind.GUARD,
                text=f"the guard {name} is missing or changed. Find out who removed it, then put it "
                "back with: rapport migrate",
            )
        yield from rules.runs(self.singly())

    def _facts(self, tally: Tally) -> Iterator[Finding]:
        """Yield the facts that are not as the lines tell, but for those that were accepted."""
        accepted = {a.pin for a in self.seen.accepted if a.kind is Kind.FACT}
        for wrong in together(self._still_untold(tally)):
            if wrong.pin not in accepted:
                yield Finding(Kind.FACT, pin=wrong.pin, text=in_words(wrong.pin))

    def _still_untold(self, tally: Tally) -> Iterator[Wrong]:
        """A fact recorded a moment ago has its line behind those that were read."""
        late: list[Wrong] = []
        for wrong in tally.wrong():
            if wrong.what == UNTOLD and len(late) < LATE:
                late.append(wrong)
            else:
                yield wrong
        for line in _beyond(self.ends) if late else ():
            if rules.is_signed(keys.ring().keys, line):
                tally.hear(line)
        yield from (wrong for wrong in late if not tally.is_told(wrong))

    def _still_unseen(self, late: list[Finding]) -> Iterator[Finding]:
        """A line committed a moment ago may be noted only now."""
        waited = 0
        while late and len(late) < LATE and waited < PATIENCE:
            time.sleep(0.1)
            self.seen.more()
            before, late = late, [f for f in late if not self.seen.saw(f.first)]
            waited = waited + 1 if before == late else 0
        yield from late


def rows() -> Generator[Row, None, None]:
    """Yield the trail in the order of ids, which is the order of each chain."""
    if connection.vendor == "sqlite":
        with small_cache() as cursor:
            cursor.execute(f"{SQLITE} ORDER BY id")
            while found := cursor.fetchmany(AT_A_TIME):
                for number, text, prev, mac in found:
                    yield number, text, prev or b"", mac or b""
        return
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(f"{POSTGRES} ORDER BY id")
        while found := cursor.fetchmany(AT_A_TIME):
            for number, text, prev, mac in found:
                yield number, text.encode(), bytes(prev), bytes(mac)


def _beyond(ends: Mapping[int, int]) -> Iterator[Row]:
    """Yield the lines that came behind these ends of the lanes."""
    for lane in range(rules.LANES):
        after = ends.get(lane, lane << rules.LANE)
        yield from _read(f"WHERE id > {after} AND id < {(lane + 1) << rules.LANE} ORDER BY id")


def ensure_own_keys() -> None:
    """Raise `KeyTrouble` where the keys signed neither the oldest nor the newest lines of this trail.

    One line that somebody changed is for `Check` to name; keys of another home signed none of them.
    """
    ring = keys.ring()
    lines = [*_some("ASC"), *_some("DESC")]
    if lines and not any(rules.is_signed(ring.keys, line) for line in lines):
        raise keys.KeyTrouble(
            f"The trail keys in {keys.folder()} are not those of this database: they signed none of its "
            "lines. Put back the keys that were made with it, or name the home that they belong to."
        )


def has_lines() -> bool:
    """Tell whether anything was ever done in this database, also where it has no tables yet."""
    if connection.vendor == "sqlite" and not Path(settings.RAPPORT_DATABASE).exists():
        return False
    with connection.cursor() as cursor:
        if "trail" not in connection.introspection.table_names(cursor):
            return False
        cursor.execute("SELECT EXISTS (SELECT 1 FROM trail)")
        return bool(cursor.fetchone()[0])


def is_last_line_noted() -> bool:
    """Tell whether the witness noted the newest line, or there is none."""
    newest = next(iter(_some("DESC")), None)
    return newest is None or witness.current().ends_with(newest[0], newest[3])


def _some(way: str) -> Iterator[Row]:
    """Yield the two lines at one end of the trail, by id."""
    yield from _read(f"ORDER BY id {way} LIMIT 2")


def _read(rest: str) -> Iterator[Row]:
    """Yield the few lines that the rest of a query asks for."""
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute(f"{SQLITE if sqlite else POSTGRES} {rest}")
        for number, text, prev, mac in cursor.fetchall():
            yield number, text if sqlite else text.encode(), bytes(prev or b""), bytes(mac or b"")


def heard(seen: Testimony) -> Testimony:
    """Return the testimony without acceptances that no signed line of a consent bears out."""
    said = seen.accepted
    return replace(seen, unsigned=losses.unsigned(said, _consents())) if said else seen


def _consents() -> Iterator[losses.Consented]:
    ring = keys.ring()
    for line in _read("WHERE verb = 'audit.consent' AND object = 'loss' ORDER BY id"):
        if not rules.is_signed(ring.keys, line):
            continue
        fields = (line[1] or b"").decode().split("\x1f")
        detail = json.loads(fields[-1])
        yield losses.Consented(int(fields[2]), detail["side"], detail.get("of", ""))


def read_heads(path: Path) -> dict[int, bytes]:
    """Return the MACs by id that a file of heads holds. Raises `NoHeads` where it is not one."""
    found: dict[int, bytes] = {}
    try:
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as trouble:
        raise NoHeads(
            f"The heads in {path} cannot be read. Name the file that was kept."
        ) from trouble
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if not words or words[0] in ("home", "on", "#"):
            continue
        try:
            found[rules.read(words[0])] = bytes.fromhex(words[1])
        except (ValueError, IndexError) as trouble:
            raise NoHeads(f"{path}, line {number}: this is no head of a lane.") from trouble
    if not found:
        raise NoHeads(f"{path} holds no heads. Make such a file with: rapport audit heads")
    return found


def heads() -> list[tuple[int, bytes]]:
    """Return the id and MAC of the last line of each lane."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, mac FROM trail WHERE id IN (SELECT max(id) FROM trail GROUP BY id >> %s)"
            " ORDER BY id",
            [rules.LANE],
        )
        found: Sequence[tuple[int, Any]] = cursor.fetchall()
    return [(number, bytes(mac)) for number, mac in found]
