"""What a person does in a browser, for the tests of pages. Time stands still unless it is moved."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pyotp
import pytest
from django.test import Client
from tests.authenticator import Authenticator

from rapport.foundation import clock
from rapport.organizations.people.models import Account
from rapport.organizations.people.tests.build import NOON, PASSWORD, an_actor_of
from rapport.organizations.sign_in import actions, queries


class Clock:
    """The time that the pages read."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Clock:
    """Stop the clock at noon, and ask for second factors as the program does."""
    stopped = Clock()
    monkeypatch.setattr(clock, "now", stopped)
    settings.RAPPORT_SECOND_FACTOR = True
    return stopped


def a_browser() -> Client:
    """Return a browser on this computer: passkeys need a name, and HTTPS or localhost."""
    return Client(headers={"host": "localhost"})


@pytest.fixture
def client() -> Client:
    """One browser."""
    return a_browser()


def sign_in(client: Client, account: Account, password: str = PASSWORD, **more: str) -> Any:
    """Send address and password."""
    return client.post("/sign-in/", {"email": account.email, "password": password, **more})


def send(client: Client, url: str, **said: Any) -> Any:
    """Send JSON, as the page's script does."""
    return client.post(url, json.dumps(said), content_type="application/json")


def by_passkey(client: Client, key: Authenticator, url: str = "/sign-in/passkey/") -> Any:
    """Ask for a passkey and answer."""
    question = send(client, "/passkey/ask/").json()
    return send(client, url, answer=key.show(question))


def a_passkey(account: Account, time: Clock) -> Authenticator:
    """Give an account a passkey, by the pages themselves."""
    key, client = Authenticator(), a_browser()
    client.force_login(account)
    session = client.session
    session["proved"] = session["signed_in"] = session["seen"] = time.now.isoformat()
    session.save()
    question = send(client, "/passkey/new/ask/").json()
    answer = send(client, "/passkey/new/", answer=key.make(question), name="phone")
    assert answer.status_code == 200, answer.content
    return key


def an_app(account: Account, now: datetime) -> pyotp.TOTP:
    """Give an account an authenticator app whose first code was that of a minute ago."""
    actor = an_actor_of(account)
    app = actions.begin_app(actor, account, now=now)
    totp = pyotp.TOTP(queries.secret_of(app))
    before = now - timedelta(minutes=1)
    actions.confirm_app(actor, app, totp.at(before), now=before)
    return totp


def words(response: Any) -> str:
    """Return what a page says, without its marks."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.split())
