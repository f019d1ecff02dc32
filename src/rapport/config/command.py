"""The command `rapport`: finds the home, wakes the program, and answers in words."""

import argparse
import difflib
import gc
import os
import re
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, NoReturn

from rapport import __version__
from rapport.config.home import HomeTrouble, beside, choose

MAKES_A_HOME: Final = ("migrate", "demo")
GROUPS: Final = {
    "import": "Bring in what other systems have written.",
    "audit": "Check the trail, and accept a restored backup.",
    "vault": "Look after the keys of what is sealed.",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Return 0 when it did what was asked, 1 when it could not or the answer is no, 2 when it could
    not begin: wrong words, no home, a database or a key that is not there.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        with _closing_the_database():
            return _run(words)
    except HomeTrouble as trouble:
        return _say(str(trouble), 2)
    except KeyboardInterrupt:
        return _say("Stopped.", 130)
    except BrokenPipeError:  # whoever read the output has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as trouble:  # the last door before the user: words, not a traceback
        if "--traceback" in words:
            traceback.print_exc()
        return _say(*_in_words(trouble))


@contextmanager
def _closing_the_database() -> Iterator[None]:
    """Close what was opened: else SQLite would leave its last pages beside the file, not in it."""
    try:
        yield
    finally:
        from django.conf import settings
        from django.db import connections

        if settings.configured:
            connections.close_all()


def _run(words: list[str]) -> int:
    no_home = _find_home(words)
    gc.disable()  # what is imported stays until the end: looking through it for garbage is for nothing
    _read_settings()
    parser = _parser()
    gc.freeze()
    gc.enable()
    args = parser.parse_args(words)
    if not hasattr(args, "run"):
        parser.print_help()
        return 2
    if not args.needs_home:
        return int(args.run(args))
    if no_home:
        raise no_home
    from rapport.config.waking import wake

    wake(needs_database=args.needs_database, needs_keys=args.needs_keys)
    return int(args.run(args))


def _find_home(words: list[str]) -> HomeTrouble | None:
    """Name the home for the settings; return what is wrong with it, to be said once the words are right."""
    given = None
    for place, word in enumerate(words):
        if word == "--home" and place + 1 < len(words):
            given = words[place + 1]
        elif word.startswith("--home="):
            given = word.removeprefix("--home=")
    command = next((word for word in words if not word.startswith("-") and word != given), "")
    if command == "demo" and not given and not os.environ.get("RAPPORT_HOME"):
        given = "var/demo"
    try:
        home = choose(given, making=command in MAKES_A_HOME or "--migrate" in words)
        os.environ["RAPPORT_HOME"] = str(beside(home) if command == "demo" else home)
    except HomeTrouble as trouble:
        os.environ.pop("RAPPORT_HOME", None)
        return trouble
    return None


def _read_settings() -> None:
    import django

    from rapport.config.env import OddSetting

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rapport.config.settings")
    try:
        django.setup()
    except OddSetting as odd:
        raise HomeTrouble(str(odd)) from odd


class _Parser(argparse.ArgumentParser):
    """Says what is wrong, what may have been meant, and where help is."""

    def error(self, message: str) -> NoReturn:
        """Say it on stderr and leave with 2."""
        wrong = re.search(r"invalid choice: '(.*?)' \(choose from (.*)\)", message)
        if wrong:
            known = [name.strip(" '") for name in wrong[2].split(",")]
            near = difflib.get_close_matches(wrong[1], known, 1, 0.5)
            message = f"There is no {wrong[1]!r} here." + (
                f" Did you mean {near[0]!r}?" if near else ""
            )
        self.exit(2, f"{self.prog}: {message}\nSee: {self.prog} --help\n")


def _parser() -> argparse.ArgumentParser:
    from rapport.config import commands, demo, serving  # noqa: F401  their import adds the program's own
    from rapport.foundation import registry

    common = _common()
    top = _Parser(
        prog="rapport",
        description="The program system for school resource officers.",
        epilog="Example: rapport demo, then: rapport serve. Exit codes: 0 done, whatever the answer is; "
        "1 not done, or a check found something wrong; 2 could not begin.",
        parents=[common],
    )
    top.add_argument("--version", action="version", version=f"rapport {__version__}")
    groups: dict[tuple[str, ...], Any] = {(): top.add_subparsers(metavar="COMMAND")}
    for command in registry.commands:
        *lead, last = command.words
        if tuple(lead) not in groups:
            about = GROUPS.get(lead[0], f"{lead[0].capitalize()} …")
            group = groups[()].add_parser(
                lead[0], help=about, description=about, epilog=f"Example: {command.example}"
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
        parser.set_defaults(
            run=command.run,
            needs_database=command.needs_database,
            needs_keys=command.needs_keys,
            needs_home=command.needs_home,
        )
    return top


def _common() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--home",
        metavar="DIR",
        default=argparse.SUPPRESS,
        help="the home to work on (else RAPPORT_HOME, else the only one under ./var)",
    )
    common.add_argument(
        "--traceback",
        action="store_true",
        default=argparse.SUPPRESS,
        help="show where in the program something failed",
    )
    return common


def _in_words(trouble: Exception) -> tuple[str, int]:
    """Return what to say about `trouble`, and the exit code."""
    from django.core.exceptions import PermissionDenied

    from rapport.config.trouble import in_words
    from rapport.foundation.facts import Overtaken, Refused

    known = in_words(trouble)
    if known:
        return known, 2
    text = " ".join(str(trouble).split()) or type(trouble).__name__
    if isinstance(trouble, Refused | Overtaken):
        return text, 1
    if isinstance(trouble, PermissionDenied):
        return f"The sharing rules do not allow this ({text}).", 1
    if isinstance(trouble, OSError):
        return f"{trouble.filename or 'A file'}: {trouble.strerror or text}.", 1
    return (
        f"Something unexpected went wrong ({type(trouble).__name__}: {text[:300]}). "
        "Nothing was half-written. To see where, add --traceback.",
        1,
    )


def _say(text: str, code: int) -> int:
    sys.stderr.write(text.rstrip() + "\n")
    return code
