"""Which facts count (1), whom a standing is about (2), and how facts are looked at (4).

The numbers are the sections of docs/check-a-standing.md.
"""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

DAY = timedelta(days=1)
Rule = dict[str, Any]


class Fact:
    """One printed fact: its words, its span, and when it was known."""

    def __init__(self, words: dict[str, Any]) -> None:
        self.words = words
        self.since = date.fromisoformat(words["valid_from"])
        self.until = date.fromisoformat(words["valid_until"]) if words["valid_until"] else None
        self.recorded = datetime.fromisoformat(words["recorded_at"])
        gone = words["withdrawn_at"]
        self.withdrawn = datetime.fromisoformat(gone) if gone else None

    def __getitem__(self, name: str) -> Any:
        return self.words[name]

    def says(self, **asked: object) -> bool:
        return all(self.words[name] == word for name, word in asked.items())

    def holds(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on < self.until)

    def is_kept(self, known: datetime | None) -> bool:
        if known is None:
            return self.withdrawn is None
        return self.recorded <= known and (self.withdrawn is None or self.withdrawn > known)


class Answer(NamedTuple):
    """What the facts say of one rule (4): True, False, or None for blank."""

    says: bool | None
    failed: date | None = None


YES, BLANK = Answer(says=True), Answer(None)


def no(failed: Iterable[date | None]) -> Answer:
    return Answer(says=False, failed=max((day for day in failed if day), default=None))


def plus_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def stale_from(fact: Fact, rule: Rule) -> date | None:
    """Return the first day on which the fact is stale for that rule."""
    months = rule.get("every_months")
    return plus_months(fact.since, months) + DAY if months else None


def beside(printed: list[Fact], kinds: tuple[str, ...], **asked: object) -> dict[str, Any]:
    """Return the words of one such fact, kept or not."""
    found = (fact.words for fact in printed if fact["kind"] in kinds and fact.says(**asked))
    return next(found, {})


class Case:
    """The facts that count (1), and the names taken from them (2)."""

    def __init__(
        self, printed: list[Fact], whom: dict[str, Any], on: date, known: datetime | None
    ) -> None:
        """`whom` has the uids of officer, school, agency and assignment, which may be None."""
        self.facts = [fact for fact in printed if fact.is_kept(known)]
        self.on, self.assignment = on, whom["assignment"]
        self.officer, self.school, self.agency = whom["officer"], whom["school"], whom["agency"]
        self.who = {"officer": self.officer, "agency": self.agency}
        self.districts = self.all("school_in_district", school=self.school)
        here = beside(printed, ("assignment", "school_in_district"), school=self.school)
        self.state = here.get("state")
        theirs = beside(printed, ("employment", "duty_status", "agency_start"), agency=self.agency)
        self.agency_state, self.own_district = theirs.get("state"), theirs.get("own_district")
        spans = self.all("assignment", assignment=self.assignment) if self.assignment else []
        self.began = min((fact.since for fact in spans), default=on)
        self.work = self.all("assignment", **self.who, state=self.state)
        self.first_began = min([self.began, *(fact.since for fact in self.work)])
        starts = self.all("agency_start", agency=self.agency)
        self.start = min((fact.since for fact in starts), default=None)
        self.district = next((f["district"] for f in self.districts if f.holds(on)), None)

    def all(self, kind: str, **asked: object) -> list[Fact]:
        return [fact for fact in self.facts if fact["kind"] == kind and fact.says(**asked)]

    def holding(self, kind: str, **asked: object) -> list[Fact]:
        return [fact for fact in self.all(kind, **asked) if fact.holds(self.on)]

    def among(self, facts: list[Fact], **asked: object) -> Answer:
        begun = [fact for fact in facts if fact.since <= self.on]
        holding = [fact for fact in begun if fact.holds(self.on)]
        if any(fact.says(**asked) for fact in holding):
            return YES
        ends = [fact.until for fact in begun if fact not in holding]
        return no(ends + [fact.since for fact in holding]) if begun else BLANK

    def is_stale(self, fact: Fact, rule: Rule) -> bool:
        stale = stale_from(fact, rule)
        return stale is not None and stale <= self.on

    def fresh_one(self, facts: list[Fact], rule: Rule) -> Answer:
        if any(not self.is_stale(fact, rule) for fact in facts):
            return YES
        return no(stale_from(fact, rule) for fact in facts) if facts else BLANK
