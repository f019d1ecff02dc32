"""`rapport demo`: a home with a town in it. It is made beside its place and moved there whole."""

import contextlib
import json
import shutil
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from rapport.config import commands
from rapport.config.home import MAKING, HomeTrouble, locked
from rapport.foundation import clock, guards, registry
from rapport.foundation.access import SYSTEM
from rapport.foundation.audit import trail
from rapport.foundation.audit.models import Line
from rapport.foundation.demo import SEED, Town, build
from rapport.foundation.registry import Command

LOCK: Final = "making"
ZONE: Final = "America/New_York"
MAKE = registry.verb("demo.make", "demo", None, None, _("made the demo town"))


def demo(args: Namespace) -> int:
    """Make the demo town, unless it is there; return 0. Raises `HomeTrouble` where a program is in its place."""
    place = Path(settings.RAPPORT_HOME)
    if not place.name.endswith(MAKING):
        return _there_already(place)
    home = place.with_name(place.name.removesuffix(MAKING))
    town = Town(args.seed, args.today or clock.today(clock.now(), ZONE))
    with _alone(place, home):
        if (done := _whole()) is not None:
            _move(place, home, done)
            return _there_already(home)
        _ensure_empty()
        _clear(place)
        _say(f"Making the demo town in {home} …")
        commands.prepare_home()
        call_command("migrate", verbosity=0, interactive=False)
        guards.put_back(connection)
        acts = _live(town)
        _move(place, home, {"seed": town.seed, "today": town.today.isoformat()})
    _say(f"{home} is ready: {acts} acts over eighteen months, all invented, on real schools.")
    return 0


@contextlib.contextmanager
def _alone(place: Path, home: Path) -> Iterator[None]:
    """Hold the place where the home is made."""
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (place / LOCK).open("a+b") as file:
        if not locked(file):
            raise HomeTrouble(f"{home} is being made already. Wait until that has ended.")
        yield


def _clear(place: Path) -> None:
    """Clear away what an interrupted making left in the place."""
    for left in place.iterdir():
        if left.is_dir() and left.name != "log":
            shutil.rmtree(left)
        elif left.is_file() and left.name != LOCK:
            left.unlink()


def _whole() -> dict[str, Any] | None:
    """Return seed and day of a town that was made and only not moved to its place; None where there is none."""
    if not any(Path(settings.RAPPORT_KEYS).glob("trail-*.key")):
        return None
    line = next((ln for ln in _lines() if ln.verb == MAKE.name), None)
    if line is None:
        return None
    return {"seed": line.object_id, "today": json.loads(line.detail)["day"]}


def _ensure_empty() -> None:
    """Raise `HomeTrouble` where the database is not the demo's own, before anything is done to it."""
    if connection.vendor != "sqlite" and _lines():
        raise HomeTrouble(
            f"The database {settings.DATABASES['default']['NAME']} holds a program already. "
            "Nothing was changed. A demo needs an empty one; or unset DATABASE_URL."
        )


def _lines() -> list[Line]:
    """Return the trail's newest lines; none where there is no trail, or no database yet."""
    if connection.vendor == "sqlite" and not Path(settings.RAPPORT_DATABASE).exists():
        return []
    try:
        if Line._meta.db_table not in connection.introspection.table_names():
            return []
        return list(Line.objects.order_by("-pk")[:1])
    finally:
        connection.close()


def _there_already(home: Path) -> int:
    if not (home / "demo").exists():
        raise HomeTrouble(
            f"{home} is there already and is no demo. Nothing was changed. "
            "Name a folder that does not exist yet: rapport demo --home DIR"
        )
    _say(
        f"The demo town is there already, in {home}; nothing was changed. Start it with: rapport serve"
    )
    return 0


def _live(town: Town) -> int:
    """Live through the town in one transaction: a town that is half made never was."""
    with transaction.atomic():
        commands.set_up(SYSTEM, now=town.last)
        acts = build(town, registry.demo, lambda part: _say(f"  {part}"))
        trail.record(SYSTEM, MAKE, town.seed, at=town.last, day=town.today.isoformat())
    return acts


def _move(place: Path, home: Path, said: dict[str, Any]) -> None:
    """Mark the home as a demo and move it to its place, as the last step."""
    connection.close()
    (place / "demo").write_text(json.dumps(said) + "\n", encoding="ascii")
    (place / LOCK).unlink()
    if home.is_dir():
        home.rmdir()  # it is empty, else it would not have been chosen
    place.rename(home)


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


def options(parser: ArgumentParser) -> None:
    """Add the options of `rapport demo`."""
    parser.add_argument(
        "--seed",
        type=int,
        default=SEED,
        help="the same number and day give the same town (default: 15)",
    )
    parser.add_argument(
        "--today",
        type=_past,
        metavar="DATE",
        help="the day on which the eighteen months end, as 2026-12-01 (default: today)",
    )


def _past(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as problem:
        raise ArgumentTypeError(f"{text!r} is no date; write it like 2026-12-01.") from problem
    if day > clock.today(clock.now(), ZONE):
        raise ArgumentTypeError(f"{day} lies ahead; the town's history must be past.")
    if day.year < 2020:
        raise ArgumentTypeError(f"{day} is too long ago: the shipped rules begin later.")
    return day


registry.command(
    Command(
        ("demo",),
        "Make a home with a demo town: invented people on real schools, eighteen months of history.",
        "rapport demo --home var/demo",
        demo,
        options,
        needs_database=False,
    )
)
