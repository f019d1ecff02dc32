"""`rapport files check`: do the rows and the bytes of kept files agree?"""

import json
import sys
from argparse import ArgumentParser, Namespace
from datetime import timedelta
from uuid import UUID

from rapport.foundation import clock, registry
from rapport.foundation.access import SYSTEM
from rapport.foundation.files import actions, queries
from rapport.foundation.registry import Command


def _options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--remove", action="store_true", help="take away what is left over for more than an hour"
    )
    parser.add_argument("--json", action="store_true", help="print one object")


def check(args: Namespace) -> int:
    """Compare every file's row with its bytes; return 1 where one is missing or changed."""
    now = clock.now()
    found = queries.check(SYSTEM)
    removed = []
    if args.remove:
        removed = actions.remove_left_over(SYSTEM, found.left_over, before=now - timedelta(hours=1))
    said = {
        "files": found.files,
        "damaged": [str(uid) for uid in found.damaged],
        "left_over": [str(p) for p in found.left_over],
        "removed": [str(p) for p in removed],
    }
    if args.json:
        sys.stdout.write(json.dumps(said) + "\n")
    else:
        _say(found.files, found.damaged, len(found.left_over), len(removed))
    return 1 if found.damaged else 0


def _say(count: int, damaged: list[UUID], left: int, removed: int) -> None:
    for uid in damaged:
        sys.stdout.write(f"damaged: {uid}\n")
    sys.stderr.write(
        f"{count} files; {len(damaged)} damaged; {left} left over on the disk; {removed} of these removed.\n"
    )


registry.command(
    Command(
        ("files", "check"),
        "Compare every kept file with its bytes on the disk.",
        "rapport files check --remove",
        check,
        _options,
    )
)
