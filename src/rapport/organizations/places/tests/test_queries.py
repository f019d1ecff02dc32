import pytest
from pytest_django import DjangoAssertNumQueries

from rapport.foundation.access import STRANGER, SYSTEM, Actor, Role, Scope
from rapport.organizations.places import queries
from rapport.organizations.places.models import District
from rapport.organizations.places.queries import NoSuchPlace
from rapport.organizations.places.tests.build import (
    TODAY,
    a_district,
    a_school,
    actor,
    an_agency,
    load,
    state_list,
)

pytestmark = pytest.mark.django_db
ID = "510000000001"


def test_a_school_is_found_by_its_id_or_its_uid() -> None:
    school = a_school(a_district(), nces_id=ID)

    assert queries.school_by_ref(SYSTEM, f" {ID} ") == school
    assert queries.school_by_ref(STRANGER, str(school.uid)) == school
    assert queries.school_by_ref(STRANGER, school.uid.hex) == school


@pytest.mark.parametrize("ref", ["510000000002", "elm high", "Elm Hihg", "Elm"])
def test_a_school_that_is_not_there_is_answered_with_what_is_written_like_it(ref: str) -> None:
    a_school(a_district(), nces_id=ID)
    a_school(a_district("Oak County"), "Oak Elementary", "510000999999")

    with pytest.raises(NoSuchPlace) as problem:
        queries.school_by_ref(SYSTEM, ref)
    near = (
        "Do you mean 510000000001 (Elm High)?"
        if ref != "Elm"
        else "Nothing here is written like it."
    )
    assert near in str(problem.value)


def test_an_agency_is_found_by_its_ori_in_any_case() -> None:
    agency = an_agency()

    assert queries.agency_by_ori(SYSTEM, "va0990100") == agency
    with pytest.raises(NoSuchPlace, match="Do you mean VA0990100"):
        queries.agency_by_ori(SYSTEM, "VA0990101")


def test_places_are_public() -> None:
    district = a_district()
    school = a_school(district)

    for anybody in (STRANGER, Actor(person_id=9)):
        assert list(queries.schools(anybody)) == [school]
        assert list(queries.schools_of(anybody, district, TODAY)) == [school]
        assert queries.districts_on(anybody, TODAY) == {school.pk: district.pk}


def test_the_list_of_districts_counts_schools_in_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    rows = [a_district(f"District {n}") for n in range(5)]
    for n in range(3):
        a_school(rows[0], f"School {n}")

    with django_assert_num_queries(1):
        found = queries.with_school_counts(SYSTEM, rows, TODAY)

    assert [r.schools for r in found] == [3, 0, 0, 0, 0]


def test_claims_are_read_where_the_sharing_rules_give_program_records(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    load(state_list(f"Elm County,Elm High,,,{ID},,", f"Elm County,Oak High,,,{ID},,"))
    district = District.objects.get().pk

    with django_assert_num_queries(2):
        (found,) = queries.claimed_ids(SYSTEM)
    here = queries.claimed_ids(actor(Role.SUPERINTENDENT, Scope.DISTRICT, district))
    reads_only = queries.claimed_ids(actor(Role.PRIVACY_OFFICER, Scope.DISTRICT, district))
    elsewhere = queries.claimed_ids(actor(Role.SUPERINTENDENT, Scope.DISTRICT, district + 1))

    assert [row.claim.school.name for row in found.claims] == ["Elm High", "Oak High"]
    assert all(row.may_settle for row in here[0].claims)
    assert not any(row.may_settle for row in reads_only[0].claims)
    assert elsewhere == []
    assert queries.claimed_ids(STRANGER) == []
    assert queries.open_claims(SYSTEM) == 1


def test_the_search_finds_agencies_and_districts_by_name_and_number() -> None:
    agency, district = an_agency(), a_district()
    District.objects.filter(pk=district.pk).update(nces_id="5100840")

    def found(who: Actor, words: str) -> list[tuple[str, str]]:
        return [(h.title, h.url) for h in queries.find(who, words)]

    anybody = Actor(person_id=3)
    assert found(anybody, "elm pol") == [(agency.name, f"/agencies/{agency.uid}/")]
    assert found(anybody, "va099") == [(agency.name, f"/agencies/{agency.uid}/")]
    assert found(anybody, "5100840") == [(district.name, f"/districts/{district.uid}/")]
    assert found(anybody, "Oak") == []
