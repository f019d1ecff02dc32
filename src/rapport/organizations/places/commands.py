"""`rapport import schools`: the schools and districts of a file, and what became of each line."""

import json
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from rapport.foundation import clock, registry
from rapport.foundation.access import SYSTEM
from rapport.foundation.facts import Overtaken, Refused
from rapport.foundation.registry import Command
from rapport.foundation.tables import imports, imports_csv
from rapport.foundation.tables.imports_csv import Unusable
from rapport.organizations.places import actions
from rapport.organizations.places.actions import Wanted


def run_import(args: Namespace) -> int:
    """Import a list of schools; 0 when the file could be read, 1 when it could not be used at all."""
    wanted = Wanted(args.state or "", args.school_year or "", args.dry_run)
    try:
        text = imports_csv.read(Path(args.file))
        done = actions.import_schools(SYSTEM, text, wanted, now=clock.now(), said=_progress)
    except (Unusable, Refused, Overtaken) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    for note in done.notes:
        sys.stderr.write(f"{note}\n")
    if args.dry_run:
        sys.stderr.write("This was a trial: nothing was written.\n")
    if args.json:
        sys.stdout.write(json.dumps(done.answer.as_json(), ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("\n".join(imports.in_words(done.answer)) + "\n")
    return 0


def _progress(text: str) -> None:
    """Tell a person at a terminal how far it has come."""
    if sys.stderr.isatty():
        sys.stderr.write(f"{text}\n")


def options_import(parser: ArgumentParser) -> None:
    """Add the options of `rapport import schools`."""
    parser.add_argument("file", metavar="FILE", help="a table as text (CSV)")
    parser.add_argument("--state", metavar="VA", help="the state, where the file does not say it")
    parser.add_argument(
        "--school-year", metavar="2021-22", help="the school year that the file's counts are of"
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="tell what would happen; write nothing"
    )
    parser.add_argument("--json", action="store_true", help="print the answer as one JSON object")


registry.command(
    Command(
        ("import", "schools"),
        "Import a list of schools and districts (NCES school list, or a state list with coordinates).",
        "rapport import schools washington_schools.csv --json",
        run_import,
        options_import,
    )
)
