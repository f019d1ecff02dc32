"""A link to somebody who has a sign-in: it replaces nothing on the word of one person alone."""

import pytest
from tests.authenticator import Authenticator

from rapport.foundation.access import SYSTEM, Actor, NotAllowed, Role
from rapport.foundation.audit.models import Line
from rapport.foundation.facts import Overtaken, Refused
from rapport.organizations.people import actions as people_actions
from rapport.organizations.people.models import Account, Person
from rapport.organizations.people.tests.build import (
    NOON,
    PASSWORD,
    a_person,
    a_role,
    an_account,
    an_actor,
    an_actor_of,
    an_agency,
)
from rapport.organizations.sign_in import actions, queries
from rapport.organizations.sign_in.models import Invitation, RecoveryCode
from rapport.organizations.sign_in.tests.browser import (
    Clock,
    a_browser,
    an_app,
    client,
    send,
    sign_in,
    time,
    words,
)

pytestmark = pytest.mark.django_db
__all__ = ["client", "time"]
NEW = "one more quiet morning"


def an_administrator(name: str = "Casey Nguyen") -> Actor:
    person = a_person(name)
    a_role(person, Role.ADMINISTRATOR)
    return an_actor_of(an_account(person, f"{name.split()[0].lower()}@maple.example"))


def a_victim() -> Account:
    rosa = a_person("Rosa Diaz")
    a_role(rosa, Role.INVESTIGATOR, an_agency())
    return an_account(rosa, "rosa@maple.example")


def a_link(by: Actor, person: Person) -> str:
    sent = actions.invite(by, person, email="rosa@maple.example", now=NOON)
    return f"/join/{sent.token}/"


def test_a_link_alone_replaces_no_sign_in(time: Clock) -> None:
    account, sender = a_victim(), an_administrator()
    link, before = a_link(sender, account.person), account.password

    page = a_browser().get(link)
    answer = a_browser().post(link, {"password": NEW})
    key, thief = Authenticator(), a_browser()
    question = send(thief, f"{link}passkey/ask/").json()
    by_key = send(thief, f"{link}passkey/", answer=key.make(question), name="mine")

    assert "You have a sign-in already" in words(page)
    assert answer.status_code == by_key.status_code == 422
    assert "This link replaces a sign-in" in by_key.json()["error"]
    account.refresh_from_db()
    assert account.password == before
    assert Invitation.objects.get().used_at is None


def test_closing_the_sign_in_first_does_not_help_the_sender(time: Clock) -> None:
    account, sender = a_victim(), an_administrator()
    people_actions.close_account(sender, account, now=NOON)
    time.pass_by(minutes=1)
    token = actions.invite(sender, account.person, email=account.email, now=time.now).token

    a_browser().post(f"/join/{token}/", {"password": NEW})

    account.refresh_from_db()
    assert account.closed_at is not None


def test_an_old_password_beside_the_link_replaces_it(time: Clock) -> None:
    account, mine = a_victim(), a_browser()
    link = a_link(an_administrator(), account.person)

    wrong = mine.post(link, {"proof": "not the old one"})
    right = mine.post(link, {"proof": PASSWORD})
    other = a_browser().post(link, {"password": "by somebody who has the link"})
    done = mine.post(link, {"password": NEW})

    assert wrong.status_code == other.status_code == 422
    assert "do not belong together" in words(wrong)
    assert right["Location"] == link
    assert done.status_code == 302
    assert sign_in(a_browser(), account, NEW).status_code == 302


@pytest.mark.parametrize("as_typed", [str, str.lower])
def test_a_recovery_code_or_a_code_of_the_app_is_proof_enough(
    time: Clock, as_typed: object
) -> None:
    account, mine = a_victim(), a_browser()
    app = an_app(account, NOON)
    code = actions.make_recovery_codes(an_actor_of(account), account, now=NOON)[0]
    link = a_link(an_administrator(), account.person)

    by_app = a_browser().post(link, {"proof": app.at(NOON)})
    by_code = mine.post(link, {"proof": as_typed(code)})  # type: ignore[operator]

    assert by_code.status_code == by_app.status_code == 302
    assert RecoveryCode.objects.exclude(used_at=None).count() == 1
    assert mine.post(link, {"password": NEW}).status_code == 302


def test_the_old_password_cannot_be_guessed_beside_a_link(time: Clock) -> None:
    account = a_victim()
    link = a_link(an_administrator(), account.person)

    for n in range(6):
        answer = a_browser().post(link, {"proof": f"guess {n}"})

    assert "closed until" in words(answer)


@pytest.mark.parametrize("what", ["password", "sessions", "half an hour"])
def test_an_old_proof_is_void_once_the_sign_in_changed_or_half_an_hour_passed(
    time: Clock, what: str
) -> None:
    account, thief = a_victim(), a_browser()
    link = a_link(an_administrator(), account.person)
    thief.post(link, {"proof": PASSWORD})
    assert "You have a sign-in already" not in words(thief.get(link))

    if what == "password":
        actions.set_password(an_actor_of(account), account, "changed after the leak", now=NOON)
    elif what == "sessions":
        actions.end_other_sessions(an_actor_of(account), account, now=NOON)
    else:
        time.pass_by(minutes=30)
    page, answer = thief.get(link), thief.post(link, {"password": NEW})

    assert "You have a sign-in already" in words(page)
    assert answer.status_code == 422
    account.refresh_from_db()
    assert not account.check_password(NEW)


