"""Is everything there that the program stands on? Asked by `/readyz` and `rapport check`."""

from django.conf import settings
from django.db import DatabaseError, connection

from rapport.foundation import clock, guards, registry
from rapport.foundation.registry import Health


def findings(*, serving: bool) -> dict[str, str | None]:
    """Return each check's name with a sentence that says what is wrong, or None where nothing is.

    Without `serving`, what only a running server has (its worker) is not asked.
    """
    return {check.name: _asked(check) for check in registry.health if serving or not check.serving}


def _asked(check: Health) -> str | None:
    try:
        return check.look()
    except clock.ClockWentBack as trouble:
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


def demo_stays_here() -> str | None:
    """Look whether a demo home answers to this computer's own names alone."""
    loopback = {"localhost", "127.0.0.1", "[::1]"}
    if not settings.RAPPORT_IS_DEMO or set(settings.ALLOWED_HOSTS) <= loopback:
        return None
    return "A demo home lets anybody be anyone; it may answer to this computer's names alone."


def fill_registry() -> None:
    """Add the checks of what lies below every app; an app adds its own."""
    for check in (
        Health("database", database),
        Health("guards", every_guard),
        Health("demo", demo_stays_here),
    ):
        registry.health.add(check.name, check)
