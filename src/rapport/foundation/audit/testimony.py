"""What the witness says, read back: which lines were seen, some of their MACs, and what was accepted."""

import hashlib
from binascii import unhexlify
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rapport.foundation.audit import losses, rules, witness
from rapport.foundation.audit.rules import EVERY, LANE, RECENT, Acceptance, Finding, Kind

BLOCK: Final = 13  # seen or not is a bit; a block holds 2 ** 13 of them
LONGEST: Final = 4096


class NoWitness(RuntimeError):
    """There is no witness to ask; the message says what to do."""


class Reading:
    """One witness file, read line by line in constant memory; `more` reads on where it stopped."""

    def __init__(self, path: Path) -> None:
        self.path, self.home = path, ""
        self.accepted: list[Acceptance] = []
        self.said: list[bytes] = []  # the lines that tell what was accepted, as they stand
        self.twice: set[int] = set()
        self.heads: dict[int, tuple[int, bytes]] = {}
        self.through: dict[int, int] = {}
        self._recent: dict[int, bytes] = {}
        self._marks: dict[int, bytes] = {}
        self._bits: dict[int, bytearray] = {}
        self._problems: list[Finding] = []
        self._odd = b""
        self._offset = self._line = self._notes = 0
        self._is_doubled = False
        self.more()

    def more(self) -> None:
        """Read what was added since. Raises `NoWitness` where the file cannot be read."""
        try:
            with self.path.open("rb") as file:
                file.seek(self._offset)
                while (line := file.readline(LONGEST)) and not self._is_doubled:
                    if not line.endswith(b"\n") and len(line) < LONGEST:
                        break  # somebody is writing it, or was cut off
                    self._offset += len(line)
                    self._line += 1
                    self._take(line)
                self._rest = line
        except OSError as trouble:
            raise NoWitness(
                f"The witness {self.path} cannot be read ({trouble.strerror}). Without it nobody can "
                "tell whether the trail is whole: put it back, or name it with --witness."
            ) from trouble

    def _take(self, line: bytes) -> None:
        if self._odd and not line.startswith(self._odd):  # else it was written whole after all
            self._cannot_read(self._line - 1, self._odd)
        self._odd = b""
        number, _, mac = line.partition(b" ")
        if number.isdigit() and len(mac) == 37:
            try:
                self._note(int(number), unhexlify(mac[:36]))
                return
            except ValueError:
                pass
        self._take_words(line)

    def _take_words(self, line: bytes) -> None:
        words = line.split()
        try:
            if not words:
                return
            if words[0] == witness.HOME:
                self._begin(words[1].decode("ascii"))
            elif words[0] == witness.ACCEPTED:
                self.accepted.append(_acceptance(words))
                self.said.append(line)
            elif words[0] == witness.CHECKED:
                self._checked(int(words[2]), words[3:])
            else:
                self._odd = line.rstrip(b"\n")
        except (ValueError, IndexError):
            self._odd = line.rstrip(b"\n")

    def _note(self, number: int, mac: bytes) -> None:
        lane = number >> LANE
        block, bit = self._bits.setdefault(number >> BLOCK, bytearray(1 << BLOCK - 3)), number & 7
        place = (number & (1 << BLOCK) - 1) >> 3
        if block[place] >> bit & 1 or number <= self.through.get(lane, 0):
            if self.mac(number) == mac:
                return  # the same note again
            self.twice.add(number)
        block[place] |= 1 << bit
        self._notes += 1
        self._recent[number] = mac
        if number % EVERY == 0:
            self._marks[number] = mac
        if number > self.heads.get(lane, (0, b""))[0]:
            self.heads[lane] = (number, mac)
        if len(self._recent) > RECENT:
            del self._recent[next(iter(self._recent))]

    def _begin(self, home: str) -> None:
        if self._line != 1:
            self._is_doubled = True
            self._problems.append(_problem(f"{self.path} begins anew at its line {self._line}"))
        self.home = home

    def _checked(self, kept: int, through: Sequence[bytes]) -> None:
        if self._notes != kept:
            self._problems.append(
                _problem(f"{self.path} kept {kept} notes, of which {self._notes} are there")
            )
        for end in through:
            number = rules.read(end.decode("ascii"))
            self.through[number >> LANE] = number

    def _cannot_read(self, number: int, line: bytes) -> None:
        pin = hashlib.sha256(line).hexdigest()[:32]
        self._problems.append(_problem(f"{self.path}: its line {number} cannot be read", pin))

    def problems(self, home: str) -> Iterator[Finding]:
        """Yield what is wrong with the file itself, whether or not it was accepted."""
        if not self.home:
            yield _problem(
                f"{self.path} does not begin with the name of its home: its start is gone"
            )
        elif self.home != home:
            yield _problem(
                f"{self.path} is of another home than the keys ({self.home}, not {home})"
            )
        yield from self._problems
        for rest in filter(None, (self._odd, self._rest.rstrip(b"\n"))):
            if not self._is_doubled:
                yield from self._end_problem(rest)

    def _end_problem(self, rest: bytes) -> Iterator[Finding]:
        before = len(self._problems)
        self._cannot_read(self._line + bool(not self._odd), rest)
        yield from self._problems[before:]
        del self._problems[before:]

    def saw(self, number: int) -> bool:
        """Tell whether a line of this id was seen."""
        block = self._bits.get(number >> BLOCK)
        if block is not None and block[(number & (1 << BLOCK) - 1) >> 3] >> (number & 7) & 1:
            return True
        return number <= self.through.get(number >> LANE, 0)

    def mac(self, number: int) -> bytes | None:
        """Return the MAC noted for a line, where it was kept."""
        return self._recent.get(number) or self._marks.get(number)

    def kept(self) -> dict[int, bytes]:
        """Return the MACs that are kept, the newest last, without those of lines seen twice."""
        found = {**dict(self.heads.values()), **self._marks}
        found = {n: m for n, m in sorted(found.items()) if n not in self._recent}
        return {n: m for n, m in {**found, **self._recent}.items() if n not in self.twice}

    def highest(self) -> Iterator[int]:
        """Yield the highest id seen in each lane; several of one lane may come."""
        yield from (number for number, _ in self.heads.values())
        yield from self.through.values()


