"""Rule sets as values: what is required, by when, with what consequence, by which source."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

GROUNDS: Final = ("sworn", "selected", "trained", "agreed")
KINDS: Final = {
    "certified": "sworn",
    "employed": "sworn",
    "on_duty": "sworn",
    "selected": "selected",
    "district_part": "selected",
    "evaluated": "selected",
    "course": "trained",
    "verified": "trained",
    "agreement": "agreed",
    "review": "agreed",
    "clauses": "agreed",
}
BASELINE, PROGRAM = "US", "program"


class RulesUnreadable(ValueError):
    """A rule set does not say what it must; the message names the rule and what is wrong."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One rule. A rule with the same key in a set further up replaces the one below."""

    key: str
    needs: str  # one of KINDS
    name: Mapping[
        str, str
    ]  # language → words after "needs": "the basic SRO course"; {hours} is filled in
    source: str = ""
    verified: bool = False  # whether the source was read
    force: str = "required"  # or "recommended": an alarm, never more
    consequence: str = "stops"  # "provisional" for `grace_days`, then stops; or "alarm"
    grace_days: int = 0
    deadline: str = "before"  # or "within" `days` or `months` of the first assignment
    days: int | None = None
    months: int | None = None
    courses: frozenset[str] = frozenset()
    hours: float = 0.0
    every_months: int | None = None  # must be renewed after so many months
    clauses: tuple[int, ...] = ()
    meanwhile: frozenset[str] = frozenset()  # with all of these, in time until the next school year

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def ground(self) -> str:
        """The ground it belongs to."""
        return KINDS[self.needs]

    @property
    def is_alarm(self) -> bool:
        """Whether leaving it unmet changes no standing."""
        return self.force == "recommended" or self.consequence == "alarm"


class Workload(NamedTuple):
    """A set that holds only for officers with at least `hours` a week for more than `weeks` in a year."""

    hours: float
    weeks: int


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a rule set, in force from a day."""

    uid: str
    jurisdiction: str
    topic: str
    version: str
    since: date
    until: date | None
    requirements: tuple[Requirement, ...]
    workload: Workload | None = None
    first_days: int | None = None  # day one: so many days for what is blank

    @property
    def rank(self) -> int:
        """Its place in the stack: baseline, then the state, then the program's own."""
        return {BASELINE: 0, PROGRAM: 2}.get(self.jurisdiction, 1)


CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "needs": tuple(KINDS),
    "force": ("required", "recommended"),
    "consequence": ("stops", "provisional", "alarm"),
    "deadline": ("before", "within"),
}
NAMES: Final = {
    "key",
    "needs",
    "name",
    "source",
    "verified",
    "force",
    "consequence",
    "grace_days",
    "deadline",
    "days",
    "months",
    "courses",
    "hours",
    "every_months",
    "clauses",
    "meanwhile",
}


def requirement(said: Mapping[str, Any]) -> Requirement:
    """Return the requirement that a rule's table says. Raises `RulesUnreadable`."""
    key = str(said.get("key") or "?")
    strange = set(said) - NAMES
    if strange:
        raise RulesUnreadable(
            f"Rule {key}: {', '.join(sorted(strange))} is not known. Known are: {', '.join(sorted(NAMES))}."
        )
    for name in ("key", "needs", "name"):
        if not said.get(name):
            raise RulesUnreadable(f"Rule {key}: {name} is missing.")
    for name, choices in CHOICES.items():
        if name in said and said[name] not in choices:
            raise RulesUnreadable(
                f"Rule {key}: {name} is {said[name]!r}; it must be one of {', '.join(choices)}."
            )
    if said.get("deadline") == "within" and ("days" in said) == ("months" in said):
        raise RulesUnreadable(f"Rule {key}: within needs either days or months.")
    if said["needs"] == "course" and not said.get("courses"):
        raise RulesUnreadable(f"Rule {key}: which courses meet it?")
    hours = float(said.get("hours", 0))
    lists: dict[str, Any] = {
        "name": {lang: _with_hours(key, words, hours) for lang, words in said["name"].items()},
        "courses": frozenset(said.get("courses", ())),
        "meanwhile": frozenset(said.get("meanwhile", ())),
        "clauses": tuple(said.get("clauses", ())),
        "hours": hours,
    }
    return Requirement(**(dict(said) | lists))


def _with_hours(key: str, words: str, hours: float) -> str:
    """Return a rule's words with its hours in the place of {hours}, so that both say the same."""
    if "{hours}" in words and not hours:
        raise RulesUnreadable(f"Rule {key}: its name says {{hours}}, and no hours are given.")
    return words.replace("{hours}", f"{hours:g}")


def body_of(said: Mapping[str, Any]) -> str:
    """Return a version's rules as canonical JSON, as kept in its fact row."""
    keep = {k: v for k, v in said.items() if k in ("rule", "workload", "first_days")}
    return json.dumps(keep, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def version(
    uid: str, jurisdiction: str, topic: str, name: str, span: tuple[date, date | None], body: str
) -> Version:
    """Return a version from its row. Raises `RulesUnreadable`."""
    said = json.loads(body)
    load = said.get("workload")
    return Version(
        uid,
        jurisdiction,
        topic,
        name,
        span[0],
        span[1],
        tuple(requirement(r) for r in said.get("rule", ())),
        Workload(float(load["hours"]), int(load["weeks"])) if load else None,
        said.get("first_days"),
    )


class Stack(NamedTuple):
    """The rules that hold on a day: by ground, in the order of their keys."""

    versions: tuple[Version, ...]
    rules: Mapping[str, tuple[Requirement, ...]]
    first_days: int
    has_state: bool


def stacked(versions: Iterable[Version]) -> Stack:
    """Stack the versions in force: baseline, state, program; the same key replaces the one below."""
    used = tuple(sorted(versions, key=lambda v: (v.rank, v.topic, v.version, v.uid)))
    by_key: dict[str, Requirement] = {}
    first_days = 0
    for one in used:
        by_key.update({r.key: r for r in one.requirements})
        first_days = one.first_days if one.first_days is not None else first_days
    rules = {
        ground: tuple(by_key[k] for k in sorted(by_key) if by_key[k].ground == ground)
        for ground in GROUNDS
    }
    return Stack(used, rules, first_days, any(v.rank == 1 for v in used))


class Book:
    """All versions that may hold for a school's state, cut where the versions in force change."""

    def __init__(self, versions: Iterable[Version]) -> None:
        self.versions = tuple(versions)
        ends = {v.since for v in self.versions} | {v.until for v in self.versions if v.until}
        self.moments = sorted(ends)
        self._segments: list[tuple[Version, ...]] = [()]
        for moment in self.moments:
            self._segments.append(
                tuple(
                    v
                    for v in self.versions
                    if v.since <= moment and (v.until is None or moment < v.until)
                )
            )
        self._workloads = [
            frozenset(v.workload for v in here if v.workload) for here in self._segments
        ]
        self._stacks: dict[tuple[int, frozenset[Workload]], Stack] = {}

    def on(self, place: int, reached: frozenset[Workload]) -> Stack:
        """Return the rules of a segment; a set with an hours test counts only where it is `reached`."""
        kept = self._stacks.get((place, reached))
        if kept is None:
            here = [v for v in self._segments[place] if not v.workload or v.workload in reached]
            kept = self._stacks[place, reached] = stacked(here)
        return kept

    def workloads(self, place: int) -> frozenset[Workload]:
        """Return the hours tests of the segment: each set may have its own."""
        return self._workloads[place]
