"""Inviting somebody from a page: who may, what is shown once, and what it takes."""

import re
from typing import Any

import pytest
from django.test import Client

from rapport.foundation.access import Role
from rapport.foundation.audit.models import Line
from rapport.organizations.people.models import Account, Person
from rapport.organizations.people.queries import person_rows
from rapport.organizations.people.tests.build import (
    NOON,
    TODAY,
    a_district,
    a_person,
    a_role,
    an_account,
    an_actor_of,
    an_agency,
)
from rapport.organizations.places.models import Agency
from rapport.organizations.sign_in.models import Invitation
from rapport.organizations.sign_in.tests.browser import (
    Clock,
    a_browser,
    an_app,
    client,
    sign_in,
    time,
    words,
)

pytestmark = pytest.mark.django_db
__all__ = ["client", "time"]


@pytest.fixture
def head(client: Client, time: Clock) -> Account:
    """The head of an agency, signed in with an app."""
    person = a_person("Ruth Calloway")
    a_role(person, Role.AGENCY_HEAD, an_agency())
    account = an_account(person)
    totp = an_app(account, time.now)
    sign_in(client, account)
    client.post("/sign-in/code/", {"code": totp.at(time.now)})
    return account


@pytest.fixture
def officer(head: Account) -> Person:
    """An officer of that agency."""
    person = a_person("Dana Whitlock", work_email="dana@maple.example")
    a_role(person, Role.OFFICER, Agency.objects.get())
    return person


def invite(client: Client, person: Person, email: str = "dana@maple.example") -> Any:
    return client.post(f"/people/{person.uid}/invite/", {"email": email})


def test_the_link_is_shown_once_and_lets_its_person_in(client: Client, officer: Person) -> None:
    asked = client.get(f"/people/{officer.uid}/invite/")
    assert 'value="dana@maple.example"' in asked.content.decode()
    assert not Invitation.objects.exists()

    page = invite(client, officer)

    link = re.search(r"http://localhost/join/([\w-]{43})/", page.content.decode())
    assert link is not None
    assert page["Cache-Control"] == "private, no-store"
    assert link[1] not in client.get(f"/people/{officer.uid}/invite/").content.decode()
    assert "Are you Dana Whitlock?" in words(a_browser().get(f"/join/{link[1]}/"))
    line = Line.objects.get(verb="sign_in.invite")
    assert line.subject_id == officer.pk


def test_the_list_of_people_says_who_was_invited(
    client: Client, officer: Person, head: Account, time: Clock
) -> None:
    invite(client, officer)

    rows = person_rows(an_actor_of(head), [officer], day=TODAY, now=NOON)
    time.pass_by(days=8)
    later = person_rows(an_actor_of(head), [officer], day=TODAY, now=time.now)

    assert [rows[0].state, later[0].state] == ["invited", ""]


def test_an_address_of_somebody_else_is_refused_beside_the_field(
    client: Client, officer: Person, head: Account
) -> None:
    answer = invite(client, officer, head.email)

    assert answer.status_code == 422
    assert "Somebody else signs in with this address" in words(answer)
    assert not Invitation.objects.exists()


def test_whom_one_may_not_invite_is_not_there(client: Client, officer: Person) -> None:
    other = a_person("Victor Lindqvist")
    a_role(other, Role.SAFETY_DIRECTOR, a_district())

    assert client.get(f"/people/{other.uid}/invite/").status_code == 404
    assert invite(client, other).status_code == 404
    assert not Invitation.objects.exists()


def test_making_a_link_takes_a_fresh_proof(client: Client, officer: Person, time: Clock) -> None:
    time.pass_by(minutes=11)

    assert invite(client, officer)["Location"].startswith("/account/prove/")
    assert not Invitation.objects.exists()
