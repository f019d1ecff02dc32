from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.foundation.access import HELD_AT, Role, Scope
from rapport.foundation.facts import Refused
from rapport.organizations.people.rules import merges, roles, words

PROVES_MORE = {
    "officer",
    "supervisor",
    "agency_head",
    "investigator",
    "principal",
    "counselor",
    "team_member",
    "safety_director",
    "superintendent",
    "privacy_officer",
    "administrator",
}


@pytest.mark.parametrize("role", list(Role))
def test_roles_that_read_personnel_or_childrens_records_need_a_second_factor(role: Role) -> None:
    assert roles.needs_second_factor(role) is (role in PROVES_MORE)


def test_every_role_that_people_hold_has_words_and_at_most_one_side() -> None:
    assert set(roles.LABELS) == set(Role) - {Role.LINK_HOLDER, Role.PUBLIC}
    assert not roles.OF_AGENCY & roles.OF_DISTRICT
    assert set(roles.LABELS) - roles.OF_AGENCY - roles.OF_DISTRICT == {
        Role.BOARD_MEMBER,
        Role.ADMINISTRATOR,
    }


@pytest.mark.parametrize(("role", "scope"), [(r, s) for r in roles.LABELS for s in Scope])
def test_a_role_is_held_only_where_it_makes_sense(role: Role, scope: Scope) -> None:
    if scope in HELD_AT[role]:
        roles.ensure_can_be_held(role, scope)
    else:
        with pytest.raises(Refused, match="is not held there. It is held at: "):
            roles.ensure_can_be_held(role, scope)


@pytest.mark.parametrize("role", ["public", "link_holder", "mayor", ""])
def test_a_role_that_nobody_holds_is_refused_in_words(role: str) -> None:
    with pytest.raises(Refused, match="There is no role called"):
        roles.ensure_can_be_held(role, Scope.PROGRAM)


@pytest.mark.parametrize("day", [date(1949, 12, 31), date(2028, 1, 1)])
def test_a_role_begins_at_a_sensible_day(day: date) -> None:
    with pytest.raises(Refused, match="within|between"):
        roles.ensure_dates(day, date(2026, 3, 2))


@given(st.permutations(range(6)), st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5))))
def test_every_id_of_a_person_leads_to_the_same_one(
    order: list[int], pairs: list[tuple[int, int]]
) -> None:
    merged: dict[int, int] = {}
    for one, other in pairs:
        absorbed, kept = merges.kept(merged, order[one]), merges.kept(merged, order[other])
        if absorbed != kept:
            merged[absorbed] = kept

    for one in range(6):
        everyone = merges.all_of(merged, one)
        assert one in everyone
        assert {merges.kept(merged, each) for each in everyone} == {merges.kept(merged, one)}
        assert all(merges.all_of(merged, each) == everyone for each in everyone)


@pytest.mark.parametrize(("typed", "kept"), [("  Ana   Ruiz ", "Ana Ruiz"), ("O'Neil", "O'Neil")])
def test_a_name_is_kept_without_superfluous_spaces(typed: str, kept: str) -> None:
    assert words.name(typed) == kept


@pytest.mark.parametrize("typed", ["", "   ", "x" * 121])
def test_a_name_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        words.name(typed)


def test_an_address_is_kept_in_small_letters() -> None:
    assert words.address(" Ana@Maple.Example ") == "ana@maple.example"


@pytest.mark.parametrize("typed", ["", "ana", "ana@", "a b@c.example", "x" * 250 + "@c.example"])
def test_an_address_that_is_none_is_refused_in_words(typed: str) -> None:
    with pytest.raises(Refused, match="e-mail address"):
        words.address(typed)
