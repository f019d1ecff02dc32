from datetime import date

import pytest
from django.test import Client

from rapport.foundation.access import Role
from rapport.standing.officers.tests.build import a_person, an_agency, an_officer, signed_in
from rapport.standing.selection.models import Evaluation, Selection
from rapport.standing.selection.tests.build import a_selection

pytestmark = pytest.mark.django_db


def test_a_sergeant_records_how_an_officer_was_selected_and_by_whom(client: Client) -> None:
    agency = an_agency()
    officer = an_officer(agency)
    sergeant = signed_in(client, Role.SUPERVISOR, agency)
    address = f"/facts/selection/new/{officer.uid}/"
    typed = {
        "agency": str(agency.uid),
        "outcome": "selected",
        "method": "panel",
        "district_part": "on_panel",
        "decided_by": str(sergeant.uid),
        "valid_from": "2024-05-06",
        "source": "record",
    }

    page = client.get(address).content.decode()
    answer = client.post(address, typed)

    made = Selection.objects.get()
    assert "How was this officer selected?" in page
    assert answer["Location"] == f"/officers/{officer.uid}/"
    assert (made.decided_by_id, made.valid_from) == (sergeant.pk, date(2024, 5, 6))


def test_a_correction_keeps_who_decided_also_when_that_person_has_left(client: Client) -> None:
    agency, former = an_agency(), a_person("Ada Quill", "Chief")
    made = a_selection(an_officer(agency), agency, decided_by_id=former.pk)
    signed_in(client, Role.SUPERVISOR, agency)
    address = f"/facts/selection/{made.uid}/correct/"
    typed = {
        "agency": str(agency.uid),
        "outcome": "selected",
        "method": "interview",
        "district_part": "on_panel",
        "decided_by": str(former.uid),
        "valid_from": "2024-05-06",
        "source": "record",
    }

    page = client.get(address).content.decode()
    client.post(address, typed)

    assert f'<option value="{former.uid}" selected>' in page
    assert Selection.objects.known().get().method == "interview"
    assert Selection.objects.known().get().decided_by_id == former.pk


def test_an_evaluation_is_a_day_and_has_no_last_one(client: Client) -> None:
    agency = an_agency()
    officer = an_officer(agency)
    signed_in(client, Role.AGENCY_HEAD, agency)
    address = f"/facts/evaluation/new/{officer.uid}/"

    page = client.get(address).content.decode()
    client.post(
        address,
        {
            "agency": str(agency.uid),
            "district_part": "concurred",
            "valid_from": "2025-06-02",
            "source": "statement",
        },
    )

    assert "last_day" not in page
    assert Evaluation.objects.get().valid_until is None


def test_nobody_finds_a_form_to_evaluate_themselves(client: Client) -> None:
    agency = an_agency()
    officer = an_officer(agency)
    signed_in(client, Role.SUPERVISOR, agency, person=officer.person)

    assert client.get(f"/facts/evaluation/new/{officer.uid}/").status_code == 404
    assert client.get(f"/facts/selection/new/{officer.uid}/").status_code == 404
    assert client.get(f"/facts/employment/new/{officer.uid}/").status_code == 200


def test_a_second_evaluation_on_one_day_is_asked_about(client: Client) -> None:
    agency = an_agency()
    officer = an_officer(agency)
    signed_in(client, Role.SUPERVISOR, agency)
    address = f"/facts/evaluation/new/{officer.uid}/"
    typed = {"agency": str(agency.uid), "district_part": "on_panel", "valid_from": "2024-05-06"}
    typed["source"] = "record"
    client.post(address, typed)

    asked = client.post(address, typed)
    sure = client.post(address, typed | {"sure": "on"})

    assert "recorded for this day already" in asked.content.decode()
    assert (asked.status_code, sure.status_code) == (422, 302)
    assert Evaluation.objects.count() == 2
