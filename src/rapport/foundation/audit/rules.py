"""What is true of a trail, given its lines, its keys and what the witness saw. No database, no files."""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, Final, NamedTuple, Protocol

LANE: Final = 40  # a line's id is lane << 40 | n
LANES: Final = 64  # as many as PostgreSQL's trail_take offers
EVERY: Final = 256  # the witness keeps each 256th MAC
RECENT: Final = 20_000  # and all of the newest
NOTHING: Final = b""

Row = tuple[int, bytes | None, bytes, bytes]  # id, the text that the MAC covers, prev, mac


class Kind(StrEnum):
    """What can be wrong with a trail."""

    MISSING = "missing"
    CUT = "cut"
    FOLLOWS = "does_not_follow"
    CHANGED = "changed"
    RETIRED = "retired_key"
    SEEN = "not_as_seen"
    TWICE = "written_twice"
    UNSEEN = "not_seen"
    ACCEPTED = "not_as_accepted"
    MAILED = "not_as_mailed"
    WITNESS = "witness"
    KEY = "key"
    GUARD = "guard"
    FACT = "fact"


WORDS: Final[Mapping[Kind, str]] = {
    Kind.MISSING: "missing",
    Kind.CUT: "missing: the lane is cut at the end, from here on",
    Kind.FOLLOWS: "does not follow the line before it",
    Kind.CHANGED: "changed or forged",
    Kind.RETIRED: "signed with a key that was retired before it",
    Kind.SEEN: f"not what the witness saw: signed anew, here or up to {EVERY} lines before",
    Kind.TWICE: "written twice: the end was cut and the trail grew again",
    Kind.UNSEEN: "not seen by the witness: a crash between commit and note, "
    "or added by one who has the key",
    Kind.ACCEPTED: "no longer what was accepted",
    Kind.MAILED: "not what the heads on paper say",
}

# What lines are, one by one; the others are spans in which there is nothing.
OF_LINES: Final = frozenset(
    {Kind.FOLLOWS, Kind.CHANGED, Kind.RETIRED, Kind.SEEN, Kind.TWICE, Kind.UNSEEN}
)
# What two people of both sides may accept; the rest is to be put right.
ACCEPTABLE: Final = OF_LINES | {Kind.MISSING, Kind.ACCEPTED, Kind.WITNESS, Kind.FACT}


class Finding(NamedTuple):
    """One thing that is wrong: what, from which line to which, and in words."""

    kind: Kind
    first: int = 0
    last: int = 0
    pin: str = ""  # what stands there now, so that what is accepted cannot change afterwards
    text: str = ""  # for what concerns no line

    def __str__(self) -> str:
        if self.text:
            return self.text
        count = self.last - self.first + 1
        if count == 1:
            return f"line {shown(self.first)}: {WORDS[self.kind]}"
        spans = f" ({count} lines)" if self.kind in (Kind.MISSING, Kind.CUT) else ""
        return f"lines {shown(self.first)} to {shown(self.last)}: {WORDS[self.kind]}{spans}"


class Acceptance(NamedTuple):
    """That people accepted what was found: of which kind, from which line to which, as it stood."""

    uid: str
    when: str
    reason: str
    kind: Kind
    first: int
    last: int
    pin: str


class Seen(Protocol):
    """What a witness can tell."""

    @property
    def accepted(self) -> list[Acceptance]:
        """Return what people accepted, in the order in which they did."""

    def saw(self, number: int) -> bool:
        """Tell whether a line of this id was seen."""

    def denies(self, number: int, mac: bytes) -> bool:
        """Tell whether another MAC was seen under this id."""

    def is_twice(self, number: int) -> bool:
        """Tell whether the id was seen more than once, with different MACs."""

    def heads(self) -> Mapping[int, int]:
        """Return the highest id seen in each lane."""


def shown(number: int) -> str:
    """Return a line's id as people read it: lane and number, such as 0-41."""
    return f"{number >> LANE}-{number & (1 << LANE) - 1}"


def read(text: str) -> int:
    """Return the id of which `text` is the readable form. Raises `ValueError`."""
    lane, _, number = text.partition("-")
    is_number = lane.isdecimal() and number.isdecimal()
    if is_number and int(lane) < LANES and 0 < int(number) < 1 << LANE:
        return int(lane) << LANE | int(number)
    raise ValueError(f"{text!r} is not the number of a line.")


def text_of(number: int, fields: Iterable[Any]) -> bytes:
    """Return what a line's MAC covers: id and fields, joined by a character that none may hold."""
    return "\x1f".join("" if f is None else str(f) for f in (number, *fields)).encode()


def mac_of(keys: Mapping[int, bytes], key: int, text: bytes, prev: bytes) -> bytes:
    """Return algorithm byte, key byte, and HMAC-SHA256 to 128 bits over the MAC before and the text."""
    return bytes((1, key)) + hmac.digest(keys[key], prev + text, "sha256")[:16]


def is_signed(keys: Mapping[int, bytes], row: Row) -> bool:
    """Tell whether a line bears the MAC that one of our keys gives it."""
    _, text, prev, mac = row
    if text is None or len(mac) != 18 or mac[1] not in keys:
        return False
    return hmac.compare_digest(mac, mac_of(keys, mac[1], text, prev))


def pin_of(row: Row) -> str:
    """Return a digest of everything that a line holds."""
    number, text, prev, mac = row
    whole = b"\x1f".join(
        (str(number).encode(), text or b"", prev.hex().encode(), mac.hex().encode())
    )
    return hashlib.sha256(whole).hexdigest()[:32]


