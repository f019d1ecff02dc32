import json
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from rapport.foundation.access import SYSTEM, Role
from rapport.foundation.audit.models import Line
from rapport.standing.agreements import actions
from rapport.standing.agreements.models import Agreement, Clause, Coverage, Settled, Signature, Term
from rapport.standing.agreements.tests.build import (
    FIRST,
    NOON,
    a_district,
    a_school,
    an_agency,
    an_agreement,
    signed,
    someone_signed_in,
)

pytestmark = pytest.mark.django_db
PAPER = {"valid_from": "2025-07-01", "source": "record", "how": "paper"}


def the_page(agreement: Agreement) -> str:
    return reverse("agreements:agreement", args=[agreement.uid])


def test_the_page_says_what_is_missing_and_has_the_button_that_mends_it(client: Client) -> None:
    agency, district = an_agency(), a_district()
    agreement = signed(an_agreement(agency, district, clauses=frozenset({8, 11, 23})), agency)
    someone_signed_in(client, Role.SUPERINTENDENT, district=district)

    page = client.get(the_page(agreement)).content.decode()

    assert "The signature of Charlottesville City." in page
    assert reverse("kinds:new", args=["signature", agreement.uid]) in page
    assert "28. complaints to either side and their investigation" in page
    assert reverse("agreements:clauses", args=[agreement.uid]) in page


def test_a_principal_reads_the_agreement_and_finds_nothing_to_change(client: Client) -> None:
    agency, district = an_agency(), a_district()
    school = a_school(district)
    agreement = an_agreement(agency, district)
    someone_signed_in(client, Role.PRINCIPAL, school=school)

    page = client.get(the_page(agreement)).content.decode()

    assert "Charlottesville Police" in page
    assert "/facts/" not in page
    assert client.get(reverse("agreements:new")).status_code == 404
    assert client.get(reverse("agreements:clauses", args=[agreement.uid])).status_code == 404


def test_an_agreement_of_others_is_not_there(client: Client) -> None:
    elsewhere = an_agreement(an_agency("Albemarle", "VA0020000"), a_district("Albemarle County"))
    someone_signed_in(client, Role.SUPERINTENDENT, district=a_district())

    assert client.get(the_page(elsewhere)).status_code == 404
    assert "Albemarle" not in client.get(reverse("agreements:agreements")).content.decode()
    new = reverse("kinds:new", args=["signature", elsewhere.uid])
    assert client.post(new, PAPER).status_code == 404


def test_a_superintendent_enters_an_agreement_and_records_both_signatures(client: Client) -> None:
    agency, district = an_agency(), a_district()
    someone_signed_in(client, Role.SUPERINTENDENT, district=district)

    answer = client.post(
        reverse("agreements:new"),
        {
            "title": "SRO agreement of 2025",
            "agencies": [str(agency.uid)],
            "districts": [str(district.uid)],
            "coverage": "whole",
            "valid_from": "2025-07-01",
            "last_day": "2028-06-30",
            "clauses": ["8", "11", "23", "28"],
            "school_official": "yes",
        },
    )
    agreement = Agreement.objects.get()
    for side in (agency, district):
        client.post(
            reverse("kinds:new", args=["signature", agreement.uid]),
            {**PAPER, "party": str(side.uid)},
        )

    assert answer.url == the_page(agreement)  # type: ignore[attr-defined]
    assert str(Term.objects.get().valid_until) == "2028-07-01"
    assert Settled.objects.get().value == "yes"
    assert Signature.objects.count() == 2
    assert "in force" in client.get(the_page(agreement)).content.decode()
    assert list(Line.objects.order_by("pk").values_list("verb", flat=True)) == [
        "agreements.draft",
        "agreements.sign",
        "agreements.sign",
    ]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"last_day": "2025-06-01"}, "The end must not lie before the start."),
        ({"valid_from": "31/02/2025"}, "31/02/2025"),
        ({"agencies": []}, "required"),
        ({"coverage": ""}, "required"),
    ],
)
def test_a_wrong_draft_is_said_and_keeps_what_was_typed(
    client: Client, wrong: dict[str, Any], said: str
) -> None:
    agency, district = an_agency(), a_district()
    someone_signed_in(client, Role.AGENCY_HEAD, agency=agency)
    typed = {
        "title": "Kept as typed",
        "agencies": [str(agency.uid)],
        "districts": [str(district.uid)],
        "coverage": "whole",
        "valid_from": "2025-07-01",
    }

    answer = client.post(reverse("agreements:new"), typed | wrong)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "Kept as typed" in answer.content.decode()
    assert not Agreement.objects.exists()


