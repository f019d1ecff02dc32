"""`rapport standing` and `rapport facts`: the answer, and everything it rests on, for programs to read."""

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
from rapport.organizations.places.models import Agency, School
from rapport.standing.assignments import access, queries
from rapport.standing.assignments.case import Facts
from rapport.standing.assignments.queries import CannotAnswer, Found
from rapport.standing.assignments.rules import Reason, sentences
from rapport.standing.officers.models import Officer


def a_date(text: str) -> date:
    """Return an ISO date, or say what one looks like."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no day. Write one like 2026-03-12.") from None


class Printer:
    """Turns standings into the objects that `--json` prints."""

    def __init__(self, facts: Facts, day: date, known: datetime | None) -> None:
        self.facts, self.day, self.known = facts, day, known
        self.schools = School.objects.in_bulk()
        self.agencies = Agency.objects.in_bulk()
        self.officers = {o.pk: o for o in Officer.objects.select_related("person")}
        self.assignments = dict(queries.assignment_uids())

    def said(self, found: Found) -> dict[str, Any]:
        """Return one standing as a JSON object."""
        pair, result = found.pair, found.standing
        officer, school, agency = (
            self.officers[pair.officer],
            self.schools[pair.school],
            self.agencies[pair.agency],
        )
        badges = self.facts.employed.get((pair.officer, pair.agency), ())
        badge = max(badges, key=lambda s: (s.since, s.uid)).word if badges else None
        return {
            "officer": {
                "uid": str(officer.uid),
                "badge": badge,
                "name": officer.person.name,
                "agency": agency.ori or str(agency.uid),
            },
            "school": {"uid": str(school.uid), "nces_id": school.nces_id, "name": school.name},
            "assignment": str(self.assignments[pair.assignment]) if pair.assignment else None,
            "if_assigned": found.is_if_assigned,
            "on": self.day.isoformat(),
            "known": self.known.isoformat() if self.known else None,
            "standing": result.word.value,
            "until": _day(result.until),
            "text": sentences.headline(result),
            "notes": sentences.notes(result, school.state),
            "grounds": {
                name: {
                    "holds": g.holds,
                    "until": _day(g.until),
                    "excepted": g.is_excepted,
                    "reasons": [_reason(r) for r in g.reasons],
                    "facts": sorted(_uid(f) for f in g.facts),
                }
                for name, g in result.grounds.items()
            },
            "rules": [
                {
                    "uid": _uid(v.uid),
                    "jurisdiction": v.jurisdiction,
                    "topic": v.topic,
                    "version": v.version,
                }
                for v in result.rules
            ],
            "next_change": None if found.next_change == date.max else found.next_change.isoformat(),
        }


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


def _uid(text: str) -> str:
    return str(UUID(text))


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
    _print(Printer(facts, args.on, known).said(found), as_json=args.json)
    return 0


def _all(args: Namespace, now: datetime) -> int:
    known = clock.end_of(args.known, queries.program_zone()) if args.known else None
    facts = queries.load_facts(known=known)
    printer = Printer(facts, args.on, known)
    count = 0
    for found in queries.all_standings(SYSTEM, day=args.on, known=known, facts=facts):
        _print(printer.said(found), as_json=args.json)
        count += 1
    with transaction.atomic():
        trail.record(SYSTEM, access.READ_ALL, 0, at=now, on=args.on.isoformat(), count=count)
    if not args.json:
        sys.stderr.write(f"{count} assignments on {args.on}.\n")
    return 0


def _print(said: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(said, ensure_ascii=False, separators=(",", ":")) + "\n")
        return
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
                sys.stdout.write(json.dumps(said, ensure_ascii=False, separators=(",", ":")) + "\n")
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
            "uid": str(row.uid),
            "kind": model.kind,
            "entity": str(getattr(entity, "uid", entity)),
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


def _term(value: Any) -> Any:
    if isinstance(value, Model):
        return str(getattr(value, "code", None) or getattr(value, "uid", value.pk))
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
        "rapport standing --officer 214 --school 510078000273 --on 2026-03-12 --json",
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
