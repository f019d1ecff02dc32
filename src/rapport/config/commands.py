"""Commands of the program as a whole: migrate, check."""

import json
import sys
from argparse import ArgumentParser, Namespace
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core import checks
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from rapport.config.settings import secret_key
from rapport.foundation import clock, guards, health, registry, vault
from rapport.foundation.access import SYSTEM, Actor
from rapport.foundation.audit import keys, verify, witness
from rapport.foundation.registry import Command

# Django's checks that ask for https: strict transport, redirect, cookies sent over https alone.
HTTPS_ALONE: Final = frozenset(
    {"security.W004", "security.W008", "security.W012", "security.W016", "security.W021"}
)


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
    if connection.vendor == "sqlite":
        Path(settings.RAPPORT_DATABASE).touch(mode=0o600)
    keys.make()
    witness.current().make()
    vault.make_keys()
    settings.SECRET_KEY = secret_key()


def set_up(actor: Actor, *, now: datetime) -> None:
    """Run what the apps do once the tables are there: load rule sets, courses. Each is idempotent."""
    for step in registry.setup:
        step(actor, now=now)


def migrate(args: Namespace) -> int:
    """Make or bring up to date a home: folders, keys, tables, guards, rule sets."""
    bring_up_to_date()
    sys.stderr.write(f"{settings.RAPPORT_HOME} is ready.\n")
    return 0


def bring_up_to_date() -> None:
    """Do what `rapport migrate` does; on a home that was there, say which guards were gone."""
    is_new = not Path(settings.RAPPORT_KEYS).is_dir()
    if verify.has_lines():
        _ensure_keys_are_there()
    prepare_home()
    steps = migrations_behind()
    call_command("migrate", verbosity=0, interactive=False)
    made = guards.put_back(connection)
    if made and not is_new and not steps:
        sys.stderr.write(
            f"{len(made)} guards of the database were missing or changed, and were put back "
            f"({', '.join(made[:5])}). Find out who removed them; then run: rapport audit verify\n"
        )
    set_up(SYSTEM, now=clock.now())


def _ensure_keys_are_there() -> None:
    """Raise `KeyTrouble` or `VaultTrouble`: keys are made with a home, never for one that is in use."""
    verify.ensure_own_keys()
    vault.ensure_keys()
    if not witness.current().path.exists():
        sys.stderr.write(
            f"The witness {witness.current().path} is gone, and a new one is begun. If you have it, put it "
            "back now; what nobody saw is named by: rapport audit verify\n"
        )


def check(args: Namespace) -> int:
    """Say what the home stands on and what is wrong with it; return 0 when nothing is, else 1."""
    found = {**health.findings(serving=False), **deployment()}
    if args.json:
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    else:
        for name, wrong in found.items():
            sys.stdout.write(f"{name}: {wrong or 'holds'}\n")
    return 1 if any(found.values()) else 0


def deployment() -> dict[str, str | None]:
    """Return what Django's own checks say, deployment included; None where they say nothing.

    What only concerns encrypted traffic is left out while RAPPORT_HTTPS is off: such a home is
    for this computer, and `rapport serve` says so when it listens further.
    """
    said = [
        f"{m.id}: {' '.join(str(m.msg).split())}"
        for m in checks.run_checks(include_deployment_checks=True)
        if m.level >= checks.WARNING and (settings.SECURE or m.id not in HTTPS_ALONE)
    ]
    return {"tables": _behind(), "settings": "; ".join(said) or None}


def _behind() -> str | None:
    steps = migrations_behind()
    return f"The database is {steps} steps behind; run: rapport migrate" if steps else None


def migrations_behind() -> int:
    """Return how many migrations the database lacks."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def check_options(parser: ArgumentParser) -> None:
    """Add the options of `rapport check`."""
    parser.add_argument(
        "--json", action="store_true", help="print one object: check → what is wrong"
    )


registry.command(
    Command(
        ("migrate",),
        "Make a home, or bring it up to date.",
        "rapport migrate --home var/program",
        migrate,
        needs_database=False,
    )
)
registry.command(
    Command(
        ("check",),
        "Look whether everything is there that the program stands on.",
        "rapport check --json",
        check,
        check_options,
        needs_keys=False,
    )
)
