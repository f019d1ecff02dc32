"""A small trail, and what it takes to attack it: SQL, with the triggers dropped."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from rapport.foundation import guards
from rapport.foundation.access import SYSTEM, Verb
from rapport.foundation.audit import keys, rules, testimony, trail, verify, witness
from rapport.foundation.audit.rules import Finding

NOON = datetime(2026, 3, 12, 12, 0, 0, 1, tzinfo=UTC)
END = Verb("tests.end", "test", None, None, "ended a test")


def grow(first: int, count: int) -> None:
    """Write lines, each in a transaction of its own, about things `first`, `first + 1` …"""
    for number in range(first, first + count):
        with transaction.atomic():
            trail.record(SYSTEM, END, number, at=NOON + timedelta(minutes=number), before="a")


def found(*witnesses: Path, mailed: dict[int, bytes] | None = None) -> list[Finding]:
    """Return what a check finds; without `witnesses`, against the home's own."""
    paths = list(witnesses) or [witness.current().path]
    return list(verify.Check(testimony.read(paths), mailed or {}).findings())


def of_lines(findings: Sequence[Finding]) -> list[str]:
    """Return findings about lines in words, without those about guards."""
    return [str(f) for f in findings if f.kind is not rules.Kind.GUARD]


def sql(*statements: str) -> None:
    """Run statements as one who owns the tables."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def drop_triggers() -> None:
    """Take the trail's guards away."""
    on = " ON trail" if connection.vendor == "postgresql" else ""
    for guard in guards.guards(connection.vendor):
        if guard.table == "trail":
            sql(f"DROP TRIGGER {guard.name}{on}")


def unguarded(table: str, *statements: str) -> None:
    """Do what one who owns the tables does, and put the guards back so that nothing shows."""
    on = f" ON {table}" if connection.vendor == "postgresql" else ""
    for guard in guards.guards(connection.vendor):
        if guard.table == table and "EXCLUDE" not in str(guard.make):
            sql(f"DROP TRIGGER {guard.name}{on}")
    sql(*statements)
    guards.put_back(connection)


def sign_anew(first: int) -> None:
    """Do what one who has the key does: sign every line again from `first` on."""
    ring, last = keys.ring(), b""
    for number, text, _prev, mac in list(verify.rows()):
        new = mac
        if number >= first:
            assert text is not None
            new = rules.mac_of(ring.keys, ring.current, text, last)
            _set(number, last, new)
        last = new


def _set(number: int, prev: bytes, mac: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE trail SET prev = %s, mac = %s WHERE id = %s", [prev, mac, number])


def insert(number: int, like: int, **changes: Any) -> None:
    """Add a line that is like another but for `changes`."""
    names = "at, actor_id, verb, object, object_id, subject_id, channel, detail, prev, mac"
    values = ", ".join(changes.get(n, n) for n in names.split(", "))
    sql(f"INSERT INTO trail (id, {names}) SELECT {number}, {values} FROM trail WHERE id = {like}")
