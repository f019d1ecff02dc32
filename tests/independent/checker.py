"""Compute standings again by docs/check-a-standing.md, and by nothing else.

    python -m tests.independent.checker FACTS STANDINGS

FACTS is what `rapport facts --all --json` printed, STANDINGS what `rapport standing --all --json`
did, of one day or of several. Every difference is printed; the exit code is 1 when there is one.
Nothing of the program is imported here, in case.py or in answers.py. The names, and the numbers
in brackets, are the page's: whoever changes what a standing is changes the page, and then this.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.independent.answers import GROUNDS, NEEDS
from tests.independent.case import DAY, Answer, Case, Fact, Rule, plus_months

Words = dict[str, Any]


def is_reached(case: Case, workload: dict[str, Any] | None) -> bool:
    """Return whether a version's hours test is reached, or it has none (3)."""
    if workload is None:
        return True
    first, after = date(case.on.year, 1, 1), date(case.on.year + 1, 1, 1)
    spans = [f for f in case.work if f.since < after and (f.until is None or f.until > first)]
    if not spans or any(fact["hours_per_week"] is None for fact in spans):
        return True
    year = [first + n * DAY for n in range((after - first).days)]
    sums = [sum(fact["hours_per_week"] for fact in spans if fact.holds(day)) for day in year]
    reached = [hours for hours in sums if hours >= workload["hours"]]
    return len(reached) > 7 * int(workload["weeks"])


def stack(case: Case) -> tuple[list[Fact], dict[str, Rule], int]:
    """Return the versions that hold, their rules by key, and the first days (3)."""
    rank = {"US": 0, case.state: 1, "program": 2}
    found = [fact for fact in case.holding("ruleset") if fact["jurisdiction"] in rank]
    found.sort(key=lambda fact: (rank[fact["jurisdiction"]], fact["topic"], fact["version"]))
    versions: list[Fact] = []
    rules: dict[str, Rule] = {}
    first_days = 0
    for version in found:
        body = json.loads(version["body"], parse_float=Decimal)
        if is_reached(case, body.get("workload")):
            versions.append(version)
            rules |= {rule["key"]: rule for rule in body["rule"]}
            first_days = body.get("first_days", first_days)
    return versions, rules, first_days


def next_school_year(case: Case) -> date:
    """Return the next school year after the officer first began (5)."""
    began, districts = case.first_began, {fact["district"] for fact in case.districts}
    years = [fact for fact in case.all("school_year") if fact["district"] in districts]
    anchor = max([began, *(f.until - DAY for f in years if f.until and f.holds(began))])
    august = date(anchor.year, 8, 1)
    if august <= anchor:
        august = date(anchor.year + 1, 8, 1)
    first = min((fact.since for fact in years if fact.since > began), default=august)
    return august if first > august + timedelta(days=92) else first


def ways(case: Case, rule: Rule, answer: Answer, first_days: int) -> Iterator[date]:
    """Yield the end of each way in which an unmet rule may be in time (5)."""
    due = None
    if rule.get("deadline") == "within":
        days, months = timedelta(days=rule.get("days", 0)), rule.get("months", 0)
        due = plus_months(case.first_began, months) + days + DAY
        yield due
    if answer.says is None and case.start and case.began <= case.start:
        yield case.start + timedelta(days=first_days) + DAY
    if rule.get("meanwhile"):
        done = case.holding("completion", officer=case.officer, result="completed")
        if {fact["course"] for fact in done}.issuperset(rule["meanwhile"]):
            yield next_school_year(case)
    if rule.get("consequence") == "provisional":
        since = max(answer.failed or date.min, due or case.began)
        yield since + timedelta(days=rule.get("grace_days", 0))


def reason_of(case: Case, rule: Rule, first_days: int) -> Words | None:
    """Return what an unmet rule does; None where it does nothing (5)."""
    answer = NEEDS[rule["needs"]](case, rule)
    if answer is None or answer.says:
        return None
    if rule.get("force") == "recommended" or rule.get("consequence") == "alarm":
        return {"rule": rule["key"], "stops": False, "until": None}
    left = [end for end in ways(case, rule, answer, first_days) if end > case.on]
    return {"rule": rule["key"], "stops": not left, "until": max(left, default=None)}


def ground_of(case: Case, ground: str, rules: Iterable[Rule], first_days: int) -> Words:
    """Return whether a ground holds, until when and why (6)."""
    asked = [rule for rule in rules if rule["needs"] in GROUNDS[ground]]
    reasons = [found for rule in asked if (found := reason_of(case, rule, first_days))]
    holds = not any(reason["stops"] for reason in reasons)
    ends = [reason["until"] for reason in reasons if reason["until"]]
    until = min(ends) if holds and ends else None
    return with_exception(case, ground, {"holds": holds, "until": until, "reasons": reasons})