@dataclass(frozen=True)
class Testimony:
    """What one or several witness files say together: each host of a program has its own."""

    readings: Sequence[Reading]
    supposed: tuple[Acceptance, ...] = ()  # as if it had been accepted
    unsigned: frozenset[str] = frozenset()  # losses that nobody's signed line says were accepted

    @property
    def accepted(self) -> list[Acceptance]:
        """Return what people accepted, in the order in which it was noted."""
        noted = [a for a in self._noted() if a.uid not in self.unsigned]
        return [*noted, *self.supposed]

    def _noted(self) -> list[Acceptance]:
        found = dict.fromkeys(a for r in self.readings for a in r.accepted)
        return sorted(found, key=lambda a: a.when)

    def problems(self, home: str) -> Iterator[Finding]:
        """Yield what is wrong with the files themselves. `home` names the home that they should be of."""
        pins = {a.pin for a in self.accepted if a.kind is Kind.WITNESS}
        for reading in self.readings:
            yield from (p for p in reading.problems(home) if not p.pin or p.pin not in pins)
        for uid in sorted(self.unsigned):
            of = losses.kept(a for a in self._noted() if a.uid == uid)
            pin = losses.digest_of(uid, of)
            if pin not in pins:
                yield _problem(
                    f"says that the loss {uid} was accepted, and no signed line does", pin
                )

    def saw(self, number: int) -> bool:
        """Tell whether a line of this id was seen."""
        return any(reading.saw(number) for reading in self.readings)

    def denies(self, number: int, mac: bytes) -> bool:
        """Tell whether another MAC was seen under this id."""
        return any(reading.mac(number) not in (None, mac) for reading in self.readings)

    def is_twice(self, number: int) -> bool:
        """Tell whether the id was seen more than once, with different MACs."""
        if any(number in reading.twice for reading in self.readings):
            return True
        if len(self.readings) < 2:
            return False
        return len({m for r in self.readings if (m := r.mac(number)) is not None}) > 1

    def heads(self) -> Mapping[int, int]:
        """Return the highest id seen in each lane."""
        found: dict[int, int] = {}
        for reading in self.readings:
            for number in reading.highest():
                found[number >> LANE] = max(number, found.get(number >> LANE, 0))
        return found

    def more(self) -> None:
        """Read what was noted meanwhile."""
        for reading in self.readings:
            reading.more()


def read(paths: Sequence[Path]) -> Testimony:
    """Read witness files; one given twice is read once. Raises `NoWitness`."""
    different = {path.resolve(): path for path in paths}
    return Testimony(tuple(Reading(path) for path in different.values()))


def _acceptance(words: Sequence[bytes]) -> Acceptance:
    when, uid, reason, kind, first, last, pin = (word.decode("ascii") for word in words[1:8])
    return Acceptance(
        uid, when, reason, Kind(kind), int(first), int(last), "" if pin == "-" else pin
    )


def _problem(text: str, pin: str = "") -> Finding:
    return Finding(Kind.WITNESS, pin=pin, text=f"the witness {text}")
