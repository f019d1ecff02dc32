import os
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction
from django.utils import timezone as django_timezone  # only for the tasks' own clock
from django_tasks import task

from rapport.foundation import health, registry
from rapport.foundation.access import Verb
from rapport.foundation.audit.models import Line
from rapport.foundation.outbox import outbox
from rapport.foundation.outbox.health import nothing_overdue
from rapport.foundation.outbox.models import Delivery, Due, Event, Pulse, State
from rapport.foundation.outbox.worker import Worker, is_alive

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DID = Verb("tests.did", "test", None, None, "did a test")
Deed = Callable[[int, datetime], None]


@pytest.fixture
def deeds(monkeypatch: pytest.MonkeyPatch) -> dict[str, Deed]:
    """The deeds that the registry knows, and no others."""
    known: dict[str, Deed] = {}
    monkeypatch.setattr(registry.deeds, "_things", known)
    return known


@pytest.fixture
def senders(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[int, int], None]]:
    """The channels that the registry knows, and no others."""
    known: dict[str, Callable[[int, int], None]] = {}
    monkeypatch.setattr(registry.senders, "_things", known)
    return known


def mark(object_id: int, now: datetime) -> None:
    """A deed that leaves a row, so that how often it was done can be counted."""
    Event.objects.create(kind="tests.marked", object="test", object_id=object_id, made_at=now)


class TestADeadline:
    pytestmark = pytest.mark.django_db

    def test_is_kept_once_it_has_come_and_not_before(self, deeds: dict[str, Deed]) -> None:
        deeds["mark"] = mark
        outbox.plan("mark", 7, NOON)

        early = outbox.do_due(NOON - MINUTE)
        in_time = outbox.do_due(NOON)
        again = outbox.do_due(NOON + MINUTE)

        assert (early, in_time, again) == (0, 1, 0)
        assert Event.objects.get().object_id == 7

    def test_planned_twice_is_one(self) -> None:
        assert outbox.plan("mark", 7, NOON) == outbox.plan("mark", 7, NOON)

    def test_that_fails_leaves_nothing_half_written_and_does_not_stop_the_others(
        self, deeds: dict[str, Deed]
    ) -> None:
        def write_then_fail(object_id: int, now: datetime) -> None:
            mark(object_id, now)
            raise ZeroDivisionError

        deeds["bad"], deeds["mark"] = write_then_fail, mark
        outbox.plan("bad", 1, NOON - MINUTE)
        outbox.plan("mark", 2, NOON)

        outbox.do_due(NOON)

        assert [e.object_id for e in Event.objects.all()] == [2]
        bad = Due.objects.get(kind="bad")
        assert (bad.done_at, bad.failures, bad.problem) == (None, 1, "ZeroDivisionError")

    def test_that_failed_is_tried_again_after_a_pause(self, deeds: dict[str, Deed]) -> None:
        deeds["bad"] = lambda object_id, now: 1 / 0  # type: ignore[assignment]
        outbox.plan("bad", 1, NOON)
        outbox.do_due(NOON)
        deeds["bad"] = mark

        at_once = outbox.do_due(NOON + MINUTE / 2)
        later = outbox.do_due(NOON + MINUTE)

        assert (at_once, later) == (0, 1)

    def test_whose_app_is_switched_off_waits_and_health_says_so(
        self, deeds: dict[str, Deed]
    ) -> None:
        outbox.plan("gone", 1, NOON)

        outbox.do_due(NOON)

        assert outbox.overdue(NOON + outbox.GRACE + MINUTE) == 1
        assert "overdue" in str(nothing_overdue())


