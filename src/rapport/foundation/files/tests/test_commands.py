import json
import os
from argparse import Namespace
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django import Settings

from rapport.foundation.files import commands, store
from rapport.foundation.files.tests.build import a_file

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings: Settings, tmp_path: Path) -> Path:
    settings.RAPPORT_FILES = str(tmp_path / "files")
    return tmp_path / "files"


def said(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_the_check_answers_one_object_and_exits_zero_where_all_is_well(
    capsys: pytest.CaptureFixture[str],
) -> None:
    a_file()

    code = commands.check(Namespace(remove=False, json=True))

    assert code == 0
    assert said(capsys) == {"files": 1, "damaged": [], "left_over": [], "removed": []}


def test_a_damaged_file_is_named_and_the_check_exits_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = a_file()
    store.remove(file.stored_as)

    code = commands.check(Namespace(remove=False, json=False))

    out = capsys.readouterr()
    assert code == 1
    assert out.out == f"damaged: {file.uid}\n"
    assert "1 damaged" in out.err


def test_what_is_left_over_is_removed_only_when_asked_and_only_an_hour_later(
    capsys: pytest.CaptureFixture[str],
) -> None:
    kept = a_file()
    with transaction.atomic():
        young, old = a_file(), a_file()
        transaction.set_rollback(True)
    os.utime(store.path_of(old.stored_as), (0, 0))

    commands.check(Namespace(remove=False, json=True))
    seen = said(capsys)
    commands.check(Namespace(remove=True, json=True))
    gone = said(capsys)

    assert len(seen["left_over"]) == 2  # type: ignore[arg-type]
    assert seen["removed"] == []
    assert gone["removed"] == [str(store.path_of(old.stored_as))]
    assert store.path_of(young.stored_as).exists()
    assert store.path_of(kept.stored_as).exists()


def test_a_half_written_file_of_a_killed_process_counts_as_left_over(files: Path) -> None:
    a_file()
    part = files / "ab" / "cd" / f"tmpx{store.PART}"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"half")

    from rapport.foundation.access import SYSTEM
    from rapport.foundation.files import queries

    assert queries.check(SYSTEM).left_over == [part]
