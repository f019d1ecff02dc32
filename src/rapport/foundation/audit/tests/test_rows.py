"""Facts held against the lines that tell of them: what is changed by SQL, guards put back, is found."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from rapport.foundation import facts, guards
from rapport.foundation.access import SYSTEM
from rapport.foundation.audit import actions, keys, losses, rows, trail, verify
from rapport.foundation.audit.models import Line, Loss, Reason
from rapport.foundation.audit.rules import Kind
from rapport.foundation.audit.tests import build
from rapport.foundation.audit.tests.build import END, NOON
from rapport.foundation.audit.tests.test_losses import accept, notes, propose
from rapport.foundation.facts import Source
from rapport.foundation.rulesets.models import RuleSet, RuleSetVersion
from rapport.foundation.tracked import tracked_models

LATER = datetime(2026, 4, 1, 8, 30, tzinfo=UTC)
DAY = date(2026, 1, 1)
TABLE = RuleSetVersion._meta.db_table


def values(number: int) -> dict[str, Any]:
    ruleset, _ = RuleSet.objects.get_or_create(jurisdiction="XX", topic=f"t{number}", title="T")
    said = {"ruleset": ruleset, "version": "1", "body": '{"a":\n"ö"}', "valid_from": DAY}
    return said | {"source": Source.STATE}


def recorded(first: int, count: int = 1) -> list[RuleSetVersion]:
    """Record rule sets' versions as an import does, and leave its line."""
    with transaction.atomic():
        made = facts.record_many(
            RuleSetVersion, [values(n) for n in range(first, first + count)], now=NOON
        )
        trail.record_many(SYSTEM, END, made, at=NOON)
    return made


def withdrawn(fact: RuleSetVersion) -> None:
    with transaction.atomic():
        facts.withdraw(fact, now=LATER)
        trail.record(SYSTEM, END, fact, at=LATER)


def unguarded(*statements: str) -> None:
    build.unguarded(TABLE, *statements)


def found() -> list[str]:
    return [str(finding) for finding in build.found()]


@pytest.fixture
def three(committed: str) -> list[int]:
    """Three facts, each of an act of its own; the third was withdrawn. Their numbers."""
    made = [recorded(n)[0] for n in range(3)]
    withdrawn(made[2])
    RuleSet.objects.create(jurisdiction="XX", topic="of none", title="T")
    assert build.found() == []
    return [fact.pk for fact in made]


def test_a_line_tells_of_what_its_act_wrote_and_shows_it_to_nobody(three: list[int]) -> None:
    details = list(Line.objects.order_by("id").values_list("detail", flat=True))

    assert [d.count(f"{three[n]}:") for n, d in ((1, details[1]), (2, details[3]))] == [1, 1]
    assert f'"-ruleset:{three[2]}:' in details[3]
    assert rows.without(details[1]) == '{"class":"public","count":1}'


UPDATE = f"UPDATE {TABLE} SET"
CHANGES = [
    f"{UPDATE} body = '[]' WHERE id = {{0}}",
    f"{UPDATE} valid_from = '2025-01-01' WHERE id = {{0}}",
    f"{UPDATE} valid_until = '2027-01-01' WHERE id = {{0}}",
    f"{UPDATE} source = 'record' WHERE id = {{0}}",
    f"{UPDATE} recorded_at = '2026-03-12 12:00:00.000002' WHERE id = {{0}}",
    f"{UPDATE} uid = '{UUID(int=7).hex}' WHERE id = {{0}}",
    f"{UPDATE} replaces_id = {{1}} WHERE id = {{0}}",
    f"{UPDATE} ruleset_id = (SELECT max(id) FROM {RuleSet._meta.db_table}) WHERE id = {{0}}",
]


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite keeps what was written")
@pytest.mark.parametrize(
    "change",
    [
        f"{UPDATE} valid_from = '2026-01-01 BC', valid_until = NULL WHERE id = {{0}}",
        f"{UPDATE} recorded_at = '2026-03-12 12:00:00.000001+00 BC' WHERE id = {{0}}",
    ],
)
def test_a_fact_moved_before_christ_is_found(three: list[int], change: str) -> None:
    unguarded(change.format(three[1]))

    words = f"the fact ruleset {three[1]}: not as line 0-2 tells of it: changed past the program"
    assert found() == [words]


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite keeps what was written")
def test_a_line_moved_before_christ_is_found(committed: str) -> None:
    build.grow(1, 2)
    build.drop_triggers()
    build.sql("UPDATE trail SET at = (at::text || ' BC')::timestamptz WHERE id = 1")
    guards.put_back(connection)

    assert len(found()) == 1