class Judge:
    """Reads a trail once, line by line in the order of ids, and yields what is wrong with it."""

    def __init__(
        self,
        keys: Mapping[int, bytes],
        seen: Seen,
        mailed: Mapping[int, bytes] | None = None,
        hear: Callable[[Row], None] = lambda row: (
            None
        ),  # told of each line that one of our keys signed
    ) -> None:
        self.lines = 0
        self.ends: dict[int, int] = {}  # the last id there is in each lane
        self._keys, self._seen, self._mailed = keys, seen, dict(mailed or {})
        self._hear = hear
        self._heads = dict(seen.heads())
        self._accepted = [a for a in seen.accepted if a.kind not in (Kind.WITNESS, Kind.FACT)]
        self._pinned = {a.last: a.pin for a in self._accepted if a.kind is not Kind.MISSING}
        self._lane, self._last, self._mac, self._key = -1, 0, NOTHING, 0

    def findings(self, rows: Iterable[Row]) -> Iterator[Finding]:
        """Yield what is wrong, one line or one gap at a time. `runs` puts neighbors together."""
        keys, seen, hear = self._keys, self._seen, self._hear
        for row in rows:
            number, _, prev, mac = row
            if number >> LANE != self._lane:
                yield from self._next_lane(number >> LANE)
            if is_ours := is_signed(keys, row):
                hear(row)
            if not (
                is_ours
                and number == self._last + 1
                and prev == self._mac
                and mac[1] == self._key
                and seen.saw(number)
                and not seen.denies(number, mac)
                and number not in self._mailed
                and number not in self._pinned
                and not seen.is_twice(number)
            ):
                yield from self._look(row)
            self.lines += 1
            self._last, self._mac = number, mac
        yield from self._next_lane(-1)
        for lane in sorted(self._heads):
            yield from self._gap(Kind.CUT, lane << LANE | 1, self._heads[lane])
        for number in sorted(self._mailed):
            yield Finding(Kind.MAILED, number, number)

    def _next_lane(self, lane: int) -> Iterator[Finding]:
        if self._last:
            self.ends[self._lane] = self._last
            head = self._heads.pop(self._lane, 0)
            if head > self._last:
                yield from self._gap(Kind.CUT, self._last + 1, head)
        self._lane, self._last, self._mac, self._key = lane, lane << LANE, NOTHING, 0

    def _look(self, row: Row) -> Iterator[Finding]:
        number, _, prev, mac = row
        pin = pin_of(row)
        if number > self._last + 1:
            yield from self._gap(Kind.MISSING, self._last + 1, number - 1)
        for kind in self._wrong(row):
            if not self._is_accepted(kind, number):
                yield Finding(kind, number, number, pin)
        if self._pinned.get(number, pin) != pin:
            yield Finding(Kind.ACCEPTED, number, number, pin)
        if self._mailed.pop(number, mac) != mac:
            yield Finding(Kind.MAILED, number, number, pin)

    def _wrong(self, row: Row) -> Iterator[Kind]:
        number, _, prev, mac = row
        if prev != self._mac and self._should_follow(number):
            yield Kind.FOLLOWS
        if not is_signed(self._keys, row):
            yield Kind.CHANGED
        elif mac[1] < self._key:
            yield Kind.RETIRED
        else:
            self._key = mac[1]
        if self._seen.is_twice(number):
            yield Kind.TWICE
        elif self._seen.denies(number, mac):
            yield Kind.SEEN
        if not self._seen.saw(number):
            yield Kind.UNSEEN

    def _should_follow(self, number: int) -> bool:
        """A line after a gap names a line that is gone; after an accepted one, the line before the gap."""
        return number <= self._last + 1 or not list(self._remaining(self._last + 1, number - 1))

    def _is_accepted(self, kind: Kind, number: int) -> bool:
        return any(a.kind is kind and a.first <= number <= a.last for a in self._accepted)

    def _gap(self, kind: Kind, first: int, last: int) -> Iterator[Finding]:
        for start, end in self._remaining(first, last):
            yield Finding(kind, start, end)

    def _remaining(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """Yield the parts of a gap that nobody has accepted."""
        gaps = sorted((a.first, a.last) for a in self._accepted if a.kind is Kind.MISSING)
        for start, end in gaps:
            if end < first or start > last:
                continue
            if start > first:
                yield first, start - 1
            first = max(first, end + 1)
        if first <= last:
            yield first, last


def runs(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Put findings of one kind on neighboring lines together, in constant memory.

    What is not as the witness saw it is known only for the lines whose MAC it kept, so that such
    findings are neighbors wherever the lines between them could not be judged.
    """
    open_: dict[Kind, Finding] = {}
    for one in findings:
        for kind in [k for k, run in open_.items() if not _joins(run, one) and k is one.kind]:
            yield open_.pop(kind)
        for kind in [k for k, run in open_.items() if _is_over(run, one)]:
            yield open_.pop(kind)
        run = open_.get(one.kind)
        open_[one.kind] = one._replace(first=run.first) if run else one
        if one.text or one.kind in (Kind.MISSING, Kind.CUT):
            yield open_.pop(one.kind)
    yield from sorted(open_.values(), key=lambda run: run.first)


def _joins(run: Finding, one: Finding) -> bool:
    if run.first >> LANE != one.first >> LANE:
        return False
    return one.first == run.last + 1 or (one.kind is Kind.SEEN and not one.text)


def _is_over(run: Finding, one: Finding) -> bool:
    if run.first >> LANE != one.first >> LANE:
        return True
    is_gap = one.kind in (Kind.MISSING, Kind.CUT)
    return run.kind is not Kind.SEEN and one.first > run.last + (not is_gap)
