"""Single-use links: what opening one shows, what its button does, and that it does it once."""

import json
import re
from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.authenticator import Authenticator

from rapport.foundation.access import SYSTEM, NotAllowed, Role
from rapport.foundation.audit.models import Line
from rapport.foundation.facts import Refused
from rapport.organizations.people import actions as people_actions
from rapport.organizations.people import queries as people
from rapport.organizations.people.models import Account, Person, RoleHeld
from rapport.organizations.people.tests.build import (
    NOON,
    PASSWORD,
    a_district,
    a_person,
    a_role,
    a_school,
    an_account,
    an_actor,
    an_agency,
)
from rapport.organizations.places.models import Agency
from rapport.organizations.sign_in import actions, queries
from rapport.organizations.sign_in.commands import INVITE, SERVED
from rapport.organizations.sign_in.models import Invitation
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
NEW = "one more quiet morning"


def a_link(person: Person, email: str = "alex@maple.example") -> str:
    return f"/join/{actions.invite(SYSTEM, person, email=email, now=NOON).token}/"


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_opening_a_link_names_the_person_and_the_act_and_uses_nothing(
    client: Client, time: Clock
) -> None:
    person = a_person("Dana Ruiz")
    a_role(person, Role.DISPATCHER, an_agency())
    link = a_link(person)
    before = Line.objects.count()

    for _scanner in range(3):
        client.head(link)
        page = client.get(link)

    assert page.status_code == 200
    assert "Are you Dana Ruiz?" in words(page)
    assert "alex@maple.example" in words(page)
    assert "Dispatcher, Maple Police Department" in words(page)
    assert Invitation.objects.get().used_at is None
    assert not Account.objects.exists()
    assert Line.objects.count() == before
    assert "sessionid" not in client.cookies


def test_its_button_makes_the_sign_in_once(client: Client, time: Clock) -> None:
    person = a_person()
    link = a_link(person)

    answer = client.post(link, {"password": NEW})

    assert answer["Location"] == "/account/second-factor/"
    assert is_in(client)
    account = Account.objects.get()
    assert (account.person, account.email) == (person, "alex@maple.example")
    line = Line.objects.get(verb="sign_in.join")
    assert (line.actor_id, line.channel, line.object_id) == (person.pk, "link", account.pk)
    again = a_browser().post(link, {"password": "quite another morning"})
    assert again.status_code == 410
    assert "was used already. If it was you, sign in." in words(again)
    assert sign_in(a_browser(), account, NEW).status_code == 302


def test_the_token_is_kept_nowhere(time: Clock) -> None:
    token = a_link(a_person()).split("/")[2]

    row = Invitation.objects.values().get()

    assert token not in str(row)
    assert len(row["token_hash"]) == 64


def test_a_link_can_be_used_with_a_passkey(client: Client, time: Clock) -> None:
    link, key = a_link(a_person()), Authenticator()

    question = send(client, f"{link}passkey/ask/").json()
    answer = send(client, f"{link}passkey/", answer=key.make(question), name="phone")

    assert answer.json() == {"next": "/account/recovery/"}
    assert is_in(client)
    other = a_browser()
    assert by_passkey(other, key).status_code == 200
    assert is_in(other)
    again = send(client, f"{link}passkey/ask/")
    assert again.status_code == 422
    assert "was used already" in again.json()["error"]


def test_a_link_ends_after_seven_days(client: Client, time: Clock) -> None:
    link = a_link(a_person())
    time.pass_by(days=7)

    for answer in (client.get(link), client.post(link, {"password": NEW})):
        assert answer.status_code == 410
        assert "ended on 2026-03-09. Ask whoever sent it for a new one." in words(answer)
    assert not Account.objects.exists()


def test_a_newer_link_takes_the_place_of_an_older_one(client: Client, time: Clock) -> None:
    person = a_person()
    old, new = a_link(person), a_link(person)

    assert "A newer link took the place of this one" in words(client.get(old))
    assert client.get(new).status_code == 200


@pytest.mark.parametrize("token", ["nothing", "x" * 43, "a-b_c"])
def test_a_link_that_never_was_says_so(client: Client, time: Clock, token: str) -> None:
    a_link(a_person())

    answer = client.get(f"/join/{token}/")

    assert answer.status_code == 404
    assert "There is no such link." in words(answer)


def test_a_link_does_not_open_on_another_host_name(client: Client, time: Clock) -> None:
    link = a_link(a_person())

    elsewhere = client.post(link, {"password": NEW}, headers={"host": "evil.example"})

    assert elsewhere.status_code == 400
    assert Invitation.objects.get().used_at is None


