"""`rapport import schools`, as a program and as a person at a terminal meet it."""

import json
from argparse import ArgumentParser
from pathlib import Path

import pytest

from rapport.foundation import registry
from rapport.organizations.places.models import School
from rapport.organizations.places.tests.build import STATE_HEAD

pytestmark = pytest.mark.django_db
COMMAND = registry.commands["import schools"]
LINE = "Elm County,Elm High,38.1,-78.4,510000000001,300,310"


def run(*words: str) -> int:
    parser = ArgumentParser()
    COMMAND.options(parser)
    return COMMAND.run(parser.parse_args(words))


def file(folder: Path, body: str | bytes) -> str:
    path = folder / "schools.csv"
    path.write_bytes(body if isinstance(body, bytes) else body.encode())
    return str(path)


def test_a_program_gets_one_object_on_its_last_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = f"{STATE_HEAD}\n{LINE}\n\n,No District,,,,,\n{LINE.replace('310', '-9').replace('High', 'Low')}\n"

    code = run(file(tmp_path, body), "--state", "va", "--json")

    said = capsys.readouterr()
    assert code == 0
    assert json.loads(said.out.splitlines()[-1]) == {
        "new": 2,
        "changed": 0,
        "same": 0,
        "empty": 1,
        "set_aside": [
            {"line": 2, "column": "ncessch_combokey", "reason": SHARED.format(5)},
            {"line": 5, "column": "enr_f", "reason": "-9 is a code, not a count."},
            {"line": 5, "column": "ncessch_combokey", "reason": SHARED.format(2)},
        ],
        "refused": [{"line": 4, "column": "division", "reason": "This is empty."}],
    }


SHARED = "The same id, 510000000001, stands on line {}. Nobody gets it until a person chooses."


def test_a_person_is_told_whether_all_was_loaded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = file(tmp_path, f"{STATE_HEAD}\n{LINE}\n")

    run(path, "--state", "VA", "--dry-run")
    trial = capsys.readouterr()
    run(path, "--state", "VA")
    done = capsys.readouterr()

    assert "nothing was written" in trial.err
    assert trial.out == done.out
    assert done.out.splitlines() == [
        "All of it was loaded: 1 lines.",
        "1 new, 0 changed, 0 the same, 0 empty lines.",
    ]
    assert School.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "The file is empty"),
        (b"a,b\n1,2\n", "The columns of this file are not those of a layout that is known"),
        (
            b"NCES School ID,School Name\n1,x\n",
            "it lacks the columns NCES District ID, District, State",
        ),
        (b"%PDF-1.7\n\x00\x01", "a file of type PDF"),
        (b"NCES School ID,School Name\n1,\xff\xfe\x00\x81", "bytes that are no text"),
        (f'"{STATE_HEAD}\n{LINE}\n'.encode(), "The line with the headings cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_exits_1_with_words_and_nothing_for_programs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], body: bytes, said: str
) -> None:
    code = run(file(tmp_path, body), "--state", "VA", "--json")

    told = capsys.readouterr()
    assert (code, told.out) == (1, "")
    assert said in told.err
    assert len(told.err) < 1000


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "--state VA"),
        (["--state", "Virginia"], "no state"),
        (["--state", "VA", "--school-year", "2021"], "Write one like 2021-22"),
    ],
)
def test_a_word_that_is_missing_or_wrong_exits_1_and_says_what_to_write(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert run(file(tmp_path, f"{STATE_HEAD}\n{LINE}\n"), *words) == 1
    assert said in capsys.readouterr().err
    assert not School.objects.exists()


def test_a_file_that_is_not_there_exits_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("/nowhere/at/all.csv") == 1
    assert "could not be read" in capsys.readouterr().err


def test_ten_thousand_bad_lines_print_twenty_and_a_count(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = STATE_HEAD + "\n" + ",School,,,,,\n" * 10_000

    code = run(file(tmp_path, body), "--state", "VA")

    said = capsys.readouterr().out.splitlines()
    assert code == 0
    assert said[0] == "Nothing was loaded."
    assert len(said) == 24
    assert "9980 more" in said[-1]
