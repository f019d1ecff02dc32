"""Standings as lines of JSON, and the same in words."""

import json
import sys
from datetime import date, datetime
from typing import Any

from rapport.standing.assignments import queries
from rapport.standing.assignments.case import Facts, Pair
from rapport.standing.assignments.queries import Found
from rapport.standing.assignments.rules import GroundStanding, Reason, Standing, Version, sentences

as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Printer:
    """Writes standings as lines of JSON. What many lines share is put together once."""

    def __init__(self, facts: Facts, day: date, known: datetime | None) -> None:
        self.facts = facts
        self.names = queries.Names()
        when = as_json(known.isoformat() if known else None)
        self.asked = f'"on":{as_json(day.isoformat())},"known":{when}'
        self._kept: dict[tuple[Any, ...], str] = {}

    def line(self, found: Found) -> str:
        """Return one standing as a JSON object, without a line end."""
        pair, result = found.pair, found.standing
        grounds = ",".join(f'"{name}":{self._ground(g)}' for name, g in result.grounds.items())
        change = None if found.next_change == date.max else found.next_change
        assignment = self.names.assignments[pair.assignment] if pair.assignment else None
        return (
            f'{{"officer":{self._officer(pair)},"school":{self._school(pair.school)},'
            f'"assignment":{as_json(assignment)},"if_assigned":{as_json(found.is_if_assigned)},'
            f'{self.asked},"standing":"{result.word}","until":{as_json(as_iso(result.until))},'
            f'{self._words(result, pair)},"grounds":{{{grounds}}},'
            f'"rules":{self._rules(result.rules)},"next_change":{as_json(as_iso(change))}}}'
        )

    def _officer(self, pair: Pair) -> str:
        badges = self.facts.employed.get((pair.officer, pair.agency), ())
        officer = self.names.officers[pair.officer]
        badge = max(badges, key=lambda s: (s.since, s.uid)).word if badges else None
        agency = self.names.agencies[pair.agency]
        return as_json({"uid": officer.uid, "badge": badge, "name": officer.name, "agency": agency})

    def _school(self, key: int) -> str:
        school = self.names.schools[key]
        return as_json({"uid": school.uid, "nces_id": school.nces_id, "name": school.name})

    def _ground(self, ground: GroundStanding) -> str:
        key = ("ground", ground.holds, ground.until, ground.is_excepted, ground.reasons)
        kept = self._kept.get(key)
        if kept is None:
            said = {
                "holds": ground.holds,
                "until": as_iso(ground.until),
                "excepted": ground.is_excepted,
                "reasons": [_reason(r) for r in ground.reasons],
            }
            kept = self._kept[key] = as_json(said)[:-1]
        facts = '"' + '","'.join(ground.facts) + '"' if ground.facts else ""
        return f'{kept},"facts":[{facts}]}}'

    def _words(self, result: Standing, pair: Pair) -> str:
        state = self.names.schools[pair.school].state
        grounds = tuple((g.reasons, g.note) for g in result.grounds.values())
        key = ("words", result.word, result.until, result.has_state, state, grounds)
        kept = self._kept.get(key)
        if kept is None:
            text, notes = sentences.headline(result), sentences.notes(result, state)
            kept = self._kept[key] = f'"text":{as_json(text)},"notes":{as_json(notes)}'
        return kept

    def _rules(self, versions: tuple[Version, ...]) -> str:
        key = ("rules", *(v.uid for v in versions))
        kept = self._kept.get(key)
        if kept is None:
            said = [
                {
                    "uid": v.uid,
                    "jurisdiction": v.jurisdiction,
                    "topic": v.topic,
                    "version": v.version,
                }
                for v in versions
            ]
            kept = self._kept[key] = as_json(said)
        return kept


def _reason(reason: Reason) -> dict[str, Any]:
    rule = reason.rule
    return {
        "rule": rule.key,
        "why": reason.why.value,
        "until": as_iso(reason.until),
        "text": sentences.text(reason),
        "force": rule.force,
        "consequence": rule.consequence,
        "source": rule.source,
        "verified": rule.verified and not reason.is_assumed,
        "mend": sentences.mend(reason),
    }


def as_iso(day: date | None) -> str | None:
    """Return a day as it is printed; None stays None."""
    return day.isoformat() if day else None


def say(line: str, *, in_json: bool) -> None:
    """Print one standing: as it is, or in words."""
    if in_json:
        sys.stdout.write(line + "\n")
        return
    said = json.loads(line)
    officer, school = said["officer"], said["school"]
    sys.stdout.write(
        f"{officer['name']} ({officer['badge']}) at {school['name']} on {said['on']}: {said['text']}\n"
    )
    for name, ground in said["grounds"].items():
        sys.stdout.write(f"  {name}: {'holds' if ground['holds'] else 'does not hold'}\n")
        for reason in ground["reasons"]:
            sys.stdout.write(f"    {reason['text']}. {reason['mend']}\n")
    for note in said["notes"]:
        sys.stdout.write(f"  {note}\n")