def test_another_page_cannot_press_the_button(time: Clock) -> None:
    link = a_link(a_person())
    strict = Client(enforce_csrf_checks=True, headers={"host": "localhost"})

    answer = strict.post(link, {"password": NEW}, headers={"origin": "https://evil.example"})

    assert answer.status_code == 403
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "at least 12 characters"),
        ("alexalexalex@maple", "too similar"),
        ("password1234", "too common"),
        ("", "required"),
    ],
)
def test_a_weak_password_is_refused_and_the_link_still_opens(
    client: Client, time: Clock, password: str, why: str
) -> None:
    link = a_link(a_person())

    answer = client.post(link, {"password": password})

    assert answer.status_code == 422
    assert why in words(answer)
    assert client.post(link, {"password": NEW}).status_code == 302


def test_a_link_for_who_lost_everything_replaces_the_whole_sign_in(
    client: Client, time: Clock
) -> None:
    person = a_person()
    account = an_account(person)
    an_app(account, time.now)
    key = a_passkey(account, time)
    thief = a_browser()
    by_passkey(thief, key)
    link = a_link(person, "new@maple.example")
    assert "makes your sign-in anew" in words(client.get(link))

    client.post(link, {"password": NEW})

    account.refresh_from_db()
    assert account.email == "new@maple.example"
    assert not is_in(thief)
    assert by_passkey(a_browser(), key).status_code == 422
    assert not queries.factors(account).has_second
    assert Line.objects.order_by("-id").filter(verb="sign_in.return").exists()
    assert Account.objects.count() == 1


def by_head(head: Person, agency: Agency, person: Person) -> str:
    """Return the link that the head of an agency makes for somebody of it."""
    actor = an_actor(head, Role.AGENCY_HEAD, agency)
    return f"/join/{actions.invite(actor, person, email='new@maple.example', now=NOON).token}/"


def pressed(client: Client, link: str) -> int:
    return client.post(link, {"password": NEW}).status_code


def test_a_link_ends_once_its_sender_could_not_make_it(client: Client, time: Clock) -> None:
    maple = an_agency()
    head, raised, joined, ada = (a_person(n) for n in ("Ruth", "Pat", "Ada Minn", "Ada Minn"))
    held = a_role(head, Role.AGENCY_HEAD, maple)
    for one in (raised, joined):
        a_role(one, Role.OFFICER, maple)
    a_role(ada, Role.ADMINISTRATOR)
    an_account(ada, "ada@maple.example")
    links = [by_head(head, maple, one) for one in (raised, joined)]
    a_role(raised, Role.SUPERINTENDENT, a_district())
    people_actions.merge_persons(SYSTEM, ada, joined, reason="twice", now=NOON)

    assert [pressed(client, link) for link in links] == [410, 410]

    other = a_person("Rosa")
    a_role(other, Role.OFFICER, maple)
    link = by_head(head, maple, other)
    people_actions.end_role(SYSTEM, held, NOON.date(), now=NOON)
    assert pressed(client, link) == 410
    assert not Account.objects.exclude(person=ada).exists()


def test_a_sign_in_that_was_closed_is_not_opened_by_a_link_sent_before(
    client: Client, time: Clock
) -> None:
    person = a_person("Alex Morgan")
    a_role(person, Role.DISPATCHER, an_agency())
    account = an_account(person)
    link = a_link(person)
    people_actions.close_account(SYSTEM, account, now=NOON)

    assert pressed(client, link) == 410
    account.refresh_from_db()
    assert account.closed_at == NOON
    assert pressed(client, a_link_after(person)) == 302


def a_link_after(person: Person) -> str:
    later = NOON + timedelta(minutes=1)
    sent = actions.invite(SYSTEM, person, email="alex@maple.example", now=later)
    return f"/join/{sent.token}/"


def test_nobody_is_invited_with_an_address_by_which_somebody_else_signs_in(time: Clock) -> None:
    an_account(a_person("Blake"), "blake@maple.example")

    with pytest.raises(Refused, match="Somebody else signs in with this address"):
        actions.invite(SYSTEM, a_person(), email="BLAKE@maple.example", now=NOON)


def test_a_head_invites_only_those_whose_every_role_he_could_give(time: Clock) -> None:
    agency, district = an_agency(), a_district()
    head = an_actor(a_person("Chief"), Role.AGENCY_HEAD, agency)
    officer, director = a_person("Officer", agency=agency), a_person("Both", agency=agency)
    stranger = a_person("Stranger")
    a_role(officer, Role.OFFICER, agency)
    a_role(director, Role.OFFICER, agency)
    a_role(director, Role.SAFETY_DIRECTOR, district)

    actions.invite(head, officer, email="officer@maple.example", now=NOON)

    for other in (director, stranger):
        with pytest.raises(NotAllowed):
            actions.invite(head, other, email="other@maple.example", now=NOON)


def invite(*words: str) -> int:
    """Run `rapport invite` with these words."""
    parser = ArgumentParser()
    INVITE.options(parser)
    return INVITE.run(parser.parse_args(words))


