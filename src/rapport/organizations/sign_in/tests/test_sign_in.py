"""Signing in: what opens, what closes, and what a stranger can learn."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from tests.authenticator import Authenticator
from tests.hashers import QuickArgon2

from rapport.foundation.access import SYSTEM, Role
from rapport.foundation.audit.models import Line
from rapport.organizations.people import queries as people
from rapport.organizations.people.actions import close_account, end_role
from rapport.organizations.people.models import Account
from rapport.organizations.people.tests.build import (
    NOON,
    PASSWORD,
    a_person,
    a_role,
    an_account,
    an_actor_of,
    an_agency,
)
from rapport.organizations.sign_in import actions, queries
from rapport.organizations.sign_in.models import Passkey, Tries
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


class CountingHasher(QuickArgon2):
    """Counts how often it works."""

    work = 0

    def encode(self, password: str, salt: str) -> str:
        CountingHasher.work += 1
        return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        CountingHasher.work += 1
        return super().verify(password, encoded)


@pytest.fixture(autouse=True)
def quick_hashes(settings: Any) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_address_and_password_open_until_a_second_factor_is_there(
    client: Client, time: Clock
) -> None:
    account = an_account(a_person())

    answer = sign_in(client, account, next="/account/")

    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    assert is_in(client)
    line = Line.objects.get()
    assert (line.verb, line.object_id, line.subject_id) == (
        "sign_in.enter",
        account.pk,
        account.person_id,
    )
    account.refresh_from_db()
    assert account.last_seen_at == NOON


def test_the_address_opens_in_any_case_of_letters(client: Client, time: Clock) -> None:
    account = an_account(a_person())

    client.post("/sign-in/", {"email": account.email.upper(), "password": PASSWORD})

    assert is_in(client)


def test_signing_in_gives_a_new_session(client: Client, time: Clock) -> None:
    account = an_account(a_person())
    send(client, "/passkey/ask/")  # a stranger's session, which somebody might have planted
    before = client.cookies["sessionid"].value

    sign_in(client, account)

    assert client.cookies["sessionid"].value != before


def test_with_an_app_the_password_is_only_half_of_it(client: Client, time: Clock) -> None:
    account = an_account(a_person())
    totp = an_app(account, time.now)

    first = sign_in(client, account, next="/account/password/")

    assert first["Location"] == "/sign-in/code/?next=%2Faccount%2Fpassword%2F"
    assert not is_in(client)
    second = client.post(first["Location"], {"code": totp.at(time.now)})
    assert second["Location"] == "/account/password/"
    assert is_in(client)
    assert '"how":["password","app"]' in Line.objects.order_by("-id")[0].detail


def test_a_code_opens_once(client: Client, time: Clock) -> None:
    account = an_account(a_person())
    totp = an_app(account, time.now)
    code = totp.at(time.now)
    sign_in(client, account)
    client.post("/sign-in/code/", {"code": code})
    other = a_browser()
    sign_in(other, account)

    again = other.post("/sign-in/code/", {"code": code})

    assert "was used already" in words(again)
    assert not is_in(other)
    time.pass_by(seconds=30)
    other.post("/sign-in/code/", {"code": totp.at(time.now)})
    assert is_in(other)


def test_the_second_step_waits_ten_minutes_and_belongs_to_this_browser(
    client: Client, time: Clock
) -> None:
    account = an_account(a_person())
    totp = an_app(account, time.now)
    sign_in(client, account)

    elsewhere = a_browser().post("/sign-in/code/", {"code": totp.at(time.now)})
    time.pass_by(minutes=10)
    late = client.post("/sign-in/code/", {"code": totp.at(time.now)})

    assert elsewhere["Location"] == late["Location"] == "/sign-in/"


def test_a_recovery_code_takes_the_place_of_the_app_once(client: Client, time: Clock) -> None:
    account = an_account(a_person())
    an_app(account, time.now)
    codes = actions.make_recovery_codes(an_actor_of(account), account, now=time.now)
    assert len(set(codes)) == 10

    sign_in(client, account)
    client.post("/sign-in/code/", {"code": codes[3].lower().replace("-", " ")})
    other = a_browser()
    sign_in(other, account)
    other.post("/sign-in/code/", {"code": codes[3]})

    assert is_in(client)
    assert not is_in(other)
    assert queries.factors(account).codes_left == 9


def test_five_wrong_passwords_close_the_password_for_fifteen_minutes_but_not_the_person(
    client: Client, time: Clock
) -> None:
    account = an_account(a_person())
    key = a_passkey(account, time)
    account.refresh_from_db()
    for _each in range(5):
        assert "do not belong together" in words(sign_in(client, account, "wrong"))

    closed = sign_in(client, account)

    assert "closed until 17:15 UTC" in words(closed)
    assert not is_in(client)
    assert by_passkey(client, key).json() == {"next": "/"}
    assert is_in(client)
    time.pass_by(minutes=15)
    other = a_browser()
    assert sign_in(other, account)["Location"].startswith("/sign-in/code/")


def test_what_is_refused_while_the_password_is_closed_does_not_keep_it_closed(
    client: Client, time: Clock
) -> None:
    account = an_account(a_person())
    for _each in range(5):
        sign_in(client, account, "wrong")
    time.pass_by(minutes=14)
    sign_in(client, account, "wrong")

    time.pass_by(minutes=1)

    assert sign_in(client, account).status_code == 302


def test_a_stranger_who_guesses_does_not_close_the_password_on_the_owners_own_device(
    client: Client, time: Clock
) -> None:
    account = an_account(a_person())
    sign_in(client, account)
    client.post("/sign-out/")
    stranger = a_browser()
    for _each in range(5):
        sign_in(stranger, account, "wrong")

    assert "closed until" in words(sign_in(a_browser(), account))
    assert sign_in(client, account).status_code == 302
    assert is_in(client)


def test_a_forged_device_cookie_counts_as_a_stranger(client: Client, time: Clock) -> None:
    account = an_account(a_person())
    for _each in range(5):
        sign_in(a_browser(), account, "wrong")
    client.cookies["device"] = "eyJkIjoiMSJ9:1abcde:forged"

    assert "closed until" in words(sign_in(client, account))


def test_five_wrong_codes_close_the_codes_of_the_app_and_neither_recovery_code_nor_passkey(
    client: Client, time: Clock
) -> None:
    account = an_account(a_person())
    totp = an_app(account, time.now)
    recovery = actions.make_recovery_codes(an_actor_of(account), account, now=time.now)
    key = a_passkey(account, time)
    account.refresh_from_db()
    sign_in(client, account)
    for _each in range(5):
        client.post("/sign-in/code/", {"code": "000000"})

    right = client.post("/sign-in/code/", {"code": totp.at(time.now)})

    assert "Codes of the app are closed until 17:15 UTC" in words(right)
    assert client.post("/sign-in/code/", {"code": recovery[0]}).status_code == 302
    assert is_in(client)
    assert by_passkey(a_browser(), key).status_code == 200


def test_wrong_passwords_leave_lines_that_name_no_address(client: Client, time: Clock) -> None:
    account = an_account(a_person())

    sign_in(client, account, "wrong")
    client.post("/sign-in/", {"email": "nobody@maple.example", "password": "wrong"})

    one, other = Line.objects.order_by("id")
    assert (one.verb, one.object_id, one.subject_id) == (
        "sign_in.wrong",
        account.pk,
        account.person_id,
    )
    assert (one.actor_id, one.channel) == (None, "public")
    assert (other.object_id, other.subject_id) == (0, None)
    assert "@" not in one.detail + other.detail


def test_an_unknown_address_behaves_like_a_known_one(client: Client, time: Clock) -> None:
    an_account(a_person())
    an_account(a_person("Blake"), "no-password@maple.example").set_unusable_password()
    told, work = [], []
    for address in ("alex@maple.example", "nobody@maple.example", "no-password@maple.example"):
        for _each in range(6):
            CountingHasher.work = 0
            answer = a_browser().post("/sign-in/", {"email": address, "password": "wrong"})
            page = re.sub(r'value="[^"]*"', "", answer.content.decode())
            told.append((address, answer.status_code, words(answer), len(page)))
            work.append((address, CountingHasher.work))

    by_address = {a: [t[1:] for t in told if t[0] == a] for a, *_rest in told}
    first, *others = by_address.values()
    assert all(other == first for other in others)
    assert {a: [w for b, w in work if b == a] for a, _w in work} == dict.fromkeys(
        by_address, [1, 1, 1, 1, 1, 0]
    )


def test_what_was_typed_stays_except_the_password(client: Client, time: Clock) -> None:
    account = an_account(a_person())

    page = sign_in(client, account, "not the password")

    assert page.status_code == 422
    assert account.email in page.content.decode()
    assert "not the password" not in page.content.decode()


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:///evil.example",
    ],
)
def test_nobody_is_led_away_after_signing_in(client: Client, time: Clock, to: str) -> None:
    account = an_account(a_person())
    key = a_passkey(account, time)
    account.refresh_from_db()

    assert sign_in(client, account, next=to)["Location"] == "/sign-in/code/"
    question = send(client, "/passkey/ask/").json()
    answer = client.post(
        f"/sign-in/passkey/?next={to}",
        {"answer": key.show(question)},
        content_type="application/json",
    )
    assert answer.json() == {"next": "/"}


def test_a_session_ends_with_the_password_changed_elsewhere(client: Client, time: Clock) -> None:
    account = an_account(a_person())
    other = a_browser()
    sign_in(client, account)
    sign_in(other, account)

    changed = other.post("/account/password/", {"password": "another quiet morning"})

    assert changed["Location"] == "/account/"
    assert is_in(other)
    assert not is_in(client)
    assert sign_in(a_browser(), account).status_code == 422


def test_signing_out_everywhere_else_ends_all_but_this_session(client: Client, time: Clock) -> None:
    account = an_account(a_person())
    other = a_browser()
    sign_in(client, account)
    sign_in(other, account)

    other.post("/account/sessions/end/")

    assert is_in(other)
    assert not is_in(client)


def test_a_closed_account_opens_nothing_and_its_sessions_end(client: Client, time: Clock) -> None:
    account = an_account(a_person())
    key = a_passkey(account, time)
    account.refresh_from_db()
    by_passkey(client, key)
    assert is_in(client)

    close_account(SYSTEM, account, now=time.now)

    assert not is_in(client)
    assert "do not belong together" in words(sign_in(a_browser(), account))
    assert by_passkey(a_browser(), key).status_code == 422


def test_a_session_does_less_as_soon_as_the_role_has_ended(client: Client, time: Clock) -> None:
    person, agency = a_person(), an_agency()
    account = an_account(person)
    held = a_role(person, Role.DISPATCHER, agency)
    sign_in(client, account)
    assert "Dispatcher" in words(client.get("/account/"))

    end_role(SYSTEM, held, NOON.date(), now=time.now)

    assert "Dispatcher" not in words(client.get("/account/"))
    assert people.actor_for(account, now=time.now).roles == frozenset()


def test_signing_out_ends_the_session_and_tells_the_browser_to_forget(
    client: Client, time: Clock
) -> None:
    account = an_account(a_person())
    sign_in(client, account)
    cookie = client.cookies["sessionid"].value

    assert client.get("/sign-out/").status_code == 405
    answer = client.post("/sign-out/")

    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    stolen = a_browser()
    stolen.cookies["sessionid"] = cookie
    assert not is_in(stolen)


def test_opening_the_sign_in_pages_changes_nothing(
    client: Client, time: Clock, django_assert_num_queries: Any
) -> None:
    for path in ("/sign-in/", "/sign-in/code/", "/sign-in/?next=/account/"):
        for method in (client.get, client.head):
            with django_assert_num_queries(0):
                method(path)

    assert not Line.objects.exists()
    assert not Tries.objects.exists()
    assert "sessionid" not in client.cookies


class TestPasskeys:
    def test_a_passkey_opens_without_an_address(self, client: Client, time: Clock) -> None:
        account = an_account(a_person())
        key = a_passkey(account, time)

        answer = by_passkey(client, key)

        assert answer.json() == {"next": "/"}
        assert is_in(client)
        assert '"how":["passkey"]' in Line.objects.order_by("-id")[0].detail

    def test_an_answer_opens_once(self, client: Client, time: Clock) -> None:
        key = a_passkey(an_account(a_person()), time)
        answer = key.show(send(client, "/passkey/ask/").json())
        assert send(client, "/sign-in/passkey/", answer=answer).status_code == 200
        client.post("/sign-out/")
        send(client, "/passkey/ask/")

        again = send(client, "/sign-in/passkey/", answer=answer)

        assert again.status_code == 422
        assert "did not open" in again.json()["error"]

    @pytest.mark.parametrize(
        ("trait", "value"),
        [
            ("origin", "https://evil.example"),
            ("origin", "http://localhost:81"),
            ("site", "evil.example"),
            ("verified", False),
            ("handle", b"AAAA"),
        ],
    )
    def test_an_answer_of_another_page_or_without_its_person_opens_nothing(
        self, client: Client, time: Clock, trait: str, value: Any
    ) -> None:
        key = a_passkey(an_account(a_person()), time)
        setattr(key, trait, value)

        assert by_passkey(client, key).status_code == 422
        assert not is_in(client)

    def test_an_answer_five_minutes_later_opens_nothing(self, client: Client, time: Clock) -> None:
        key = a_passkey(an_account(a_person()), time)
        answer = key.show(send(client, "/passkey/ask/").json())
        time.pass_by(minutes=5, seconds=1)

        assert send(client, "/sign-in/passkey/", answer=answer).status_code == 422

    @pytest.mark.parametrize(
        "body",
        ["", "{", "[]", '{"answer": 1}', '{"answer": {}}', '{"answer": {"id": "x"}}', "x" * 70000],
    )
    def test_an_answer_that_is_none_is_refused_in_words(
        self, client: Client, time: Clock, body: str
    ) -> None:
        send(client, "/passkey/ask/")

        answer = client.post("/sign-in/passkey/", body, content_type="application/json")

        assert answer.status_code == 422
        assert "did not open" in answer.json()["error"]

    def test_a_passkey_that_seems_copied_opens_nothing(self, client: Client, time: Clock) -> None:
        account = an_account(a_person())
        key = a_passkey(account, time)
        key.count = 7
        assert by_passkey(client, key).status_code == 200
        key.count = 3

        answer = by_passkey(a_browser(), key)

        assert "seems to have been copied" in answer.json()["error"]
        key.count = 20
        assert by_passkey(a_browser(), key).status_code == 200

    def test_a_passkey_is_never_limited(self, client: Client, time: Clock) -> None:
        key = a_passkey(an_account(a_person()), time)
        for _each in range(30):
            by_passkey(client, Authenticator())

        assert by_passkey(client, key).status_code == 200

    def test_the_only_way_in_is_not_removed(self, client: Client, time: Clock) -> None:
        account = an_account(a_person(), password=None)
        a_passkey(account, time)

        with pytest.raises(ValueError, match="only way you sign in"):
            actions.remove_passkey(
                an_actor_of(account), Passkey.objects.get(), now=NOON + timedelta(minutes=1)
            )


def test_an_account_is_found_by_its_address_alone(time: Clock) -> None:
    an_account(a_person())

    assert queries.account_at(" ALEX@maple.example ") == Account.objects.get()
    assert queries.account_at("alex@maple.exampl") is None


class TestCookies:
    """What the browser is given, and what it must not keep."""

    def test_no_script_and_no_other_site_gets_at_what_opens(
        self, client: Client, time: Clock
    ) -> None:
        sign_in(client, an_account(a_person()))

        for name in ("sessionid", "device"):
            cookie = client.cookies[name]
            assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
            assert cookie["path"] == "/"
            assert not cookie["domain"]
            assert not cookie["secure"]  # plain http on one's own computer

    def test_where_the_program_is_reached_by_https_they_travel_by_nothing_else(
        self, client: Client, time: Clock, settings: Any
    ) -> None:
        settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True

        client.get("/sign-in/")
        sign_in(client, an_account(a_person()))

        for name in ("sessionid", "device", "csrftoken"):
            assert client.cookies[name]["secure"], name

    def test_the_device_names_no_address(self, client: Client, time: Clock) -> None:
        account = an_account(a_person())
        sign_in(client, account)

        kept = signing.loads(client.cookies["device"].value, salt="sign_in.device")

        assert kept["a"] == [str(account.uid)]
        assert set(kept) == {"d", "a"}

    @pytest.mark.parametrize("path", ["/sign-in/", "/account/", "/account/recovery/", "/nowhere/"])
    def test_no_page_is_kept_by_a_browser_or_in_between(
        self, client: Client, time: Clock, path: str
    ) -> None:
        sign_in(client, an_account(a_person()))

        answer = client.get(path)

        assert answer["Cache-Control"] == "private, no-store"
        assert answer["Referrer-Policy"] == "same-origin"


def test_whoever_was_half_way_in_goes_no_further_once_the_password_was_changed(
    client: Client, time: Clock
) -> None:
    account = an_account(a_person())
    totp = an_app(account, time.now)
    sign_in(client, account)
    actions.set_password(an_actor_of(account), account, "another quiet morning", now=time.now)

    answer = client.post("/sign-in/code/", {"code": totp.at(time.now)})

    assert answer["Location"] == "/sign-in/"
    assert not is_in(client)
