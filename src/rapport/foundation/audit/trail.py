"""The one way to write to the trail: one line an action, in the action's own transaction."""

import hmac
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from django.db import connection, models, transaction

from rapport.foundation.access import Actor, Verb
from rapport.foundation.audit import keys, witness

LANE: Final = 40
FIELDS: Final = ("at", "actor_id", "verb", "object", "object_id", "subject_id", "channel", "detail")
Value = str | int | bool | None


class Entry(NamedTuple):
    """The fields of a line, in the order in which the MAC covers them. `at` is UTC text."""

    at: str
    actor_id: int | None
    verb: str
    object: str
    object_id: int
    subject_id: int | None
    channel: str
    detail: str


def record(
    actor: Actor,
    verb: Verb,
    thing: models.Model | int,
    *,
    at: datetime,
    about: int | None = None,
    **detail: Value | Iterable[Value],
) -> int:
    """Write one line and return its id. `detail` takes ids and chosen words, never what someone typed.

    `about` is the person whom the line is about, if any. Call it inside the action's transaction.
    """
    text = json.dumps(
        {k: v if isinstance(v, str | int | None) else list(v) for k, v in detail.items()},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=True,
    )
    number = thing if isinstance(thing, int) else thing.pk
    entry = Entry(
        as_text(at), actor.person_id, verb.name, verb.object, number, about, actor.channel, text
    )
    return append(entry)


def as_text(at: datetime) -> str:
    """Return a moment as UTC text without zone, exactly as `str(datetime)` gives it."""
    return str(at.astimezone(UTC).replace(tzinfo=None))


def append(entry: Entry) -> int:
    """Chain and insert one line; note it with the witness after commit."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A line belongs to its action's transaction.")
    for value in entry:
        if isinstance(value, str) and any(ord(c) < 32 or ord(c) == 127 for c in value):
            raise ValueError("Control characters have no place in the trail.")
    ring = keys.ring()
    postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if postgres:
            cursor.execute("SELECT lane, last, mac FROM trail_take()")
            lane, last, prev = cursor.fetchone()
        else:
            cursor.execute("SELECT id, mac FROM trail ORDER BY id DESC LIMIT 1")
            lane, (last, prev) = 0, cursor.fetchone() or (None, None)
        number: int = (last or lane << LANE) + 1
        before = bytes(prev or b"")
        mac = mac_of(ring.keys, ring.current, number, entry, before)
        at = entry.at + "+00:00" if postgres else entry.at
        cursor.execute(
            "INSERT INTO trail (id, at, actor_id, verb, object, object_id, subject_id, channel,"
            " detail, prev, mac) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (number, at, *entry[1:], before, mac),
        )
    transaction.on_commit(lambda: witness.current().saw(number, mac))
    return number


def heads() -> tuple[bytes, ...]:
    """Return the MAC of the newest line of each lane: they differ as soon as anything was done."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT mac FROM trail ORDER BY id DESC LIMIT 1")
        else:
            cursor.execute(
                "SELECT (SELECT mac FROM trail t WHERE t.id >= l << 40 AND t.id < (l + 1) << 40"
                " ORDER BY t.id DESC LIMIT 1) FROM generate_series(0::bigint, 63) l"
            )
        return tuple(bytes(row[0] or b"") for row in cursor.fetchall())


def mac_of(
    ring: Mapping[int, bytes], key: int, number: int, entry: Iterable[Any], prev: bytes
) -> bytes:
    """Return algorithm byte, key byte, and HMAC-SHA256 to 128 bits over id, fields and the MAC before."""
    text = "\x1f".join("" if f is None else str(f) for f in (number, *entry))
    return bytes((1, key)) + hmac.digest(ring[key], prev + text.encode(), "sha256")[:16]
