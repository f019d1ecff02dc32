"""What strangers send into the fields of sign-in: null bytes, much too much, letters that are none."""

import json
from typing import Any

import pytest
from django.test import Client
from tests.authenticator import Authenticator

from rapport.foundation.access import SYSTEM
from rapport.organizations.people.tests.build import NOON, a_person, an_account, an_actor_of
from rapport.organizations.sign_in import actions
from rapport.organizations.sign_in.models import Passkey
from rapport.organizations.sign_in.rules import passkeys
from rapport.organizations.sign_in.tests.browser import (
    Clock,
    a_browser,
    a_passkey,
    an_app,
    client,
    send,
    sign_in,
    time,
    words,
)

pytestmark = pytest.mark.django_db
__all__ = ["client", "time"]
ODD = {
    "null": "dana\x00@maple.example",
    "long": "x" * 100_000,
    "long address": "x" * 99_990 + "@maple.ex",
    "right to left": "\u202e\u2066dana\u2069",
    "joined": "👩\u200d✈\ufe0f" * 40,
    "marks": "e" + "\u0301" * 150,
    "newlines": "a\r\nSet-Cookie: x=1\r\n\r\n",
    "digits of another script": "١٢٣٤٥٦",
    "not a character": "\ufffe\uffff\ufdd0",
}
PAGES = {
    "/sign-in/": ("email", "password"),
    "/sign-in/recovery/": ("email", "password", "code"),
    "/sign-in/code/": ("code",),
    "/account/app/": ("code",),
    "/account/prove/": ("proof",),
    "/unlock/": ("proof",),
}
FIELDS = [(page, field) for page, fields in PAGES.items() for field in fields]
WHOLE = {"email": "alex@maple.example", "password": "not the password", "code": "ABCD"}


def at_the_page(client: Client, page: str, time: Clock) -> None:
    """Bring a browser to where the page answers."""
    account = an_account(a_person())
    if page in ("/sign-in/", "/sign-in/recovery/"):
        return
    if page == "/sign-in/code/":
        an_app(account, time.now)
    sign_in(client, account)
    if page == "/account/app/":
        actions.begin_app(an_actor_of(account), account, now=time.now)
    if page == "/unlock/":
        client.post("/lock/")


@pytest.mark.parametrize("what", ODD)
@pytest.mark.parametrize(("path", "field"), FIELDS)
def test_whatever_is_typed_is_answered_in_words_and_opens_nothing(
    client: Client, time: Clock, path: str, field: str, what: str
) -> None:
    at_the_page(client, path, time)
    before = client.session.get("proved"), "_auth_user_id" in client.session

    answer = client.post(path, {**{f: WHOLE.get(f, "") for f in PAGES[path]}, field: ODD[what]})

    assert answer.status_code in ((423,) if path == "/unlock/" else (422,))
    assert "error" in answer.content.decode() or "Please look at this again" in words(answer)
    assert (client.session.get("proved"), "_auth_user_id" in client.session) == before


@pytest.mark.parametrize("what", ODD)
def test_a_new_password_is_any_words_of_at_most_two_hundred_letters(
    client: Client, time: Clock, what: str
) -> None:
    link = f"/join/{actions.invite(SYSTEM, a_person(), email='a@maple.example', now=NOON).token}/"

    answer = client.post(link, {"password": ODD[what]})

    taken = what in ("right to left", "marks", "newlines", "joined") and len(ODD[what]) >= 12
    assert answer.status_code == (302 if taken else 422)


