"""Guards in the database: what no code may do, whoever wrote it.

They are put back from the models after each `rapport migrate`, because SQLite drops a table's
triggers when a migration remakes the table, and they are looked for by `rapport check`, `/readyz`
and `audit verify`.
"""

from collections.abc import Iterator
from typing import NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from rapport.foundation import registry
from rapport.foundation.facts import Fact, fact_models


class Guard(NamedTuple):
    """One trigger or constraint: its name, its table, and the statements that make it."""

    name: str
    table: str
    make: tuple[str, ...]


def guards(vendor: str) -> Iterator[Guard]:
    """Yield every guard that must be there on a database of this vendor."""
    yield from _trail(vendor)
    for model in fact_models():
        yield _frozen(model, vendor)
        yield _kept(model, vendor)
        if model.alone_by:
            yield _alone(model, vendor, "alone", model.alone_by)
        if model.alone_too:
            yield _alone(model, vendor, "alone_too", model.alone_too)
    for more in registry.guards:
        yield from more(vendor)


def put_back(connection: BaseDatabaseWrapper) -> list[str]:
    """Make every guard that is missing or differs; return the names of those that were made."""
    vendor = connection.vendor
    made = []
    with connection.cursor() as cursor:
        if vendor == "postgresql":
            cursor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        there = present(connection)
        for guard in guards(vendor):
            if guard.name in there and not _differs(there[guard.name], guard, vendor):
                continue
            if vendor == "sqlite":
                cursor.execute(f'DROP TRIGGER IF EXISTS "{guard.name}"')
            for statement in guard.make:
                cursor.execute(statement)
            made.append(guard.name)
    return made


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the names of guards that are not there, or are not what the models ask for."""
    there = present(connection)
    return [
        guard.name
        for guard in guards(connection.vendor)
        if guard.name not in there or _differs(there[guard.name], guard, connection.vendor)
    ]


def present(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Return the names and texts of triggers and exclusion constraints found in the database.

    A trigger that is switched off counts as absent.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute(
                """SELECT t.tgname, p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
                   JOIN pg_class c ON c.oid = t.tgrelid
                   WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')
                     AND c.relnamespace = current_schema()::regnamespace
                   UNION ALL SELECT conname, '' FROM pg_constraint WHERE contype = 'x'
                     AND connamespace = current_schema()::regnamespace"""
            )
        return dict(cursor.fetchall())


def _differs(found: str, guard: Guard, vendor: str) -> bool:
    if vendor == "sqlite":
        return found.strip() != guard.make[-1].strip()
    body = guard.make[0].split("$$")
    return len(body) == 3 and body[1].strip() != found.strip()


PG_FUNCTION = "CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"
PG_RAISE = "RAISE EXCEPTION '{text}' USING ERRCODE = 'integrity_constraint_violation';"


def _pg(name: str, table: str, when: str, body: str, *, each: str = "ROW") -> Guard:
    return Guard(
        name,
        table,
        (
            PG_FUNCTION.format(name=name, body=body),
            f"DROP TRIGGER IF EXISTS {name} ON {table}",
            f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH {each} EXECUTE FUNCTION {name}()",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}",
        ),
    )


def refusing(vendor: str, name: str, table: str, *, update: str, text: str) -> Guard:
    """Return a guard that refuses an UPDATE of a row for which `update`, a condition on OLD and NEW, is true."""
    if vendor == "postgresql":
        body = f" BEGIN IF {update} THEN {PG_RAISE.format(text=text)} END IF; RETURN NEW; END "
        return _pg(name, table, "UPDATE", body)
    made = f'CREATE TRIGGER "{name}" BEFORE UPDATE ON "{table}" WHEN {update} '
    return Guard(name, table, (f"{made}BEGIN SELECT RAISE(ABORT, '{text}'); END",))


def _frozen(model: type[Model], vendor: str) -> Guard:
    table = model._meta.db_table
    name, text = f"{table}_frozen", f"{table}: a fact is never edited"
    differ = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    changed = " OR ".join(
        f'NEW."{f.column}" {differ} OLD."{f.column}"'
        for f in model._meta.concrete_fields
        if f.column != "withdrawn_at"
    )
    condition = f"OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL OR {changed}"
    if vendor == "postgresql":
        body = f" BEGIN IF {condition} THEN {PG_RAISE.format(text=text)} END IF; RETURN NEW; END "
        return _pg(name, table, "UPDATE", body)
    return Guard(
        name,
        table,
        (
            f'CREATE TRIGGER "{name}" BEFORE UPDATE ON "{table}" WHEN {condition} '
            f"BEGIN SELECT RAISE(ABORT, '{text}'); END",
        ),
    )


def _kept(model: type[Model], vendor: str) -> Guard:
    table = model._meta.db_table
    name, text = f"{table}_kept", f"{table}: a fact is never deleted"
    if vendor == "postgresql":
        return _pg(
            name,
            table,
            "DELETE OR TRUNCATE",
            f" BEGIN {PG_RAISE.format(text=text)} END ",
            each="STATEMENT",
        )
    return Guard(
        name,
        table,
        (
            f'CREATE TRIGGER "{name}" BEFORE DELETE ON "{table}" BEGIN SELECT RAISE(ABORT, \'{text}\'); END',
        ),
    )


def _alone(model: type[Fact], vendor: str, word: str, columns: tuple[str, ...]) -> Guard:
    table = model._meta.db_table
    name = f"{table}_{word}"
    if vendor == "postgresql":
        keys = ", ".join(f"coalesce(\"{c}\"::text, '') WITH =" for c in columns)
        return Guard(
            name,
            table,
            (
                f"ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist "
                f"({keys}, daterange(valid_from, valid_until, '[)') WITH &&) WHERE (withdrawn_at IS NULL)",
            ),
        )
    same = " AND ".join(f'o."{c}" IS NEW."{c}"' for c in columns)
    return Guard(
        name,
        table,
        (
            f'CREATE TRIGGER "{name}" BEFORE INSERT ON "{table}" WHEN NEW.withdrawn_at IS NULL AND EXISTS '
            f'(SELECT 1 FROM "{table}" o WHERE {same} AND o.withdrawn_at IS NULL '
            "AND o.valid_from < coalesce(NEW.valid_until, '9999-12-31') "
            "AND NEW.valid_from < coalesce(o.valid_until, '9999-12-31')) "
            f"BEGIN SELECT RAISE(ABORT, '{table}: overlaps another'); END",
        ),
    )


def _trail(vendor: str) -> Iterator[Guard]:
    text = "The trail is append-only."
    if vendor == "postgresql":
        body = f" BEGIN {PG_RAISE.format(text=text)} END "
        yield _pg(
            "trail_append_only", "trail", "UPDATE OR DELETE OR TRUNCATE", body, each="STATEMENT"
        )
        return
    yield Guard(
        "trail_follows",
        "trail",
        (
            'CREATE TRIGGER "trail_follows" BEFORE INSERT ON trail WHEN NEW.id <= '
            "(SELECT coalesce(max(id), 0) FROM trail) OR NEW.prev IS NOT "
            "coalesce((SELECT mac FROM trail ORDER BY id DESC LIMIT 1), x'') "
            "BEGIN SELECT RAISE(ABORT, 'The trail only grows at its end.'); END",
        ),
    )
    for verb in ("UPDATE", "DELETE"):
        yield Guard(
            f"trail_no_{verb.lower()}",
            "trail",
            (
                f'CREATE TRIGGER "trail_no_{verb.lower()}" BEFORE {verb} ON trail '
                f"BEGIN SELECT RAISE(ABORT, '{text}'); END",
            ),
        )