def with_exception(case: Case, ground: str, said: Words) -> Words:
    """Return the ground as the exceptions of this assignment leave it (6)."""
    if said["holds"] and said["until"] is None:
        return said
    found = case.holding("exception", assignment=case.assignment, ground=ground)
    if not found:
        return said
    ends = [said["until"], *(fact.until for fact in found)]
    return {**said, "holds": True, "until": max(end for end in ends if end)}


def standing_of(facts: list[Fact], whom: Words, on: date, known: datetime | None) -> Words:
    """Return the standing (6)."""
    case = Case(facts, whom, on, known)
    versions, rules, first_days = stack(case)
    none: Words = {"holds": False, "until": None, "reasons": None}
    grounds = {
        ground: ground_of(case, ground, rules.values(), first_days) if versions else none
        for ground in GROUNDS
    }
    ends = [ground["until"] for ground in grounds.values() if ground["until"]]
    standing = "provisional" if ends else "cleared"
    if not all(ground["holds"] for ground in grounds.values()):
        standing, ends = "not_cleared", []
    used = [version["uid"] for version in versions]
    return {
        "standing": standing,
        "until": min(ends, default=None),
        "grounds": grounds,
        "rules": used,
    }


def day_of(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def printed(said: Words) -> Words:
    """Return a printed standing in the shape of `standing_of`."""
    grounds = {}
    for name, ground in said["grounds"].items():
        reasons = [
            {"rule": r["rule"], "stops": r["why"] == "stops", "until": day_of(r["until"])}
            for r in ground["reasons"]
        ]
        until = day_of(ground["until"])
        grounds[name] = {"holds": ground["holds"], "until": until, "reasons": reasons}
    used, until = [version["uid"] for version in said["rules"]], day_of(said["until"])
    return {"standing": said["standing"], "until": until, "grounds": grounds, "rules": used}


def parts(said: Words) -> dict[str, Any]:
    """Return what is compared of a standing, by name."""
    found = {name: said[name] for name in ("standing", "until", "rules")}
    for name, ground in said["grounds"].items():
        found |= {f"{name} holds": ground["holds"], f"{name} until": ground["until"]}
        reasons = ground["reasons"] if said["rules"] else ()
        found[f"{name} reasons"] = sorted(reasons, key=lambda reason: reason["rule"])
    return found


def read(lines: Iterable[str]) -> list[Fact]:
    """Return the facts that `rapport facts --all --json` printed on these lines."""
    return [Fact(json.loads(line, parse_float=Decimal)) for line in lines]


def differences(facts: list[Fact], lines: Iterable[str]) -> Iterator[str]:
    """Yield where the printed standings and the page part, day by day."""
    told: dict[tuple[str, str | None], list[Words]] = {}
    for line in lines:
        said = json.loads(line)
        told.setdefault((said["on"], said["known"]), []).append(said)
    for (on, known), standings in told.items():
        moment = datetime.fromisoformat(known) if known else None
        for found in of_one_day(facts, standings, date.fromisoformat(on), moment):
            yield f"on {on}, known {known}: {found}"


def of_one_day(
    facts: list[Fact], standings: list[Words], on: date, known: datetime | None
) -> Iterator[str]:
    """Yield whom the printed standings of a day leave out or make up, and what they get wrong."""
    about = [
        {
            "assignment": said["assignment"],
            "officer": said["officer"]["uid"],
            "school": said["school"]["uid"],
            "agency": said["officer"]["agency_uid"],
        }
        for said in standings
    ]
    names = ("assignment", "officer", "school", "agency")
    there = [fact for fact in facts if fact["kind"] == "assignment" and fact.is_kept(known)]
    assigned = {tuple(fact[name] for name in names) for fact in there if fact.holds(on)}
    for odd in assigned ^ {tuple(whom.values()) for whom in about if whom["assignment"]}:
        yield f"{odd} is printed, or assigned, alone"
    for whom, said in zip(about, standings, strict=True):
        theirs, mine = parts(printed(said)), parts(standing_of(facts, whom, on, known))
        for name, value in theirs.items():
            if mine[name] != value:
                yield f"{whom}: {name} is printed {value}, by the page {mine[name]}"


def main(facts: str, standings: str) -> int:
    """Print the differences; return 1 when there is one."""
    with Path(facts).open(encoding="utf-8") as rows, Path(standings).open(encoding="utf-8") as told:
        found = list(differences(read(rows), told))
    print("\n".join(found) or "no difference")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