@pytest.mark.parametrize("charset", ["utf-16", "utf-7", "unicode_escape", "no-such", "latin-1"])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_form_in_another_encoding_is_no_trouble(
    client: Client, time: Clock, kind: str, charset: str
) -> None:
    an_account(a_person())
    half = b"\\ud800+2AA-\xd8\x00"
    parts = b"".join(
        b'--cut\r\nContent-Disposition: form-data; name="' + name + b'"\r\n\r\n' + value + b"\r\n"
        for name, value in ((b"email", b"alex@maple.example"), (b"password", half))
    )
    body = (
        parts + b"--cut--\r\n"
        if kind.startswith("multipart")
        else b"email=alex%40maple.example&password=%5Cud800%2B2AA-"
    )

    answer = client.generic(
        "POST", "/sign-in/", body, content_type=f"{kind}; boundary=cut; charset={charset}"
    )

    assert 400 <= answer.status_code < 500
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "body",
    [
        "[" * 60_000,
        '{"answer": ' + '{"a":' * 9_000 + "1" + "}" * 9_000 + "}",
        '{"answer": {"id": "\\ud800", "rawId": "\\ud800", "response": {}, "type": "public-key"}}',
        '{"answer": {"id": "\\u0000"}, "name": "\\u0000"}',
        '{"answer": null}',
        "\x00",
        "\ufeff{}",
    ],
)
@pytest.mark.parametrize("url", ["/sign-in/passkey/", "/passkey/prove/", "/passkey/new/"])
def test_an_answer_that_no_browser_gives_is_refused_in_words(
    client: Client, time: Clock, url: str, body: str
) -> None:
    if url != "/sign-in/passkey/":
        sign_in(client, an_account(a_person()))
    send(client, "/passkey/ask/")

    answer = client.post(url, body, content_type="application/json")

    assert answer.status_code == 422
    assert "did not open" in answer.json()["error"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\ud800\x00 work\tphone ", "work phone"),
        ("\x00\u202e", "Passkey"),
        ("x" * 100_000, "x" * 60),
        (["a"], "['a']"),
    ],
)
def test_the_name_of_a_passkey_is_kept_as_far_as_it_can_be_shown(
    client: Client, time: Clock, typed: Any, kept: str
) -> None:
    sign_in(client, an_account(a_person()))
    question = send(client, "/passkey/new/ask/").json()
    said = {"answer": Authenticator().make(question), "name": typed}

    answer = client.post("/passkey/new/", json.dumps(said), content_type="application/json")

    refused = len(json.dumps(said)) > 64 * 1024
    assert answer.status_code == (422 if refused else 200)
    assert [key.name for key in Passkey.objects.all()] == ([] if refused else [kept])


def test_a_credential_id_longer_than_any_is_refused(client: Client, time: Clock) -> None:
    sign_in(client, an_account(a_person()))
    key = Authenticator()
    key.credential_id = b"x" * (passkeys.LONGEST + 1)
    question = send(client, "/passkey/new/ask/").json()

    answer = send(client, "/passkey/new/", answer=key.make(question), name="phone")

    assert answer.status_code == 422
    assert not Passkey.objects.exists()


@pytest.mark.parametrize(
    "cookie", ['"abc\\000defghijk"', "x" * 4000, "\u00fc" * 40, '"\\377\\376abcdefgh"']
)
@pytest.mark.parametrize("name", ["sessionid", "device", "csrftoken", "messages"])
def test_a_cookie_that_was_never_given_is_nobodys(
    time: Clock, client: Client, name: str, cookie: str
) -> None:
    a_passkey(an_account(a_person()), time)

    for page in ("/sign-in/", "/account/"):
        answer = a_browser().get(page, headers={"cookie": f"{name}={cookie}"})
        assert answer.status_code in (200, 302, 400)


@pytest.mark.parametrize("to", ["/a\x00b", "/a\nb", "/" + "a" * 100_000, "/\ud7ff\uffff", "/%00"])
def test_an_odd_place_to_go_on_to_is_written_out_or_left(
    client: Client, time: Clock, to: str
) -> None:
    account = an_account(a_person())

    answer = sign_in(client, account, next=to)

    assert answer.status_code == 302
    assert answer["Location"].isascii()
    assert not set(answer["Location"]) & {"\n", "\r", "\x00"}
