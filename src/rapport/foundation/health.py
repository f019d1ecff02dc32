"""Is everything there that the program stands on? Asked by `/readyz` and `rapport check`."""

import time
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

from rapport.foundation import clock, guards, registry, vault
from rapport.foundation.audit import keys, verify, witness
from rapport.foundation.outbox import outbox, worker
from rapport.foundation.registry import Health


def findings(*, serving: bool) -> dict[str, str | None]:
    """Return each check's name with a sentence that says what is wrong, or None where nothing is.

    Without `serving`, what only a running server has (its worker) is not asked.
    """
    return {check.name: _asked(check) for check in registry.health if serving or not check.serving}


def _asked(check: Health) -> str | None:
    try:
        return check.look()
    except (clock.ClockWentBack, keys.KeyTrouble) as trouble:
        return str(trouble)
    except DatabaseError as trouble:
        return f"The database did not answer: {' '.join(str(trouble).split())}"


def database() -> str | None:
    """Look whether the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return None


def every_guard() -> str | None:
    """Look whether each trigger and constraint is as the models ask for."""
    gone = guards.missing(connection)
    if not gone:
        return None
    return (
        f"{len(gone)} guards of the database are missing or changed ({', '.join(gone[:5])}). "
        "Find out who removed them, then put them back with: rapport migrate"
    )


def own_keys() -> str | None:
    """Look whether the keys are there, are those of this database, and are read by nobody else."""
    try:
        verify.ensure_own_keys()
    except keys.KeyTrouble as trouble:
        return str(trouble)
    exposed = [keys.exposed(path) for path in keys.readable_by_others()]
    return " ".join(exposed) or None


def vault_opens() -> str | None:
    """Look whether the vault's keys are there and open what is sealed here."""
    wrong = vault.trouble()
    if wrong:
        return wrong
    try:
        for name in registry.sealed.names():
            vault.ensure_opens(registry.sealed[name].some())
    except vault.VaultTrouble as trouble:
        return str(trouble)
    return None


def witness_file() -> str | None:
    """Look whether the witness can be written, and is this home's."""
    seen = witness.current()
    if not seen.is_writable():
        return f"The witness {seen.path} cannot be written. Put right its folder, its rights or its disk."
    home = seen.home()
    if home == keys.ring().home:
        return None
    return (
        f"The witness {seen.path} is of another home than the keys ({home or 'it names none'}). Put back "
        "the witness of this home, or name its folder with RAPPORT_WITNESS; then: rapport audit verify"
    )


def witness_saw_the_last() -> str | None:
    """Look whether the witness knows the newest line: else it was cut, put back or begun anew."""
    for _ in range(5):
        if verify.is_last_line_noted():
            return None
        time.sleep(0.05)  # a line committed a moment ago may be noted only now
    return (
        f"The witness {witness.current().path} does not know the newest line of the trail. "
        "Find out why, with: rapport audit verify"
    )


def demo_stays_here() -> str | None:
    """Look whether a demo home answers to this computer's own names alone."""
    loopback = {"localhost", "127.0.0.1", "[::1]"}
    if not settings.RAPPORT_IS_DEMO or set(settings.ALLOWED_HOSTS) <= loopback:
        return None
    return "A demo home lets anybody be anyone; it may answer to this computer's names alone."


def nothing_overdue() -> str | None:
    """Look whether deeds or deliveries wait for longer than they should."""
    late = outbox.overdue(clock.now())
    if not late:
        return None
    return f"{late} deadlines or messages are overdue. See the log in {Path(settings.RAPPORT_LOG)}."


def worker_goes_round() -> str | None:
    """Look whether the worker went round within the last minute."""
    if worker.is_alive(clock.now()):
        return None
    return "The worker has not gone round for a minute. Start again with: rapport serve"


def fill_registry() -> None:
    """Add the checks of the foundation."""
    for check in (
        Health("database", database),
        Health("guards", every_guard),
        Health("keys", own_keys),
        Health("vault", vault_opens),
        Health("witness", witness_file),
        Health("demo", demo_stays_here),
        Health("overdue", nothing_overdue),
        Health("witness_end", witness_saw_the_last, serving=True),
        Health("worker", worker_goes_round, serving=True),
    ):
        registry.health.add(check.name, check)
