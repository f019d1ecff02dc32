"""What becomes of a school list, line by line."""

import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.foundation.access import NotAllowed, Role, Scope
from rapport.foundation.audit import rows
from rapport.foundation.audit.models import Line
from rapport.foundation.facts import Refused, Source
from rapport.foundation.tables import imports_csv
from rapport.foundation.tables.imports_csv import Unusable
from rapport.organizations.places import actions
from rapport.organizations.places.actions import Wanted
from rapport.organizations.places.models import (
    District,
    Enrollment,
    IdClaim,
    School,
    SchoolInDistrict,
)
from rapport.organizations.places.tests.build import (
    LATER,
    NOW,
    TODAY,
    VIRGINIA,
    WASHINGTON,
    a_district,
    actor,
    counts,
    done,
    load,
    nces_list,
    standards,
    state_list,
)

pytestmark = pytest.mark.django_db
HIGH = "Elm County,Elm High,38.1,-78.4,510000000001,300,310"
OAK = "Elm County,Oak Elementary,38.2,-78.5,510000000002,100,90"
FIR = "Elm County,Fir Middle,38.3,-78.6,,,"


def test_a_school_comes_with_its_district_its_place_and_its_counts() -> None:
    answer = load(state_list(HIGH))

    school = School.objects.get()
    assert counts(answer) == (1, 0, 0, 0)
    assert (school.name, school.nces_id, school.state) == ("Elm High", "510000000001", "VA")
    assert (school.latitude, school.longitude) == (38.1, -78.4)
    assert (school.zone, school.source) == ("America/New_York", "state")
    belongs = SchoolInDistrict.objects.as_of(TODAY).get()
    assert (belongs.school, belongs.district.name) == (school, "Elm County")
    assert belongs.source == Source.FILE
    found = Enrollment.objects.as_of(date(2021, 10, 1)).values_list("group", "count")
    assert set(found) == {("m", 300), ("f", 310)}


def test_the_same_file_again_changes_nothing() -> None:
    load(state_list(HIGH, OAK, FIR))

    again = load(state_list(HIGH, OAK, FIR), LATER)

    assert counts(again) == (0, 0, 3, 0)
    assert Enrollment.objects.count() == 4
    assert SchoolInDistrict.objects.count() == 3


def test_a_school_without_an_id_is_known_by_its_name_in_its_district() -> None:
    load(state_list(FIR, "Ash County,Fir Middle,38.4,-78.7,,,"))

    again = load(state_list("elm county,FIR  Middle,38.3,-78.6,,,", "Ash County,Fir Middle,,,,,"))

    assert (again.new, School.objects.count()) == (0, 2)


def test_a_school_with_the_same_id_and_a_new_name_is_the_same_school_renamed() -> None:
    load(state_list(HIGH))
    uid = School.objects.get().uid

    answer = load(state_list(HIGH.replace("Elm High", "Elm Hill High")))

    assert counts(answer) == (0, 1, 0, 0)
    assert School.objects.get(uid=uid).name == "Elm Hill High"


def test_a_school_known_by_name_gains_its_id_when_a_file_brings_it() -> None:
    load(state_list(FIR))

    answer = load(state_list(FIR.replace("-78.6,,", "-78.6,510000000003,")))

    assert counts(answer) == (0, 1, 0, 0)
    assert School.objects.get().nces_id == "510000000003"


def test_a_blank_cell_takes_nothing_away() -> None:
    load(state_list(HIGH))

    answer = load(state_list("Elm County,Elm High,,,,,"))

    school = School.objects.get()
    assert counts(answer) == (0, 0, 1, 0)
    assert (school.nces_id, school.latitude) == ("510000000001", 38.1)


def test_an_empty_count_is_not_zero_and_zero_is_a_count() -> None:
    load(state_list("Elm County,Elm High,,,,0,"))

    assert list(Enrollment.objects.values_list("group", "count")) == [("m", 0)]


def test_a_reserve_code_is_no_count() -> None:
    answer = load(state_list("Elm County,Elm High,,,,-9,12"))

    assert counts(answer) == (1, 0, 0, 0)
    assert [(r.line, r.column) for r in answer.set_aside] == [(2, "enr_m")]
    assert list(Enrollment.objects.values_list("group", flat=True)) == ["f"]