def test_an_agency_that_is_no_party_to_the_draft_cannot_make_one_for_others(client: Client) -> None:
    agency, district = an_agency(), a_district()
    someone_signed_in(client, Role.AGENCY_HEAD, agency=an_agency("Albemarle", "VA0020000"))

    answer = client.post(
        reverse("agreements:new"),
        {
            "title": "Not ours",
            "agencies": [str(agency.uid)],
            "districts": [str(district.uid)],
            "coverage": "whole",
            "valid_from": "2025-07-01",
        },
    )

    assert answer.status_code in (403, 404)
    assert not Agreement.objects.exists()


def test_clauses_are_ticked_on_one_page(client: Client) -> None:
    agency, district = an_agency(), a_district()
    agreement = an_agreement(agency, district, clauses=frozenset({8}))
    someone_signed_in(client, Role.SUPERVISOR, agency=agency)
    address = reverse("agreements:clauses", args=[agreement.uid])

    assert "checked" in client.get(address).content.decode()
    client.post(address, {"day": "2026-02-02", "clauses": ["8", "11"]})
    again = client.post(address, {"day": "2026-02-02", "clauses": ["8", "11"]})

    assert set(Clause.objects.known().values_list("number", flat=True)) == {8, 11}
    assert again.status_code == 422
    assert "Nothing was changed" in again.content.decode()


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        ("agreement", {}, "When does it run?"),
        ("clause", {"number": "12", "page": "4"}, "12. selection, placement and removal (page 4)"),
        ("term", {"says": "who_may_cover=sworn"}, "who may cover for a day: any sworn officer"),
        ("affirmation", {"outcome": "unchanged"}, "affirmed unchanged"),
        ("coverage", {"covers": "Charlottesville High"}, "Charlottesville High"),
        ("party", {"party": "Albemarle"}, "Albemarle"),
    ],
)
def test_each_part_can_be_recorded_corrected_and_withdrawn(
    client: Client, kind: str, typed: dict[str, str], words: str
) -> None:
    agency, district = an_agency(), a_district()
    named = {
        "Charlottesville High": a_school(district),
        "Albemarle": an_agency("Albemarle", "VA0020000"),
    }
    agreement = an_agreement(agency, district, valid_until=FIRST.replace(year=2026))
    someone_signed_in(client, Role.AGENCY_HEAD, agency=agency)
    said = {k: str(named[v].uid) if v in named else v for k, v in typed.items()}
    new = reverse("kinds:new", args=[kind, agreement.uid])
    dates = {"valid_from": "2025-09-01", "source": "record"}
    if kind == "agreement":
        dates["valid_from"] = "2026-07-01"  # a second term, after the first

    asked = client.get(new)
    done = client.post(new, {**dates, **said})

    assert asked.status_code == 200
    assert done.status_code == 302, done.content.decode()
    page = client.get(the_page(agreement)).content.decode()
    assert words in asked.content.decode() + page
    fact = Line.objects.order_by("pk").last()
    assert fact is not None
    uid = json.loads(fact.detail)["fact"]
    corrected = client.get(reverse("kinds:correct", args=[kind, uid]))
    assert corrected.status_code == 200
    withdrawn = client.post(reverse("kinds:withdraw", args=[kind, uid]), {"sure": "yes"})
    assert withdrawn.status_code == 302
    assert "replaced or withdrawn" in client.get(the_page(agreement)).content.decode()


