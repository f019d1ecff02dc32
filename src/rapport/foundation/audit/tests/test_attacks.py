"""Every attack of decision 0003 by SQL, triggers dropped, on both databases: found, and the line named."""

from collections.abc import Callable
from typing import Final

import pytest
from django.db import connection

from rapport.foundation.audit import testimony, verify, witness
from rapport.foundation.audit.rules import Finding, Kind, read, runs
from rapport.foundation.audit.tests import build
from rapport.foundation.audit.tests.build import drop_triggers, grow, of_lines, sign_anew, sql

LINES: Final = 40


def change_a_field() -> None:
    sql("UPDATE trail SET verb = 'tests.begin' WHERE id = 20")


def move_a_character_over() -> None:
    sql("UPDATE trail SET verb = 'tests.en', object = 'dtest' WHERE id = 20")


def change_the_time() -> None:
    at = "'infinity'" if connection.vendor == "postgresql" else "'never'"
    sql(f"UPDATE trail SET at = {at} WHERE id = 20")


def add_behind_a_null_character() -> None:
    sql("UPDATE trail SET verb = verb || char(0) || 'x' WHERE id = 20")


def write_what_is_no_text() -> None:
    sql("UPDATE trail SET verb = x'ff00fe' WHERE id = 20")


def spoil_the_mac() -> None:
    empty = "''::bytea" if connection.vendor == "postgresql" else "x''"
    sql(f"UPDATE trail SET mac = {empty} WHERE id = 20")


def delete_in_the_middle() -> None:
    sql("DELETE FROM trail WHERE id = 20")


def delete_and_close_the_gap() -> None:
    delete_in_the_middle()
    sql(*(f"UPDATE trail SET id = {n - 1} WHERE id = {n}" for n in range(21, LINES + 1)))


def delete_the_last() -> None:
    sql(f"DELETE FROM trail WHERE id = {LINES}")


def delete_the_last_ten() -> None:
    sql("DELETE FROM trail WHERE id > 30")


def cut_and_let_it_grow() -> None:
    sql("DELETE FROM trail WHERE id > 38")
    grow(90, 3)


def forge_at_the_end() -> None:
    build.insert(LINES + 1, LINES, object_id="99", prev="mac", mac="prev")


def forge_in_the_middle() -> None:
    sql(*(f"UPDATE trail SET id = {n + 1} WHERE id = {n}" for n in range(LINES, 20, -1)))
    build.insert(21, 20, object_id="99")


def swap() -> None:
    sql(
        "UPDATE trail SET id = 9999 WHERE id = 20",
        "UPDATE trail SET id = 20 WHERE id = 21",
        "UPDATE trail SET id = 21 WHERE id = 9999",
    )


def put_back_an_old_backup() -> None:
    sql("DELETE FROM trail WHERE id > 25")


def empty_the_table() -> None:
    sql("DELETE FROM trail")


# attack → (what is found first without the key, with it: signed anew from the line named)
Attack = Callable[[], None]
CHANGED, MISSING = "changed or forged", "missing"
FOLLOWS = "does not follow the line before it"
SEEN = "not what the witness saw: signed anew, here or up to 256 lines before"
CUT = "missing: the lane is cut at the end, from here on"
TWICE = "written twice: the end was cut and the trail grew again"
UNSEEN = "not seen by the witness: a crash between commit and note, or added by one who has the key"
ATTACKS: list[tuple[Attack, str, int | None, str]] = [
    (change_a_field, f"line 0-20: {CHANGED}", 20, f"lines 0-20 to 0-40: {SEEN}"),
    (move_a_character_over, f"line 0-20: {CHANGED}", 20, f"lines 0-20 to 0-40: {SEEN}"),
    (change_the_time, f"line 0-20: {CHANGED}", 20, f"lines 0-20 to 0-40: {SEEN}"),
    (spoil_the_mac, f"line 0-20: {CHANGED}", 20, f"line 0-21: {FOLLOWS}"),
    (delete_in_the_middle, f"line 0-20: {MISSING}", 21, f"line 0-20: {MISSING}"),
    (delete_and_close_the_gap, f"line 0-20: {FOLLOWS}", 20, f"lines 0-20 to 0-39: {SEEN}"),
    (delete_the_last, f"line 0-40: {CUT}", None, ""),
    (delete_the_last_ten, f"lines 0-31 to 0-40: {CUT} (10 lines)", None, ""),
    (cut_and_let_it_grow, f"lines 0-39 to 0-40: {TWICE}", 39, f"lines 0-39 to 0-40: {TWICE}"),
    (forge_at_the_end, f"line 0-41: {CHANGED}", 41, f"line 0-41: {UNSEEN}"),
    (forge_in_the_middle, f"line 0-21: {FOLLOWS}", 21, f"lines 0-21 to 0-40: {SEEN}"),
    (swap, f"lines 0-20 to 0-22: {FOLLOWS}", 20, f"lines 0-20 to 0-40: {SEEN}"),
    (put_back_an_old_backup, f"lines 0-26 to 0-40: {CUT} (15 lines)", None, ""),
    (empty_the_table, f"lines 0-1 to 0-40: {CUT} (40 lines)", None, ""),
]


@pytest.fixture
def attacked(committed: str) -> None:
    grow(1, LINES)
    assert build.found() == []
    drop_triggers()


@pytest.mark.parametrize(("attack", "first"), [a[:2] for a in ATTACKS])
def test_an_attack_by_one_who_has_no_key_is_found_and_its_line_named(
    attacked: None, attack: Attack, first: str
) -> None:
    attack()

    assert of_lines(build.found())[0] == first


WITH_KEY = [(a, start, first) for a, _, start, first in ATTACKS if start]