def test_a_corrected_count_replaces_the_one_before_and_leaves_it_readable() -> None:
    load(state_list(HIGH))

    answer = load(state_list(HIGH.replace("300", "301")), LATER)

    assert counts(answer) == (0, 1, 0, 0)
    male = Enrollment.objects.filter(group="m")
    assert male.known().get().count == 301
    assert male.known(NOW).get().count == 300
    assert male.known().get().replaces == male.known(NOW).get()


def test_counts_of_another_year_stand_beside_those_before() -> None:
    load(state_list(HIGH))

    load(state_list(HIGH.replace("300", "280")), year="2023-24")

    male = Enrollment.objects.filter(group="m")
    assert male.as_of(date(2022, 6, 30)).get().count == 300
    assert male.as_of(date(2023, 7, 1)).get().count == 280
    assert not male.as_of(date(2022, 7, 1)).exists()


def test_what_is_no_school_year_is_refused_in_words() -> None:
    with pytest.raises(Refused, match="Write one like 2021-22"):
        load(state_list(HIGH), year="2021-23")


def test_a_file_that_does_not_say_its_year_is_of_the_year_of_the_import_and_that_is_said() -> None:
    told = done(
        nces_list("530000000001,5300000,09,Elm High,Elm County,WA,159.00000"), Wanted("WA"), NOW
    )

    assert Enrollment.objects.as_of(TODAY).get().count == 159
    assert "recorded for 2026-27" in told.notes[-1]


def test_a_school_that_changed_its_district_belongs_to_the_new_one_from_the_day_of_import() -> None:
    load(state_list(HIGH, OAK))

    answer = load(state_list(HIGH.replace("Elm County", "Ash County"), OAK), LATER)

    day = date(2026, 11, 2)
    assert counts(answer) == (0, 1, 1, 0)
    of_high = SchoolInDistrict.objects.filter(school__name="Elm High")
    assert of_high.as_of(date(2026, 11, 1)).get().district.name == "Elm County"
    assert of_high.as_of(day).get().district.name == "Ash County"
    assert of_high.as_of(day, known=NOW).get().district.name == "Elm County"


def test_a_move_that_is_recorded_ahead_is_left_to_people() -> None:
    load(state_list(HIGH))
    current = SchoolInDistrict.objects.get()
    actions.move_school(
        actor(Role.SUPERINTENDENT),
        current.school,
        a_district("Ash County"),
        date(2027, 7, 1),
        now=NOW,
    )

    answer = load(state_list(HIGH.replace("Elm County", "Oak County")), LATER)

    assert [(r.line, r.column) for r in answer.set_aside] == [(2, "division")]
    assert SchoolInDistrict.objects.as_of(date(2026, 12, 1)).get().district.name == "Elm County"


# Ids that two claim


def test_an_id_on_two_lines_is_given_to_neither_school_and_both_are_loaded() -> None:
    answer = load(state_list(HIGH, OAK.replace("000002", "000001"), FIR))

    assert counts(answer) == (3, 0, 0, 0)
    assert [(r.line, r.column) for r in answer.set_aside] == [
        (2, "ncessch_combokey"),
        (3, "ncessch_combokey"),
    ]
    assert "stands on line 3" in answer.set_aside[0].reason
    assert not School.objects.exclude(nces_id=None).exists()
    assert set(IdClaim.objects.values_list("school__name", "nces_id", "is_given")) == {
        ("Elm High", "510000000001", None),
        ("Oak Elementary", "510000000001", None),
    }


def test_claims_stay_as_they_are_when_the_file_comes_again() -> None:
    file = state_list(HIGH, OAK.replace("000002", "000001"))
    load(file)

    again = load(file, LATER)

    assert counts(again) == (0, 0, 2, 0)
    assert len(again.set_aside) == 2
    assert IdClaim.objects.count() == 2


def test_an_id_that_another_school_has_is_never_taken_from_it() -> None:
    load(state_list(HIGH, FIR))

    answer = load(state_list(FIR.replace("-78.6,,", "-78.6,510000000001,")))

    assert counts(answer) == (0, 0, 1, 0)
    assert "that of Elm High here" in answer.set_aside[0].reason
    assert School.objects.get(nces_id="510000000001").name == "Elm High"
    assert IdClaim.objects.get().school.name == "Fir Middle"


