"""What runs beside the pages: due deeds, deliveries, background tasks. A thread or a process of its own."""

import os
import socket
import threading
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import DatabaseError, close_old_connections, connection
from django_tasks_db.management.commands.db_worker import Worker as TaskWorker
from django_tasks_db.models import DBTaskResult

from rapport.foundation import clock
from rapport.foundation.outbox import outbox
from rapport.foundation.outbox.models import Pulse

log = structlog.get_logger(__name__)
INTERVAL: Final = 1.0  # seconds between two rounds
BEAT: Final = timedelta(seconds=15)
SILENT: Final = timedelta(seconds=60)  # a worker that has not beaten for so long is not there


class Worker:
    """Goes round until it is told to stop."""

    def __init__(self, name: str = "worker") -> None:
        self.name = f"{name}@{socket.gethostname()[:30]}"
        self.stop = threading.Event()
        self._beaten: datetime | None = None

    def run(self) -> None:
        """Go round every second. A round that fails is logged, and the next one tries again."""
        while not self.stop.is_set():
            try:
                self.go_round(clock.now())
            except (DatabaseError, clock.ClockWentBack) as trouble:
                log.error("round_failed", error=type(trouble).__name__)
                connection.close()
            except Exception:  # a worker that is gone would be noticed by nobody for a minute
                log.exception("round_failed")
            finally:
                close_old_connections()
            self.stop.wait(INTERVAL)
        connection.close()

    def go_round(self, now: datetime) -> None:
        """Do everything that is due at `now`, once."""
        self._beat(now)
        outbox.do_due(now)
        outbox.deliver(now)
        if DBTaskResult.objects.ready().exists():
            self._tasks()

    def _beat(self, now: datetime) -> None:
        if self._beaten is None or now - self._beaten >= BEAT:
            Pulse.objects.update_or_create(name=self.name, defaults={"beat_at": now})
            self._beaten = now

    def _tasks(self) -> None:
        TaskWorker(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=f"{self.name}-{os.getpid()}"[:64],
        ).run()


def is_alive(now: datetime) -> bool:
    """Tell whether some worker went round lately."""
    return Pulse.objects.filter(beat_at__gte=now - SILENT).exists()
