"""`rapport standing`: may this officer serve this school on this day?"""

import gc
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from rapport.foundation import clock, registry
from rapport.foundation.access import SYSTEM
from rapport.foundation.audit import trail
from rapport.foundation.registry import Command
from rapport.organizations.places import queries as places
from rapport.standing.assignments import access, queries
from rapport.standing.assignments.commands.lines import Printer, say
from rapport.standing.assignments.queries import CannotAnswer


def run_standing(args: Namespace) -> int:
    """Answer `rapport standing`: 0 whatever the answer is; 2 where --known names a day to come."""
    now = clock.now()
    if args.known and args.known > clock.today(now, settings.RAPPORT_ZONE):
        sys.stderr.write(
            f"{args.known} has not come yet: nobody knows what will be known. "
            "Name a day up to today with --known, or leave it out for what is known now.\n"
        )
        return 2
    if args.all == bool(args.officer or args.school):
        raise CannotAnswer("Ask either for --all, or for one --officer at one --school.")
    if args.all:
        return _all(args, now)
    if not (args.officer and args.school):
        raise CannotAnswer("Name both: --officer BADGE and --school NCES_ID_OR_UID.")
    school = places.school_by_ref(SYSTEM, args.school)
    officer, agency = queries.officer_named(SYSTEM, args.officer, args.agency, day=args.on)
    known = clock.end_of(args.known, school.zone) if args.known else None
    pair = (officer.pk, school.pk, agency.pk)
    facts = queries.load_facts(SYSTEM, known=known, at=pair)
    found = queries.standing_of(SYSTEM, *pair, day=args.on, known=facts)
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
    say(Printer(facts, args.on, known).line(found), in_json=args.json)
    return 0


def _all(args: Namespace, now: datetime) -> int:
    gc.disable()  # hundreds of thousands of small rows live until the end; looking for cycles finds none
    known = clock.end_of(args.known, settings.RAPPORT_ZONE) if args.known else None
    facts = queries.load_facts(SYSTEM, known=known)
    printer = Printer(facts, args.on, known)
    count = 0
    for found in queries.all_standings(SYSTEM, day=args.on, known=known, facts=facts):
        say(printer.line(found), in_json=args.json)
        count += 1
    with transaction.atomic():
        trail.record(SYSTEM, access.READ_ALL, 0, at=now, on=args.on.isoformat(), count=count)
    if not args.json:
        sys.stderr.write(f"{count} assignments on {args.on}.\n")
    return 0


def a_date(text: str) -> date:
    """Return an ISO date, or say what one looks like."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no day. Write one like 2026-03-12.") from None


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


registry.command(
    Command(
        ("standing",),
        "May this officer serve this school on this day?",
        "rapport standing --officer 1142 --school 510078000273 --on 2026-03-12 --json",
        run_standing,
        options_standing,
    )
)