def test_a_line_with_a_known_id_but_another_name_and_district_takes_nothing_over() -> None:
    load(state_list(HIGH))
    line = "Ash County,Ash High,38.5,-78.8,510000000001,,"

    answer, again = load(state_list(line)), load(state_list(line))

    assert (counts(answer), counts(again)) == ((1, 0, 0, 0), (0, 0, 1, 0))
    assert len(answer.set_aside) == len(again.set_aside) == 1
    assert set(School.objects.values_list("name", "nces_id")) == {
        ("Elm High", "510000000001"),
        ("Ash High", None),
    }


def test_a_school_known_under_another_id_keeps_it_until_a_person_chooses() -> None:
    load(state_list(HIGH))

    answer = load(state_list(HIGH.replace("000001", "000009")))

    assert counts(answer) == (0, 0, 1, 0)
    assert "another id than 510000000009" in answer.set_aside[0].reason
    assert School.objects.get().nces_id == "510000000001"


def test_two_schools_of_one_name_with_ids_of_their_own_are_two_schools() -> None:
    file = state_list(HIGH, HIGH.replace("000001", "000002"))

    answer, again = load(file), load(file)

    assert (counts(answer), counts(again)) == ((2, 0, 0, 0), (0, 0, 2, 0))
    told = load(state_list("Elm County,Elm High,,,,,"))
    assert (
        told.refused[0].reason == "Two schools here have this name. Give the id of the one meant."
    )


def test_a_renamed_school_keeps_its_id_though_another_line_claims_it_too() -> None:
    load(state_list(HIGH, FIR))

    answer = load(
        state_list(
            HIGH.replace("Elm High", "Elm Hill High"), FIR.replace("-78.6,,", "-78.6,510000000001,")
        )
    )

    assert counts(answer) == (0, 1, 1, 0)
    assert School.objects.get(nces_id="510000000001").name == "Elm Hill High"
    assert [r.line for r in answer.set_aside] == [3]


# Lines that are not loaded, and values that are not


def test_a_line_that_names_a_school_again_is_refused_with_the_line_that_named_it() -> None:
    answer = load(state_list(HIGH, HIGH, FIR, FIR.upper(), HIGH.replace("510000000001", "")))

    assert counts(answer) == (2, 0, 0, 0)
    assert [(r.line, r.reason) for r in answer.refused] == [
        (3, "Line 2 names the same school."),
        (5, "Line 4 names the same school."),
        (6, "Line 2 names the same school."),
    ]


def test_a_place_out_of_range_or_half_given_is_left_out() -> None:
    answer = load(
        state_list("Elm County,Elm High,138.1,-78.4,,,", "Elm County,Oak Elementary,38.1,,,,")
    )

    assert [(r.line, r.column) for r in answer.set_aside] == [
        (2, "latitude"),
        (2, "longitude"),
        (3, "latitude"),
    ]
    assert not School.objects.exclude(latitude=None).exists()


def test_a_name_that_is_too_long_refuses_the_line_and_an_address_does_not() -> None:
    answer = load(state_list(f"Elm County,{'x' * 121},,,,,", f"{'x' * 121},Elm High,,,,,", FIR))

    assert [(r.line, r.column) for r in answer.refused] == [(2, "school"), (3, "division")]
    assert School.objects.get().name == "Fir Middle"


def test_a_line_of_another_state_than_the_one_asked_for_is_refused() -> None:
    answer = load(
        nces_list(
            "530000000001,5300000,09,Elm High,Elm County,WA,159",
            "410000000001,4100000,09,Ash High,Ash County,OR,12",
            "410000000002,4100000,09,Ash High,Ash County,XX,12",
        ),
        state="WA",
    )

    assert counts(answer) == (1, 0, 0, 0)
    assert [(r.line, r.column) for r in answer.refused] == [(3, "State"), (4, "State")]


def test_a_file_without_a_state_needs_one_to_be_said() -> None:
    with pytest.raises(Unusable, match="--state VA"):
        load(state_list(HIGH), state="")
    with pytest.raises(Unusable, match="no state"):
        load(state_list(HIGH), state="Virginia")


def test_a_school_that_is_closed_is_not_loaded() -> None:
    head = "NCES School ID,NCES District ID,School Name,District,State,Status\n"
    line = "530000000001,5300000,Elm High,Elm County,WA,Closed\n"

    answer = load(imports_csv.Text(head + line), state="WA")

    assert answer.refused == [(2, "Status", "The file says that this school is closed.")]


