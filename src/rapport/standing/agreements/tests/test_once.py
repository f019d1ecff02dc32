import re
import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from rapport.foundation.access import Role
from rapport.foundation.audit.models import Line
from rapport.standing.agreements.models import Agreement, Signature
from rapport.standing.agreements.tests.build import (
    a_district,
    an_agency,
    an_agreement,
    someone_signed_in,
)

NEW = "/agreements/new/"


def mark_of(client: Client, url: str) -> str:
    page = client.get(url).content.decode()
    found = re.search(r'name="once" value="([0-9a-f-]{36})"', page)
    assert found is not None
    return found[1]


def what_it_says(client: Client, title: str = "SRO agreement") -> dict[str, Any]:
    agency, district = an_agency(), a_district()
    someone_signed_in(client, Role.SUPERVISOR, agency=agency)
    return {
        "title": title,
        "agencies": [str(agency.uid)],
        "districts": [str(district.uid)],
        "coverage": "whole",
        "valid_from": "2025-07-01",
    }


@pytest.mark.django_db
def test_a_button_pressed_twice_makes_one_agreement_and_leads_to_it_both_times(
    client: Client,
) -> None:
    said = what_it_says(client)
    said["once"] = mark_of(client, NEW)

    first, second = client.post(NEW, said), client.post(NEW, said)

    agreement = Agreement.objects.get()
    page = reverse("agreements:agreement", args=[agreement.uid])
    assert (first["Location"], second["Location"]) == (page, page)
    assert Line.objects.filter(verb="agreements.draft").count() == 1
    assert "sent already" in client.get(page).content.decode()


@pytest.mark.django_db
def test_what_was_refused_can_be_sent_again_with_its_mark(client: Client) -> None:
    said = what_it_says(client)
    said["once"] = mark_of(client, NEW)

    refused = client.post(NEW, said | {"title": ""})
    mended = client.post(NEW, said)

    assert refused.status_code == 422
    assert said["once"] in refused.content.decode()
    assert mended.status_code == 302
    assert Agreement.objects.count() == 1


@pytest.mark.django_db
def test_a_form_opened_anew_makes_another(client: Client) -> None:
    said = what_it_says(client)

    for _again in range(2):
        client.post(NEW, said | {"once": mark_of(client, NEW), "title": f"No. {_again}"})

    assert Agreement.objects.count() == 2


@pytest.mark.django_db
def test_other_words_under_the_same_mark_are_kept_too(client: Client) -> None:
    said = what_it_says(client)
    said["once"] = mark_of(client, NEW)

    client.post(NEW, said)
    client.post(NEW, said | {"title": "Another"})

    assert set(Agreement.objects.values_list("title", flat=True)) == {said["title"], "Another"}


@pytest.mark.django_db
def test_the_mark_of_somebody_else_leads_nowhere_of_theirs(client: Client) -> None:
    said = what_it_says(client)
    said["once"] = mark_of(client, NEW)
    client.post(NEW, said)
    other, agency = Client(), an_agency("Albemarle", "VA0020000")
    district = a_district("Albemarle County")
    someone_signed_in(other, Role.SUPERVISOR, agency=agency, email="other@example.org")
    theirs = said | {"agencies": [str(agency.uid)], "districts": [str(district.uid)]}

    answer = other.post(NEW, theirs)

    made = Agreement.objects.latest("pk")
    assert answer["Location"] == reverse("agreements:agreement", args=[made.uid])
    assert Agreement.objects.count() == 2


@pytest.mark.django_db
def test_a_part_recorded_twice_by_one_form_is_there_once(client: Client) -> None:
    agency, district = an_agency(), a_district()
    agreement = an_agreement(agency, district)
    someone_signed_in(client, Role.SUPERVISOR, agency=agency)
    new = reverse("kinds:new", args=["signature", agreement.uid])
    said = {"party": str(agency.uid), "how": "paper", "valid_from": "2025-07-01"}
    said |= {"source": "record", "once": mark_of(client, new)}

    answers = [client.post(new, said).status_code for _again in range(2)]

    assert answers == [302, 302]
    assert Signature.objects.count() == 1


@pytest.mark.django_db
def test_the_same_agreement_typed_in_two_tabs_is_asked_about(client: Client) -> None:
    said = what_it_says(client)
    first, second = mark_of(client, NEW), mark_of(client, NEW)
    client.post(NEW, said | {"once": first})

    asked = client.post(NEW, said | {"once": second, "title": "sro Agreement "})
    sure = client.post(NEW, said | {"once": second, "sure": "on"})

    assert "is recorded already" in asked.content.decode()
    assert (asked.status_code, sure.status_code) == (422, 302)
    assert Agreement.objects.count() == 2


def test_two_presses_at_the_same_moment_make_one_agreement(committed: str) -> None:
    client = Client()
    said = what_it_says(client)
    said["once"] = mark_of(client, NEW)
    start, led = threading.Barrier(2), []

    def press() -> None:
        own = Client()
        own.cookies = client.cookies
        start.wait()
        try:
            led.append(own.post(NEW, said).headers.get("Location"))
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    page = reverse("agreements:agreement", args=[Agreement.objects.get().uid])
    assert led == [page, page]
