"""`rapport invite`: a link for the first administrator, and for anyone after."""

import json
import sys
from argparse import ArgumentParser, Namespace
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from rapport.foundation import clock
from rapport.foundation.access import SYSTEM, Role
from rapport.foundation.facts import Refused
from rapport.foundation.registry import Command
from rapport.organizations.people import queries as people
from rapport.organizations.people.actions import add_person, give_role
from rapport.organizations.people.models import Person
from rapport.organizations.people.queries import At
from rapport.organizations.people.rules import roles
from rapport.organizations.sign_in import actions, queries
from rapport.organizations.sign_in.actions.invitations import Sent

SERVED: Final = "served"  # the file in the home in which `rapport serve` notes its address


def invite(args: Namespace) -> int:
    """Print a single-use link for a person, with a role where one is named."""
    now = clock.now()
    try:
        sent = _invite(args, now=now)
    except Refused as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    link = f"{(args.url or _origin()).rstrip('/')}{reverse('sign_in:join', args=[sent.token])}"
    if args.json:
        said = {
            "person": str(sent.invitation.person.uid),
            "email": sent.invitation.email,
            "link": link,
            "ends_at": sent.invitation.ends_at.isoformat(),
        }
        sys.stdout.write(json.dumps(said) + "\n")
        return 0
    sys.stderr.write(
        f"Send this link to {sent.invitation.person}. It opens once, and ends in seven days:\n"
    )
    sys.stdout.write(link + "\n")
    return 0


@transaction.atomic
def _invite(args: Namespace, *, now: datetime) -> Sent:
    at = _place(args.scope) if args.role else None
    if args.role:
        roles.ensure_can_be_held(args.role, people.scope_of(at))
    person = queries.person_at(args.email) or _new_person(args, at, now)
    today = clock.today(now, settings.RAPPORT_ZONE)
    if args.role and not people.holds(person.pk, Role(args.role), at, today):
        terms = {"role": args.role, "at": at, "valid_from": today, "source": "record"}
        give_role(SYSTEM, person, now=now, **terms)
    return actions.invite(SYSTEM, person, email=args.email, now=now)


def _new_person(args: Namespace, at: At, now: datetime) -> Person:
    if not args.name:
        raise Refused("Nobody with this address is known yet. Give a name with --name.")
    return add_person(SYSTEM, name=args.name, work_email=args.email, now=now)


def _place(typed: str) -> At:
    kind, _sep, key = (typed or "program").partition(":")
    if kind == "program" and not key:
        return None
    if kind not in people.KINDS or not key:
        raise Refused(
            f"“{typed}” is no scope. Write program, agency:ORI, district:NCES_ID or school:NCES_ID."
        )
    found = people.place(kind, key)
    if found is None:
        raise Refused(f"There is no {kind} with the id {key} here. {people.known_places(kind)}")
    return found


def _origin() -> str:
    trusted = [one for one in settings.CSRF_TRUSTED_ORIGINS if "*" not in one]
    if trusted:
        return trusted[0]
    with suppress(OSError):
        return (Path(settings.RAPPORT_HOME) / SERVED).read_text(encoding="ascii").strip()
    return "http://localhost:8000"


def _options(parser: ArgumentParser) -> None:
    parser.add_argument("--email", required=True, help="the address to sign in with")
    parser.add_argument("--name", help="the person's name, where the program does not know them")
    parser.add_argument("--role", choices=sorted(roles.LABELS), help="a role to give, from today")
    parser.add_argument(
        "--scope",
        default="program",
        help="where: program, agency:ORI, district:NCES_ID or school:NCES_ID (default: program)",
    )
    parser.add_argument(
        "--url",
        help="how people reach the program, such as https://sro.example.org "
        "(default: RAPPORT_ORIGINS, or where it was served last)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


INVITE = Command(
    ("invite",),
    "Print a single-use link that lets a person in. The first administrator comes in this way.",
    "rapport invite --email dana@example.org --name 'Dana Ruiz' --role administrator",
    invite,
    _options,
)
