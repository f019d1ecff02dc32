"""The command `rapport`: finds the home, wakes the program, and answers in words."""

import argparse
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Any

from rapport import __version__
from rapport.config.home import HomeTrouble, choose

MAKES_A_HOME = {("migrate",), ("demo",)}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return 0 when it did what was asked, 1 when not, 2 when it could not begin."""
    words = list(sys.argv[1:] if argv is None else argv)
    wants_help = not words or {"-h", "--help", "--version"} & set(words)
    try:
        if not wants_help:
            _find_home(words)
        return _run(words)
    except HomeTrouble as trouble:
        return _say(str(trouble), 2)
    except KeyboardInterrupt:
        return _say("Stopped.", 130)
    except Exception as trouble:  # the last door before the user: words, not a traceback
        if "--traceback" in words:
            traceback.print_exc()
        return _say(_in_words(trouble), 2)


def _find_home(words: list[str]) -> None:
    given = None
    for place, word in enumerate(words):
        if word == "--home" and place + 1 < len(words):
            given = words[place + 1]
        elif word.startswith("--home="):
            given = word.removeprefix("--home=")
    making = any(tuple(words[: len(m)]) == m for m in MAKES_A_HOME)
    if (
        making
        and tuple(words[:1]) == ("demo",)
        and not given
        and not os.environ.get("RAPPORT_HOME")
    ):
        given = "var/demo"
    os.environ["RAPPORT_HOME"] = str(choose(given, making=making))


def _run(words: list[str]) -> int:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rapport.config.settings")
    django.setup()
    args = _parser().parse_args(words)
    if not hasattr(args, "run"):
        _parser().print_help()
        return 2
    return int(args.run(args))


def _parser() -> argparse.ArgumentParser:
    from rapport.config import commands  # noqa: F401  its import adds the program's own commands
    from rapport.foundation import registry

    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--home",
        metavar="DIR",
        help="the home to work on (else RAPPORT_HOME, else the only one under ./var)",
    )
    common.add_argument(
        "--traceback", action="store_true", help="show where in the program something failed"
    )
    top = argparse.ArgumentParser(
        prog="rapport", description="The program system for school resource officers."
    )
    top.add_argument("--version", action="version", version=f"rapport {__version__}")
    groups: dict[tuple[str, ...], Any] = {(): top.add_subparsers(metavar="COMMAND")}
    for command in registry.commands:
        *lead, last = command.words
        if tuple(lead) not in groups:
            group = groups[()].add_parser(
                lead[0], help=f"{lead[0]} …: see rapport {lead[0]} --help"
            )
            groups[tuple(lead)] = group.add_subparsers(metavar="WHAT", required=True)
        parser = groups[tuple(lead)].add_parser(
            last,
            parents=[common],
            help=command.help,
            description=command.help,
            epilog=f"Example: {command.example}",
        )
        command.options(parser)
        parser.set_defaults(run=command.run)
    return top


def _in_words(trouble: Exception) -> str:
    from django.conf import settings
    from django.db import DatabaseError, OperationalError

    text = " ".join(str(trouble).split()) or type(trouble).__name__
    if isinstance(trouble, OperationalError | DatabaseError):
        where = settings.DATABASES["default"]["NAME"]
        return (
            f"The database {where} could not be used: {text}. Nothing was changed by this command."
        )
    return text


def _say(text: str, code: int) -> int:
    sys.stderr.write(text.rstrip() + "\n")
    return code
