"""Pages of agencies, districts, schools and ids, as people with and without leave see them."""

from datetime import date

import pytest
from django.test import Client, override_settings
from pytest_django import DjangoAssertNumQueries

from rapport.foundation.access import Role
from rapport.foundation.audit.models import Line
from rapport.organizations.places.models import (
    Agency,
    AgencyStart,
    District,
    IdClaim,
    School,
    SchoolInDistrict,
)
from rapport.organizations.places.tests.build import (
    a_district,
    a_school,
    an_agency,
    load,
    signed_in,
    state_list,
)

pytestmark = pytest.mark.django_db
ID = "510000000001"
PAGES = ("/agencies/", "/districts/", "/schools/claims/")
FORMS = ("/agencies/new/", "/districts/new/")


@pytest.mark.parametrize("address", [*PAGES, *FORMS])
@override_settings(LOGIN_URL="/in/")
def test_strangers_are_sent_to_sign_in(client: Client, address: str) -> None:
    assert client.get(address).status_code == 302


def test_an_agency_is_added_and_its_start_recorded_by_clicking(client: Client) -> None:
    signed_in(client, Role.SAFETY_DIRECTOR)

    client.get("/agencies/new/")
    answer = client.post(
        "/agencies/new/", {"name": "Elm Police", "state": "VA", "ori": "VA0990100"}, follow=True
    )
    agency = Agency.objects.get()
    assert "Record its start" in answer.content.decode()
    client.post(
        f"/facts/agency_start/new/{agency.uid}/", {"valid_from": "2026-08-01", "source": "record"}
    )

    assert AgencyStart.objects.get().valid_from == date(2026, 8, 1)
    assert list(Line.objects.order_by("id").values_list("verb", "channel")) == [
        ("places.add_agency", "page"),
        ("places.start_agency", "page"),
    ]
    shown = client.get(f"/agencies/{agency.uid}/").content.decode()
    assert "1 Aug 2026" in shown
    assert "Record its start" not in shown


def test_what_was_typed_stays_when_it_is_refused_and_the_field_is_named(client: Client) -> None:
    an_agency()
    signed_in(client, Role.SAFETY_DIRECTOR)

    answer = client.post(
        "/agencies/new/", {"name": "Oak Police", "state": "VA", "ori": "VA0990100"}
    )

    said = answer.content.decode()
    assert answer.status_code == 422
    assert "Elm Police Department has this ORI." in said
    assert 'value="Oak Police"' in said
    assert Agency.objects.count() == 1


@pytest.mark.parametrize("address", FORMS)
def test_who_may_only_read_finds_no_form(client: Client, address: str) -> None:
    signed_in(client, Role.PRIVACY_OFFICER)

    assert client.get(address).status_code == 404
    assert client.post(address, {"name": "Oak", "state": "VA"}).status_code == 404


@pytest.mark.parametrize("address", PAGES)
def test_who_may_only_read_sees_no_button(client: Client, address: str) -> None:
    signed_in(client, Role.PRIVACY_OFFICER)
    load(state_list(f"Elm County,Elm High,,,{ID},,", f"Elm County,Oak High,,,{ID},,"))

    answer = client.get(address)

    assert answer.status_code == 200
    assert 'method="post" action="/schools' not in answer.content.decode()
    assert "/new/" not in answer.content.decode()


def test_a_district_shows_its_schools_and_takes_new_ones(client: Client) -> None:
    signed_in(client, Role.SAFETY_DIRECTOR)
    client.post("/districts/new/", {"name": "Elm County", "state": "VA"})
    district = District.objects.get()

    client.post(f"/districts/{district.uid}/schools/new/", {"name": "Elm High", "low_grade": "09"})

    said = client.get(f"/districts/{district.uid}/").content.decode()
    assert "Elm High" in said
    assert School.objects.get().low_grade == "09"
    assert f"/districts/{district.uid}/calendar/" in said
    assert (
        "Elm High"
        in client.get(f"/districts/{district.uid}/?format=csv&why=review").content.decode()
    )


def test_a_school_is_put_into_another_district_by_clicking(client: Client) -> None:
    elm, oak = a_district(), a_district("Oak County")
    school = a_school(elm)
    signed_in(client, Role.SAFETY_DIRECTOR)
    address = f"/districts/{elm.uid}/move/"

    assert client.get(address).status_code == 200
    same = {"school": school.uid, "district": elm.uid, "on": "2026-09-01", "source": "record"}
    refused = client.post(address, same)
    client.post(address, same | {"district": oak.uid})

    assert "belongs to this district on that day" in refused.content.decode()
    assert SchoolInDistrict.objects.as_of(date(2026, 9, 1)).get().district == oak


def test_a_school_of_elsewhere_cannot_be_moved_from_here(client: Client) -> None:
    elm, oak = a_district(), a_district("Oak County")
    school = a_school(oak)
    signed_in(client, Role.SUPERINTENDENT, elm)
    typed = {"school": school.uid, "district": elm.uid, "on": "2026-09-01", "source": "record"}

    assert client.post(f"/districts/{elm.uid}/move/", typed).status_code == 422
    assert client.post(f"/districts/{oak.uid}/move/", typed).status_code == 404
    assert SchoolInDistrict.objects.count() == 1


def test_an_id_that_two_claim_waits_on_a_page_until_a_person_chooses(client: Client) -> None:
    load(state_list(f"Elm County,Elm High,,,{ID},,", f"Elm County,Oak High,,,{ID},,"))
    signed_in(client, Role.SUPERINTENDENT, District.objects.get())
    claim = IdClaim.objects.get(school__name="Oak High")

    hint = client.get("/districts/").content.decode()
    shown = client.get("/schools/claims/").content.decode()
    after = client.post(f"/schools/claims/{claim.uid}/", {"given": "yes"}, follow=True)

    assert "One NCES id was given to more than one school" in hint
    assert "It is the id of Oak High" in shown
    assert School.objects.get(nces_id=ID).name == "Oak High"
    assert "Nothing to choose" in after.content.decode()
    assert "now with Oak High" in after.content.decode()


def test_a_get_chooses_nothing_and_nonsense_neither(client: Client) -> None:
    load(state_list(f"Elm County,Elm High,,,{ID},,", f"Elm County,Oak High,,,{ID},,"))
    signed_in(client, Role.SAFETY_DIRECTOR)
    address = f"/schools/claims/{IdClaim.objects.first().uid}/"  # type: ignore[union-attr]

    assert client.get(address).status_code == 405
    client.post(address, {"given": "perhaps"})

    assert not IdClaim.objects.exclude(is_given=None).exists()


def test_a_claim_of_another_district_is_not_there(client: Client) -> None:
    load(state_list(f"Elm County,Elm High,,,{ID},,", f"Elm County,Oak High,,,{ID},,"))
    claim = IdClaim.objects.get(school__name="Oak High")
    signed_in(client, Role.SUPERINTENDENT, a_district("Far County"))

    assert client.post(f"/schools/claims/{claim.uid}/", {"given": "yes"}).status_code == 404
    assert "Oak High" not in client.get("/schools/claims/").content.decode()


def test_lists_cost_a_fixed_number_of_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    signed_in(client, Role.SAFETY_DIRECTOR)
    for n in range(60):
        a_school(a_district(f"District {n:02}"), f"School {n}")
        an_agency(f"Agency {n:02}", None)

    for address in ("/agencies/", "/districts/", f"/districts/{District.objects.all()[0].uid}/"):
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200