def test_a_district_is_known_by_its_id_when_its_name_changes() -> None:
    line = "530000000001,5300000,09,Elm High,Elm County,WA,159"
    load(nces_list(line), state="WA")

    answer = load(nces_list(line.replace("Elm County", "Elm Schools")), state="WA")

    assert counts(answer) == (0, 1, 0, 0)
    assert District.objects.get().name == "Elm Schools"


def test_two_names_for_one_district_in_a_file_are_said_and_do_not_change_it_to_and_fro() -> None:
    file = nces_list(
        "530000000001,5300000,09,Elm High,Elm County,WA,159",
        "530000000002,5300000,09,Oak High,Elm Schools,WA,160",
    )

    answer, again = load(file, state="WA"), load(file, state="WA")

    assert (counts(answer), counts(again)) == ((2, 0, 0, 0), (0, 0, 2, 0))
    assert answer.set_aside[0].line == 3
    assert District.objects.get().name == "Elm County"


# The whole


def test_a_trial_tells_all_and_writes_nothing() -> None:
    told = done(state_list(HIGH, OAK), Wanted("VA", is_trial=True))

    assert counts(told.answer) == (2, 0, 0, 0)
    assert not School.objects.exists()
    assert not District.objects.exists()
    assert not Line.objects.exists()


def test_an_import_leaves_one_line_with_its_counts_and_no_names() -> None:
    load(state_list(HIGH, OAK, HIGH))

    line = Line.objects.get()
    assert (line.verb, line.actor_id, line.channel) == ("places.import_schools", None, "command")
    assert json.loads(rows.without(line.detail)) == {
        "layout": "state",
        **{"new": 2, "changed": 0, "same": 0, "empty": 0, "set_aside": 0, "refused": 1},
    }


@pytest.mark.parametrize(
    ("role", "scope", "may"),
    [
        (Role.SUPERVISOR, Scope.PROGRAM, False),
        (Role.SAFETY_DIRECTOR, Scope.PROGRAM, True),
        (Role.SUPERINTENDENT, Scope.DISTRICT, False),
        (Role.OFFICER, Scope.PROGRAM, False),
        (Role.ADMINISTRATOR, Scope.PROGRAM, True),
        (Role.PUBLIC, Scope.PROGRAM, False),
    ],
)
def test_who_may_import(role: Role, scope: Scope, *, may: bool) -> None:
    who = actor(role, scope, None if scope is Scope.PROGRAM else 1)

    if may:
        assert actions.import_schools(who, state_list(HIGH), Wanted("VA"), now=NOW).answer.new == 1
    else:
        with pytest.raises(NotAllowed):
            actions.import_schools(who, state_list(HIGH), Wanted("VA"), now=NOW)


def test_an_import_asks_the_database_no_more_for_a_hundred_lines_than_for_ten() -> None:
    def asked(count: int) -> int:
        lines = [f"Elm County,School {n},38.1,-78.4,51{n:010},1,2" for n in range(count)]
        with CaptureQueriesContext(connection) as queries:
            load(state_list(*lines))
        return len(queries)

    assert asked(10) == pytest.approx(asked(100), abs=8)  # SQLite writes some 50 rows at once


def test_ten_thousand_bad_lines_are_answered_one_by_one() -> None:
    answer = load(state_list(*(f",School {n},,,,," for n in range(10_000)), FIR))

    assert counts(answer) == (1, 0, 0, 0)
    assert len(answer.refused) == 10_000


# Real files


def test_the_washington_list_loads_whole_and_a_second_time_changes_nothing() -> None:
    text = imports_csv.read(standards(WASHINGTON))

    answer, again = load(text, state="WA"), load(text, LATER, state="WA")

    assert counts(answer) == (2553, 0, 0, 0)
    assert counts(again) == (0, 0, 2553, 0)
    assert (answer.set_aside, answer.refused) == ([], [])
    assert District.objects.count() == 331
    school = School.objects.get(nces_id="530003000001")
    assert (school.low_grade, school.high_grade, school.zip_code) == ("PK", "05", "98520-5510")
    assert school.zone == "America/Los_Angeles"


def test_the_virginia_list_loads_with_six_ids_set_aside() -> None:
    text = imports_csv.read(standards(VIRGINIA))

    answer, again = load(text), load(text, LATER)

    assert counts(answer) == (102, 0, 0, 0)
    assert counts(again) == (0, 0, 102, 0)
    assert [r.line for r in answer.set_aside] == [54, 58, 59, 60, 96, 97]
    assert School.objects.filter(nces_id=None).count() == 19 + 6
