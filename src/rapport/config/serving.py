"""`rapport serve`: everything that a program needs, started by one command and ended by one signal."""

import contextlib
import os
import shutil
import socket
import sys
import textwrap
from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection

from rapport.config import commands
from rapport.config.collect import collect
from rapport.config.home import HomeTrouble, locked
from rapport.config.waking import wake
from rapport.foundation import clock, health, registry
from rapport.foundation.outbox import health as outbox
from rapport.foundation.registry import Command
from rapport.organizations.people.models import Account, RoleHeld
from rapport.organizations.sign_in.commands import SERVED

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


def serve(args: Namespace) -> int:
    """Serve the home until a signal; return 0. Raises `HomeTrouble` where it could not begin."""
    from rapport.config.processes import one, part, several  # no other command needs a server

    if args.part:
        return part(args.part, args.socket)
    if args.migrate:
        commands.bring_up_to_date()
    wake(needs_database=True)
    _ensure_may_serve(args.host)
    with _alone(), _listening(args.host, args.port) as door:
        collect()
        greeting = _greeting(args)
        _note_address(args)
        many = connection.vendor == "postgresql" and os.name == "posix"
        connection.close()
        return several(door, greeting, args.processes) if many else one(door, greeting)


def _ensure_may_serve(host: str) -> None:
    """Raise `HomeTrouble` where serving would be unsafe or could not work, in words."""
    if settings.RAPPORT_IS_DEMO and host not in LOOPBACK:
        raise HomeTrouble(
            f"{settings.RAPPORT_HOME} is a demo, where anybody may be anyone. It is served to this "
            "computer alone (--host 127.0.0.1). For others, make a home of your own: rapport migrate --home DIR"
        )
    behind = commands.migrations_behind()
    if behind:
        raise HomeTrouble(
            f"The database of {settings.RAPPORT_HOME} is {behind} steps behind this program. "
            f"Save a copy, then bring it up to date with: rapport migrate --home {settings.RAPPORT_HOME}"
        )
    wrong = [said for said in health.findings(serving=False).values() if said]
    late = outbox.nothing_overdue()  # what is overdue is done by serving
    if [said for said in wrong if said != late]:
        raise HomeTrouble("\n".join(said for said in wrong if said != late))
    clock.now()


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Hold the home: two servers on one SQLite file would each ring a broker of their own."""
    with (Path(settings.RAPPORT_HOME) / "serving").open("a+b") as file:
        if not locked(file):
            raise HomeTrouble(
                f"{settings.RAPPORT_HOME} is being served already. Stop that one first, or name another home."
            )
        yield


@contextlib.contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """Take the address before anything is started, so that a taken one is said in words."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    door = socket.socket(family)
    try:
        if os.name == "posix":  # elsewhere this would let two programs share the port
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((host, port))
        door.listen(512)
    except OSError as trouble:
        door.close()
        raise HomeTrouble(
            f"{host}:{port} cannot be used ({trouble.strerror}). Choose another with: "
            f"make run PORT={port + 1} (or rapport serve --port {port + 1})"
        ) from trouble
    with door:
        yield door


def _address(args: Namespace) -> str:
    """Return where the pages are, as somebody at this computer opens them."""
    name = "localhost" if args.host in LOOPBACK | {"0.0.0.0"} else args.host  # noqa: S104  words
    return f"http://{name}:{args.port}"


def _note_address(args: Namespace) -> None:
    """Note in the home where it is served, so that `rapport invite` prints links that open."""
    with contextlib.suppress(OSError):  # a full or read-only disk is told of elsewhere
        (Path(settings.RAPPORT_HOME) / SERVED).write_text(_address(args) + "\n", encoding="ascii")


def _greeting(args: Namespace) -> str:
    """Return what is printed once the pages are served: where, and who can sign in."""
    what = "the demo town" if settings.RAPPORT_IS_DEMO else "the program"
    lines = [
        f"Rapport serves {what} in {settings.RAPPORT_HOME}",
        "",
        f"  {_address(args)}",
        "",
    ]
    lines += [*_who_can_sign_in(), ""]
    if args.host not in LOOPBACK and not settings.SECURE:
        lines += [
            "Others on the network reach this without encryption. Put it behind a server that speaks",
            "https, and set RAPPORT_HOSTS, RAPPORT_ORIGINS and RAPPORT_HTTPS=true.",
        ]
    return "\n".join([*lines, "Stop it with Ctrl-C.", ""])


def _who_can_sign_in() -> list[str]:
    now = clock.now()
    if settings.RAPPORT_IS_DEMO:
        held = RoleHeld.objects.as_of(clock.today(now, settings.RAPPORT_ZONE))
        people = sorted({str(one.person) for one in held.select_related("person")})
        return [
            "Everybody is invented, and you may be any of them, without a password:",
            *_listed(people),
        ]
    accounts = Account.objects.filter(closed_at=None).count()
    if accounts:
        return [f"{accounts} people can sign in. Invite more with: {_program()} invite --help"]
    return [
        "Nobody can sign in yet. Invite the first administrator, yourself perhaps:",
        f"  {_program()} invite --home {settings.RAPPORT_HOME} --role administrator "
        "--name NAME --email ADDRESS",
    ]


def _program() -> str:
    """Return how the program is called here: by its name, or by its place in the environment."""
    beside = Path(sys.executable).with_name("rapport")
    return "rapport" if shutil.which("rapport") or not beside.exists() else str(beside)


def _listed(names: list[str]) -> list[str]:
    return textwrap.wrap(", ".join(names), 76, initial_indent="  ", subsequent_indent="  ")


def options(parser: ArgumentParser) -> None:
    """Add the options of `rapport serve`."""
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=port, default=8000, help="the port to listen on (8000)")
    parser.add_argument(
        "--migrate", action="store_true", help="bring the database up to date first"
    )
    parser.add_argument(
        "--processes",
        type=int,
        default=min(4, os.cpu_count() or 1),
        help="how many processes serve pages on PostgreSQL (one a core, at most 4)",
    )
    parser.add_argument("--part", choices=("web", "worker"), help=SUPPRESS)
    parser.add_argument("--socket", type=int, help=SUPPRESS)


def port(text: str) -> int:
    """Return the port that `text` names. Raises `ArgumentTypeError`."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise ArgumentTypeError(f"{text} is no port; name a number from 1 to 65535")
    return int(text)


registry.command(
    Command(
        ("serve",),
        "Serve the pages of a home and run its worker, until Ctrl-C.",
        "rapport serve --home var/demo --port 8000",
        serve,
        options,
        needs_database=False,  # it looks for itself, once it has brought it up to date
    )
)
