"""Is what was planned done? Asked by `/readyz` and `rapport check`."""

from pathlib import Path

from django.conf import settings

from rapport.foundation import clock, registry
from rapport.foundation.outbox import outbox, worker
from rapport.foundation.registry import Health


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
    """Add the checks of the outbox and its worker."""
    registry.health.add("overdue", Health("overdue", nothing_overdue))
    registry.health.add("worker", Health("worker", worker_goes_round, serving=True))