@pytest.mark.parametrize("change", CHANGES)
def test_a_fact_changed_by_sql_is_found_and_named(three: list[int], change: str) -> None:
    unguarded(change.format(three[1], three[0]))

    words = f"the fact ruleset {three[1]}: not as line 0-2 tells of it: changed past the program"
    assert found() == [words]


def insert_one(numbers: list[int]) -> str:
    names: str = ", ".join(
        str(f.column) for f in RuleSetVersion._meta.concrete_fields if f.column not in ("id", "uid")
    )
    copied = names.replace("valid_from", "'2020-01-01'").replace("valid_until", "'2020-02-01'")
    return (
        f"INSERT INTO {TABLE} (id, uid, {names}) SELECT 900, '{UUID(int=9).hex}', {copied}"
        f" FROM {TABLE} WHERE id = {numbers[0]}"
    )


Statement = Callable[[list[int]], str]
WORDS: list[tuple[Statement, str]] = [
    (insert_one, "the fact ruleset 900: no line tells of it: written past the program"),
    (
        lambda n: f"DELETE FROM {TABLE} WHERE id = {n[1]}",
        "the fact ruleset {1}: gone, though line 0-2 tells of it",
    ),
    (
        lambda n: f"{UPDATE} withdrawn_at = '2026-05-01 00:00:00+00:00' WHERE id = {n[0]}",
        "the fact ruleset {0}: withdrawn, and no line tells of that",
    ),
    (
        lambda n: f"{UPDATE} withdrawn_at = NULL WHERE id = {n[2]}",
        "the fact ruleset {2}: not withdrawn or gone, though line 0-4 tells that it was withdrawn",
    ),
    (
        lambda n: f"{UPDATE} withdrawn_at = '2026-05-01 00:00:00+00:00' WHERE id = {n[2]}",
        "the fact ruleset {2}: not withdrawn when line 0-4 tells",
    ),
]


@pytest.mark.parametrize(("statement", "words"), WORDS)
def test_a_fact_added_deleted_or_withdrawn_by_sql_is_found_and_named(
    three: list[int], statement: Statement, words: str
) -> None:
    unguarded(statement(three))

    assert found() == [words.format(*three)]


def test_two_facts_that_changed_places_are_both_found(three: list[int]) -> None:
    first, second, _ = three
    unguarded(
        f"{UPDATE} id = 901 WHERE id = {first}",
        f"{UPDATE} id = {first} WHERE id = {second}",
        f"{UPDATE} id = {second} WHERE id = 901",
    )

    assert [words.split(":")[0] for words in found()] == [
        f"the fact ruleset {first}",
        f"the fact ruleset {second}",
    ]


def test_a_forged_line_does_not_bear_a_fact_out(three: list[int]) -> None:
    unguarded(insert_one(three))
    said = rows.Entry("+ruleset", 900, 900, bytes(12))
    build.drop_triggers()
    build.insert(5, 4, detail=f"""'{{"digests":["{said}"]}}'""", prev="mac")
    guards.put_back(connection)

    assert "the fact ruleset 900: no line tells of it: written past the program" in found()


def test_of_many_facts_of_one_act_a_changed_one_is_found_to_within_a_run(committed: str) -> None:
    made = recorded(1, 600)
    assert build.found() == []

    unguarded(f"{UPDATE} body = '' WHERE id = {made[300].pk}")

    first = made[0].pk + rows.RUN
    span = f"{first} to {first + rows.RUN - 1}"
    assert found() == [
        f"the fact ruleset {span}: not as line 0-1 tells of it: changed past the program"
    ]


def test_what_was_rolled_back_is_not_told_and_what_stands_is(committed: str) -> None:
    with transaction.atomic():
        stays = facts.record(RuleSetVersion, now=NOON, **values(1))
        with suppress(ZeroDivisionError), transaction.atomic():
            facts.record(RuleSetVersion, now=NOON, **values(2))
            trail.record(SYSTEM, END, 2, at=NOON)
            raise ZeroDivisionError
        trail.record(SYSTEM, END, stays, at=NOON)

    assert RuleSetVersion.objects.count() == 1
    assert build.found() == []


