"""Keys of the trail: made once, rotated, never silently replaced."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import OperationalError, connection

from rapport.foundation.access import SYSTEM
from rapport.foundation.audit import actions, keys, verify, witness
from rapport.foundation.audit.keys import KeyTrouble
from rapport.foundation.audit.models import Line
from rapport.foundation.audit.rules import Kind
from rapport.foundation.audit.tests import build
from rapport.foundation.audit.tests.build import NOON, drop_triggers, grow, of_lines, sql


@pytest.fixture
def folder(settings: LazySettings, tmp_path: Path) -> Path:
    settings.RAPPORT_KEYS = str(tmp_path / "keys")
    keys.make()
    return tmp_path / "keys"


def test_a_key_is_made_once_and_only_its_owner_reads_it(folder: Path) -> None:
    first = (folder / "trail-1.key").read_text()

    assert keys.make() is False

    assert (folder / "trail-1.key").read_text() == first
    assert (folder / "trail-1.key").stat().st_mode & 0o777 == 0o600
    assert keys.open_to_others() == []


@pytest.mark.parametrize("spoil", [b"", b"12ab\n", b"\xff" * 8, b"zz" * 32, b"ab" * 31])
def test_a_damaged_key_is_said_in_words(folder: Path, spoil: bytes) -> None:
    (folder / "trail-1.key").write_bytes(spoil)
    keys.forget()

    with pytest.raises(KeyTrouble, match="Put back the one that was made with this home"):
        keys.ring()


def test_a_missing_key_is_said_in_words(folder: Path) -> None:
    keys.rotate()
    (folder / "trail-1.key").unlink()

    with pytest.raises(KeyTrouble, match=r"trail-1\.key is missing"):
        keys.ring()
    (folder / "trail-2.key").unlink()
    with pytest.raises(KeyTrouble, match="There is no trail key in"):
        keys.ring()


def test_a_key_that_others_can_read_is_a_finding_that_says_what_to_do(
    committed: str, folder: Path
) -> None:
    grow(1, 1)
    os.chmod(folder / "trail-1.key", 0o644)

    (found,) = build.found()

    assert found.kind is Kind.KEY
    assert "chmod 600" in str(found)


def test_after_a_rotation_the_new_key_signs_and_old_lines_still_verify(
    committed: str, folder: Path
) -> None:
    grow(1, 2)
    home = keys.ring().home

    assert keys.rotate() == 2

    grow(3, 2)
    assert [mac[1] for *_, mac in verify.rows()] == [1, 1, 2, 2]
    assert keys.ring().home == home
    assert build.found() == []


def test_a_line_signed_with_a_retired_key_is_found(committed: str, folder: Path) -> None:
    grow(1, 2)
    keys.rotate()
    grow(3, 2)
    drop_triggers()

    ring = keys.ring()
    (folder / "trail-2.key").rename(folder / "kept")
    keys.forget()
    grow(5, 1)
    (folder / "kept").rename(folder / "trail-2.key")
    keys.forget()

    assert ring == keys.ring()
    assert of_lines(build.found()) == ["line 0-5: signed with a key that was retired before it"]


def test_the_keys_of_another_home_are_found(committed: str, folder: Path) -> None:
    grow(1, 3)
    (folder / "trail-1.key").write_text("ab" * 32 + "\n")
    keys.forget()

    words = [str(f) for f in build.found()]

    assert "is of another home than the keys" in words[0]
    assert words[1] == "lines 0-1 to 0-3: changed or forged"


def test_a_line_that_names_a_key_that_never_was_is_found(committed: str, folder: Path) -> None:
    grow(1, 3)
    drop_triggers()
    with connection.cursor() as cursor:
        mac = b"\1\t" + b"\0" * 16
        cursor.execute("UPDATE trail SET mac = %s WHERE id = 2", [mac])

    assert of_lines(build.found())[0] == "line 0-2: changed or forged"


def test_the_witness_names_the_home(committed: str, folder: Path) -> None:
    grow(1, 1)
    sql("SELECT 1")

    first = witness.current().path.read_text().splitlines()[0]

    assert first == f"home {keys.ring().home}"


def test_keys_of_another_home_sign_nothing_here(committed: str, folder: Path) -> None:
    grow(1, 3)
    verify.ensure_own_keys()
    (folder / "trail-1.key").write_text("ab" * 32)
    keys.forget()

    with pytest.raises(KeyTrouble, match="not those of this database"):
        verify.ensure_own_keys()


def test_one_line_that_somebody_changed_does_not_make_the_keys_foreign(
    committed: str, folder: Path
) -> None:
    grow(1, 5)
    drop_triggers()
    sql("UPDATE trail SET verb = 'other' WHERE id IN (4, 5)")

    verify.ensure_own_keys()


@pytest.mark.parametrize(
    ("name", "could"),
    [("trail-1", "sign lines"), ("vault-1", "open what is sealed"), ("session", "sign in as")],
)
@pytest.mark.parametrize("bits", [0o640, 0o620, 0o602, 0o601])
def test_any_key_that_is_open_to_others_is_named_with_what_they_could_do(
    folder: Path, name: str, could: str, bits: int
) -> None:
    path = folder / f"{name}.key"
    path.touch()
    path.chmod(bits)

    assert keys.open_to_others() == [path]
    assert could in keys.exposed(path)
    assert f"chmod 600 {path}" in keys.exposed(path)


@pytest.mark.parametrize("bits", [0o720, 0o702, 0o777])
def test_a_folder_of_keys_into_which_others_can_write_is_found(
    committed: str, folder: Path, bits: int
) -> None:
    grow(1, 1)
    folder.chmod(bits)
    assert keys.open_to_others() == [folder]
    (finding,) = (f for f in build.found() if f.kind is Kind.KEY and "folder" in f.text)
    assert f"chmod 700 {folder}" in str(finding)

    folder.chmod(0o755)
    assert keys.open_to_others() == []


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.startswith(("trail", ".")))


@pytest.mark.parametrize("step", ["sync", "commit", "rename"])
def test_a_rotation_cut_short_at_any_step_leaves_a_home_that_goes_on(
    committed: str, folder: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    grow(1, 2)

    def fail(*_: object) -> None:
        raise OperationalError("cut short")

    what: Any = {"sync": os, "commit": connection, "rename": Path}[step]
    with monkeypatch.context() as patch:
        patch.setattr(what, {"sync": "fsync", "commit": "_commit", "rename": "replace"}[step], fail)
        with pytest.raises(OperationalError):
            actions.rotate_key(SYSTEM, now=NOON)
    keys.forget()

    assert names(folder) == ["trail-1.key"]
    assert Line.objects.count() == (3 if step == "rename" else 2)
    grow(5, 1)
    assert actions.rotate_key(SYSTEM, now=NOON) == 2
    grow(6, 1)
    assert build.found() == []


def test_of_two_rotations_at_once_one_replaces_nothing(committed: str, folder: Path) -> None:
    with pytest.raises(KeyTrouble, match="has just made the key"), keys.rotated():
        keys.rotate()

    assert names(folder) == ["trail-1.key", "trail-2.key"]
