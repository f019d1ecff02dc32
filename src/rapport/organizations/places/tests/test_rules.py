"""What is true of names, ids, years and layouts. No database."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from rapport.foundation.facts import Refused
from rapport.foundation.tables.imports_cells import Unfit
from rapport.organizations.places import rules
from rapport.organizations.places.rules.layouts import grade, state
from rapport.organizations.places.rules.listed import Listed
from rapport.organizations.places.rules.matching import (
    Known,
    KnownDistrict,
    KnownSchool,
    match_districts,
    match_schools,
)


def test_every_state_has_a_time_zone_that_exists() -> None:
    assert len(rules.STATES) == 56
    assert all(ZoneInfo(zone) for zone in rules.STATES.values())
    assert rules.zone_of("WA") == "America/Los_Angeles"


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2021-22", (date(2021, 7, 1), date(2022, 7, 1))),
        ("2021-2022", (date(2021, 7, 1), date(2022, 7, 1))),
        (" 2099–00 ", (date(2099, 7, 1), date(2100, 7, 1))),
    ],
)
def test_a_school_year_runs_from_july_to_july(text: str, year: tuple[date, date]) -> None:
    assert rules.school_year_named(text) == year
    assert rules.school_year_of(year[0]) == year
    assert rules.school_year_of(date(year[1].year, 6, 30)) == year


@pytest.mark.parametrize("text", ["2021", "2021-23", "21-22", "last year", ""])
def test_what_is_no_school_year_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        rules.school_year_named(text)


@pytest.mark.parametrize(
    ("said", "found"), [("PK", "PK"), ("kg", "KG"), ("9", "09"), ("12", "12"), ("N", ""), ("m", "")]
)
def test_grades_are_read_as_nces_writes_them(said: str, found: str) -> None:
    assert grade(said) == found


@pytest.mark.parametrize("said", ["14", "K", "first", "099"])
def test_what_is_no_grade_is_said_so(said: str) -> None:
    with pytest.raises(Unfit):
        grade(said)


def test_a_state_is_read_in_any_case() -> None:
    assert state("wa") == "WA"
    with pytest.raises(Unfit):
        state("Washington")


# Matching


def line(number: int, name: str, nces_id: str | None = None, district: str = "Elm") -> Listed:
    return Listed(number, "VA", name, district, nces_id, None, None, {}, {})


def known(*schools: KnownSchool, claims: dict[tuple[int, str], bool | None] | None = None) -> Known:
    return Known.of(schools, claims or {})


HIGH = KnownSchool(1, "VA", "Elm High", "A", 10)
LOW = KnownSchool(2, "VA", "Elm Low", None, 10)


def found(rows: list[Listed], there: Known) -> dict[int, int | None]:
    return {n: f.school for n, f in match_schools(rows, {r.line: 10 for r in rows}, there).items()}


def test_the_order_of_lines_does_not_change_what_they_mean() -> None:
    rows = [line(2, "Elm Low"), line(3, "Elm High", "A"), line(4, "Elm New", "B")]

    assert found(rows, known(HIGH, LOW)) == {2: 2, 3: 1, 4: None}
    assert found(rows[::-1], known(HIGH, LOW)) == {2: 2, 3: 1, 4: None}


def test_no_school_is_meant_by_two_lines() -> None:
    rows = [line(2, "Elm High", "A"), line(3, "Elm High", "B"), line(4, "ELM  HIGH", "C")]

    assert found(rows, known(HIGH)) == {2: 1, 3: None, 4: None}


def test_a_swap_of_names_between_two_ids_renames_neither() -> None:
    other = KnownSchool(2, "VA", "Elm Low", "B", 10)
    answer = match_schools(
        [line(2, "Elm Low", "A"), line(3, "Elm High", "B")], {2: 10, 3: 10}, known(HIGH, other)
    )

    assert all(each.nces_id is None for each in answer.values())
    assert all(each.is_claim for each in answer.values())


def test_an_id_of_a_school_in_another_state_is_not_taken() -> None:
    far = KnownSchool(1, "WA", "Elm High", "A", 99)

    answer = match_schools([line(2, "Elm High", "A")], {2: 10}, known(far))[2]

    assert (answer.school, answer.nces_id, answer.is_claim) == (None, None, True)


def test_districts_are_known_by_id_before_name_and_named_once() -> None:
    def of(number: int, name: str, nces_id: str | None) -> Listed:
        return Listed(number, "VA", f"School {number}", name, None, nces_id, None, {}, {})

    there = [KnownDistrict(1, "VA", "Elm", "E"), KnownDistrict(2, "VA", "Oak", None)]
    answer = match_districts(
        [of(2, "Elm County", "E"), of(3, "oak", "O"), of(4, "Ash", "S"), of(5, "Oak", None)], there
    )

    assert [(d.key, d.nces_id, d.lines) for d in answer] == [
        (1, None, [2]),
        (2, "O", [3, 5]),
        (None, "S", [4]),
    ]


def test_the_id_of_one_district_with_the_name_of_another_is_set_aside() -> None:
    there = [KnownDistrict(1, "VA", "Elm", "E"), KnownDistrict(2, "VA", "Oak", None)]
    row = Listed(2, "VA", "Oak High", "Oak", None, "E", None, {}, {})

    (answer,) = match_districts([row], there)

    assert (answer.key, answer.nces_id, answer.aside) == (
        2,
        None,
        {2: "The district Elm has this id."},
    )
