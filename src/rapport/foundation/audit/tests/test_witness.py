"""The witness: notes that cannot be written, a shorter file after a clean check, and what it still finds."""

import os
import stat
import threading
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from rapport.foundation.audit import health, keys, rules, testimony, verify, witness
from rapport.foundation.audit.models import Line
from rapport.foundation.audit.rules import Kind
from rapport.foundation.audit.testimony import Reading
from rapport.foundation.audit.tests import build
from rapport.foundation.audit.tests.build import NOON, drop_triggers, grow, of_lines, sql

LATER = datetime(2026, 3, 13, tzinfo=UTC)


def shorten() -> Reading:
    """Check the trail, which must be sound, and shorten the witness."""
    own = witness.current()
    check = verify.Check(testimony.read([own.path]))
    assert list(check.findings()) == []
    assert own.shorten(check.seen.readings[0], check.ends, LATER)
    return Reading(own.path)


def test_the_action_stands_and_readiness_fails_where_the_witness_cannot_be_written(
    committed: str,
) -> None:
    grow(1, 1)
    own = witness.current()
    moved = own.path.rename(own.path.with_name("kept"))
    own.path.mkdir()  # nothing can be appended to a folder, not even by root

    grow(2, 2)

    assert Line.objects.count() == 3
    assert "cannot be written" in (health.witness_file() or "")
    own.path.rmdir()
    moved.rename(own.path)
    assert health.witness_file() is None  # what waited was noted after all
    assert build.found() == []


def test_lines_that_were_never_noted_are_found_as_not_seen(committed: str) -> None:
    grow(1, 2)
    own = witness.current()
    notes = own.path.read_bytes()
    grow(3, 1)

    own.path.write_bytes(notes)

    assert of_lines(build.found()) == [
        "line 0-3: not seen by the witness: a crash between commit and note, "
        "or added by one who has the key"
    ]


def test_a_note_cut_short_by_a_full_disk_and_written_again_is_no_finding(committed: str) -> None:
    grow(1, 2)
    path = witness.current().path
    home, first, second = path.read_bytes().splitlines(keepends=True)

    path.write_bytes(home + first + second[:9])
    witness.current().saw(2, bytes.fromhex(second.split()[1].decode()))

    assert path.read_bytes() == home + first + second[:9] + b"\n" + second
    assert build.found() == []