class TestCommand:
    """`rapport invite`."""

    def test_it_prints_a_link_for_the_first_administrator(
        self, client: Client, capsys: pytest.CaptureFixture[str]
    ) -> None:
        words = ["--email", "Dana@maple.example", "--role", "administrator", "--name"]

        code = invite(*words, "Dana Ruiz")

        printed = capsys.readouterr()
        assert code == 0
        link = printed.out.strip()
        assert re.fullmatch(r"http://localhost:8000/join/[\w-]{43}/", link)
        assert "Send this link to Dana Ruiz" in printed.err
        client.post(link.removeprefix("http://localhost:8000"), {"password": NEW})
        account = Account.objects.get()
        actor = people.actor_for(account, now=NOON.replace(year=2200))
        assert actor.holds(Role.ADMINISTRATOR)

    def test_it_gives_a_role_at_a_place_and_prints_one_object(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        school = a_school(a_district())
        words = ["--email", "p@maple.example", "--name", "Pat Lee", "--json"]

        code = invite(*words, "--role", "principal", "--scope", f"school:{school.nces_id}")

        said = json.loads(capsys.readouterr().out)
        assert code == 0
        assert set(said) == {"person", "email", "link", "ends_at"}
        assert RoleHeld.objects.get().school == school

    def test_a_second_time_it_makes_a_new_link_for_the_same_person(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        words = ["--email", "p@maple.example", "--name", "Pat", "--role", "administrator"]
        assert invite(*words) == 0
        assert invite(*words) == 0

        assert Person.objects.count() == RoleHeld.objects.count() == 1
        assert Invitation.objects.filter(withdrawn_at=None).count() == 1

    @pytest.mark.parametrize(
        ("more", "why"),
        [
            (
                ["--role", "principal", "--scope", "school:999"],
                "There is no school with the id 999",
            ),
            (
                ["--role", "officer", "--scope", "agency:XX9"],
                r"Known are: VA1110000 \(Maple Police",
            ),
            (["--role", "principal"], "is not held there. It is held at: a school"),
            (["--role", "officer", "--scope", "school"], "is no scope. Write program, agency:ORI"),
            (["--role", "officer", "--scope", "town:1"], "is no scope. Write program, agency:ORI"),
        ],
    )
    def test_a_role_at_a_scope_that_is_not_there_is_refused_in_words_and_nothing_is_made(
        self, capsys: pytest.CaptureFixture[str], more: list[str], why: str
    ) -> None:
        an_agency()

        code = invite("--email", "p@maple.example", "--name", "Pat Lee", *more)

        printed = capsys.readouterr()
        assert code == 1
        assert re.search(why, printed.err)
        assert printed.out == ""
        assert not Person.objects.exists()

    @pytest.mark.parametrize(
        ("words", "why"),
        [
            (["--email", "nobody", "--name", "Pat"], "is not an e-mail address"),
            (["--email", "p@maple.example"], "Give a name with --name"),
        ],
    )
    def test_what_cannot_be_is_refused_in_words(
        self, capsys: pytest.CaptureFixture[str], words: list[str], why: str
    ) -> None:
        assert invite(*words) == 1

        assert why in capsys.readouterr().err
        assert not Person.objects.exists()


def test_the_password_of_an_account_stays_what_it_was_when_the_link_is_only_opened(
    client: Client, time: Clock
) -> None:
    person = a_person()
    account = an_account(person)
    client.get(a_link(person))

    assert sign_in(client, account, PASSWORD).status_code == 302


def test_a_link_used_in_somebody_elses_session_ends_that_and_lets_its_own_person_in(
    client: Client, time: Clock
) -> None:
    sign_in(client, an_account(a_person("Blake"), "blake@maple.example"))
    before = client.cookies["sessionid"].value
    link = a_link(a_person("Dana Ruiz"))

    client.post(link, {"password": NEW})

    assert "Dana Ruiz" in words(client.get("/account/"))
    old = a_browser()
    old.cookies["sessionid"] = before
    assert not is_in(old)


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_no_other_method_uses_a_link(client: Client, time: Clock, method: str) -> None:
    link = a_link(a_person())

    assert getattr(client, method)(link, "password=one+more+quiet+morning").status_code == 405
    assert Invitation.objects.get().used_at is None


def test_a_link_that_was_used_or_has_ended_answers_a_look_at_its_head_alike(
    client: Client, time: Clock
) -> None:
    link = a_link(a_person())
    client.post(link, {"password": NEW})
    before = Line.objects.count()

    for _scanner in range(2):
        assert a_browser().head(link).status_code == 410
        assert a_browser().get(link).status_code == 410
    assert Line.objects.count() == before


def test_the_link_names_the_address_at_which_the_home_was_served_last(
    tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.RAPPORT_HOME, settings.CSRF_TRUSTED_ORIGINS = tmp_path, []
    (tmp_path / SERVED).write_text("http://localhost:8123\n")

    invite("--email", "dana@example.org", "--name", "Dana")

    assert capsys.readouterr().out.startswith("http://localhost:8123/join/")
