from collections.abc import Sequence
from pathlib import Path

import pytest

from rapport.foundation.tables import imports, imports_csv
from rapport.foundation.tables.imports import Answer, Column, Layout, Row
from rapport.foundation.tables.imports_cells import Unfit, count, digits, number, words
from rapport.foundation.tables.imports_csv import Text, Unusable, records, text_of

PEOPLE = Layout(
    "people",
    "list of people",
    (
        Column("Full Name*", "name", words(12), is_needed=True, must_be_filled=True),
        Column("Badge", "badge", digits(4), is_needed=True),
        Column("Hours", "hours", count),
    ),
)
PLACES = Layout("places", "list of places", (Column("Place", "place", words(9), is_needed=True),))

TOWNS = Layout(
    "towns",
    "list of towns",
    (Column("Place", "place", words(9), is_needed=True), Column("Town", "town", words(9))),
)


def loaded(
    text: str | Text, layouts: Sequence[Layout] = (PEOPLE, PLACES)
) -> tuple[Answer, list[Row]]:
    answer = Answer()
    table = imports.recognize(text if isinstance(text, Text) else Text(text), layouts)
    return answer, list(table.rows(answer))


def test_columns_are_known_in_any_case_with_stars_and_spaces_and_in_any_order() -> None:
    _, rows = loaded("BADGE , hours*,fullname\n0001,7,Ann\n")

    assert rows == [Row(2, {"name": "Ann", "badge": "0001", "hours": 7})]


def test_a_line_number_is_that_of_the_file_also_after_line_breaks_in_a_cell() -> None:
    _, rows = loaded('Full Name,Badge\n"Ann\nLee",0001\n\nBob,0002\n')

    assert [(r.line, r.values["name"]) for r in rows] == [(2, "Ann Lee"), (5, "Bob")]


def test_what_is_blank_in_the_file_is_not_there() -> None:
    answer, rows = loaded("Full Name,Badge,Hours\nAnn,†,\nBob, ,–\n")

    assert [r.values for r in rows] == [{"name": "Ann"}, {"name": "Bob"}]
    assert not answer.set_aside


def test_empty_lines_are_counted_and_are_no_fault() -> None:
    answer, rows = loaded("Full Name,Badge\n,\n\nAnn,0001\n , \n")

    assert (answer.empty, len(rows), answer.refused) == (3, 1, [])


@pytest.mark.parametrize("sign", ["\u200b", "\u202e", "\xad", "\u2069", "\x7f"])
def test_a_cell_with_a_sign_that_cannot_be_seen_is_refused_or_set_aside_by_its_column(
    sign: str,
) -> None:
    answer, rows = loaded(f"Full Name,Badge\nA{sign}nn,0001\nאנה,0002\n")

    assert [r.values["name"] for r in rows] == ["אנה"]
    assert [(r.line, r.column) for r in answer.refused] == [(2, "Full Name")]
    assert f"U+{ord(sign):04X}" in answer.refused[0].reason

    aside, rows = loaded(f"Place,Town\nElm,A{sign}n\n", (TOWNS,))
    assert [r.values for r in rows] == [{"place": "Elm"}]
    assert [(r.line, r.column) for r in aside.set_aside] == [(2, "Town")]


def test_a_value_that_does_not_fit_is_set_aside_and_its_line_is_loaded() -> None:
    answer, rows = loaded("Full Name,Badge,Hours\nAnn,12,-9\n")

    assert rows == [Row(2, {"name": "Ann"})]
    assert [(r.line, r.column) for r in answer.set_aside] == [(2, "Badge"), (2, "Hours")]
    assert answer.set_aside[1].reason == "-9 is a code, not a count."


def test_a_line_without_what_it_must_have_is_refused_with_its_column() -> None:
    answer, rows = loaded("Full Name*,Badge\n,0001\nA much too long name,0002\n")

    assert not rows
    assert [(r.line, r.column) for r in answer.refused] == [(2, "Full Name*"), (3, "Full Name*")]


def test_a_line_with_too_few_or_too_many_cells_is_refused_and_the_next_is_read() -> None:
    answer, rows = loaded("Full Name,Badge\nAnn\nLee, Ann,0001\nBob,0002,,\n")

    assert [r.line for r in answer.refused] == [2, 3]
    assert [r.line for r in rows] == [4]


def test_a_quotation_mark_that_is_never_closed_costs_one_line() -> None:
    answer, rows = loaded('Full Name,Badge\n"Ann,0001\n' + "Bob,0002\n" * 200)

    assert [r.line for r in answer.refused] == [2]
    assert len(rows) == 200


def test_a_stray_quotation_mark_within_a_cell_is_part_of_it() -> None:
    _, rows = loaded('Full Name,Badge\nAnn "B" Lee,0001\n6" Bob,0002\n')

    assert [r.values["name"] for r in rows] == ['Ann "B" Lee', '6" Bob']


