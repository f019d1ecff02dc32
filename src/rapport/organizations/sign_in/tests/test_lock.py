"""The lock: what it hides, what opens it, and that nothing typed is lost."""

import re
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.utils.html import escape

from rapport.foundation.access import STRANGER, Role
from rapport.foundation.audit.models import Line
from rapport.organizations.people.tests.build import (
    NOON,
    PASSWORD,
    a_person,
    a_role,
    an_account,
    an_agency,
)
from rapport.organizations.sign_in import actions, queries
from rapport.organizations.sign_in.models import Held
from rapport.organizations.sign_in.tests.browser import (
    Clock,
    a_browser,
    a_passkey,
    an_app,
    by_passkey,
    client,
    send,
    sign_in,
    time,
    words,
)

pytestmark = pytest.mark.django_db
__all__ = ["client", "time"]
SENT: list[dict[str, list[str]]] = []


def note(request: HttpRequest) -> HttpResponse:
    """Stand for any page with a form."""
    if request.method == "POST":
        SENT.append(dict(request.POST.lists()))
        return HttpResponse(status=422 if "bad" in request.POST else 302, headers={"Location": "/"})
    return HttpResponse("a secret page")


class Urls:
    """The program's addresses, and one page with a form."""

    urlpatterns = [*import_module(settings.ROOT_URLCONF).urlpatterns, path("note/", note)]


@pytest.fixture(autouse=True)
def a_page_with_a_form(settings: Any) -> None:
    settings.ROOT_URLCONF = Urls
    SENT.clear()


@pytest.fixture
def account(client: Client, time: Clock) -> Any:
    account = an_account(a_person("Dana Ruiz"))
    sign_in(client, account)
    return account


def test_after_thirty_idle_minutes_every_page_shows_the_lock_and_nothing_else(
    client: Client, account: Any, time: Clock
) -> None:
    time.pass_by(minutes=29, seconds=59)
    assert client.get("/note/").content == b"a secret page"
    time.pass_by(minutes=30)

    page = client.get("/note/")

    assert page.status_code == 423
    assert "Locked Dana Ruiz" in words(page)
    assert "a secret page" not in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    assert client.get("/account/").status_code == 423


def test_whoever_does_something_now_and_then_is_not_locked_out(
    client: Client, account: Any, time: Clock
) -> None:
    for _each in range(5):
        time.pass_by(minutes=20)
        assert client.get("/note/").status_code == 200


def test_what_asks_by_itself_does_not_keep_a_session_open(
    client: Client, account: Any, time: Clock
) -> None:
    for _each in range(4):
        time.pass_by(minutes=10)
        last = client.get("/note/", headers={"Rapport-Quiet": "1"})

    assert last.status_code == 423


def test_a_page_that_says_somebody_is_typing_keeps_it_open(
    client: Client, account: Any, time: Clock
) -> None:
    for _each in range(4):
        time.pass_by(minutes=20)
        assert client.post("/here/").status_code == 204

    assert client.get("/note/").status_code == 200


def test_a_locked_session_is_nobody_on_public_pages(
    client: Client, account: Any, time: Clock
) -> None:
    client.post("/lock/")

    assert "Dana Ruiz" not in words(client.get("/join/nothing/"))


def test_its_person_locks_it_and_opens_it_with_the_password(
    client: Client, account: Any, time: Clock
) -> None:
    assert client.post("/lock/", {"next": "/note/"})["Location"] == "/note/"
    assert client.get("/note/").status_code == 423

    wrong = client.post("/unlock/?next=/note/", {"proof": "wrong"})
    right = client.post("/unlock/?next=/note/", {"proof": PASSWORD})

    assert "do not belong together" in words(wrong)
    assert right["Location"] == "/note/"
    assert client.get("/note/").status_code == 200
    line = Line.objects.order_by("-id")[0]
    assert (line.verb, line.actor_id, line.detail) == (
        "sign_in.unlock",
        account.person_id,
        '{"how":["password"]}',
    )


def test_a_code_of_the_app_or_a_passkey_opens_it_too(client: Client, time: Clock) -> None:
    account = an_account(a_person())
    totp, key = an_app(account, time.now), a_passkey(account, time)
    account.refresh_from_db()
    by_passkey(client, key)

    client.post("/lock/")
    client.post("/unlock/", {"proof": totp.at(time.now)})
    assert client.get("/note/").status_code == 200
    client.post("/lock/")
    assert by_passkey(client, key, "/passkey/prove/?next=/note/").json() == {"next": "/note/"}
    assert client.get("/note/").status_code == 200


