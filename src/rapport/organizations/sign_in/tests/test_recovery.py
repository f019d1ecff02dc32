"""Signing in while the password is closed: a recovery code beside it, which no stranger can close."""

from typing import Any

import pytest
from django.test import Client

from rapport.foundation.audit.models import Line
from rapport.organizations.people.models import Account
from rapport.organizations.people.tests.build import PASSWORD, a_person, an_account, an_actor_of
from rapport.organizations.sign_in import actions, queries
from rapport.organizations.sign_in.models import RecoveryCode
from rapport.organizations.sign_in.rules import tries
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
def account(time: Clock) -> Account:
    """Somebody with a password and an app."""
    made = an_account(a_person())
    an_app(made, time.now)
    return made


@pytest.fixture
def kept(account: Account, time: Clock) -> list[str]:
    """The codes that they kept."""
    return actions.make_recovery_codes(an_actor_of(account), account, now=time.now)


def recover(client: Client, account: Account, code: str, password: str = PASSWORD) -> Any:
    said = {"email": account.email.upper(), "password": password, "code": code}
    return client.post("/sign-in/recovery/?next=/account/", said)


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_a_recovery_code_opens_while_a_stranger_keeps_the_password_closed(
    client: Client, account: Account, kept: list[str]
) -> None:
    for _each in range(6):
        sign_in(a_browser(), account, "wrong")
    assert "so does a recovery code with the password" in words(sign_in(client, account))

    answer = recover(client, account, kept[0].lower().replace("-", " "))

    assert answer["Location"] == "/account/"
    assert is_in(client)
    assert queries.factors(account).codes_left == 9
    assert '"how":["password","recovery"]' in Line.objects.order_by("-id")[0].detail
    again = a_browser()
    client.post("/sign-out/")
    assert sign_in(client, account)["Location"].startswith("/sign-in/code/")  # known from now on
    assert recover(again, account, kept[0]).status_code == 422
    assert not is_in(again)


def test_neither_the_password_nor_the_code_opens_without_the_other(
    client: Client, account: Account, kept: list[str]
) -> None:
    other = an_account(a_person("Blake"), "blake@maple.example")

    for answer in (
        recover(client, account, kept[0], "wrong"),
        recover(client, account, "AAAA-AAAA-AAAA-AAAA"),
        recover(client, other, kept[0]),
    ):
        assert answer.status_code == 422
        assert "These three do not belong together" in words(answer)
    assert not is_in(client)
    assert queries.factors(account).codes_left == 10


def test_wrong_codes_close_nothing_and_leave_few_lines(
    client: Client, account: Account, kept: list[str]
) -> None:
    before = Line.objects.count()
    for _each in range(20):
        recover(a_browser(), account, "AAAA-AAAA-AAAA-AAAA")

    assert Line.objects.count() == before + tries.NOTED
    assert recover(client, account, kept[0]).status_code == 302


def test_whoever_stole_the_codes_gets_no_more_than_five_passwords(
    client: Client, account: Account, kept: list[str], time: Clock
) -> None:
    for _each in range(5):
        recover(a_browser(), account, kept[0], "guess")

    assert "The password is closed until 17:15 UTC" in words(recover(client, account, kept[0]))
    assert not is_in(client)
    assert sign_in(client, account).status_code == 302  # the door without a code has its own count
    time.pass_by(minutes=15)
    assert recover(client, account, kept[0]).status_code == 302


def test_an_address_that_is_unknown_is_answered_like_a_known_one(
    client: Client, account: Account, kept: list[str], django_assert_num_queries: Any
) -> None:
    answers = []
    for address in (account.email, "nobody@maple.example"):
        said = {"email": address, "password": PASSWORD, "code": "AAAA"}
        answers.append(words(client.post("/sign-in/recovery/", said)).replace(address, ""))

    assert answers[0] == answers[1]


def test_a_closed_account_is_not_opened_by_a_code(
    client: Client, account: Account, kept: list[str], time: Clock
) -> None:
    Account.objects.filter(pk=account.pk).update(closed_at=time.now)

    assert recover(client, account, kept[0]).status_code == 422


def test_a_list_of_unknown_addresses_leaves_few_lines_on_either_page(time: Clock) -> None:
    before = Line.objects.count()

    for n in range(tries.NOTED + 4):
        a_browser().post("/sign-in/", {"email": f"{n}@x.example", "password": "guess"})
        said = {"email": f"{n}@y.example", "password": "guess", "code": "AAAA"}
        a_browser().post("/sign-in/recovery/", said)

    assert Line.objects.count() == before + tries.NOTED
    time.pass_by(minutes=16)
    a_browser().post("/sign-in/", {"email": "late@x.example", "password": "guess"})
    assert Line.objects.count() == before + tries.NOTED + 1


def test_whoever_has_an_app_and_no_code_left_is_reminded_until_codes_are_made(
    client: Client, account: Account, time: Clock
) -> None:
    client.force_login(account)
    reminder = "You have no recovery codes"

    assert reminder in words(client.get("/account/"))

    actions.make_recovery_codes(an_actor_of(account), account, now=time.now)
    assert reminder not in words(client.get("/account/"))

    RecoveryCode.objects.filter(account=account).update(used_at=time.now)
    assert reminder in words(client.get("/account/"))


def test_whoever_has_no_second_factor_is_not_reminded_of_codes(client: Client, time: Clock) -> None:
    client.force_login(an_account(a_person()))

    assert "You have no recovery codes" not in words(client.get("/account/"))
