"""Guards in the database: what no code may do, whoever wrote it.

They are put back from the models after each `rapport migrate`, because SQLite drops a table's
triggers when a migration remakes the table, and they are looked for by `rapport check`, `/readyz`
and `audit verify`. On both databases what they refuse is an `IntegrityError`.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, UniqueConstraint

from rapport.foundation import registry
from rapport.foundation.facts import Fact
from rapport.foundation.tracked import Tracked, tracked_models


class Guard(NamedTuple):
    """One trigger or constraint: its name, its table, the statements that make it, and how one knows it."""

    name: str
    table: str
    make: tuple[str, ...]
    mark: str


def guards(vendor: str) -> Iterator[Guard]:
    """Yield every guard that must be there on a database of this vendor."""
    yield from _trail(vendor)
    yield from _losses(vendor)
    for model in tracked_models():
        table = model._meta.db_table
        yield refusing(
            vendor,
            f"{table}_frozen",
            table,
            update=_changed(model, vendor),
            text=f"{table}: a fact is never edited",
        )
        yield from _kept(model, vendor)
        if issubclass(model, Fact) and model.alone_by:
            yield _alone(model, vendor, "alone", model.alone_by)
        if issubclass(model, Fact) and model.alone_too:
            yield _alone(model, vendor, "alone_too", model.alone_too)
    for more in registry.guards:
        yield from more(vendor)


def put_back(connection: BaseDatabaseWrapper) -> list[str]:
    """Make every guard that is missing or differs; return the names of those that were made."""
    made = []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        there = present(connection)
        for guard in guards(connection.vendor):
            if there.get((guard.table, guard.name)) != guard.mark:
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
        if there.get((guard.table, guard.name)) != guard.mark
    ]


POSTGRES: Final = """
  SELECT c.relname, t.tgname, t.tgtype || t.tgenabled
         || CASE WHEN t.tgqual IS NULL AND t.tgattr = '' THEN '' ELSE '?' END || p.prosrc
    FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid
   WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace
  UNION ALL SELECT c.relname, x.conname, pg_get_constraintdef(x.oid)
    FROM pg_constraint x JOIN pg_class c ON c.oid = x.conrelid
   WHERE x.contype = 'x' AND x.connamespace = current_schema()::regnamespace"""


def present(connection: BaseDatabaseWrapper) -> dict[tuple[str, str], str]:
    """Return by table and name what is there of triggers and exclusion constraints, and how one knows it.

    A trigger that is switched off, or bound to a condition or a column, is known as another.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'")
            return {(table, name): text for table, name, text in cursor.fetchall()}
        cursor.execute(POSTGRES)
        return {
            (table, name): bare(text) if text.startswith("EXCLUDE") else text
            for table, name, text in cursor.fetchall()
        }


def bare(text: str) -> str:
    """Return a constraint's text without what PostgreSQL adds or leaves out: case, casts, brackets, quotes."""
    return re.sub(r"::[a-z ]+|[\s()\"]", "", text.lower())