def test_only_its_own_person_opens_it(client: Client, account: Any, time: Clock) -> None:
    other = an_account(a_person("Blake"), "blake@maple.example")
    key = a_passkey(other, time)
    client.post("/lock/")

    answer = by_passkey(client, key, "/passkey/prove/")

    assert "belongs to somebody else" in answer.json()["error"]
    assert client.get("/note/").status_code == 423


def test_five_wrong_proofs_close_the_password_here_as_well(
    client: Client, account: Any, time: Clock
) -> None:
    key = a_passkey(account, time)
    account.refresh_from_db()
    by_passkey(client, key)
    client.post("/lock/")
    for _each in range(5):
        client.post("/unlock/", {"proof": "wrong"})

    closed = client.post("/unlock/", {"proof": PASSWORD})

    assert "closed until" in words(closed)
    assert by_passkey(client, key, "/passkey/prove/").status_code == 200


def test_after_twelve_hours_it_opens_only_by_the_whole_sign_in(client: Client, time: Clock) -> None:
    account = an_account(a_person())
    totp = an_app(account, time.now)
    sign_in(client, account)
    client.post("/sign-in/code/", {"code": totp.at(time.now)})
    time.pass_by(hours=12)

    half = client.post("/unlock/", {"proof": PASSWORD})
    whole = client.post("/unlock/", {"password": PASSWORD, "code": totp.at(time.now)})

    assert half.status_code == 423
    assert whole.status_code == 302
    assert client.get("/note/").status_code == 200


def test_what_was_sent_while_locked_is_kept_sealed_and_sent_again_after_unlocking(
    client: Client, account: Any, time: Clock
) -> None:
    time.pass_by(hours=15)
    typed = {"words": "she said <b>no</b>", "days": ["1", "2"], "csrfmiddlewaretoken": "x"}

    locked = client.post("/note/?tab=2", typed)

    assert locked.status_code == 423
    assert "What you sent is kept" in words(locked)
    assert SENT == []
    row = Held.objects.get()
    assert b"she said" not in bytes(row.sealed)
    client.post(f"/unlock/?next=/held/{row.uid}/", {"proof": PASSWORD})
    page = client.get(f"/held/{row.uid}/").content.decode()
    assert escape("she said <b>no</b>") in page
    action = re.search(r'action="(/note/[^"]*)"', page)
    assert action is not None
    hidden = re.findall(r'type="hidden" name="(words|days)" value="([^"]*)"', page)
    assert len(hidden) == 3

    client.post(
        action[1].replace("&amp;", "&"), {"words": "she said <b>no</b>", "days": ["1", "2"]}
    )

    assert SENT == [{"words": ["she said <b>no</b>"], "days": ["1", "2"]}]
    assert "tab=2" in action[1]
    assert not Held.objects.exists()


def test_what_is_shown_again_for_mending_is_no_longer_kept_and_what_was_refused_is(
    client: Client, account: Any, time: Clock
) -> None:
    client.post("/lock/")
    client.post("/note/", {"words": "one"})
    client.post("/note/", {"words": "two"})
    one, two = Held.objects.order_by("pk")
    client.post("/unlock/", {"proof": PASSWORD})

    client.post(f"/nowhere/?held={one.uid}", {"words": "one"})
    client.post(f"/note/?held={two.uid}", {"words": "two", "bad": "1"})

    assert list(Held.objects.all()) == [one]


def test_a_file_is_not_kept_and_the_page_says_so(client: Client, account: Any, time: Clock) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client.post("/lock/")
    client.post("/note/", {"words": "x", "file": SimpleUploadedFile("card.pdf", b"%PDF")})
    client.post("/unlock/", {"proof": PASSWORD})

    page = client.get(f"/held/{Held.objects.get().uid}/")

    assert "attach card.pdf again" in words(page)


def test_passwords_are_never_kept(client: Client, account: Any, time: Clock) -> None:
    client.post("/lock/")

    client.post("/account/password/", {"password": "one more quiet morning"})

    assert not Held.objects.exists()


def test_what_was_kept_is_its_own_persons_alone_and_can_be_thrown_away(
    client: Client, account: Any, time: Clock
) -> None:
    client.post("/lock/")
    client.post("/note/", {"words": "mine"})
    row = Held.objects.get()
    other = a_browser()
    sign_in(other, an_account(a_person("Blake"), "blake@maple.example"))

    assert other.get(f"/held/{row.uid}/").status_code == 404
    other.post(f"/held/{row.uid}/drop/")
    other.post(f"/note/?held={row.uid}", {"words": "not mine"})
    assert Held.objects.exists()
    client.post("/unlock/", {"proof": PASSWORD})
    client.post(f"/held/{row.uid}/drop/")
    assert not Held.objects.exists()


