"""Inviting on a page: who may, that the link is shown once, and that a new one ends the old."""

import re
from typing import Any

import pytest
from django.test import Client

from rapport.foundation.access import Role
from rapport.foundation.audit.models import Line
from rapport.organizations.people.models import Account, Person
from rapport.organizations.people.tests.build import (
    PASSWORD,
    a_person,
    a_role,
    an_account,
    an_agency,
)
from rapport.organizations.sign_in.models import Invitation
from rapport.organizations.sign_in.tests.browser import Clock, a_browser, client, time, words

__all__ = ["client", "time"]
pytestmark = pytest.mark.django_db


def signed_in(role: Role, at: Any = None) -> tuple[Person, Client]:
    person = a_person("Casey Nguyen")
    a_role(person, role, at)
    browser = a_browser()
    browser.force_login(an_account(person, "casey@maple.example"))
    return person, browser


def proved(browser: Client, time: Clock) -> None:
    session = browser.session
    session["proved"] = session["signed_in"] = session["seen"] = time.now.isoformat()
    session["second"] = True
    session.save()


def link_on(page: Any) -> str:
    found = re.findall(r"http://localhost(/join/[\w-]+/)", page.content.decode())
    assert found
    return str(found[0])


def test_the_link_is_shown_once_and_lets_the_person_in(time: Clock) -> None:
    agency = an_agency()
    _me, browser = signed_in(Role.ADMINISTRATOR)
    proved(browser, time)
    rosa = a_person("Rosa Diaz", work_email="rosa@maple.example")
    a_role(rosa, Role.SUPERVISOR, agency)
    there = f"/people/{rosa.uid}/invite/"

    assert 'value="rosa@maple.example"' in browser.get(there).content.decode()
    shown = browser.post(there, {"email": "rosa@maple.example"})
    link = link_on(shown)

    assert "It is shown now and never again" in words(shown)
    assert "no-store" in shown["Cache-Control"]
    token = link.split("/")[2]
    assert token not in browser.get(there).content.decode()
    assert token not in browser.get(f"/people/{rosa.uid}/").content.decode()
    assert not [line for line in Line.objects.all() if token in line.detail]
    assert Invitation.objects.get().token_hash != token
    answer = a_browser().post(link, {"password": PASSWORD, "again": PASSWORD})
    assert answer.status_code == 302
    assert Account.objects.get(person=rosa).email == "rosa@maple.example"


def test_a_new_link_ends_the_old_one_and_the_page_says_so(time: Clock) -> None:
    _me, browser = signed_in(Role.ADMINISTRATOR)
    proved(browser, time)
    rosa = a_person("Rosa Diaz")
    there = f"/people/{rosa.uid}/invite/"

    first = link_on(browser.post(there, {"email": "rosa@maple.example"}))
    assert "A link waits to be used" in words(browser.get(there))
    second = link_on(browser.post(there, {"email": "rosa@maple.example"}))

    assert "A newer link took the place" in words(a_browser().get(first))
    assert a_browser().get(second).status_code == 200
    time.pass_by(days=8)
    proved(browser, time)
    assert "A link waits" not in words(browser.get(there))
    third = link_on(browser.post(there, {"email": "rosa@maple.example"}))
    assert a_browser().get(third).status_code == 200


def test_whoever_has_a_sign_in_is_told_to_lose_it_by_the_link(time: Clock) -> None:
    _me, browser = signed_in(Role.ADMINISTRATOR)
    proved(browser, time)
    rosa = a_person("Rosa Diaz")
    an_account(rosa, "rosa@maple.example")

    page = browser.get(f"/people/{rosa.uid}/invite/")

    assert "This person has a sign-in already" in words(page)
    assert 'value="rosa@maple.example"' in page.content.decode()


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "required"),
        ("rosa", "Write the whole address"),
        ("rosa\0@maple.example", "U+0000"),
        ("casey@maple.example", "Somebody else signs in with this address"),
    ],
)
def test_an_address_that_cannot_be_is_refused_and_no_link_is_made(
    typed: str, why: str, time: Clock
) -> None:
    _me, browser = signed_in(Role.ADMINISTRATOR)
    proved(browser, time)
    rosa = a_person("Rosa Diaz")

    answer = browser.post(f"/people/{rosa.uid}/invite/", {"email": typed})

    assert answer.status_code == 422
    assert why in words(answer)
    assert not Invitation.objects.exists()


def test_a_head_invites_only_whom_he_could_give_every_role(time: Clock) -> None:
    mine, other = an_agency(), an_agency("Oak Police", "VA2220000")
    me, browser = signed_in(Role.AGENCY_HEAD, mine)
    proved(browser, time)
    rosa, otto = a_person("Rosa Diaz", agency=mine), a_person("Otto Berg", agency=mine)
    a_role(otto, Role.OFFICER, other)
    stranger = a_person("Sam Stranger")

    assert browser.get(f"/people/{rosa.uid}/invite/").status_code == 200
    assert "Invite to sign in" in words(browser.get(f"/people/{rosa.uid}/"))
    for person in (otto, stranger, me):
        assert browser.get(f"/people/{person.uid}/invite/").status_code == 404
        answer = browser.post(f"/people/{person.uid}/invite/", {"email": "x@maple.example"})
        assert answer.status_code == 404
    assert "Invite to sign in" not in words(browser.get(f"/people/{otto.uid}/"))
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.OFFICER, Role.INVESTIGATOR])
def test_nobody_else_makes_a_link(role: Role, time: Clock) -> None:
    agency = an_agency()
    _me, browser = signed_in(role, agency)
    proved(browser, time)
    rosa = a_person("Rosa Diaz", agency=agency)

    assert browser.get(f"/people/{rosa.uid}/invite/").status_code == 404


def test_a_link_is_made_only_after_a_fresh_proof_of_who_asks(time: Clock) -> None:
    _me, browser = signed_in(Role.ADMINISTRATOR)
    proved(browser, time)
    rosa = a_person("Rosa Diaz")
    time.pass_by(minutes=11)

    answer = browser.get(f"/people/{rosa.uid}/invite/")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/prove/?next=")
    assert browser.post(f"/people/{rosa.uid}/invite/", {"email": "r@x.example"}).status_code == 302
    assert not Invitation.objects.exists()
