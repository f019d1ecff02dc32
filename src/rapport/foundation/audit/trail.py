"""The one way to write to the trail: one line an action, in the action's own transaction."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from django.db import connection, models, transaction

from rapport.foundation.access import Actor, Place, Scoped, Verb
from rapport.foundation.audit import changes, keys, rows, rules
from rapport.foundation.audit.rules import LANE

Value = str | int | bool | None
LONGEST: Final = 200
SCOPES: Final = ("agency", "district", "school")  # fixed keys of `detail`: where the line lies


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
    /,
    *,
    at: datetime,
    about: int | None = None,
    place: Scoped | None = None,
    **detail: Value | Iterable[Value],
) -> int:
    """Write one line and return its id. `detail` takes ids and chosen words, never what someone typed.

    `about` is the person whom the line is about, if any; `place` is where it lies, which decides who
    may read it later. Both are taken from `thing` where it has such columns and they are not given.
    Call it inside the action's transaction. Raises `ValueError` on a word that was not chosen.
    """
    return _write(actor, verb, thing, at, Where(about, place), detail)


def record_many(
    actor: Actor,
    verb: Verb,
    things: Sequence[models.Model | int],
    /,
    *,
    at: datetime,
    place: Scoped | None = None,
    **detail: Value | Iterable[Value],
) -> int:
    """Write one line for many things of one kind, as an import makes them, and return its id.

    The line names the first of them and says how many there are; 0 where there is none.
    """
    first = things[0] if things else 0
    where = Where(None, place if place is not None else Place())
    return _write(actor, verb, first, at, where, {"count": len(things), **detail})


def record_apart(
    actor: Actor,
    verb: Verb,
    thing: models.Model | int,
    /,
    *,
    at: datetime,
    place: Scoped | None = None,
    **detail: Value | Iterable[Value],
) -> int:
    """Write one line in a transaction of its own: for what was refused, and so rolled back or never begun."""
    with transaction.atomic(durable=True):
        return _write(actor, verb, thing, at, Where(None, place), detail)


def resume(actor: Actor, verb: Verb, lane: int, *, at: datetime, lost: Mapping[str, int]) -> int:
    """Write the line with which a lane goes on beyond what was `lost` (first and last id)."""
    entry = Entry(
        as_text(at),
        actor.person_id,
        verb.name,
        verb.object,
        lane,
        None,
        actor.channel,
        in_chosen_words(lost),
    )
    return append(entry, lane=lane, after=lost["last"])


class Where(NamedTuple):
    """Whom a line is about and where it lies, as far as the caller said."""

    about: int | None
    place: Scoped | None


def _write(
    actor: Actor,
    verb: Verb,
    thing: models.Model | int,
    at: datetime,
    where: Where,
    detail: Mapping[str, Any],
) -> int:
    lies = thing if where.place is None else where.place
    found = {scope: getattr(lies, f"{scope}_id", None) for scope in SCOPES}
    scopes = {scope: number for scope, number in found.items() if isinstance(number, int)}
    about = getattr(lies, "about_person_id", None) if where.about is None else where.about
    number = thing if isinstance(thing, int) else thing.pk
    kept = getattr(thing, "record_class", None) if verb.record_class is None else None
    text = in_chosen_words({**scopes, **({"class": str(kept)} if kept else {}), **detail})
    who = actor.person_id
    return append(
        Entry(as_text(at), who, verb.name, verb.object, number, about, actor.channel, text)
    )


def in_chosen_words(detail: Mapping[str, Any]) -> str:
    """Return `detail` as it is kept: JSON, keys sorted, no spaces. Raises `ValueError` on typed words."""
    kept = {key: _chosen(key, value) for key, value in detail.items()}
    for scope in SCOPES:
        if not isinstance(kept.get(scope), int | None):
            raise ValueError(f"{scope!r} in a line is the key of the place where it lies.")
    return json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _chosen(key: str, value: Any) -> Any:
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, str):
        if len(value) > LONGEST or any(c.isspace() or not c.isprintable() for c in value):
            raise ValueError(
                f"What someone typed has no place in the trail; {key!r} looks like it."
            )
        return str(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [_chosen(key, one) for one in value]
    raise ValueError(f"The trail holds ids and chosen words; {key!r} is a {type(value).__name__}.")


def as_text(at: datetime) -> str:
    """Return a moment as UTC text without zone, exactly as `str(datetime)` gives it."""
    return str(at.astimezone(UTC).replace(tzinfo=None))


def append(entry: Entry, *, lane: int | None = None, after: int = 0) -> int:
    """Chain and insert one line; note it with the witness after commit. Return its id.

    `lane` and `after` make it the next line of that lane after a loss: its id lies beyond `after`,
    so that no id is ever used again.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A line belongs to its action's transaction.")
    for value in entry:
        if isinstance(value, str) and any(ord(c) < 32 or ord(c) == 127 for c in value):
            raise ValueError("Control characters have no place in the trail.")
    postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        lane, last, prev = _take(cursor, lane, postgres=postgres)
        number: int = max(last or lane << LANE, after) + 1
        ring = keys.ring()  # read once the lane is ours: the keys of a lane never go back
        entry = _with_digests(entry, ring.keys[ring.current])
        mac = rules.mac_of(ring.keys, ring.current, rules.text_of(number, entry), prev)
        at = entry.at + "+00:00" if postgres else entry.at
        cursor.execute(
            "INSERT INTO trail (id, at, actor_id, verb, object, object_id, subject_id, channel,"
            " detail, prev, mac) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (number, at, *entry[1:], prev, mac),
        )
    transaction.on_commit(changes.Told(number, mac))
    return number


def _with_digests(entry: Entry, key: bytes) -> Entry:
    """Let a line tell of the rows that its action wrote."""
    said = [str(one) for one in rows.entries(changes.take(), key)]
    if not said:
        return entry
    detail = {**json.loads(entry.detail), rows.KEY: said}
    return entry._replace(detail=json.dumps(detail, sort_keys=True, separators=(",", ":")))


def heads(*, besides: Collection[str] = ()) -> tuple[bytes, ...]:
    """Return the MAC of the newest line of each lane: they differ as soon as anything was done.

    Lines whose verb is one of `besides` are passed over.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT mac FROM trail WHERE verb NOT IN (SELECT value FROM json_each(%s))"
                " ORDER BY id DESC LIMIT 1",
                [json.dumps(list(besides))],
            )
        else:
            cursor.execute(
                "SELECT (SELECT mac FROM trail t WHERE t.id >= l << 40 AND t.id < (l + 1) << 40"
                " AND t.verb <> ALL(%s::text[])"
                " ORDER BY t.id DESC LIMIT 1) FROM generate_series(0::bigint, 63) l",
                [list(besides)],
            )
        return tuple(bytes(row[0] or b"") for row in cursor.fetchall())


def _take(cursor: Any, lane: int | None, *, postgres: bool) -> tuple[int, int | None, bytes]:
    """Take a lane (SQLite has one) and return it with the id and MAC of its last line."""
    if not postgres:
        cursor.execute("SELECT id, mac FROM trail ORDER BY id DESC LIMIT 1")
        last, mac = cursor.fetchone() or (None, b"")
        return 0, last, bytes(mac)
    cursor.execute("SELECT lane, last, mac FROM trail_take(%s)", (lane,))
    lane, last, mac = cursor.fetchone()
    return lane or 0, last, bytes(mac or b"")
