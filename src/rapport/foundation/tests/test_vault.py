from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st
from pytest_django import Settings

from rapport.foundation import vault
from rapport.foundation.access import RecordClass
from rapport.foundation.vault import Row, VaultTrouble

HERE = Row(RecordClass.MENTORING, "note", 7)


@pytest.fixture(autouse=True)
def keys(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    settings.RAPPORT_KEYS = str(tmp_path / "keys")
    vault.forget()
    vault.make_keys()
    yield tmp_path / "keys"
    vault.forget()


@given(st.binary(max_size=3000), st.sampled_from(RecordClass), st.text(max_size=20), st.uuids())
@effort(max_examples=60, deadline=None)
def test_what_was_sealed_opens_in_its_own_row(
    words: bytes, record_class: RecordClass, kind: str, uid: object
) -> None:
    row = Row(record_class, kind, uid)

    blob = vault.seal(words, row)

    assert vault.open(blob, row) == words
    assert words not in blob or len(words) < 4
    assert len(blob) == len(words) + 1138


@pytest.mark.parametrize(
    "elsewhere",
    [
        HERE._replace(record_class=RecordClass.TIP),
        HERE._replace(kind="notes"),
        HERE._replace(id=8),
        HERE._replace(kind="note\x1f7", id=""),
    ],
)
def test_a_blob_moved_to_another_row_does_not_open(elsewhere: Row) -> None:
    blob = vault.seal(b"she said", HERE)

    with pytest.raises(VaultTrouble, match="does not open"):
        vault.open(blob, elsewhere)


@given(st.data())
@effort(max_examples=80, deadline=None)
def test_with_one_bit_changed_it_does_not_open(data: st.DataObject) -> None:
    blob = bytearray(vault.seal(b"she said", HERE))
    bit = data.draw(st.integers(0, len(blob) * 8 - 1))

    blob[bit // 8] ^= 1 << bit % 8

    with pytest.raises(VaultTrouble):
        vault.open(bytes(blob), HERE)


@pytest.mark.parametrize("kept", [0, 1, 2, 50, 1130])
def test_what_was_cut_short_does_not_open(kept: int) -> None:
    blob = vault.seal(b"she said", HERE)

    with pytest.raises(VaultTrouble):
        vault.open(blob[:kept], HERE)


def test_the_same_words_are_never_sealed_alike() -> None:
    assert vault.seal(b"she said", HERE) != vault.seal(b"she said", HERE)


def test_after_a_new_key_the_old_blob_opens_and_is_sealed_anew() -> None:
    old = vault.seal(b"she said", HERE)

    assert vault.new_key() == 2
    new = vault.rotate(old, HERE)

    assert (old[1], new[1]) == (1, 2)
    assert vault.open(old, HERE) == vault.open(new, HERE) == b"she said"
    assert vault.rotate(new, HERE) is new
    with pytest.raises(VaultTrouble):
        vault.rotate(old, HERE._replace(id=8))


def test_a_way_of_sealing_that_is_not_known_is_said_to_be_so() -> None:
    blob = vault.seal(b"she said", HERE)

    with pytest.raises(VaultTrouble, match=r"a way \(9\) that this version of Rapport does not"):
        vault.open(b"\x09" + blob[1:], HERE)


def test_keys_are_made_once_and_only_their_owner_reads_them(keys: Path) -> None:
    before = {path.name: path.read_bytes() for path in keys.iterdir()}

    assert not vault.make_keys()

    assert {path.name: path.read_bytes() for path in keys.iterdir()} == before
    assert sorted(before) == ["session.key", "vault-1.key"]
    assert {path.stat().st_mode & 0o777 for path in keys.iterdir()} == {0o600}


def test_without_the_key_it_is_said_which_one_to_put_back(keys: Path) -> None:
    vault.new_key()
    blob = vault.seal(b"she said", HERE)
    (keys / "vault-2.key").unlink()
    vault.forget()

    with pytest.raises(VaultTrouble, match=r"Put back vault-2\.key of this home"):
        vault.open(blob, HERE)

    (keys / "vault-1.key").unlink()
    vault.forget()
    with pytest.raises(VaultTrouble, match="There is no vault key"):
        vault.seal(b"she said", HERE)
    assert "There is no vault key" in (vault.trouble() or "")


def test_a_wrong_key_is_said_to_be_wrong(keys: Path) -> None:
    blob = vault.seal(b"she said", HERE)
    (keys / "vault-1.key").unlink()
    vault.new_key()

    with pytest.raises(VaultTrouble, match="is not the key of this home"):
        vault.open(blob, HERE)


@pytest.mark.parametrize("text", ["", "zz", "00" * 95])
def test_a_damaged_key_is_named(keys: Path, text: str) -> None:
    (keys / "vault-1.key").write_text(text)
    vault.forget()

    with pytest.raises(VaultTrouble, match=r"vault-1\.key cannot be read"):
        vault.seal(b"she said", HERE)
    assert "cannot be read" in (vault.trouble() or "")


def test_a_key_file_of_another_name_is_named(keys: Path) -> None:
    (keys / "vault-old.key").write_text("00" * 96)
    vault.forget()

    with pytest.raises(VaultTrouble, match=r"vault-old\.key is not a vault key"):
        vault.seal(b"she said", HERE)
