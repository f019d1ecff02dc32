"""What each command does before its own work: start the log, look at database and clock."""

from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Max

from rapport.config.home import HomeTrouble
from rapport.foundation import clock, logs
from rapport.foundation.audit import verify
from rapport.foundation.audit.models import Line


def wake(*, needs_database: bool, needs_keys: bool = False) -> None:
    """Start the log; see that the database is there and that the clock has not stepped back.

    Raises `HomeTrouble` where the database is missing: it is never made by asking a question; and
    `KeyTrouble` where `needs_keys` and the trail's keys are missing or of another home.
    """
    logs.configure("command", Path(settings.RAPPORT_LOG))
    if not needs_database:
        return
    if connection.vendor == "sqlite" and not Path(settings.RAPPORT_DATABASE).exists():
        raise HomeTrouble(
            f"There is no database: {settings.RAPPORT_DATABASE} is missing. Put back the last copy; "
            f"or, to begin anew, run: rapport migrate --home {settings.RAPPORT_HOME}"
        )
    newest = Line.objects.aggregate(newest=Max("at"))["newest"]
    if newest is not None and not settings.RAPPORT_CLOCK_WAS_AHEAD:
        clock.not_before(newest)
    if needs_keys:
        verify.ensure_own_keys()
