import asyncio
from collections.abc import Iterator
from threading import Thread

import pytest
from django.db import connection, transaction

from rapport.foundation import live
from rapport.foundation.live import Broker, MemoryBroker, PostgresBroker


@pytest.fixture
def broker(committed: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    """The broker of the database that the suite runs on."""
    fresh = PostgresBroker() if connection.vendor == "postgresql" else MemoryBroker()
    monkeypatch.setattr(live, "broker", lambda: fresh)
    yield fresh
    if isinstance(fresh, PostgresBroker):
        fresh.close()


def first_heard(broker: Broker, topics: set[str], do: object) -> str:
    """Return the first topic heard after `do` was called in another thread."""

    def work() -> None:
        if isinstance(broker, PostgresBroker):
            assert broker.listening.wait(10)
        do()  # type: ignore[operator]
        connection.close()

    async def listen() -> str:
        heard = broker.subscribe(frozenset(topics))
        waiting = asyncio.ensure_future(anext(heard))
        await asyncio.sleep(0)
        thread = Thread(target=work)
        thread.start()
        try:
            return await asyncio.wait_for(waiting, timeout=15)
        finally:
            await asyncio.to_thread(thread.join)

    return asyncio.run(listen())


def test_a_ring_from_another_thread_wakes_only_who_listens_to_its_topic(broker: Broker) -> None:
    def ring_two() -> None:
        broker.notify("board:2")
        broker.notify("board:1")

    assert first_heard(broker, {"board:1"}, ring_two) == "board:1"


def test_a_ring_waits_for_the_commit_and_a_rollback_rings_nothing(broker: Broker) -> None:
    def roll_back_then_commit() -> None:
        with transaction.atomic():
            live.ring("board:1")
            transaction.set_rollback(True)
        with transaction.atomic():
            live.ring("board:2")

    assert first_heard(broker, {"board:1", "board:2"}, roll_back_then_commit) == "board:2"


def test_a_broker_that_fails_does_not_undo_the_action(
    committed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken(MemoryBroker):
        def notify(self, topic: str) -> None:
            raise OSError("no route")

    monkeypatch.setattr(live, "broker", Broken)

    with transaction.atomic():
        live.ring("board:1")


def test_who_stops_listening_is_forgotten() -> None:
    async def come_and_go() -> int:
        broker = MemoryBroker()
        heard = broker.subscribe(frozenset({"a"}))
        waiting = asyncio.ensure_future(anext(heard))
        await asyncio.sleep(0)
        broker.notify("a")
        await waiting
        await heard.aclose()  # type: ignore[attr-defined]
        return len(broker._subscribers)

    assert asyncio.run(come_and_go()) == 0


def test_a_listener_that_lost_its_server_listens_again(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not isinstance(broker, PostgresBroker):
        return  # in memory there is no server to lose
    monkeypatch.setattr(live, "AGAIN", 0.1)

    def cut_then_ring() -> None:
        broker.listening.clear()  # set again once it listens anew
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND datname = current_database() AND query LIKE 'LISTEN%'"
            )
        assert broker.listening.wait(10)
        broker.notify("board:1")

    assert first_heard(broker, {"board:1"}, cut_then_ring) == "board:1"