def test_where_there_is_a_second_factor_the_password_alone_is_no_proof(time: Clock) -> None:
    account = a_victim()
    an_app(account, NOON)
    link = a_link(an_administrator(), account.person)

    answer = a_browser().post(link, {"proof": PASSWORD})

    assert "password alone is no proof" in words(answer)
    assert Invitation.objects.get().proof_hash == ""


def test_ten_wrong_proofs_end_the_link(time: Clock) -> None:
    account = a_victim()
    link = a_link(an_administrator(), account.person)

    for n in range(10):
        assert a_browser().get(link).status_code == 200
        a_browser().post(link, {"proof": f"guess {n}"})
        time.pass_by(minutes=4)

    ended = a_browser().post(link, {"proof": PASSWORD})
    assert ended.status_code == 410
    assert "ten wrong proofs" in words(ended)


def test_a_second_person_lets_it_replace_the_sign_in(time: Clock) -> None:
    account, sender, second = a_victim(), an_administrator(), an_administrator("Sam Second")
    link = a_link(sender, account.person)
    browser = a_browser()
    browser.force_login(Account.objects.get(email="sam@maple.example"))
    session = browser.session
    session["proved"] = session["signed_in"] = session["seen"] = time.now.isoformat()
    session["second"] = True
    session.save()
    there = f"/people/{account.person.uid}/invite/"

    shown = browser.get(there)
    uid = str(Invitation.objects.get().uid)
    stale = browser.post(f"{there}approve/", {"link": str(account.person.uid)})
    browser.post(f"{there}approve/", {"link": uid})

    assert "Casey Nguyen made a link that replaces the sign-in" in words(shown)
    assert stale.status_code == 302
    line = Line.objects.get(verb="sign_in.approve")
    assert line.actor_id == second.person_id
    assert a_browser().post(link, {"password": NEW}).status_code == 302
    account.refresh_from_db()
    assert account.check_password(NEW)


def test_neither_the_sender_nor_the_person_nor_a_lesser_role_approves() -> None:
    account, sender = a_victim(), an_administrator()
    agency = an_agency("Oak Police", "VA2220000")
    head = an_actor(a_person("Head"), Role.AGENCY_HEAD, agency)
    a_link(sender, account.person)
    waits = Invitation.objects.get()

    with pytest.raises(Refused, match="yourself"):
        actions.approve(sender, waits, now=NOON)
    for other in (an_actor_of(account), head):
        with pytest.raises(NotAllowed):
            actions.approve(other, waits, now=NOON)
    waits.refresh_from_db()
    assert waits.approved_by_id is None


def test_an_approval_ends_with_the_right_of_whoever_gave_it(time: Clock) -> None:
    account, sender, second = a_victim(), an_administrator(), an_administrator("Sam Second")
    link = a_link(sender, account.person)
    actions.approve(second, Invitation.objects.get(), now=NOON)
    people_actions.close_account(SYSTEM, Account.objects.get(email="sam@maple.example"), now=NOON)

    answer = a_browser().post(link, {"password": NEW})

    assert "may no longer let you in" in words(answer)


def test_a_link_made_at_the_machine_needs_nobody_else(time: Clock) -> None:
    account = a_victim()

    answer = a_browser().post(a_link(SYSTEM, account.person), {"password": NEW})

    assert answer.status_code == 302


def test_the_person_is_told_on_every_page_and_can_end_the_link(client: object, time: Clock) -> None:
    account, mine = a_victim(), a_browser()
    link = a_link(an_administrator(), account.person)
    mine.force_login(account)
    session = mine.session
    session["seen"], session["second"] = time.now.isoformat(), True
    session.save()

    shown = mine.get(f"/people/{account.person.uid}/")
    page = mine.get("/account/")
    mine.post("/account/link/end/")

    assert "Somebody made a link that replaces your sign-in" in words(shown)
    assert "Casey Nguyen made it on" in words(page)
    assert a_browser().get(link).status_code == 410
    assert "Somebody made a link" not in words(mine.get("/account/"))
    assert Line.objects.get(verb="sign_in.end_link").actor_id == account.person_id
    with pytest.raises(Overtaken):
        actions.end_own_link(an_actor_of(account), now=NOON)


def test_a_link_ends_with_the_address_of_its_person(time: Clock) -> None:
    person = a_person("Rosa Diaz", work_email="rosa@maple.example")
    link = a_link(SYSTEM, person)

    people_actions.correct_person(SYSTEM, person, now=NOON, work_email="other@maple.example")

    assert a_browser().get(link).status_code == 410


def test_joined_records_have_one_link_and_one_sign_in(time: Clock) -> None:
    account = a_victim()
    puppet = a_person("Rosa Dias")
    token = actions.invite(SYSTEM, puppet, email="dias@maple.example", now=NOON).token

    people_actions.merge_persons(SYSTEM, puppet, account.person, reason="twice", now=NOON)

    assert a_browser().get(f"/join/{token}/").status_code == 410
    assert not queries.open_links([puppet.pk, account.person_id], NOON).exists()