class TestADeadlineForReal:
    """With real commits, on the database that the suite runs on."""

    def test_is_kept_once_by_two_workers_at_once(
        self, committed: str, deeds: dict[str, Deed]
    ) -> None:
        deeds["mark"] = mark
        for number in range(40):
            outbox.plan("mark", number, NOON)
        together, done = Barrier(2), []

        def work() -> None:
            together.wait()
            done.append(outbox.do_due(NOON))
            connection.close()

        threads = [Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        counts = Counter(e.object_id for e in Event.objects.all())
        assert sum(done) == 40
        assert counts == Counter(range(40))

    def test_is_kept_after_a_worker_was_killed_in_the_middle(
        self, committed: str, deeds: dict[str, Deed]
    ) -> None:
        def write_then_die(object_id: int, now: datetime) -> None:
            mark(object_id, now)
            os._exit(9)

        outbox.plan("mark", 1, NOON)
        deeds["mark"] = write_then_die
        connection.close()
        child = os.fork()
        if child == 0:
            outbox.do_due(NOON)
            os._exit(0)
        _pid, status = os.waitpid(child, 0)
        left = Event.objects.count()
        deeds["mark"] = mark

        done = outbox.do_due(NOON + MINUTE)

        assert (os.waitstatus_to_exitcode(status), left, done) == (9, 0, 1)
        assert Event.objects.get().object_id == 1


class TestADelivery:
    pytestmark = pytest.mark.django_db

    def told(self) -> None:
        with transaction.atomic():
            outbox.tell(DID, 5, [11, 12, 11], "mail", now=NOON)

    def test_goes_once_to_each_recipient(
        self, senders: dict[str, Callable[[int, int], None]]
    ) -> None:
        sent: list[int] = []
        senders["mail"] = lambda event, person: sent.append(person)
        self.told()

        assert (outbox.deliver(NOON), outbox.deliver(NOON + MINUTE)) == (2, 0)
        assert sent == [11, 12]
        assert {d.state for d in Delivery.objects.all()} == {State.DONE}

    def test_that_fails_is_a_row_with_its_kind_of_error_and_a_new_attempt(
        self, senders: dict[str, Callable[[int, int], None]]
    ) -> None:
        def refuse(event: int, person: int) -> None:
            raise ConnectionRefusedError("mail.example.org said no to wilma@example.org")

        senders["mail"] = refuse
        self.told()

        outbox.deliver(NOON)

        first, second = Delivery.objects.filter(recipient_id=11).order_by("attempt")
        assert (first.state, first.problem) == (State.FAILED, "ConnectionRefusedError")
        assert (second.state, second.due_at) == (State.WAITING, NOON + MINUTE)

    def test_is_given_up_after_five_attempts(
        self, senders: dict[str, Callable[[int, int], None]]
    ) -> None:
        senders["mail"] = lambda event, person: 1 / 0  # type: ignore[assignment]
        self.told()

        for hours in range(10):
            outbox.deliver(NOON + timedelta(hours=hours))

        assert Delivery.objects.filter(recipient_id=11).count() == outbox.ATTEMPTS
        assert {d.state for d in Delivery.objects.all()} == {State.FAILED}

    def test_left_by_a_worker_that_died_is_tried_again(
        self, senders: dict[str, Callable[[int, int], None]]
    ) -> None:
        sent: list[int] = []
        senders["mail"] = lambda event, person: sent.append(person)
        self.told()
        Delivery.objects.update(state=State.SENDING)

        outbox.deliver(NOON + MINUTE)
        outbox.deliver(NOON + outbox.ABANDONED)
        outbox.deliver(NOON + outbox.ABANDONED + MINUTE)

        assert sorted(sent) == [11, 12]

    def test_carries_ids_and_no_line_of_its_own(self) -> None:
        self.told()

        event = Event.objects.get()
        assert (event.kind, event.object, event.object_id) == ("tests.did", "test", 5)
        assert Line.objects.count() == 0


ran: list[int] = []


@task()
def note(number: int) -> None:
    ran.append(number)


class TestTheWorker:
    def test_runs_background_tasks_and_shows_that_it_is_alive(self, committed: str) -> None:
        ran.clear()
        note.enqueue(3)
        now = django_timezone.now()  # noqa: TID251  the rows of tasks are dated by Django's clock

        Worker().go_round(now)

        assert ran == [3]
        assert is_alive(now)
        assert not is_alive(now + 2 * MINUTE)

    def test_stops_when_told_and_survives_a_round_that_fails(
        self, committed: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        worker, rounds = Worker(), []

        def fail(now: datetime) -> int:
            rounds.append(now)
            if len(rounds) == 3:
                worker.stop.set()
            raise ZeroDivisionError

        monkeypatch.setattr(outbox, "do_due", fail)
        monkeypatch.setattr("rapport.foundation.outbox.worker.INTERVAL", 0.01)
        thread = Thread(target=worker.run)
        thread.start()
        thread.join(20)

        assert not thread.is_alive()
        assert len(rounds) == 3
        assert Pulse.objects.count() == 1


@pytest.mark.django_db
def test_health_tells_of_a_worker_only_where_a_server_runs() -> None:
    asked = health.findings(serving=False)
    served = health.findings(serving=True)

    assert "worker" not in asked
    assert "not gone round" in str(served["worker"])
    assert {name: said for name, said in asked.items() if said} == {}
