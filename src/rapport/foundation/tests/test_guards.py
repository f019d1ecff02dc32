"""What the database itself refuses, whoever asks: alike on SQLite and PostgreSQL."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from rapport.foundation import guards
from rapport.foundation.facts import fact_models
from rapport.foundation.rulesets.models import RuleSet, RuleSetVersion
from rapport.foundation.tracked import Tracked, tracked_models

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = datetime(2026, 3, 3, 12, tzinfo=UTC)
YEAR = (date(2026, 1, 1), date(2027, 1, 1))
IS_SQLITE = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="a matter of SQLite")


def a_version(**values: Any) -> RuleSetVersion:
    ruleset, _ = RuleSet.objects.get_or_create(jurisdiction="XX", topic="test", title="Test")
    start, end = values.pop("span", YEAR)
    return RuleSetVersion.objects.create(
        ruleset=ruleset,
        version="1",
        body="{}",
        valid_from=start,
        valid_until=end,
        recorded_at=NOON,
        **values,
    )


def a_role(**values: Any) -> models.Model:
    person, _ = apps.get_model("people", "Person").objects.get_or_create(name="Reyes")
    made: models.Model = apps.get_model("people", "RoleHeld").objects.create(
        person=person,
        role=values.pop("role", "privacy_officer"),
        scope="program",
        valid_from=YEAR[0],
        recorded_at=NOON,
        **values,
    )
    return made


def refused() -> Any:
    return pytest.raises(IntegrityError)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "edit",
    [
        {"version": "2"},
        {"valid_from": date(2026, 2, 1)},
        {"valid_until": None},
        {"recorded_at": LATER},
        {"body": "{ }"},
        {"source": "state"},
        {"withdrawn_at": LATER, "version": "2"},
    ],
)
def test_an_edited_fact_is_refused(edit: dict[str, Any]) -> None:
    fact = a_version()

    with refused(), transaction.atomic():
        RuleSetVersion.objects.filter(pk=fact.pk).update(**edit)


@pytest.mark.django_db
def test_a_fact_is_withdrawn_once_and_stays_so() -> None:
    fact = a_version()
    rows = RuleSetVersion.objects.filter(pk=fact.pk)

    rows.update(withdrawn_at=LATER)

    for again in (datetime(2026, 3, 4, tzinfo=UTC), LATER, None):
        with refused(), transaction.atomic():
            rows.update(withdrawn_at=again)


@pytest.mark.django_db
def test_a_fact_is_not_withdrawn_before_it_was_recorded() -> None:
    fact = a_version()

    with refused(), transaction.atomic():
        RuleSetVersion.objects.filter(pk=fact.pk).update(
            withdrawn_at=datetime(2026, 3, 1, tzinfo=UTC)
        )


@pytest.mark.django_db
def test_a_fact_is_never_deleted() -> None:
    fact = a_version()

    with refused(), transaction.atomic():
        RuleSetVersion.objects.filter(pk=fact.pk).delete()


@pytest.mark.django_db
@pytest.mark.parametrize("span", [(YEAR[1], YEAR[0]), (YEAR[0], YEAR[0])])
def test_a_span_that_ends_before_or_on_its_first_day_is_refused(span: tuple[date, date]) -> None:
    with refused(), transaction.atomic():
        a_version(span=span)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("span", "is_free"),
    [
        (YEAR, False),
        ((date(2026, 12, 31), None), False),
        ((date(2025, 1, 1), date(2026, 1, 2)), False),
        ((date(2020, 1, 1), None), False),
        ((date(2026, 6, 1), date(2026, 6, 2)), False),
        ((date(2027, 1, 1), None), True),
        ((date(2025, 1, 1), date(2026, 1, 1)), True),
    ],
)
def test_facts_that_are_alike_do_not_overlap(span: Any, *, is_free: bool) -> None:
    a_version()

    if is_free:
        a_version(span=span)
    else:
        with refused(), transaction.atomic():
            a_version(span=span)


@pytest.mark.django_db
def test_what_was_withdrawn_is_in_nobodys_way() -> None:
    fact = a_version()
    RuleSetVersion.objects.filter(pk=fact.pk).update(withdrawn_at=LATER)

    a_version()


@pytest.mark.django_db
def test_empty_is_like_empty_where_facts_must_be_alone() -> None:
    a_role()

    a_role(role="administrator")
    with refused(), transaction.atomic():
        a_role()


@IS_SQLITE
@pytest.mark.django_db
@pytest.mark.parametrize("by", ["id", "uid"])
def test_a_fact_is_not_replaced_by_another_with_its_id(by: str) -> None:
    fact = a_version()
    columns = [f.column for f in RuleSetVersion._meta.concrete_fields]
    new = {"version": "'9'", "uid" if by == "id" else "id": "lower(hex(randomblob(16)))"}
    new |= {} if by == "id" else {"id": "id + 1"}
    values = ", ".join(new.get(c or "", f'"{c}"') for c in columns)
    table, names = RuleSetVersion._meta.db_table, ", ".join(f'"{c}"' for c in columns)

    with refused(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT OR REPLACE INTO {table} ({names}) SELECT {values} FROM {table} WHERE id = %s",
            [fact.pk],
        )

    assert RuleSetVersion.objects.get(pk=fact.pk).version == "1"


@pytest.mark.django_db
@pytest.mark.parametrize("model", tracked_models(), ids=lambda m: m.__name__)
def test_every_column_that_the_database_has_is_guarded(model: type[Tracked]) -> None:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        columns = {c.name for c in connection.introspection.get_table_description(cursor, table)}

    text = guards.present(connection)[(table, f"{table}_frozen")]

    assert {c for c in columns if f'NEW."{c}"' not in text} == {model.ends}


def test_a_new_column_comes_into_the_guard_by_itself() -> None:
    field = models.IntegerField(null=True)
    field.set_attributes_from_name("weight")
    fields = [*RuleSetVersion._meta.concrete_fields, field]
    meta = type("Meta", (), {"concrete_fields": fields})
    stand_in: Any = type("Model", (), {"_meta": meta, "ends": "withdrawn_at"})

    for vendor in ("sqlite", "postgresql"):
        assert 'NEW."weight"' in guards._changed(stand_in, vendor)


@IS_SQLITE
def test_a_table_that_sqlite_makes_anew_loses_its_guards_and_migrate_puts_them_back(
    committed: str,
) -> None:
    table = RuleSetVersion._meta.db_table
    field = models.IntegerField(default=0)
    field.set_attributes_from_name("weight")

    with connection.schema_editor() as editor:
        editor.add_field(RuleSetVersion, field)
    gone = guards.missing(connection)
    made = guards.put_back(connection)

    assert f"{table}_frozen" in gone
    assert gone == made
    assert guards.missing(connection) == []


DROP_SQLITE, TAME = "DROP TRIGGER {t}_frozen", "BEFORE UPDATE ON {on} BEGIN SELECT 1; END"
DROP = "DROP TRIGGER {t}_frozen ON {t}"
MAKE = "CREATE TRIGGER {t}_frozen %s ON {t} FOR EACH ROW %s EXECUTE FUNCTION {t}_frozen()"
ALWAYS = "ALTER TABLE {t} ENABLE ALWAYS TRIGGER {t}_frozen"
SPOIL: dict[str, dict[str, tuple[str, ...]]] = {
    "sqlite": {
        "dropped": (DROP_SQLITE,),
        "made tame": (DROP_SQLITE, f"CREATE TRIGGER {{t}}_frozen {TAME.replace('{on}', '{t}')}"),
        "on another table": (
            DROP_SQLITE,
            f"CREATE TRIGGER {{t}}_frozen {TAME.replace('{on}', 'trail')}",
        ),
    },
    "postgresql": {
        "dropped": (DROP,),
        "off": ("ALTER TABLE {t} DISABLE TRIGGER {t}_frozen",),
        "off for replicas": ("ALTER TABLE {t} ENABLE TRIGGER {t}_frozen",),
        "made tame": (
            "CREATE OR REPLACE FUNCTION {t}_frozen() RETURNS trigger LANGUAGE plpgsql "
            "AS $$ BEGIN RETURN NEW; END $$",
        ),
        "on one column": (DROP, MAKE % ("BEFORE UPDATE OF id", ""), ALWAYS),
        "on a condition": (DROP, MAKE % ("BEFORE UPDATE", "WHEN (false)"), ALWAYS),
        "after instead of before": (DROP, MAKE % ("AFTER UPDATE", ""), ALWAYS),
        "alone by less": (
            "ALTER TABLE {t} DROP CONSTRAINT {t}_alone",
            "ALTER TABLE {t} ADD CONSTRAINT {t}_alone EXCLUDE USING gist (ruleset_id WITH =, "
            "version WITH =, daterange(valid_from, valid_until) WITH &&) "
            "WHERE (withdrawn_at IS NULL)",
        ),
    },
}


@pytest.mark.parametrize("how", sorted({*SPOIL["sqlite"], *SPOIL["postgresql"]}))
def test_a_guard_that_was_dropped_or_changed_is_found_and_put_back(
    committed: str, how: str
) -> None:
    spoil = SPOIL[connection.vendor].get(how)
    if spoil is None:
        pytest.skip("a matter of the other database")
    table = RuleSetVersion._meta.db_table
    with connection.cursor() as cursor:
        for statement in spoil:
            cursor.execute(statement.format(t=table))

    gone = guards.missing(connection)

    word = "alone" if how == "alone by less" else "frozen"
    assert gone == [f"{table}_{word}"]
    assert guards.put_back(connection) == gone
    assert guards.missing(connection) == []


@IS_SQLITE
@pytest.mark.django_db
def test_looking_for_an_overlap_goes_by_an_index_of_what_is_alike() -> None:
    scanned = []
    for model in fact_models():
        table = model._meta.db_table
        for word in ("alone", "alone_too"):
            text = guards.present(connection).get((table, f"{table}_{word}"))
            if text is None:
                continue
            query = text.split("EXISTS (")[1].split(") BEGIN")[0]
            for column in (f.column for f in model._meta.concrete_fields):
                query = query.replace(f'NEW."{column}"', "1").replace(
                    f"NEW.{column}", "'2026-01-01'"
                )
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {query}")
                plan = [row[3] for row in cursor.fetchall()]
            if not plan[0].startswith("SEARCH"):
                scanned.append((table, plan))

    assert scanned == []
