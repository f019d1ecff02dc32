"""Live updates. A notification follows a commit and carries no content, only the topic.

Rows are the truth: a lost notification costs the seconds until a page asks again, never an event.
"""

import asyncio
import threading
from collections import defaultdict
from collections.abc import AsyncIterator
from functools import cache
from typing import Any, Final, Protocol

import structlog
from django.db import connections, transaction

log = structlog.get_logger(__name__)
Subscriber = tuple[asyncio.AbstractEventLoop, "asyncio.Queue[str]"]
CHANNEL: Final = "rapport_live"
AGAIN: Final = 2.0  # seconds before a listener that lost its server tries again


class Broker(Protocol):
    """What a live transport must do: ring a topic, and hear topics ring."""

    def notify(self, topic: str) -> None:
        """Wake everyone listening to `topic`. Safe to call from any thread."""

    def subscribe(self, topics: frozenset[str]) -> AsyncIterator[str]:
        """Yield each topic as it is notified."""


class MemoryBroker:
    """The broker of a single process: a town on SQLite."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._subscribers: dict[str, set[Subscriber]] = defaultdict(set)

    def notify(self, topic: str) -> None:
        """Wake everyone in this process who listens to `topic`."""
        with self._lock:
            listening = tuple(self._subscribers.get(topic, ()))
        for loop, queue in listening:
            if not loop.is_closed():
                loop.call_soon_threadsafe(queue.put_nowait, topic)

    async def subscribe(self, topics: frozenset[str]) -> AsyncIterator[str]:
        """Yield each topic as it is notified in this process."""
        subscriber: Subscriber = (asyncio.get_running_loop(), asyncio.Queue())
        with self._lock:
            for topic in topics:
                self._subscribers[topic].add(subscriber)
        try:
            while True:
                yield await subscriber[1].get()
        finally:
            with self._lock:
                for topic in topics:
                    self._subscribers[topic].discard(subscriber)
                    if not self._subscribers[topic]:
                        del self._subscribers[topic]


class PostgresBroker:
    """The broker of several processes: LISTEN and NOTIFY, one listening connection a process."""

    def __init__(self) -> None:
        self._here = MemoryBroker()
        self._starting = threading.Lock()
        self._listener: threading.Thread | None = None
        self._ended = threading.Event()
        self.listening = threading.Event()  # set while the server would be heard

    def notify(self, topic: str) -> None:
        """Wake everyone in every process who listens to `topic`."""
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, topic])

    async def subscribe(self, topics: frozenset[str]) -> AsyncIterator[str]:
        """Yield each topic as it is notified by whichever process."""
        self._listen()
        async for topic in self._here.subscribe(topics):
            yield topic

    def close(self) -> None:
        """Stop listening."""
        self._ended.set()
        if self._listener is not None:
            self._listener.join(5)

    def _listen(self) -> None:
        with self._starting:
            if self._listener is None:
                self._listener = threading.Thread(target=self._hear, name="live", daemon=True)
                self._listener.start()

    def _hear(self) -> None:
        import psycopg

        while not self._ended.is_set():
            try:
                with psycopg.connect(**_parameters(), autocommit=True) as own:
                    own.execute(f"LISTEN {CHANNEL}")
                    self.listening.set()
                    while not self._ended.is_set():
                        for ring in own.notifies(timeout=0.5):
                            self._here.notify(ring.payload)
            except psycopg.Error as problem:
                log.warning("live_not_heard", error=type(problem).__name__, wait=AGAIN)
                self._ended.wait(AGAIN)
            finally:
                self.listening.clear()


def _parameters() -> dict[str, Any]:
    found: dict[str, Any] = connections["default"].get_connection_params()
    return {k: v for k, v in found.items() if k in ("dbname", "user", "password", "host", "port")}


@cache
def broker() -> Broker:
    """Return this process's broker: in memory on SQLite, LISTEN and NOTIFY on PostgreSQL."""
    return PostgresBroker() if connections["default"].vendor == "postgresql" else MemoryBroker()


def ring(topic: str) -> None:
    """Notify `topic` once the present transaction has committed. A ring that fails loses nothing."""

    def after() -> None:
        try:
            broker().notify(topic)
        except Exception as problem:  # the action is done; whoever waits asks again by themselves
            log.warning("not_rung", error=type(problem).__name__)

    transaction.on_commit(after, robust=True)