@pytest.mark.parametrize(("attack", "start", "first"), WITH_KEY)
def test_an_attack_by_one_who_has_the_key_is_found_and_its_line_named(
    attacked: None, attack: Attack, start: int, first: str
) -> None:
    attack()
    if attack is not spoil_the_mac:
        sign_anew(start)

    assert first in of_lines(build.found())


@pytest.mark.parametrize("attack", [add_behind_a_null_character, write_what_is_no_text])
def test_what_only_sqlite_lets_one_write_is_found(attacked: None, attack: Attack) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL refuses it by itself.")

    attack()

    assert of_lines(build.found())[0] == f"line 0-20: {CHANGED}"


def test_dropped_triggers_alone_are_found(attacked: None) -> None:
    kinds = {f.kind for f in build.found()}

    assert kinds == {Kind.GUARD}


def test_insert_or_replace_is_refused_by_the_guards_and_found_without_them(committed: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL knows no INSERT OR REPLACE.")
    from django.db import IntegrityError

    grow(1, LINES)
    columns = "at, actor_id, verb, object, object_id, subject_id, channel, detail, prev, mac"
    replace = (
        f"INSERT OR REPLACE INTO trail (id, {columns}) "
        f"SELECT id, {columns.replace('verb', repr('never'))} FROM trail WHERE id = 20"
    )

    with pytest.raises(IntegrityError):
        sql(replace)
    drop_triggers()
    sql(replace)

    assert of_lines(build.found()) == [f"line 0-20: {CHANGED}"]


@pytest.mark.parametrize("how", ["TRUNCATE trail", "ALTER TABLE trail DISABLE TRIGGER ALL"])
def test_what_only_postgresql_can_do_is_refused_or_found(committed: str, how: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite knows neither.")
    from django.db import IntegrityError

    grow(1, LINES)

    if how.startswith("TRUNCATE"):
        with pytest.raises(IntegrityError):
            sql(how)
        sql("ALTER TABLE trail DISABLE TRIGGER ALL", how)
        assert of_lines(build.found()) == [f"lines 0-1 to 0-40: {CUT} (40 lines)"]
    else:
        sql(how)
        assert [f.text.split()[2] for f in build.found()] == ["trail_append_only"]


def test_replica_role_does_not_switch_the_guard_off(committed: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no such setting.")
    from django.db import IntegrityError

    grow(1, 3)

    with pytest.raises(IntegrityError):
        sql("SET session_replication_role = replica", "DELETE FROM trail")


def test_deep_in_a_long_trail_what_was_signed_anew_is_named_to_within_256_lines() -> None:
    marks = {read("0-256"): b"x", read("0-512"): b"y"}
    found = [Finding(Kind.SEEN, n, n) for n in marks]

    assert [str(f) for f in runs(found)] == [f"lines 0-256 to 0-512: {SEEN}"]


def test_the_witness_of_another_home_is_found(committed: str) -> None:
    grow(1, 3)
    path = witness.current().path
    path.write_bytes(b"home 0123456789abcdef\n" + path.read_bytes().split(b"\n", 1)[1])

    words = [str(f) for f in build.found()]

    assert len(words) == 1
    assert "is of another home than the keys (0123456789abcdef" in words[0]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda lines: lines + lines, "begins anew at its line 5"),
        (lambda lines: lines[1:], "does not begin with the name of its home"),
        (lambda lines: lines[:-1], f"line 0-3: {UNSEEN}"),
        (lambda lines: lines[:2] + lines[3:], f"line 0-2: {UNSEEN}"),
        (lambda lines: [*lines[:-1], lines[-1][:20]], "its line 4 cannot be read"),
        (lambda lines: [*lines[:2], b"12 nonsense\n", *lines[2:]], "its line 3 cannot be read"),
        (lambda lines: [*lines, b"\0" * 500], "its line 5 cannot be read"),
        (lambda lines: [], "does not begin with the name of its home"),
    ],
)
def test_a_witness_that_was_doubled_cut_or_spoiled_is_found(
    committed: str, spoil: Callable[[list[bytes]], list[bytes]], words: str
) -> None:
    grow(1, 3)
    path = witness.current().path

    path.write_bytes(b"".join(spoil(path.read_bytes().splitlines(keepends=True))))

    assert any(words in str(f) for f in build.found())


def test_a_witness_that_is_gone_means_that_nothing_could_be_checked(committed: str) -> None:
    grow(1, 3)
    witness.current().path.unlink()

    with pytest.raises(testimony.NoWitness, match="cannot be read"):
        testimony.read([witness.current().path])


def test_two_witnesses_of_two_hosts_are_read_together(committed: str) -> None:
    grow(1, 4)
    path = witness.current().path
    home, *notes = path.read_bytes().splitlines(keepends=True)
    here, there = path.with_name("here"), path.with_name("there")
    here.write_bytes(home + notes[0] + notes[2])
    there.write_bytes(home + notes[1] + notes[3])

    assert build.found(here, there) == []
    assert build.found(here, here, there, path) == []
    assert of_lines(build.found(here)) == [f"line 0-2: {UNSEEN}", f"line 0-4: {UNSEEN}"]


def test_heads_kept_elsewhere_find_what_one_did_who_has_sql_key_and_witness(
    committed: str,
) -> None:
    grow(1, LINES)
    mailed = dict(verify.heads())
    drop_triggers()
    change_a_field()
    sign_anew(20)
    path = witness.current().path
    home = path.read_bytes().split(b"\n", 1)[0]
    notes = [b"%d %s" % (n, mac.hex().encode()) for n, _, _, mac in verify.rows()]
    path.write_bytes(b"\n".join([home, *notes]) + b"\n")

    assert of_lines(build.found()) == []
    assert of_lines(build.found(mailed=mailed)) == ["line 0-40: not what the heads on paper say"]
