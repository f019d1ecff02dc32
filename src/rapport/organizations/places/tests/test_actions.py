"""What people do with agencies, districts and schools, who may, and what is refused."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from rapport.foundation.access import SYSTEM, Actor, NotAllowed, Role, Scope
from rapport.foundation.audit.models import Line
from rapport.foundation.facts import Overtaken, Refused
from rapport.organizations.places import actions, queries
from rapport.organizations.places.actions import NewAgency, NewDistrict, NewSchool
from rapport.organizations.places.models import (
    AgencyStart,
    District,
    IdClaim,
    School,
    SchoolInDistrict,
)
from rapport.organizations.places.tests.build import (
    LATER,
    NOW,
    TODAY,
    a_district,
    a_school,
    actor,
    an_agency,
    counts,
    load,
    state_list,
)

pytestmark = pytest.mark.django_db
ID = "510000000001"


def test_an_agency_is_added_with_the_time_zone_of_its_state() -> None:
    agency = actions.add_agency(
        actor(Role.SAFETY_DIRECTOR),
        NewAgency(name="Elm Police", state="WA", ori=" wa0990100 "),
        now=NOW,
    )

    line = Line.objects.get()
    assert (agency.ori, agency.zone) == ("WA0990100", "America/Los_Angeles")
    assert (line.verb, line.object, line.object_id) == ("places.add_agency", "agency", agency.pk)
    assert line.actor_id == 7


@pytest.mark.parametrize(
    ("name", "ori", "field"),
    [
        ("Elm Police Department", "", "name"),
        ("ELM POLICE DEPARTMENT", "", "name"),
        ("Oak Police", "VA0990100", "ori"),
        ("Oak Police", "VA099", "ori"),
        ("Oak Police", "ZZ0990100", "ori"),
    ],
)
def test_an_agency_that_is_there_already_or_has_no_real_ori_is_refused(
    name: str, ori: str, field: str
) -> None:
    an_agency()

    with pytest.raises(Refused) as problem:
        actions.add_agency(SYSTEM, NewAgency(name=name, state="VA", ori=ori), now=NOW)
    assert problem.value.field == field
    assert not Line.objects.exists()


def test_an_agency_starts_once() -> None:
    agency = an_agency()

    start = actions.start_agency(SYSTEM, agency, now=NOW, valid_from=TODAY)

    assert AgencyStart.objects.as_of(TODAY).get() == start
    with pytest.raises(Refused, match="overlaps"):
        actions.start_agency(SYSTEM, agency, now=NOW, valid_from=date(2026, 9, 1))


def test_a_start_is_corrected_and_withdrawn_and_what_was_known_stays() -> None:
    agency = an_agency()
    start = actions.start_agency(SYSTEM, agency, now=NOW, valid_from=TODAY)

    after = actions.correct_start(SYSTEM, start, now=LATER, valid_from=date(2026, 9, 1))
    actions.withdraw_start(SYSTEM, after, now=LATER)

    assert not AgencyStart.objects.known().exists()
    assert AgencyStart.objects.known(NOW).get().valid_from == TODAY
    assert list(Line.objects.order_by("id").values_list("verb", flat=True)) == [
        "places.start_agency",
        "places.correct_start",
        "places.withdraw_start",
    ]


def test_a_start_that_lies_ahead_is_refused_also_as_a_correction() -> None:
    agency = an_agency()
    start = actions.start_agency(SYSTEM, agency, now=NOW, valid_from=TODAY)

    with pytest.raises(Refused, match="still to come"):
        actions.correct_start(SYSTEM, start, now=LATER, valid_from=date(2035, 1, 1))
    assert AgencyStart.objects.known().get().valid_from == TODAY


def test_a_district_is_added_and_not_twice() -> None:
    actions.add_district(
        SYSTEM, NewDistrict(name="Elm County", state="VA", nces_id="5100001"), now=NOW
    )

    for new, field in (
        (NewDistrict(name="elm county", state="VA"), "name"),
        (NewDistrict(name="Oak County", state="VA", nces_id="5100001"), "nces_id"),
        (NewDistrict(name="Oak County", state="VA", nces_id="51"), "nces_id"),
    ):
        with pytest.raises(Refused) as problem:
            actions.add_district(SYSTEM, new, now=NOW)
        assert problem.value.field == field
    assert District.objects.count() == 1


def test_a_school_is_added_to_a_district_and_has_always_been_there_unless_said() -> None:
    district = a_district()

    old = actions.add_school(SYSTEM, district, NewSchool(name="Elm High"), now=NOW)
    young = actions.add_school(
        SYSTEM, district, NewSchool(name="Oak High", since=date(2026, 8, 1)), now=NOW
    )

    before = queries.districts_on(SYSTEM, date(2010, 1, 1))
    assert before == {old.pk: district.pk}
    assert queries.districts_on(SYSTEM, TODAY) == dict.fromkeys((old.pk, young.pk), district.pk)
    with pytest.raises(Refused, match="of this name in this district"):
        actions.add_school(SYSTEM, district, NewSchool(name="ELM HIGH"), now=NOW)


def test_a_school_of_the_same_name_in_another_district_is_another_school() -> None:
    a_school(a_district(), "Elm High", ID)

    with pytest.raises(Refused, match="Elm High has this NCES id"):
        actions.add_school(
            SYSTEM, a_district("Oak County"), NewSchool(name="Elm High", nces_id=ID), now=NOW
        )
    actions.add_school(
        SYSTEM, District.objects.get(name="Oak County"), NewSchool(name="Elm High"), now=NOW
    )

    assert School.objects.filter(name="Elm High").count() == 2


def test_a_school_moves_from_a_day_and_what_was_known_before_stays() -> None:
    elm, oak = a_district(), a_district("Oak County")
    school = a_school(elm)

    actions.move_school(SYSTEM, school, oak, date(2026, 11, 1), now=LATER)

    assert queries.districts_on(SYSTEM, date(2026, 10, 31)) == {school.pk: elm.pk}
    assert queries.districts_on(SYSTEM, date(2026, 11, 1)) == {school.pk: oak.pk}
    assert queries.districts_on(SYSTEM, date(2026, 11, 1), known=NOW) == {school.pk: elm.pk}


def test_a_school_does_not_move_to_where_it_is_nor_before_a_move_that_is_recorded() -> None:
    elm, oak = a_district(), a_district("Oak County")
    school = a_school(elm)

    with pytest.raises(Refused, match="belongs to this district"):
        actions.move_school(SYSTEM, school, elm, TODAY, now=NOW)
    actions.move_school(SYSTEM, school, oak, date(2027, 7, 1), now=NOW)
    with pytest.raises(Refused, match="A move on 2027-07-01 is recorded already"):
        actions.move_school(SYSTEM, school, oak, date(2026, 12, 1), now=NOW)


def test_a_school_is_moved_only_by_who_may_decide_in_both_districts() -> None:
    elm, oak = a_district(), a_district("Oak County")
    school = a_school(elm)

    for role, scope, at in (
        (Role.SUPERINTENDENT, Scope.DISTRICT, elm.pk),
        (Role.SUPERINTENDENT, Scope.DISTRICT, oak.pk),
        (Role.PRINCIPAL, Scope.SCHOOL, school.pk),
    ):
        with pytest.raises(NotAllowed):
            actions.move_school(actor(role, scope, at), school, oak, TODAY, now=NOW)
    assert SchoolInDistrict.objects.count() == 1


# Choosing who has an id


def two_claims() -> tuple[IdClaim, IdClaim]:
    load(state_list(f"Elm County,Elm High,,,{ID},,", f"Elm County,Oak High,,,{ID},,"))
    elm, oak = IdClaim.objects.order_by("school__name")
    return elm, oak


def test_the_school_that_a_person_chooses_has_the_id_and_the_other_claim_is_closed() -> None:
    elm, oak = two_claims()

    actions.settle_claim(actor(Role.SAFETY_DIRECTOR), elm, is_given=True, now=LATER)

    oak.refresh_from_db()
    assert (elm.is_given, oak.is_given) == (True, False)
    assert (elm.settled_at, oak.settled_by_id) == (LATER, 7)
    assert School.objects.get(nces_id=ID).name == "Elm High"
    line = Line.objects.get(verb="places.settle_claim")
    assert (line.object_id, line.actor_id) == (elm.school_id, 7)


def test_a_choice_is_kept_when_the_file_comes_again_and_nothing_is_set_aside() -> None:
    elm, _oak = two_claims()
    actions.settle_claim(SYSTEM, elm, is_given=True, now=LATER)

    again = load(state_list(f"Elm County,Elm High,,,{ID},,", f"Elm County,Oak High,,,{ID},,"))

    assert counts(again) == (0, 0, 2, 0)
    assert not again.set_aside
    assert School.objects.get(nces_id=ID).name == "Elm High"


def test_where_no_school_has_the_id_nobody_gets_it_though_the_file_comes_again() -> None:
    for claim in two_claims():
        actions.settle_claim(SYSTEM, claim, is_given=False, now=LATER)

    again = load(state_list(f"Elm County,Elm High,,,{ID},,", f"Elm County,Oak High,,,{ID},,"))

    assert (counts(again), again.set_aside) == ((0, 0, 2, 0), [])
    assert not School.objects.exclude(nces_id=None).exists()


def test_a_choice_can_be_made_anew() -> None:
    elm, oak = two_claims()
    actions.settle_claim(SYSTEM, elm, is_given=True, now=NOW)
    oak.refresh_from_db()

    actions.settle_claim(SYSTEM, oak, is_given=True, now=LATER)

    elm.refresh_from_db()
    assert (elm.is_given, oak.is_given) == (False, True)
    assert School.objects.get(nces_id=ID).name == "Oak High"


def test_a_school_that_had_the_id_before_anybody_claimed_it_gives_it_up_for_good() -> None:
    load(state_list(f"Elm County,Elm High,,,{ID},,", "Elm County,Oak High,,,,,"))
    file = state_list(f"Elm County,Oak High,,,{ID},,", "Elm County,Elm High,,,,,")
    load(file)
    claim = IdClaim.objects.get()

    actions.settle_claim(SYSTEM, claim, is_given=True, now=LATER)

    assert School.objects.get(nces_id=ID).name == "Oak High"
    again = load(state_list(f"Elm County,Oak High,,,{ID},,", f"Elm County,Elm High,,,{ID},,"))
    assert (counts(again), again.set_aside) == ((0, 0, 2, 0), [])


def test_who_chooses_after_somebody_else_is_told_to_look_again() -> None:
    elm, _oak = two_claims()
    late = IdClaim.objects.get(pk=elm.pk)
    actions.settle_claim(SYSTEM, elm, is_given=True, now=NOW)

    with pytest.raises(Overtaken):
        actions.settle_claim(SYSTEM, late, is_given=False, now=LATER)
    assert School.objects.get(nces_id=ID).name == "Elm High"


def test_a_district_does_not_choose_for_another_district() -> None:
    load(state_list(f"Elm County,Elm High,,,{ID},,", f"Ash County,Oak High,,,{ID},,"))
    claim = IdClaim.objects.get(school__name="Elm High")
    one = actor(Role.SUPERINTENDENT, Scope.DISTRICT, claim.district_id)

    with pytest.raises(NotAllowed):
        actions.settle_claim(one, claim, is_given=True, now=NOW)
    actions.settle_claim(one, claim, is_given=False, now=NOW)

    assert IdClaim.objects.get(school__name="Oak High").is_given is None


# Who may

MAY_ADD = {Role.ADMINISTRATOR, Role.SAFETY_DIRECTOR, Role.SUPERINTENDENT}
MAY_START = {
    Role.SUPERVISOR,
    Role.AGENCY_HEAD,
    Role.PRINCIPAL,
    Role.FRONT_OFFICE,
    Role.SAFETY_DIRECTOR,
    Role.SUPERINTENDENT,
}
ACTS: tuple[tuple[str, Callable[[Actor], Any]], ...] = (
    ("agency", lambda a: actions.add_agency(a, NewAgency(name="Oak Police", state="VA"), now=NOW)),
    ("district", lambda a: actions.add_district(a, NewDistrict(name="Oak", state="VA"), now=NOW)),
    ("start", lambda a: actions.start_agency(a, an_agency(), now=NOW, valid_from=TODAY)),
    ("school", lambda a: actions.add_school(a, a_district(), NewSchool(name="Oak"), now=NOW)),
)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(("name", "act"), ACTS, ids=[name for name, _ in ACTS])
def test_who_may_add_places_in_the_whole_program(
    role: Role, name: str, act: Callable[[Actor], Any]
) -> None:
    if role in (MAY_START if name == "start" else MAY_ADD):
        assert act(actor(role))
    else:
        with pytest.raises(NotAllowed):
            act(actor(role))


def test_nobody_adds_to_a_district_from_another_one() -> None:
    elm, oak = a_district(), a_district("Oak County")
    here = actor(Role.SUPERINTENDENT, Scope.DISTRICT, elm.pk)

    actions.add_school(here, elm, NewSchool(name="Elm High"), now=NOW)
    with pytest.raises(NotAllowed):
        actions.add_school(here, oak, NewSchool(name="Oak High"), now=NOW)
    with pytest.raises(NotAllowed):
        actions.add_agency(here, NewAgency(name="Oak Police", state="VA"), now=NOW)


def test_a_chief_records_the_start_of_the_own_agency_only() -> None:
    own, other = an_agency(), an_agency("Oak Police", None)
    chief = actor(Role.AGENCY_HEAD, Scope.AGENCY, own.pk)

    actions.start_agency(chief, own, now=NOW, valid_from=TODAY)
    with pytest.raises(NotAllowed):
        actions.start_agency(chief, other, now=NOW, valid_from=TODAY)
