"""Being somebody of the demo: without a password, also after the page was locked, and nowhere else."""

from typing import Any

import pytest
from django.test import Client

from rapport.foundation.access import STRANGER, SYSTEM, NotAllowed, Role
from rapport.foundation.audit.models import Line
from rapport.organizations.people.models import Account, Person
from rapport.organizations.people.tests.build import a_person, a_role, an_account, an_agency
from rapport.organizations.sign_in import actions
from rapport.organizations.sign_in.models import Held
from rapport.organizations.sign_in.tests.browser import Clock, client, sign_in, time, words

pytestmark = pytest.mark.django_db
__all__ = ["client", "time"]


@pytest.fixture
def luis(settings: Any, time: Clock) -> Person:
    """A supervisor of a demo town, whose role asks for a second factor elsewhere."""
    settings.RAPPORT_IS_DEMO = True
    person = a_person("Luis Ferreira")
    a_role(person, Role.SUPERVISOR, an_agency())
    return person


def be(client: Client, person: Person, **said: str) -> Any:
    return client.post(f"/demo/be/{person.uid}/", said)


def test_whoever_was_idle_goes_on_with_one_tap_where_they_were(
    client: Client, luis: Person, time: Clock
) -> None:
    be(client, luis)
    time.pass_by(minutes=31)
    page = client.get("/account/")
    assert page.status_code == 423
    assert "Be Luis Ferreira again" in words(page)
    assert f'action="/demo/be/{luis.uid}/"' in page.content.decode()
    cookie = client.cookies["sessionid"].value

    answer = be(client, luis, next="/account/")

    assert answer["Location"] == "/account/"
    assert client.get("/account/").status_code == 200
    assert client.cookies["sessionid"].value == cookie  # the session goes on
    assert Line.objects.order_by("-id")[0].verb == "sign_in.unlock"


def test_nothing_that_was_typed_is_lost(client: Client, luis: Person, time: Clock) -> None:
    be(client, luis)
    time.pass_by(hours=13)
    page = client.post("/account/sessions/end/", {"note": "twenty lines"})
    held = f"/held/{Held.objects.get().uid}/"
    assert f'name="next" value="{held}"' in page.content.decode()

    be(client, luis, next=held)

    assert "twenty lines" in words(client.get(held))


def test_whoever_is_to_prove_themselves_again_can(
    client: Client, luis: Person, time: Clock
) -> None:
    be(client, luis)
    time.pass_by(minutes=11)
    asked = client.get("/account/password/")
    assert "Be Luis Ferreira again" in words(client.get(asked["Location"]))

    be(client, luis, next="/account/password/")

    assert client.get("/account/password/").status_code == 200


def test_being_somebody_else_opens_a_session_of_its_own(
    client: Client, luis: Person, time: Clock
) -> None:
    other = a_person("Ruth Calloway")
    a_role(other, Role.DISPATCHER, an_agency(ori="VA2220000"))
    be(client, luis)
    before = client.cookies["sessionid"].value
    time.pass_by(minutes=31)

    be(client, other)

    assert "Ruth Calloway" in words(client.get("/account/"))
    assert client.cookies["sessionid"].value != before
    assert Account.objects.count() == 2


def test_outside_of_a_demo_nobody_is_anybody(
    client: Client, luis: Person, settings: Any, time: Clock
) -> None:
    be(client, luis)
    settings.RAPPORT_IS_DEMO = False

    assert be(client, luis).status_code == 404
    assert client.get("/demo/").status_code == 404
    assert client.get("/history/")["Location"] == "/account/second-factor/"
    time.pass_by(minutes=31)
    assert "again" not in words(client.get("/account/"))


def test_whoever_signed_in_by_password_is_not_let_through_the_lock_by_a_tap(
    client: Client, luis: Person, time: Clock
) -> None:
    sign_in(client, an_account(luis, "luis@demo.invalid"))
    cookie = client.cookies["sessionid"].value
    time.pass_by(minutes=31)
    assert "again" not in words(client.get("/account/"))

    be(client, luis)

    assert client.cookies["sessionid"].value != cookie  # it begins anew, as for anybody
    assert Line.objects.order_by("-id")[0].verb == "sign_in.enter"


def test_whoever_has_a_link_or_a_sign_in_of_his_own_is_nobody_to_choose(
    client: Client, luis: Person, time: Clock
) -> None:
    asked, real = a_person("Ada Asked"), a_person("Rea Real")
    for n, person in enumerate((asked, real)):
        a_role(person, Role.DISPATCHER, an_agency(ori=f"VA333000{n}"))
    token = actions.invite(SYSTEM, asked, email="ada@maple.example", now=time.now).token
    an_account(real, "rea@maple.example")

    chooser = words(client.get("/demo/"))

    assert "Luis Ferreira" in chooser
    for person in (asked, real):
        assert person.name not in chooser
        assert be(client, person).status_code == 404
        with pytest.raises(NotAllowed):
            actions.be_somebody(STRANGER, person, now=time.now)
    assert client.post(f"/join/{token}/", {"password": "a quiet day at home"}).status_code == 302
    assert be(client, asked).status_code == 404


def test_whoever_leaves_a_person_of_the_demo_comes_back_to_the_choice(
    client: Client, luis: Person
) -> None:
    be(client, luis)

    left = client.post("/sign-out/")

    assert left["Location"] == "/demo/"
    assert 'href="/demo/"' in client.get("/sign-in/").content.decode()