def test_a_fact_without_a_line_is_found(committed: str) -> None:
    build.grow(1, 1)
    made = [facts.record(RuleSetVersion, now=NOON, **values(n)) for n in range(3)]

    span = f"{made[0].pk} to {made[2].pk}"
    assert found() == [f"the fact ruleset {span}: no line tells of it: written past the program"]


def test_a_fact_recorded_while_the_trail_is_read_is_no_finding(
    committed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded(1)
    read = verify.rows

    def rows_and_another() -> Any:
        yield from read()
        withdrawn(recorded(2)[0])

    monkeypatch.setattr(verify, "rows", rows_and_another)

    assert build.found() == []
    assert RuleSetVersion.objects.count() == 2


def test_facts_recorded_before_and_after_a_new_key_are_both_borne_out(committed: str) -> None:
    before = recorded(1)[0]
    number = actions.rotate_key(SYSTEM, now=NOON)
    try:
        withdrawn(before)
        recorded(2)
        assert build.found() == []
    finally:
        (keys.folder() / f"trail-{number}.key").unlink()
        keys.forget()


def test_what_happened_to_a_fact_is_accepted_by_both_sides_and_only_as_it_stood(
    three: list[int],
) -> None:
    unguarded(f"{UPDATE} body = '{{}}' WHERE id = {three[1]}", insert_one(three))

    loss: Loss = propose(Reason.TAMPERED)
    assert loss.needs_both
    assert [str(f) for f in losses.findings(loss.found)] == found()
    accept(loss)

    assert build.found() == []
    assert f"the fact ruleset {three[1]}: not as line 0-2 tells of it" in notes()[0]
    unguarded(f"{UPDATE} body = '[]' WHERE id = {three[1]}")
    assert [finding.kind for finding in build.found()] == [Kind.FACT]


def test_a_column_that_is_empty_changes_no_digest() -> None:
    fact = RuleSetVersion(valid_from=DAY, recorded_at=NOON, ruleset_id=1, version="1", body="")
    assert fact.valid_until is None

    assert b"valid_until" not in fields(fact)
    assert b"body=\x1f" in fields(fact)


def fields(fact: Any) -> bytes:
    kept: list[bytes] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "digest", kept.append)
        rows.digest_of(fact)
    return kept[0]


@pytest.mark.django_db
@pytest.mark.parametrize("model", tracked_models(), ids=lambda m: m.kind)
def test_database_and_program_say_the_same_of_a_fact_of_any_kind(model: Any) -> None:
    """Whatever its columns hold: made without its neighbors, and read back as text."""
    fact = model(
        id=7, **{f.attname: a_value(f) for f in model._meta.concrete_fields if f.name != "id"}
    )
    columns = [f.column for f in model._meta.concrete_fields]
    prepared = [
        f.get_db_prep_save(getattr(fact, f.attname), connection)
        for f in model._meta.concrete_fields
    ]
    typed = dict(zip(columns, prepared, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE copy AS SELECT * FROM {model._meta.db_table} WHERE 1 = 0"
        )
        named = ", ".join(f'"{c}"' for c in columns)
        cursor.execute(
            f"INSERT INTO copy ({named}) VALUES ({', '.join(['%s'] * len(columns))})",
            [*typed.values()],
        )
        query = rows.sql(model, connection.vendor, rows.WRITTEN).replace(
            f'"{model._meta.db_table}"', "copy"
        )
        cursor.execute(query)
        ((number, text),) = cursor.fetchall()
        cursor.execute("DROP TABLE copy")

    assert number == 7
    assert (text if isinstance(text, bytes) else text.encode()) == fields(fact)


def a_value(field: Any) -> Any:
    target = getattr(field, "target_field", field)
    return {
        "BooleanField": True,
        "DateField": date(2026, 2, 3),
        "DateTimeField": LATER,
        "DecimalField": Decimal("12.50"),
        "UUIDField": UUID(int=77),
    }.get(target.get_internal_type(), "x" if "Char" in target.get_internal_type() else 40)