def test_partial_updates_are_sent_to_the_lock(client: Client, account: Any, time: Clock) -> None:
    client.post("/lock/")

    asked = client.get("/note/", headers={"HX-Request": "true"})
    sent = client.post("/note/", {"words": "x"}, headers={"HX-Request": "true"})

    assert (asked.status_code, asked["HX-Refresh"]) == (423, "true")
    assert sent["HX-Redirect"] == f"/held/{Held.objects.get().uid}/"
    assert b"a secret page" not in asked.content


def test_what_is_held_moves_nowhere_else(client: Client, account: Any, time: Clock) -> None:
    from rapport.foundation.vault import VaultTrouble

    client.post("/lock/")
    client.post("/note/", {"words": "one"})
    client.post("/note/", {"words": "two"})
    one, two = Held.objects.order_by("pk")
    one.sealed = two.sealed

    with pytest.raises(VaultTrouble):
        queries.words_held(one)


def test_somebody_else_signs_out_of_a_locked_session(
    client: Client, account: Any, time: Clock
) -> None:
    client.post("/lock/")

    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert client.get("/note/").status_code == 302


class TestSecondFactor:
    """Roles that read personnel or children's records prove more than a password."""

    @pytest.fixture
    def officer(self, client: Client, time: Clock) -> Any:
        person = a_person()
        account = an_account(person)
        a_role(person, Role.OFFICER, an_agency())
        sign_in(client, account)
        return account

    def test_until_it_is_there_nothing_else_opens(
        self, client: Client, officer: Any, time: Clock
    ) -> None:
        for answer in (client.get("/note/"), client.post("/note/", {"words": "x"})):
            assert (answer.status_code, answer["Location"]) == (302, "/account/second-factor/")
        assert SENT == []
        assert "a password alone is not enough" in words(client.get("/account/second-factor/"))

    def test_an_app_opens_the_rest(self, client: Client, officer: Any, time: Clock) -> None:
        import pyotp

        client.post("/account/app/begin/")
        page = client.get("/account/app/").content.decode()
        assert 'src="data:image/svg+xml' in page
        secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
        assert secret is not None
        totp = pyotp.TOTP(secret[1].replace(" ", ""))

        wrong = client.post("/account/app/", {"code": "000000"})
        right = client.post("/account/app/", {"code": totp.at(time.now)})

        assert wrong.status_code == 422
        assert right["Location"] == "/account/recovery/"
        assert client.get("/note/").status_code == 200
        shown = words(client.post("/account/recovery/"))
        assert len(re.findall(r"\b[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}\b", shown)) == 10
        assert "[A-Z2-7]{4}-" not in words(client.get("/account/recovery/"))

    def test_a_passkey_opens_the_rest(self, client: Client, officer: Any, time: Clock) -> None:
        from tests.authenticator import Authenticator

        key = Authenticator()
        question = send(client, "/passkey/new/ask/").json()
        send(client, "/passkey/new/", answer=key.make(question))

        assert client.get("/note/").status_code == 200

    def test_whoever_signed_in_elsewhere_by_the_password_alone_is_out(
        self, client: Client, officer: Any, time: Clock
    ) -> None:
        other = a_browser()
        sign_in(other, officer)

        a_passkey(officer, time)

        assert other.get("/account/").status_code == 302

    def test_a_role_that_reads_no_such_records_needs_none(
        self, client: Client, time: Clock
    ) -> None:
        person = a_person()
        a_role(person, Role.DISPATCHER, an_agency())
        sign_in(client, an_account(person))

        assert client.get("/note/").status_code == 200

    def test_changes_of_the_sign_in_ask_for_a_proof_ten_minutes_old_at_most(
        self, client: Client, officer: Any, time: Clock
    ) -> None:
        time.pass_by(minutes=10)

        asked = client.get("/account/password/")
        refused = client.post("/account/password/", {"password": "one more quiet morning"})

        assert asked["Location"] == "/account/prove/?next=%2Faccount%2Fpassword%2F"
        assert refused["Location"] == "/account/prove/?next=%2Faccount%2F"
        client.post(asked["Location"], {"proof": PASSWORD})
        assert client.get("/account/password/").status_code == 200


def test_what_is_kept_of_one_account_is_bounded_and_the_newest_always_fits() -> None:
    account = an_account(a_person())

    for n in range(8):
        actions.hold(STRANGER, account, f"/page/{n}/", b"x" * 1_000_000, now=NOON)
    kept = [row.path for row in queries.held(account)]
    actions.hold(STRANGER, account, "/large/", b"x" * 6_000_000, now=NOON)

    assert kept == [f"/page/{n}/" for n in (7, 6, 5, 4)]
    assert [row.path for row in queries.held(account)] == ["/large/"]
