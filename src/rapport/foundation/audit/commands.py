"""Commands of the trail: `rapport audit verify`, `heads`, `rotate-key`, `accept`."""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.urls import reverse

from rapport.foundation import clock, registry
from rapport.foundation.access import SYSTEM
from rapport.foundation.audit import actions, keys, losses, rules, testimony, verify, witness
from rapport.foundation.audit.models import Reason
from rapport.foundation.audit.rules import Acceptance, Finding, Kind
from rapport.foundation.audit.verify import Check
from rapport.foundation.facts import Refused
from rapport.foundation.registry import Command

MOST: Final = 10_000  # findings in one JSON object; on the terminal all are named


def run_verify(args: Namespace) -> int:
    """Answer `rapport audit verify`: 0 sound, 1 findings; what could not be checked is raised (2)."""
    own = witness.current()
    paths = [Path(p) for p in args.witness] if args.witness else [own.path]
    check = Check(testimony.read(paths), verify.read_heads(args.against) if args.against else {})
    named: list[dict[str, Any]] = []
    for finding in check.findings():
        if not args.json:
            sys.stdout.write(f"{finding}\n")
        elif len(named) < MOST:
            named.append(_as_object(finding))
    notes = list(notes_of(check.seen.accepted))
    if args.json:
        sys.stdout.write(json.dumps(_report(check, named, notes)) + "\n")
    else:
        sys.stdout.writelines(f"note: {note['text']}\n" for note in notes)
    sys.stderr.write(_summary(check))
    if not check.found:
        _shorten(own, check)
    return 1 if check.found else 0


def _as_object(finding: Finding) -> dict[str, Any]:
    if finding.text:
        return {"kind": finding.kind, "text": str(finding)}
    return {
        "kind": finding.kind,
        "first": rules.shown(finding.first),
        "last": rules.shown(finding.last),
        "lines": finding.last - finding.first + 1,
        "text": str(finding),
    }


def _report(check: Check, named: list[dict[str, Any]], notes: list[dict[str, Any]]) -> Any:
    return {
        "sound": not check.found,
        "lines": check.lines,
        "lanes": len(check.ends),
        "findings": named,
        "more": check.found - len(named),
        "notes": notes,
    }


def _summary(check: Check) -> str:
    size = f"{check.lines} lines in {len(check.ends)} lanes"
    if check.found:
        return f"Not sound: {check.found} findings in {size}. docs/decisions/0003 says what each means.\n"
    return f"Sound: {size}, as the witness saw them.\n"


def notes_of(accepted: list[Acceptance]) -> Iterator[dict[str, Any]]:
    """Yield what people accepted, an object for each acceptance: it stays readable for good."""
    for uid in dict.fromkeys(a.uid for a in accepted):
        ones = [a for a in accepted if a.uid == uid]
        parts = [
            str(Finding(a.kind, a.first, a.last, text=losses.in_words(a.kind, a.pin)))
            for a in ones
            if a.kind is not Kind.WITNESS
        ]
        parts += [f"{len(ones) - len(parts)} unreadable notes"] if len(parts) < len(ones) else []
        yield {
            "uid": uid,
            "accepted_at": ones[0].when,
            "reason": ones[0].reason,
            "text": f"accepted on {ones[0].when[:10]} ({ones[0].reason}): {'; '.join(parts)}",
        }


def _shorten(own: witness.Witness, check: Check) -> None:
    for reading in check.seen.readings:
        if own.path.exists() and reading.path.samefile(own.path):
            try:
                own.shorten(reading, check.ends, clock.now())
            except OSError as trouble:
                sys.stderr.write(f"The witness could not be shortened: {trouble.strerror}.\n")


def run_heads(args: Namespace) -> int:
    """Answer `rapport audit heads`: the last line of each lane, for both sides to keep."""
    sys.stdout.write(f"home {keys.ring().home}\non {clock.now().isoformat(timespec='seconds')}\n")
    for number, mac in verify.heads():
        sys.stdout.write(f"{rules.shown(number)} {mac.hex()}\n")
    return 0


def run_rotate(args: Namespace) -> int:
    """Answer `rapport audit rotate-key`."""
    number = actions.rotate_key(SYSTEM, now=clock.now())
    sys.stderr.write(
        f"Key {number} signs from now on; the old ones stay, to check the lines that they signed. "
        f"Back up {keys.folder()} apart from the database.\n"
    )
    return 0


def run_accept(args: Namespace) -> int:
    """Answer `rapport audit accept`: put what a check finds before both sides."""
    paths = [Path(p) for p in args.witness] if args.witness else [witness.current().path]
    try:
        loss = actions.propose(SYSTEM, paths, reason=Reason(args.reason), now=clock.now())
    except Refused as no:
        sys.stderr.write(f"{no}\n")
        return 1
    for finding in losses.findings(loss.found):
        sys.stdout.write(f"{finding}\n")
    who = (
        "two people: one who heads or supervises the agency, one who answers for the district"
        if loss.needs_both
        else "one person who heads or supervises the agency or answers for the district"
    )
    sys.stderr.write(
        f"Put before {who}. Let them sign in, read and accept it: {reverse('audit:loss', args=[loss.uid])}\n"
    )
    return 0


def _accept_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--reason", required=True, choices=Reason.values, help="why something is lost"
    )
    parser.add_argument(
        "--witness",
        metavar="FILE",
        nargs="+",
        action="extend",
        help="witness files, one of each host (else this home's own)",
    )


def _verify_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--witness",
        metavar="FILE",
        nargs="+",
        action="extend",
        help="witness files to hold it against, one of each host (else this home's own)",
    )
    parser.add_argument(
        "--against",
        metavar="FILE",
        type=Path,
        help="heads kept elsewhere, as rapport audit heads prints them",
    )
    parser.add_argument("--json", action="store_true", help="print one object")


def fill_registry() -> None:
    """Add the commands of the trail."""
    for command in (
        Command(
            ("audit", "verify"),
            "Check the whole trail: exit 0 sound, 1 findings, 2 could not be checked.",
            "rapport audit verify --witness /mnt/a/trail /mnt/b/trail --against heads.txt",
            run_verify,
            _verify_options,
            needs_keys=False,
        ),
        Command(
            ("audit", "heads"),
            "Print the last line of each lane, to be kept by both sides.",
            "rapport audit heads > heads-2026-03-12.txt",
            run_heads,
            needs_keys=False,
        ),
        Command(
            ("audit", "rotate-key"),
            "Make a new key for the trail; the old ones still check the lines that they signed.",
            "rapport audit rotate-key",
            run_rotate,
        ),
        Command(
            ("audit", "accept"),
            "Put before both sides what a check finds, so that the trail can go on.",
            "rapport audit accept --reason restored_backup",
            run_accept,
            _accept_options,
            needs_keys=False,
        ),
    ):
        registry.command(command)