def test_what_a_rule_refuses_is_said_at_the_form(client: Client) -> None:
    agency, district = an_agency(), a_district()
    agreement = an_agreement(agency, district)
    someone_signed_in(client, Role.AGENCY_HEAD, agency=agency)
    new = reverse("kinds:new", args=["signature", agreement.uid])

    future = client.post(new, {**PAPER, "party": str(agency.uid), "valid_from": "2199-01-01"})
    other = client.post(new, {**PAPER, "party": str(district.uid), "how": "signed_in"})

    assert "This date has not come yet" in future.content.decode()
    assert "Only the head of this party" in other.content.decode()
    assert not Signature.objects.exists()


def test_only_some_schools_are_named_on_the_agreements_own_page(client: Client) -> None:
    agency, district = an_agency(), a_district()
    agreement = an_agreement(agency, district, is_whole=False)
    someone_signed_in(client, Role.AGENCY_HEAD, agency=agency)

    page = client.get(the_page(agreement))

    assert not Coverage.objects.exists()
    assert page.status_code == 200
    assert reverse("kinds:new", args=["coverage", agreement.uid]) in page.content.decode()


def test_the_list_is_filtered_by_its_address_and_says_what_to_do_when_empty(client: Client) -> None:
    agency, district = an_agency(), a_district()
    school = a_school(district)
    someone_signed_in(client, Role.AGENCY_HEAD, agency=agency)
    address = reverse("agreements:agreements")
    empty = client.get(address).content.decode()
    signed(an_agreement(agency, district), agency, district)
    an_agreement(agency, district, title="Draft", is_whole=False, schools=((district, school),))

    in_force = client.get(address, {"state": "in_force"}).content.decode()
    by_name = client.get(address, {"q": "charlottesville high"}).content.decode()
    nothing = client.get(address, {"q": "zzz"}).content.decode()

    assert "No agreement is recorded yet" in empty
    assert "SRO agreement of 2025" in in_force
    assert ">Draft<" not in in_force
    assert ">Draft<" in by_name
    assert "SRO agreement of 2025" not in by_name
    assert "Nothing matches" in nothing


def test_the_list_is_taken_as_a_file_with_a_line_in_the_history(client: Client) -> None:
    agency, district = an_agency(), a_district()
    an_agreement(agency, district, clauses=frozenset({8, 11, 23}))
    someone_signed_in(client, Role.AGENCY_HEAD, agency=agency)

    file = client.get(reverse("agreements:agreements"), {"format": "csv"}).content.decode()

    assert "clause 28" in file
    assert "the signature of Charlottesville Police" in file
    assert Line.objects.order_by("pk").last().verb == "tables.export"  # type: ignore[union-attr]


def test_a_page_takes_as_many_queries_with_many_parts_as_with_few(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    agency, district = an_agency(), a_district()
    agreement = an_agreement(agency, district, clauses=frozenset(range(1, 41)))
    signed(agreement, agency, district)
    actions.record_affirmation(SYSTEM, agreement, now=NOON, outcome="adopted", valid_from=FIRST)
    someone_signed_in(client, Role.AGENCY_HEAD, agency=agency)

    with django_assert_max_num_queries(35):
        client.get(the_page(agreement))


def test_the_page_says_since_when_it_is_in_force_how_often_it_is_reviewed_and_what_it_lacks(
    client: Client,
) -> None:
    agency, district = an_agency(), a_district()
    settled = {"review_months": "12"}
    agreement = an_agreement(agency, district, clauses=frozenset({8, 11, 23}), settled=settled)
    signed(agreement, agency)
    signed(agreement, district, on=date(2025, 7, 11))
    plain = signed(an_agreement(agency, district, title="Another"), agency, district)
    someone_signed_in(client, Role.SUPERINTENDENT, district=district)

    page = client.get(the_page(agreement)).content.decode()
    other = client.get(the_page(plain)).content.decode()

    assert "since <time" in page
    assert "the day on which the last party had signed" in page
    assert 'datetime="2025-07-11"' in page
    assert "(every 12 months, as the agreement says)" in page
    assert "(every 24 months; the agreement says nothing of it)" in other
    assert "clauses of the list are not in this agreement" in page
    assert re.search(r"28\. complaints.*needed to be complete", page)
    assert "the last party had signed" not in other
