"""Standings as lines of JSON, and the same in words."""

import json
import sys
from datetime import date, datetime
from json.encoder import encode_basestring
from operator import attrgetter
from typing import Any, Final

from rapport.standing.assignments import queries
from rapport.standing.assignments.case import Facts, Pair
from rapport.standing.assignments.queries import Found
from rapport.standing.assignments.rules import GroundStanding, Reason, Version, sentences

SINCE: Final = "\ue000"  # a letter of no language: stands where a day is put in
as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _text(text: str | None) -> str:
    return "null" if text is None else encode_basestring(text)


def _uids(uids: tuple[str, ...]) -> str:
    return '["' + '","'.join(uids) + '"]' if uids else "[]"


class Printer:
    """Writes standings as lines of JSON. What many lines share is put together once."""

    def __init__(self, facts: Facts, day: date, known: datetime | None) -> None:
        self.facts = facts
        self.names = queries.Names()
        when = as_json(known.isoformat() if known else None)
        self.asked = f'"on":{as_json(day.isoformat())},"known":{when}'
        self._kept: dict[tuple[Any, ...], str] = {}
        self._grounds: dict[tuple[Any, ...], tuple[str, str]] = {}

    def line(self, found: Found) -> str:
        """Return one standing as a JSON object, without a line end."""
        pair, result = found.pair, found.standing
        alike, whole = [], []
        for name, ground in result.grounds.items():
            text, undated = self._ground(ground)
            alike.append(undated)
            whole.append(f'"{name}":{text},"facts":{_uids(ground.facts)}}}')
        grounds = ",".join(whole)
        change = None if found.next_change == date.max else found.next_change
        assignment = self.names.assignments[pair.assignment] if pair.assignment else None
        return (
            f'{{"officer":{self._officer(pair)},"school":{self._school(pair.school)},'
            f'"assignment":{_text(assignment)},'
            f'"if_assigned":{"true" if found.is_if_assigned else "false"},'
            f'{self.asked},"standing":"{result.word.value}","until":{_text(as_iso(result.until))},'
            f'{self._words(found, alike)},"grounds":{{{grounds}}},'
            f'"rules":{self._rules(result.rules)},"next_change":{_text(as_iso(change))}}}'
        )

    def _officer(self, pair: Pair) -> str:
        badges = self.facts.held[pair.officer, pair.agency].employed
        officer = self.names.officers[pair.officer]
        badge = max(badges, key=attrgetter("since", "uid")).word if badges else None
        agency = self.names.agencies[pair.agency]
        return (
            f'{{"uid":"{officer.uid}","badge":{_text(badge)},'
            f'"name":{_text(officer.name)},"agency":{_text(agency.ref)},"agency_uid":"{agency.uid}"}}'
        )

    def _school(self, key: int) -> str:
        school = self.names.schools[key]
        nces_id = _text(school.nces_id)
        return f'{{"uid":"{school.uid}","nces_id":{nces_id},"name":{_text(school.name)}}}'

    def _ground(self, ground: GroundStanding) -> tuple[str, str]:
        """Return the beginning of a ground's object, up to its facts, and what is the same of alike ones."""
        key = (ground.holds, ground.until, ground.is_excepted, ground.reasons)
        kept = self._grounds.get(key)
        if kept is None:
            said = {
                "holds": ground.holds,
                "until": as_iso(ground.until),
                "excepted": ground.is_excepted,
            }
            begun = as_json(said)[:-1]
            reasons = [self._reason(r) for r in ground.reasons]
            whole, undated = ",".join(r for r, _ in reasons), ",".join(u for _, u in reasons)
            kept = self._grounds[key] = f'{begun},"reasons":[{whole}]', begun + undated
        return kept

    def _reason(self, reason: Reason) -> tuple[str, str]:
        """Return a reason's object, and the same without the day since when it is unmet.

        Such days are many, reasons that differ in more are few, and only these are put into words.
        """
        alike = reason._replace(failed=reason.failed and date.min)
        undated = self._kept.get(alike)
        if undated is None:
            undated = self._kept[alike] = as_json(_said(alike))
        if SINCE not in undated:
            return undated, undated
        return undated.replace(SINCE, sentences.since(reason)), undated

    def _words(self, found: Found, alike: list[str]) -> str:
        result, state = found.standing, self.names.schools[found.pair.school].state
        noted = [g.note for g in result.grounds.values()]
        key = (result.word, result.until, result.has_state, state, found.coming, *noted, *alike)
        kept = self._kept.get(key)
        if kept is None:
            text, notes = sentences.headline(result, found.coming), sentences.notes(result, state)
            kept = self._kept[key] = f'"text":{as_json(text)},"notes":{as_json(notes)}'
        return kept

    def _rules(self, versions: tuple[Version, ...]) -> str:
        key = ("rules", id(versions))  # the facts keep them as long as they are printed
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


def _said(reason: Reason) -> dict[str, Any]:
    rule = reason.rule
    return {
        "rule": rule.key,
        "why": reason.why.value,
        "until": as_iso(reason.until),
        "text": sentences.text(reason, SINCE),
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
    badge = f" ({officer['badge']})" if officer["badge"] else ""
    sys.stdout.write(
        f"{officer['name']}{badge} at {school['name']} on {said['on']}: {said['text']}\n"
    )
    if said["if_assigned"]:
        sys.stdout.write(
            "  No assignment holds on this day; this is the answer if assigned from it.\n"
        )
    for name, ground in said["grounds"].items():
        sys.stdout.write(f"  {name}: {'holds' if ground['holds'] else 'does not hold'}\n")
        for reason in ground["reasons"]:
            sys.stdout.write(f"    {reason['text']}. {reason['mend']}\n")
    for note in said["notes"]:
        sys.stdout.write(f"  {note}\n")