def test_notes_need_nothing_that_only_some_systems_have(
    committed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(witness, "fcntl", None)
    for name in ("pread", "pwrite", "fork", "getuid"):  # not on Windows
        monkeypatch.delattr(os, name, raising=False)

    grow(1, 3)

    assert build.found() == []
    assert witness.current().is_writable()


def test_only_the_owner_reads_the_witness(committed: str) -> None:
    grow(1, 1)
    shorten()

    assert stat.S_IMODE(witness.current().path.stat().st_mode) == 0o600


def test_after_a_clean_check_the_witness_keeps_some_macs_and_a_dated_line(
    committed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(testimony, "RECENT", 10)
    monkeypatch.setattr(testimony, "EVERY", 8)
    grow(1, 40)

    shorten()

    lines = witness.current().path.read_text().splitlines()
    numbers = [int(line.split()[0]) for line in lines[1:-1]]
    assert numbers == [8, 16, 24, *range(31, 41)]
    assert lines[-1] == "checked 2026-03-13T00:00:00+00:00 13 0-40"
    assert build.found() == []
    grow(41, 3)
    assert build.found() == []
    shorten()
    assert build.found() == []


@pytest.mark.parametrize(
    ("attack", "words"),
    [
        ("DELETE FROM trail WHERE id > 30", "lines 0-31 to 0-41: missing: the lane is cut at"),
        ("UPDATE trail SET verb = 'x' WHERE id = 3", "line 0-3: changed or forged"),
        ("DELETE FROM trail WHERE id = 3", "line 0-3: missing"),
    ],
)
def test_a_shortened_witness_finds_what_was_done(
    committed: str, monkeypatch: pytest.MonkeyPatch, attack: str, words: str
) -> None:
    monkeypatch.setattr(testimony, "RECENT", 10)
    monkeypatch.setattr(testimony, "EVERY", 8)
    grow(1, 40)
    shorten()
    grow(41, 1)
    drop_triggers()

    sql(attack)

    assert of_lines(build.found())[0].startswith(words)


def test_a_line_signed_anew_under_a_shortened_witness_is_named_to_the_next_kept_mac(
    committed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(testimony, "RECENT", 10)
    monkeypatch.setattr(testimony, "EVERY", 8)
    grow(1, 40)
    shorten()
    drop_triggers()

    sql("UPDATE trail SET verb = 'x' WHERE id = 19")
    build.sign_anew(19)

    (found,) = [f for f in build.found() if f.kind is Kind.SEEN]
    assert (found.first, found.last) == (24, 40)


def test_an_end_cut_and_grown_again_below_what_was_kept_is_found(
    committed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(testimony, "RECENT", 3)
    monkeypatch.setattr(testimony, "EVERY", 100)
    grow(1, 40)
    shorten()
    drop_triggers()

    sql("DELETE FROM trail WHERE id > 10")
    grow(90, 40)

    assert "lines 0-11 to 0-40: written twice" in of_lines(build.found())[0]


def test_kept_notes_that_were_cut_out_of_a_shortened_witness_are_found(committed: str) -> None:
    grow(1, 5)
    shorten()
    path = witness.current().path
    lines = path.read_bytes().splitlines(keepends=True)

    path.write_bytes(b"".join(lines[:2] + lines[3:]))

    assert any("kept 5 notes, of which 4 are there" in str(f) for f in build.found())


def test_notes_made_while_the_witness_is_shortened_are_kept(committed: str) -> None:
    grow(1, 5)
    own = witness.current()
    check = verify.Check(testimony.read([own.path]))
    assert list(check.findings()) == []
    grow(6, 3)  # committed after the check, noted before the file is replaced

    own.shorten(check.seen.readings[0], check.ends, LATER)

    assert build.found() == []
    assert own.path.read_text().splitlines()[-4].startswith("checked ")


def test_notes_of_others_are_not_lost_while_the_witness_is_shortened_again_and_again(
    committed: str,
) -> None:
    own = witness.current()
    others = [witness.Witness(own.path) for _ in range(3)]  # as processes of their own

    def note(one: witness.Witness, first: int) -> None:
        for number in range(first, first + 200):
            one.saw(number, number.to_bytes(18, "big"))

    own.make()
    threads = [threading.Thread(target=note, args=(o, n * 1000 + 1)) for n, o in enumerate(others)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        own.shorten(Reading(own.path), {}, LATER)
    for thread in threads:
        thread.join()

    seen = Reading(own.path)
    assert list(seen.problems(keys.ring().home)) == []
    assert all(seen.saw(n * 1000 + k) for n in range(3) for k in range(1, 201))


def test_the_name_of_the_home_is_written_once_although_many_begin_at_once(tmp_path: Path) -> None:
    keys.make()
    ready = threading.Barrier(8)

    def begin(number: int) -> None:
        one = witness.Witness(tmp_path / "trail")
        ready.wait()
        one.saw(number, b"\1" * 18)

    threads = [threading.Thread(target=begin, args=(n,)) for n in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (tmp_path / "trail").read_bytes().count(b"home ") == 1
    assert len((tmp_path / "trail").read_bytes().splitlines()) == 9


def test_reading_the_witness_takes_the_same_memory_however_long_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(testimony, "RECENT", 2_000)
    keys.make()
    peaks = []
    for lines in (5_000, 40_000):
        path = tmp_path / str(lines)
        with path.open("w") as file:
            file.write(f"home {keys.ring().home}\n")
            file.writelines(f"{n} {n:036x}\n" for n in range(1, lines + 1))
        tracemalloc.start()
        Reading(path)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < peaks[0] * 1.25


def test_a_line_id_reads_as_lane_and_number() -> None:
    assert rules.shown(3 << rules.LANE | 41) == "3-41"
    assert rules.read("3-41") == 3 << rules.LANE | 41
    for nonsense in ("", "41", "x-1", "0-0", "-1-2", f"0-{1 << 41}"):
        with pytest.raises(ValueError, match="not the number of a line"):
            rules.read(nonsense)


def test_heads_are_printed_as_text_and_read_back(committed: str, tmp_path: Path) -> None:
    grow(1, 3)
    path = tmp_path / "heads"
    path.write_text(
        "home x\non 2026-03-12\n"
        + "".join(f"{rules.shown(n)} {mac.hex()}\n" for n, mac in verify.heads())
    )

    assert verify.read_heads(path) == {3: bytes(Line.objects.get(pk=3).mac)}
    assert build.found(mailed=verify.read_heads(path)) == []
    for nonsense in ("", "home x\n", "0-3 zz\n", "0-3\n"):
        path.write_text(nonsense)
        with pytest.raises(verify.NoHeads, match="head"):
            verify.read_heads(path)


def test_the_check_reads_a_table_while_it_is_written(committed: str) -> None:
    grow(1, 3)
    rows: Any = verify.rows()
    next(rows)
    rows.close()

    grow(4, 1)

    assert build.found() == []
    assert connection.vendor in ("sqlite", "postgresql")
    assert os.path.exists(witness.current().path)
    assert NOON.tzinfo is UTC
