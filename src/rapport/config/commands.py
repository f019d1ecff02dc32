"""Commands of the program as a whole: migrate."""

import sys
from argparse import Namespace
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from rapport.config.settings import secret_key
from rapport.foundation import clock, guards, registry, vault
from rapport.foundation.access import SYSTEM, Actor
from rapport.foundation.audit import keys
from rapport.foundation.registry import Command


def prepare_home() -> None:
    """Make the folders and keys of a home, unless they are there."""
    for folder in (
        settings.RAPPORT_HOME,
        settings.RAPPORT_KEYS,
        settings.RAPPORT_WITNESS,
        settings.RAPPORT_FILES,
        settings.RAPPORT_LOG,
        settings.STATIC_ROOT,
    ):
        Path(folder).mkdir(parents=True, exist_ok=True, mode=0o700)
    keys.make()
    vault.make_keys()
    settings.SECRET_KEY = secret_key()


def set_up(actor: Actor, *, now: datetime) -> None:
    """Run what the apps do once the tables are there: load rule sets, courses. Each is idempotent."""
    for step in registry.setup:
        step(actor, now=now)


def migrate(args: Namespace) -> int:
    """Make or bring up to date a home: folders, keys, tables, guards, rule sets."""
    prepare_home()
    call_command("migrate", verbosity=0, interactive=False)
    made = guards.put_back(connection)
    set_up(SYSTEM, now=clock.now())
    sys.stderr.write(f"{settings.RAPPORT_HOME} is ready; {len(made)} guards put back.\n")
    return 0


registry.command(
    Command(
        ("migrate",),
        "Make a home, or bring it up to date.",
        "rapport migrate --home /srv/rapport",
        migrate,
    )
)