RAISE: Final = "RAISE EXCEPTION '{text}' USING ERRCODE = 'integrity_constraint_violation';"
BITS: Final = {"ROW": 1, "BEFORE": 2, "INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}


def refusing(vendor: str, name: str, table: str, *, update: str, text: str) -> Guard:
    """Return a guard that refuses an UPDATE of a row for which `update`, a condition on OLD and NEW, is true."""
    if vendor == "postgresql":
        body = f" BEGIN IF {update} THEN {RAISE.format(text=text)} END IF; RETURN NEW; END "
        return _pg(name, table, "UPDATE", body)
    return _sqlite(name, table, "UPDATE", update, text)


def _pg(name: str, table: str, when: str, body: str, *, each: str = "ROW") -> Guard:
    kind = sum(BITS[word] for word in ("BEFORE", *when.split(" OR "))) + (each == "ROW")
    return Guard(
        name,
        table,
        (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$",
            f"DROP TRIGGER IF EXISTS {name} ON {table}",
            f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH {each} EXECUTE FUNCTION {name}()",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}",  # else a replica's role switches it off
        ),
        f"{kind}A{body}",
    )


def _sqlite(name: str, table: str, verb: str, condition: str, text: str) -> Guard:
    when = f" WHEN {condition}" if condition else ""
    made = (
        f'CREATE TRIGGER "{name}" BEFORE {verb} ON "{table}"{when} '
        f"BEGIN SELECT RAISE(ABORT, '{text}'); END"
    )
    return Guard(name, table, (f'DROP TRIGGER IF EXISTS "{name}"', made), made)


def _changed(model: type[Tracked], vendor: str) -> str:
    """Return the condition that more, or something else, changes than that a fact is withdrawn."""
    differ = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    changed = " OR ".join(
        f'NEW."{f.column}" {differ} OLD."{f.column}"'
        for f in model._meta.concrete_fields
        if f.column != model.ends
    )
    return f"OLD.{model.ends} IS NOT NULL OR NEW.{model.ends} IS NULL OR {changed}"


def _kept(model: type[Tracked], vendor: str) -> Iterator[Guard]:
    table = model._meta.db_table
    text = f"{table}: a fact is never deleted"
    yield from _never_deleted(table, vendor, text)
    if vendor == "postgresql":
        return
    # INSERT OR REPLACE deletes what is in its way and fires no trigger for it.
    same = " OR ".join(("o.id = NEW.id", "o.uid = NEW.uid", *_unique(model)))
    there = f'EXISTS (SELECT 1 FROM "{table}" o WHERE {same})'
    yield _sqlite(f"{table}_once", table, "INSERT", there, text)


def _unique(model: type[Tracked]) -> Iterator[str]:
    """Yield by which rows that both stand are in each other's way."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint):
            fields = [f for f in model._meta.concrete_fields if f.name in constraint.fields]
            same = " AND ".join(f'o."{f.column}" = NEW."{f.column}"' for f in fields)
            yield f"({same} AND o.{model.ends} IS NULL AND NEW.{model.ends} IS NULL)"


def _never_deleted(table: str, vendor: str, text: str) -> Iterator[Guard]:
    if vendor == "postgresql":
        body = f" BEGIN {RAISE.format(text=text)} END "
        yield _pg(f"{table}_kept", table, "DELETE OR TRUNCATE", body, each="STATEMENT")
    else:
        yield _sqlite(f"{table}_kept", table, "DELETE", "", text)


def _alone(model: type[Fact], vendor: str, word: str, columns: tuple[str, ...]) -> Guard:
    """Return the guard against overlaps of facts that are alike in `columns`; empty is like empty."""
    table = model._meta.db_table
    name = f"{table}_{word}"
    fields = [f for c in columns for f in model._meta.concrete_fields if f.column == c]
    if vendor == "postgresql":
        keys = ", ".join(f"{_filled(f)} WITH =" for f in fields)
        text = (
            f"EXCLUDE USING gist ({keys}, daterange(valid_from, valid_until, '[)') WITH &&) "
            "WHERE (withdrawn_at IS NULL)"
        )
        made = (
            f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}",
            f"ALTER TABLE {table} ADD CONSTRAINT {name} {text}",
        )
        return Guard(name, table, made, bare(text))
    # A plus sign keeps an index of a column that is mostly empty out of the search.
    same = " AND ".join(
        f'+o."{f.column}" IS NEW."{f.column}"' if f.null else f'o."{f.column}" = NEW."{f.column}"'
        for f in fields
    )
    overlaps = (
        f'NEW.withdrawn_at IS NULL AND EXISTS (SELECT 1 FROM "{table}" o WHERE {same} '
        "AND o.withdrawn_at IS NULL "
        "AND o.valid_from < coalesce(NEW.valid_until, '9999-12-31') "
        "AND NEW.valid_from < coalesce(o.valid_until, '9999-12-31'))"
    )
    return _sqlite(name, table, "INSERT", overlaps, f"{table}: overlaps another")


def _filled(field: "Field[object, object]") -> str:
    """Return a column such that empty equals empty. No key is 0, and no chosen word is empty."""
    if not field.null:
        return f'"{field.column}"'
    nothing = "''" if field.get_internal_type() in ("CharField", "TextField") else "0"
    return f'coalesce("{field.column}", {nothing})'


def _losses(vendor: str) -> Iterator[Guard]:
    """What was lost, and who accepted it: a loss is accepted once, and all else stays as it was written."""
    differ = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    names = ("id", "uid", "reason", "found", "needs_both", "proposed_at")
    changed = " OR ".join(f"NEW.{n} {differ} OLD.{n}" for n in names)
    yield refusing(
        vendor,
        "audit_loss_frozen",
        "audit_loss",
        update=f"OLD.accepted_at IS NOT NULL OR {changed}",
        text="What the history lacks is never edited.",
    )
    text = "Who accepted what is never edited."
    yield refusing(
        vendor, "audit_consent_frozen", "audit_consent", update="NEW.id = NEW.id", text=text
    )
    for table in ("audit_loss", "audit_consent"):
        yield from _never_deleted(table, vendor, f"{table}: it is never deleted")


def _trail(vendor: str) -> Iterator[Guard]:
    text = "The trail is append-only."
    if vendor == "postgresql":
        body = f" BEGIN {RAISE.format(text=text)} END "
        when = "UPDATE OR DELETE OR TRUNCATE"
        yield _pg("trail_append_only", "trail", when, body, each="STATEMENT")
        return
    follows = (
        "NEW.id <= (SELECT coalesce(max(id), 0) FROM trail) "
        "OR NEW.prev IS NOT coalesce((SELECT mac FROM trail ORDER BY id DESC LIMIT 1), x'')"
    )
    yield _sqlite("trail_follows", "trail", "INSERT", follows, "The trail only grows at its end.")
    for verb in ("UPDATE", "DELETE"):
        yield _sqlite(f"trail_no_{verb.lower()}", "trail", verb, "", text)
