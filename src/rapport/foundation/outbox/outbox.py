"""What others must hear, and what must be done at a time: rows first, then the worker."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import transaction
from django.db.models import F, Q

from rapport.foundation import live, registry
from rapport.foundation.access import Verb
from rapport.foundation.outbox.models import Delivery, Due, Event, State

log = structlog.get_logger(__name__)
ATTEMPTS: Final = 5
FIRST_PAUSE: Final = timedelta(minutes=1)  # then twice as long each time
LONGEST_PAUSE: Final = timedelta(hours=1)
ABANDONED: Final = timedelta(
    minutes=10
)  # a delivery still "sending" after this was left by a dead worker
GRACE: Final = timedelta(minutes=10)  # what is due for longer is overdue, and health says so


def tell(
    verb: Verb, object_id: int, recipients: Iterable[int], channel: str, *, now: datetime
) -> Event:
    """Write an event and a delivery for each recipient. Call it inside the action's transaction."""
    event = Event.objects.create(
        kind=verb.name, object=verb.object, object_id=object_id, made_at=now
    )
    Delivery.objects.bulk_create(
        Delivery(event=event, recipient_id=person, channel=channel, due_at=now, moved_at=now)
        for person in sorted(set(recipients))
    )
    live.ring("outbox")
    return event


def plan(kind: str, object_id: int, due_at: datetime) -> Due:
    """Plan a deed of the registry for a time; the same plan twice is one row."""
    due, _made = Due.objects.get_or_create(kind=kind, object_id=object_id, due_at=due_at)
    return due


def is_planned(kind: str) -> bool:
    """Tell whether a deed of this kind waits for its time."""
    return Due.objects.filter(kind=kind, done_at=None).exists()


def do_due(now: datetime) -> int:
    """Do what is due; return how many deeds were done by this call."""
    waiting = Due.objects.filter(done_at=None, due_at__lte=now)
    ready = waiting.filter(Q(again_at=None) | Q(again_at__lte=now))
    return sum(_do(due, now) for due in ready.order_by("due_at", "pk")[:100])


def _do(due: Due, now: datetime) -> bool:
    deed = registry.deeds.get(due.kind)
    if deed is None:
        return False  # its app is switched off; the row waits, and health says so
    try:
        with transaction.atomic():
            # Compare-and-set in the deed's own transaction: done and marked done are one commit,
            # so a worker that dies in the middle has done nothing, and a second one is too late.
            mine = Due.objects.filter(pk=due.pk, done_at=None).update(done_at=now)
            if mine:
                deed(due.object_id, now)
    except Exception as trouble:  # whatever a deed raises must not stop the others
        log.exception("deed_failed", kind=due.kind, number=due.pk)
        Due.objects.filter(pk=due.pk).update(
            failures=F("failures") + 1,
            again_at=now + pause(due.failures + 1),
            problem=type(trouble).__name__,
        )
        return False
    return bool(mine)


def deliver(now: datetime) -> int:
    """Send what waits; return how many deliveries this call sent.

    A delivery is marked before it is sent and again after. One left in between, by a worker that
    died, is tried again as a new attempt: a recipient may hear twice, never not at all.
    """
    for left in Delivery.objects.filter(state=State.SENDING, moved_at__lte=now - ABANDONED)[:100]:
        _fail(left, "Abandoned", now)
    ready = Delivery.objects.filter(state=State.WAITING, due_at__lte=now)
    return sum(_send(one, now) for one in ready.order_by("due_at", "pk")[:100])


def _send(delivery: Delivery, now: datetime) -> bool:
    sender = registry.senders.get(delivery.channel)
    if sender is None or not _move(delivery, State.WAITING, State.SENDING, now):
        return False
    try:
        sender(delivery.event_id, delivery.recipient_id)
    except Exception as trouble:  # whatever a sender raises must not stop the others
        log.exception("not_delivered", channel=delivery.channel, number=delivery.pk)
        _fail(delivery, type(trouble).__name__, now)
        return False
    return _move(delivery, State.SENDING, State.DONE, now)


def _move(delivery: Delivery, before: State, after: State, now: datetime) -> bool:
    mine = Delivery.objects.filter(pk=delivery.pk, state=before)
    return bool(mine.update(state=after, moved_at=now))


@transaction.atomic
def _fail(delivery: Delivery, problem: str, now: datetime) -> None:
    left = Delivery.objects.filter(pk=delivery.pk, state=State.SENDING)
    failed = left.update(state=State.FAILED, problem=problem[:60], moved_at=now)
    if failed and delivery.attempt < ATTEMPTS:
        Delivery.objects.create(
            event_id=delivery.event_id,
            recipient_id=delivery.recipient_id,
            channel=delivery.channel,
            attempt=delivery.attempt + 1,
            due_at=now + pause(delivery.attempt),
            moved_at=now,
        )


def pause(failures: int) -> timedelta:
    """Return how long to wait after so many failures."""
    doubled: int = 2 ** min(failures - 1, 10)
    return min(FIRST_PAUSE * doubled, LONGEST_PAUSE)


def overdue(now: datetime) -> int:
    """Return how many deeds and deliveries are due for longer than they should be."""
    late = now - GRACE
    return (
        Due.objects.filter(done_at=None, due_at__lt=late).count()
        + Delivery.objects.filter(state=State.WAITING, due_at__lt=late).count()
    )
