"""Lists as files: what is shown, nothing more, and harmless in a spreadsheet."""

import csv
import io
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from rapport.foundation.tables import export
from rapport.foundation.tables.cells import Cell, defused
from rapport.foundation.tables.listing import Column, Table
from rapport.foundation.ui.messages import PROGRAM

NOW = datetime(2026, 11, 24, 18, 5, tzinfo=UTC)
ROWS = Table[Any](
    name="officers",
    columns=(
        Column("name", "Name", lambda r: Cell(r[0], note="small", url="/x/", state="ok")),
        Column("on", "On", lambda r: r[1]),
        Column("n", "N", lambda r: r[2], export=lambda r: r[2] * 2),
    ),
    unit=str,
    search=(lambda r: r[0],),
    per_page=2,
)


def taken(address: str, rows: Any) -> list[list[str]]:
    response = export.respond(ROWS.read(QueryDict(address), rows), who="Dana Reyes", now=NOW)
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


def test_a_file_holds_every_page_of_what_was_searched_for_and_columns_as_shown() -> None:
    rows = [(f"Ann {n}", date(2026, 1, n), n) for n in range(1, 6)] + [("Bo", None, 9)]

    lines = taken("q=ann&page=2", rows)

    assert lines[0] == ["Name", "On", "N"]
    assert lines[1:] == [[f"Ann {n}", f"2026-01-0{n}", str(n * 2)] for n in range(1, 6)]


def test_the_name_of_the_file_says_what_when_who_and_why() -> None:
    listing = ROWS.read(QueryDict("why=review"), [])

    response = export.respond(listing, who="Dana Reyes", now=NOW)

    assert response["Content-Disposition"] == (
        'attachment; filename="officers_2026-11-24_1305_dana-reyes_review.csv"'
    )
    assert response["Cache-Control"] == "private, no-store"


def test_a_list_that_answers_for_a_day_names_it_in_each_line_and_in_the_name_of_the_file() -> None:
    listing = ROWS.read(
        QueryDict(), [("a", None, 0)], as_of=date(2026, 3, 12), known=date(2026, 3, 31)
    )

    response = export.respond(listing, who="Dana Reyes", now=NOW)

    assert "officers_as-of-2026-03-12_known-2026-03-31_" in response["Content-Disposition"]
    head, line = csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline=""))
    assert head == ["Name", "On", "N", "As of", "As known at the end of"]
    assert line[-2:] == ["2026-03-12", "2026-03-31"]


def test_the_files_of_no_two_lists_bear_one_name() -> None:
    names = [
        name
        for file in PROGRAM.rglob("*.py")
        if "tests" not in file.parts
        for name in re.findall(r'Table(?:\[\w+\])?\(\s*name="([\w-]+)"', file.read_text("utf-8"))
    ]

    assert len(names) > 10
    assert sorted(set(names)) == sorted(names)


def test_a_reason_that_is_not_offered_is_daily_work() -> None:
    assert export.why(ROWS.read(QueryDict("why=%3Cb%3E"), [])) is export.Why.WORK


@pytest.mark.parametrize(
    "words",
    ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "=cmd|' /C calc'!A0"],
)
def test_words_that_a_spreadsheet_would_run_are_marked(words: str) -> None:
    assert defused(words) == "'" + words


def test_numbers_and_plain_words_stay_as_they_are() -> None:
    assert [defused(v) for v in (-5, 1.5, None, "Reyes-Cole", "O'Neil", "a=b")] == [
        "-5", "1.5", "", "Reyes-Cole", "O'Neil", "a=b",
    ]  # fmt: skip


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1)
)
def test_what_was_written_is_read_back_by_any_csv_reader(words: list[str]) -> None:
    lines = taken("", [(word, None, 0) for word in words])

    assert [line[0] for line in lines[1:]] == [defused(word) for word in words]


def test_a_moment_stands_in_the_zone_of_the_program_and_names_it(settings: Any) -> None:
    settings.RAPPORT_ZONE = "America/Denver"

    lines = taken("", [("a", NOW, 0)])

    assert lines[1][1] == "2026-11-24T11:05-07:00"
