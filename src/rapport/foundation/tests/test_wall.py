"""The sharing rules written a second time, by class: a change must be said here as well, or this fails.

A line reads: on records of this class, this right, so far, for these roles; nobody else has it.
"""

import csv
from importlib.resources import files
from itertools import product

import pytest

from rapport.foundation.access import (
    HELD_AT,
    SIDES,
    Reach,
    RecordClass,
    Right,
    Role,
    Scope,
    emergencies,
    reach,
)

AGENCY_ROLES = {"officer", "supervisor", "agency_head", "investigator", "dispatcher"}
DISTRICT_ROLES = {
    "principal",
    "front_office",
    "school_staff",
    "counselor",
    "team_member",
    "safety_director",
    "superintendent",
    "privacy_officer",
}
EVERYBODY = " ".join(Role)

WRITTEN_AGAIN = {
    "program": """
        know held: officer supervisor agency_head investigator dispatcher principal front_office school_staff
        know held: counselor team_member safety_director superintendent privacy_officer board_member
        know own: link_holder
        read held: officer supervisor agency_head investigator dispatcher principal front_office school_staff
        read held: counselor team_member safety_director superintendent privacy_officer board_member
        read own: link_holder
        write held: supervisor agency_head principal front_office safety_director superintendent
        write own: officer
        disclose held: agency_head safety_director superintendent privacy_officer
        """,
    "education": """
        know official: officer team_member
        know held: principal counselor safety_director superintendent privacy_officer
        read official: officer team_member
        read held: principal counselor safety_director superintendent privacy_officer
        write held: principal counselor superintendent privacy_officer
        disclose held: principal superintendent privacy_officer
        """,
    "law_unit": """
        know held: officer supervisor agency_head investigator
        read held: officer supervisor agency_head investigator
        write held: officer supervisor agency_head
        disclose held: supervisor agency_head
        """,
    "mentoring": """
        know own: officer
        know held: supervisor agency_head principal counselor team_member superintendent privacy_officer
        read own: officer
        read held: counselor privacy_officer
        write own: officer
        write held: counselor
        disclose held: privacy_officer
        """,
    "tip": """
        know held: team_member safety_director privacy_officer
        read held: team_member safety_director
        write held: team_member safety_director
        disclose held: team_member safety_director
        """,
    "threat": """
        know held: principal team_member safety_director superintendent privacy_officer
        read held: team_member safety_director superintendent privacy_officer
        write held: team_member
        disclose held: team_member privacy_officer
        """,
    "personnel": """
        know own: officer
        know held: supervisor agency_head investigator
        read own: officer
        read held: supervisor agency_head investigator
        write held: supervisor agency_head
        disclose held: agency_head
        """,
    "internal_affairs": """
        know held: agency_head investigator
        read held: agency_head investigator
        write held: investigator
        disclose held: agency_head investigator
        """,
    "security": """
        know held: officer supervisor agency_head dispatcher principal
        know held: safety_director superintendent privacy_officer
        read held: officer supervisor agency_head dispatcher principal safety_director superintendent
        write held: agency_head safety_director superintendent
        disclose held: agency_head safety_director superintendent
        """,
    "public": f"""
        know all: {EVERYBODY}
        read all: {EVERYBODY}
        write all: administrator
        write held: agency_head safety_director superintendent privacy_officer
        disclose held: agency_head safety_director superintendent privacy_officer
        """,
}


def said_again() -> dict[tuple[str, str, str], str]:
    """Return what is written above as role, class, right → reach."""
    found: dict[tuple[str, str, str], str] = {}
    for record_class, text in WRITTEN_AGAIN.items():
        for line in filter(None, map(str.strip, text.splitlines())):
            what, roles = line.split(":")
            right, far = what.split()
            for role in roles.split():
                assert (role, record_class, right) not in found, f"said twice: {role} {line}"
                found[role, record_class, right] = far
    return found


@pytest.mark.parametrize("record_class", list(RecordClass))
def test_the_table_says_what_is_written_here_a_second_time(record_class: RecordClass) -> None:
    expected = said_again()

    for role, right in product(Role, Right):
        far = expected.get((role, record_class, right), "-")
        assert reach(role, record_class, right) == far, (role, record_class, right)


def test_every_role_has_exactly_one_row_for_every_class() -> None:
    text = files("rapport.foundation").joinpath("wall.csv").read_text(encoding="utf-8")

    rows = [(r["role"], r["class"]) for r in csv.DictReader(text.splitlines())]

    assert sorted(rows) == sorted((str(r), str(c)) for r, c in product(Role, RecordClass))


