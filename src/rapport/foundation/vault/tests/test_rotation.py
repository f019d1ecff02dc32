"""A new vault key: what is kept sealed is sealed anew, whoever keeps it."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import DatabaseError
from pytest_django import Settings

from rapport.foundation import registry, vault
from rapport.foundation.access import SYSTEM, NotAllowed, RecordClass, Role
from rapport.foundation.audit import trail
from rapport.foundation.audit.models import Line
from rapport.foundation.files import kept, store
from rapport.foundation.files.models import FileWords
from rapport.foundation.files.tests.build import HERE, a_sample, an_actor
from rapport.foundation.vault import actions

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _a_home_of_its_own(settings: Settings, tmp_path: Path) -> Iterator[None]:
    shutil.copytree(settings.RAPPORT_KEYS, tmp_path / "keys")
    settings.RAPPORT_KEYS = str(tmp_path / "keys")
    settings.RAPPORT_FILES = str(tmp_path / "files")
    yield
    vault.forget()


def test_a_new_key_seals_anew_what_is_sealed_and_nothing_is_lost() -> None:
    file = a_sample(RecordClass.THREAT, HERE, "quillwort")
    plain = a_sample(RecordClass.PROGRAM, HERE, "sedge")
    untouched = store.get(plain.stored_as)

    number, counts = actions.rotate_key(SYSTEM, now=NOW)

    name = bytes(FileWords.objects.get(file=file).sealed_name or b"")
    assert {store.get(file.stored_as)[1], name[1]} == {number}
    assert counts["files"] == 2
    assert kept.content(file) == b"It says quillwort.\n"
    assert kept.names([file]) == {file.pk: "quillwort.txt"}
    assert store.get(plain.stored_as) == untouched
    assert Line.objects.filter(verb="vault.rotate_key", object_id=number).count() == 1


def test_what_was_cut_short_is_finished_by_the_next_key() -> None:
    files = [a_sample(RecordClass.TIP, HERE, word) for word in ("quillwort", "sedge")]
    vault.new_key()
    kept.give_name(files[0], "quillwort.txt")

    number, counts = actions.rotate_key(SYSTEM, now=NOW)

    assert counts["files"] == 4
    assert {store.get(file.stored_as)[1] for file in files} == {number}


def test_everything_that_is_sealed_is_named_by_whoever_keeps_it() -> None:
    assert set(registry.sealed.names()) == {
        "authenticator apps",
        "files",
        "reasons of emergency access",
        "words held",
    }


def test_nobody_makes_a_key_from_a_page() -> None:
    with pytest.raises(NotAllowed):
        actions.rotate_key(an_actor(Role.ADMINISTRATOR), now=NOW)


def test_a_rotation_whose_line_cannot_be_written_makes_no_key(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise DatabaseError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(trail, "record", fail)
        with pytest.raises(DatabaseError):
            actions.rotate_key(SYSTEM, now=NOW)
    vault.forget()

    there = sorted(path.name for path in Path(settings.RAPPORT_KEYS).glob("*vault*"))
    assert there == ["vault-1.key"]
    assert actions.rotate_key(SYSTEM, now=NOW)[0] == 2
