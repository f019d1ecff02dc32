"""`rapport standing` and `rapport facts`: the answer, and everything it rests on, for programs to read."""

import gc
import json
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from rapport.foundation import clock, registry
from rapport.foundation.access import SYSTEM
from rapport.foundation.audit import trail
from rapport.foundation.facts import Fact, fact_models
from rapport.foundation.registry import Command
from rapport.standing.assignments import access, queries
from rapport.standing.assignments.case import Facts, Pair
from rapport.standing.assignments.queries import CannotAnswer, Found
from rapport.standing.assignments.rules import GroundStanding, Reason, Standing, Version, sentences
from rapport.standing.training.models import Course


def a_date(text: str) -> date:
    """Return an ISO date, or say what one looks like."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no day. Write one like 2026-03-12.") from None


class Printer:
    """Writes standings as lines of JSON. What many lines share is put together once."""

    def __init__(self, facts: Facts, day: date, known: datetime | None) -> None:
        self.facts = facts
        self.names = queries.Names()
        when = _json(known.isoformat() if known else None)
        self.asked = f'"on":{_json(day.isoformat())},"known":{when}'
        self._kept: dict[tuple[Any, ...], str] = {}

    def line(self, found: Found) -> str:
        """Return one standing as a JSON object, without a line end."""
        pair, result = found.pair, found.standing
        grounds = ",".join(f'"{name}":{self._ground(g)}' for name, g in result.grounds.items())
        change = None if found.next_change == date.max else found.next_change
        assignment = self.names.assignments[pair.assignment] if pair.assignment else None
        return (
            f'{{"officer":{self._officer(pair)},"school":{self._school(pair.school)},'
            f'"assignment":{_json(assignment)},"if_assigned":{_json(found.is_if_assigned)},'
            f'{self.asked},"standing":"{result.word}","until":{_json(_day(result.until))},'
            f'{self._words(result, pair)},"grounds":{{{grounds}}},'
            f'"rules":{self._rules(result.rules)},"next_change":{_json(_day(change))}}}'
        )

    def _officer(self, pair: Pair) -> str:
        badges = self.facts.employed.get((pair.officer, pair.agency), ())
        officer = self.names.officers[pair.officer]
        badge = max(badges, key=lambda s: (s.since, s.uid)).word if badges else None
        agency = self.names.agencies[pair.agency]
        return _json({"uid": officer.uid, "badge": badge, "name": officer.name, "agency": agency})

    def _school(self, key: int) -> str:
        school = self.names.schools[key]
        return _json({"uid": school.uid, "nces_id": school.nces_id, "name": school.name})

    def _ground(self, ground: GroundStanding) -> str:
        key = ("ground", ground.holds, ground.until, ground.is_excepted, ground.reasons)
        kept = self._kept.get(key)
        if kept is None:
            said = {
                "holds": ground.holds,
                "until": _day(ground.until),
                "excepted": ground.is_excepted,
                "reasons": [_reason(r) for r in ground.reasons],
            }
            kept = self._kept[key] = _json(said)[:-1]
        facts = '"' + '","'.join(ground.facts) + '"' if ground.facts else ""
        return f'{kept},"facts":[{facts}]}}'

    def _words(self, result: Standing, pair: Pair) -> str:
        state = self.names.schools[pair.school].state
        grounds = tuple((g.reasons, g.note) for g in result.grounds.values())
        key = ("words", result.word, result.until, result.has_state, state, grounds)
        kept = self._kept.get(key)
        if kept is None:
            text, notes = sentences.headline(result), sentences.notes(result, state)
            kept = self._kept[key] = f'"text":{_json(text)},"notes":{_json(notes)}'
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
            kept = self._kept[key] = _json(said)
        return kept


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _reason(reason: Reason) -> dict[str, Any]:
    rule = reason.rule
    return {
        "rule": rule.key,
        "why": reason.why.value,
        "until": _day(reason.until),
        "text": sentences.text(reason),
        "force": rule.force,
        "consequence": rule.consequence,
        "source": rule.source,
        "verified": rule.verified and not reason.is_assumed,
        "mend": sentences.mend(reason),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def run_standing(args: Namespace) -> int:
    """Answer `rapport standing`."""
    now = clock.now()
    if args.all == bool(args.officer or args.school):
        raise CannotAnswer("Ask either for --all, or for one --officer at one --school.")
    if args.all:
        return _all(args, now)
    if not (args.officer and args.school):
        raise CannotAnswer("Name both: --officer BADGE and --school NCES_ID_OR_UID.")
    school = queries.school_named(args.school)
    officer, agency = queries.officer_named(args.officer, args.agency, day=args.on)
    known = clock.end_of(args.known, school.zone) if args.known else None
    facts = queries.load_facts(known=known, officers=[officer.pk])
    found = queries.standing_of(SYSTEM, officer.pk, school.pk, agency.pk, day=args.on, known=known)
    assert found is not None  # the system is shown everything
    with transaction.atomic():
        trail.record(
            SYSTEM,
            access.READ_ONE,
            officer,
            at=now,
            about=officer.person_id,
            on=args.on.isoformat(),
            school=school.pk,
        )
    _print(Printer(facts, args.on, known).line(found), as_json=args.json)
    return 0


def _all(args: Namespace, now: datetime) -> int:
    gc.disable()  # hundreds of thousands of small rows live until the end; looking for cycles finds none
    known = clock.end_of(args.known, queries.program_zone()) if args.known else None
    facts = queries.load_facts(known=known)
    printer = Printer(facts, args.on, known)
    count = 0
    for found in queries.all_standings(SYSTEM, day=args.on, known=known, facts=facts):
        _print(printer.line(found), as_json=args.json)
        count += 1
    with transaction.atomic():
        trail.record(SYSTEM, access.READ_ALL, 0, at=now, on=args.on.isoformat(), count=count)
    if not args.json:
        sys.stderr.write(f"{count} assignments on {args.on}.\n")
    return 0


def _print(line: str, *, as_json: bool) -> None:
    if as_json:
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


def run_facts(args: Namespace) -> int:
    """Answer `rapport facts --all`: every fact and rule-set version, withdrawn ones too."""
    now, count = clock.now(), 0
    for model in fact_models():
        if model.kind in RESTS_ON:
            for said in _facts(model):
                sys.stdout.write(_json(said) + "\n")
                count += 1
    with transaction.atomic():
        trail.record(SYSTEM, access.PRINT_FACTS, 0, at=now, count=count)
    return 0


RESTS_ON = frozenset(
    {
        "affirmation",
        "agency_start",
        "agreement",
        "assignment",
        "certification",
        "clause",
        "completion",
        "coverage",
        "duty_status",
        "employment",
        "evaluation",
        "exception",
        "party",
        "ruleset",
        "school_in_district",
        "school_year",
        "selection",
        "signature",
        "verification",
    }
)


def _facts(model: type[Fact]) -> Iterator[dict[str, Any]]:
    related = [t for t in model.terms if model._meta.get_field(_field(model, t)).is_relation]
    rows = model.objects.select_related(*related).order_by("pk")
    for row in rows.iterator(chunk_size=2000):
        entity = getattr(row, model.owner.removesuffix("_id"))
        yield {
            "uid": row.uid.hex,
            "kind": model.kind,
            "entity": entity.uid.hex,
            **{t: _term(getattr(row, _field(model, t))) for t in model.terms},
            **queries.beside(row),
            "valid_from": _day(row.valid_from),
            "valid_until": _day(row.valid_until),
            "recorded_at": row.recorded_at.isoformat(),
            "withdrawn_at": row.withdrawn_at.isoformat() if row.withdrawn_at else None,
            "source": row.source,
        }


def _field(model: type[Fact], term: str) -> str:
    names = {f.name for f in model._meta.concrete_fields}
    return term if term in names else f"{term}_id"


def _uid(row: Any) -> str:
    uid: UUID = row.uid
    return uid.hex


def _term(value: Any) -> Any:
    if isinstance(value, Model):
        return value.code if isinstance(value, Course) else _uid(value)
    return float(value) if hasattr(value, "as_tuple") else value


def options_standing(parser: ArgumentParser) -> None:
    """Add the options of `rapport standing`."""
    parser.add_argument("--officer", metavar="BADGE", help="the officer's badge")
    parser.add_argument(
        "--agency", metavar="ORI", help="which agency, where a badge or an officer has two"
    )
    parser.add_argument("--school", metavar="ID", help="the school's NCES id or uid")
    parser.add_argument(
        "--all", action="store_true", help="every assignment of that day, one a line"
    )
    parser.add_argument(
        "--on", metavar="DATE", type=a_date, required=True, help="the day asked about"
    )
    parser.add_argument(
        "--known", metavar="DATE", type=a_date, help="as it was known at the end of this day"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")


def options_facts(parser: ArgumentParser) -> None:
    """Add the options of `rapport facts`."""
    parser.add_argument(
        "--all", action="store_true", required=True, help="every fact, withdrawn ones too"
    )
    parser.add_argument(
        "--json", action="store_true", required=True, help="print one JSON object a line"
    )


registry.command(
    Command(
        ("standing",),
        "May this officer serve this school on this day?",
        "rapport standing --officer 1142 --school 510078000273 --on 2026-03-12 --json",
        run_standing,
        options_standing,
    )
)
registry.command(
    Command(
        ("facts",),
        "Print every fact and rule that the standings rest on.",
        "rapport facts --all --json",
        run_facts,
        options_facts,
    )
)