def test_a_stronger_right_never_goes_further_than_the_weaker_ones_below_it() -> None:
    order = {Reach.NONE: 0, Reach.OWN: 1, Reach.OFFICIAL: 2, Reach.HELD: 3, Reach.ALL: 4}

    for role, record_class in product(Role, RecordClass):
        know, read, write, disclose = (order[reach(role, record_class, r)] for r in Right)
        assert know >= read >= max(write, disclose), (role, record_class)


def test_the_administrator_reads_no_content_and_nobody_without_sign_in_reads_more_than_the_public() -> (
    None
):
    given = {
        Role.ADMINISTRATOR: {
            Right.KNOW,
            Right.READ,
            Right.WRITE,
        },  # sets up places, which are public
        Role.PUBLIC: {Right.KNOW, Right.READ},
    }
    for role, record_class, right in product(given, RecordClass, Right):
        is_open = record_class is RecordClass.PUBLIC and right in given[role]
        assert (reach(role, record_class, right) is not Reach.NONE) is is_open


# FIELD 14, rule 17: district users cannot read IA or LE-unit files; agency users cannot read
# education-class notes outside a basis.


@pytest.mark.parametrize("role", sorted(DISTRICT_ROLES))
@pytest.mark.parametrize("record_class", ["internal_affairs", "law_unit", "personnel"])
def test_rule_17_nobody_of_a_district_even_knows_of_what_an_agency_keeps(
    role: str, record_class: str
) -> None:
    for right in Right:
        assert reach(Role(role), RecordClass(record_class), right) is Reach.NONE


@pytest.mark.parametrize("role", sorted(AGENCY_ROLES))
def test_rule_17_nobody_of_an_agency_reads_education_records_without_a_basis(role: str) -> None:
    given = {reach(Role(role), RecordClass.EDUCATION, right) for right in Right}

    assert given <= ({Reach.NONE, Reach.OFFICIAL} if role == "officer" else {Reach.NONE})


def test_rule_17_a_class_of_one_custodian_is_not_reached_from_the_other_side() -> None:
    assert Scope.AGENCY not in (
        SIDES[RecordClass.EDUCATION] | SIDES[RecordClass.TIP] | SIDES[RecordClass.THREAT]
    )
    for kept_by_agency in ("law_unit", "personnel", "internal_affairs"):
        assert not SIDES[RecordClass(kept_by_agency)] & {Scope.DISTRICT, Scope.SCHOOL}


def test_every_role_says_where_it_can_be_held_and_a_role_of_one_place_not_over_the_program() -> (
    None
):
    assert set(HELD_AT) == set(Role)
    for role in AGENCY_ROLES:
        assert HELD_AT[Role(role)] == {Scope.AGENCY}
    for role in DISTRICT_ROLES - {"privacy_officer"}:
        assert not HELD_AT[Role(role)] & {Scope.PROGRAM, Scope.AGENCY}
    assert HELD_AT[Role.ADMINISTRATOR] == {Scope.PROGRAM}


# What an emergency opens, written a second time: minutes, and to whom. Whatever is not here it never opens.
OPENS = {
    "program": (60, "supervisor agency_head dispatcher safety_director superintendent"),
    "education": (
        30,
        "officer supervisor agency_head principal front_office counselor team_member "
        "safety_director superintendent",
    ),
    "law_unit": (30, "officer supervisor agency_head"),
    "threat": (
        30,
        "officer supervisor agency_head principal counselor safety_director superintendent",
    ),
    "security": (
        60,
        "officer supervisor agency_head dispatcher principal front_office counselor team_member "
        "safety_director superintendent",
    ),
}


def test_the_table_of_emergencies_says_what_is_written_here_a_second_time() -> None:
    expected = {(r, c): m for c, (m, roles) in OPENS.items() for r in roles.split()}

    said = {(str(r), str(c)): t.total_seconds() / 60 for (r, c), t in emergencies().items()}

    assert said == expected


def test_an_emergency_never_opens_what_is_closed_to_everybody_then() -> None:
    never = {"tip", "mentoring", "personnel", "internal_affairs"}
    nobody = {"administrator", "board_member", "investigator", "privacy_officer", "school_staff"}
    nobody |= {"link_holder", "public"}

    assert {str(c) for _, c in emergencies()} & never == set()
    assert {str(r) for r, _ in emergencies()} & nobody == set()
    assert {str(r) for r, c in emergencies() if c == "law_unit"} <= AGENCY_ROLES
