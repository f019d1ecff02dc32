"""`rapport vault rotate-key`."""

import sys
from argparse import Namespace

from rapport.foundation import clock, registry, vault
from rapport.foundation.access import SYSTEM
from rapport.foundation.registry import Command
from rapport.foundation.vault import actions


def rotate(args: Namespace) -> int:
    """Make a new vault key and seal everything anew; return 0."""
    number, counts = actions.rotate_key(SYSTEM, now=clock.now())
    for name, count in counts.items():
        sys.stdout.write(f"{name}: {count} sealed anew\n")
    sys.stderr.write(
        f"Vault key {number} seals from now on. Back up {vault.folder()} apart from the database, and "
        "keep the old keys as long as there are backups that they sealed.\n"
    )
    return 0


registry.command(
    Command(
        ("vault", "rotate-key"),
        "Make a new vault key and seal anew what is sealed; the old keys stay.",
        "rapport vault rotate-key",
        rotate,
    )
)