def test_a_missing_column_is_named_and_so_are_the_layouts_that_are_known() -> None:
    with pytest.raises(Unusable) as problem:
        loaded("Full Name,Hours\nAnn,1\n")

    assert "“list of people” it lacks the column Badge." in str(problem.value)
    assert "Known is “list of places” with: Place." in str(problem.value)


def test_a_column_that_stands_twice_is_refused_for_nobody_knows_which_is_meant() -> None:
    with pytest.raises(Unusable, match="twice: Badge"):
        loaded("Full Name,Badge,badge*\nAnn,0001,0002\n")


def test_a_column_that_may_be_missing_is_said_to_be() -> None:
    table = imports.recognize(Text("Full Name,Badge\n"), (PEOPLE,))

    assert table.notes == ["The file has no column Hours; nothing is loaded for it."]


def test_a_byte_order_mark_is_no_part_of_the_first_heading() -> None:
    text = text_of("\ufeffFull Name,Badge\nZoë,0001\n".encode())

    assert loaded(text)[1][0].values["name"] == "Zoë"


def test_what_is_not_utf_8_is_read_as_windows_text_and_said_to_be() -> None:
    text = text_of("Full Name,Badge\nZoë,0001\n".encode("cp1252"))

    assert loaded(text)[1][0].values["name"] == "Zoë"
    assert "Windows-1252" in text.note


def test_a_few_broken_bytes_in_a_utf_8_file_cost_their_lines_only() -> None:
    text = text_of("Full Name,Badge\nZoë,0001\n".encode() + b"Ann\xff\xfe,0002\nBob,0003\n")
    answer, rows = loaded(text)

    assert [r.values["name"] for r in rows] == ["Zoë", "Bob"]
    assert [(r.line, r.reason) for r in answer.refused] == [
        (3, "This line holds bytes that are no text.")
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (b"%PDF-1.7\n\x00\x01", "of type PDF"),
        (b"PK\x03\x04rest", "of type Excel"),
        ("Full Name,Badge\n".encode("utf-16"), "no text"),
        (b"Full Name,Badge\n1,\xff\xfe\x00\x81", "no text"),
    ],
)
def test_a_file_that_is_no_text_is_refused_whole_in_words(data: bytes, said: str) -> None:
    with pytest.raises(Unusable, match=said):
        text_of(data)


def test_a_file_that_is_far_too_large_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports_csv, "MOST_BYTES", 1024 * 1024)
    path = tmp_path / "big.csv"
    path.write_bytes(b"x" * (1024 * 1024 + 1))

    with pytest.raises(Unusable, match="larger than 1 MB"):
        imports_csv.read(path)


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="could not be read: No such file"):
        imports_csv.read(tmp_path / "gone.csv")


def test_every_kind_of_line_end_ends_a_line() -> None:
    assert [r.cells for r in records("a,b\r\nc,d\re,f\ng,h")] == [
        ["a", "b"],
        ["c", "d"],
        ["e", "f"],
        ["g", "h"],
    ]


@pytest.mark.parametrize("said", ["1e999", "nan", "ten", "", "١x"])
def test_what_is_no_number_is_said_so(said: str) -> None:
    with pytest.raises(Unfit):
        number(-90, 90)(said)


def test_a_number_out_of_range_is_said_so() -> None:
    with pytest.raises(Unfit, match="does not lie between -90 and 90"):
        number(-90, 90)("91")


def test_an_id_that_lost_its_zero_is_not_mended_in_silence() -> None:
    assert digits(12)("'010000500870") == "010000500870"
    with pytest.raises(Unfit, match="has 11 digits, an id has 12"):
        digits(12)("10000500870")
    with pytest.raises(Unfit, match="no id of 12 digits"):
        digits(12)("5.1001E+11")


@pytest.mark.parametrize(
    ("said", "is_count"),
    [("159.00000", 159), ("0", 0), ("1,204", 1204), ("1.5", None), ("-9", None), ("9e9", None)],
)
def test_a_count_is_a_whole_number_and_zero_is_one(said: str, is_count: int | None) -> None:
    if is_count is None:
        with pytest.raises(Unfit):
            count(said)
    else:
        assert count(said) == is_count


def test_ten_thousand_bad_lines_are_all_listed_for_programs_and_the_first_twenty_for_people() -> (
    None
):
    answer, rows = loaded("Full Name,Badge\n" + ",0001\n" * 10_000)
    said = imports.in_words(answer)

    assert not rows
    assert len(answer.as_json()["refused"]) == 10_000
    assert said[0] == "Nothing was loaded."
    assert len(said) == 24
    assert said[-1] == "  and 9980 more; --json lists them all."


def test_the_heading_says_all_or_part() -> None:
    whole, part = Answer(new=3), Answer(new=2, same=1)
    part.refuse(4, "", "why")

    assert imports.in_words(whole)[0] == "All of it was loaded: 3 lines."
    assert imports.in_words(part)[0] == "Part of it was loaded: 3 lines of 4."
