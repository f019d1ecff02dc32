"""Two at the same time: what opens once opens for one."""

from functools import partial

from rapport.foundation.access import STRANGER, SYSTEM
from rapport.foundation.audit.models import Line
from rapport.organizations.people.models import Account
from rapport.organizations.people.tests.at_once import at_once
from rapport.organizations.people.tests.build import NOON, a_person, an_account, an_actor_of
from rapport.organizations.sign_in import actions, queries
from rapport.organizations.sign_in.models import Invitation, Passkey, RecoveryCode
from rapport.organizations.sign_in.rules.tries import Device
from rapport.organizations.sign_in.tests.browser import an_app


def test_a_link_used_at_once_by_two_opens_for_one(committed: str) -> None:
    sent = actions.invite(SYSTEM, a_person(), email="alex@maple.example", now=NOON)
    found = queries.invited(sent.token, now=NOON)
    assert found is not None
    actor, invitation = found.actor, found.invitation

    refused = at_once(
        *(
            partial(
                actions.join_with_password, actor, invitation, f"{word} quiet mornings", now=NOON
            )
            for word in ("seven", "eight")
        )
    )

    assert len(refused) == 1
    assert "was used already" in refused[0]
    assert Account.objects.count() == 1


def test_a_code_sent_at_once_by_two_opens_for_one(committed: str) -> None:
    account = an_account(a_person())
    code = an_app(account, NOON).at(NOON)

    refused = at_once(
        *[
            partial(actions.check_code, STRANGER, account, code, device=Device(id), now=NOON)
            for id in "ab"
        ]
    )

    assert len(refused) == 1
    assert "was used already" in refused[0]


def test_of_twelve_passwords_guessed_at_once_no_more_than_five_are_looked_at(
    committed: str,
) -> None:
    account = an_account(a_person())

    refused = at_once(
        *[
            partial(
                actions.check_address_and_password,
                STRANGER,
                account.email,
                f"guess {n}",
                device=Device(str(n)),
                now=NOON,
            )
            for n in range(12)
        ]
    )

    assert len(refused) == 12
    assert sum("do not belong together" in words for words in refused) == 5
    assert Line.objects.filter(verb="sign_in.wrong").count() == 5


def test_the_last_two_passkeys_removed_at_once_leave_one(committed: str) -> None:
    account = an_account(a_person())
    account.set_unusable_password()
    account.save()
    keys = [
        Passkey.objects.create(
            account=account,
            credential_id=f"key {n}",
            public=b"",
            site="localhost",
            name=f"{n}",
            made_at=NOON,
        )
        for n in range(2)
    ]
    actor = an_actor_of(account)

    refused = at_once(*[partial(actions.remove_passkey, actor, key, now=NOON) for key in keys])

    assert len(refused) == 1
    assert "the only way you sign in" in refused[0]
    assert Passkey.objects.count() == 1


def test_recovery_codes_made_twice_at_once_are_ten(committed: str) -> None:
    account = an_account(a_person())
    actor = an_actor_of(account)

    at_once(*[partial(actions.make_recovery_codes, actor, account, now=NOON) for _ in range(3)])

    assert RecoveryCode.objects.filter(account=account).count() == 10


def test_two_links_made_at_once_leave_one_open(committed: str) -> None:
    person = a_person()

    at_once(
        *[
            partial(actions.invite, SYSTEM, person, email=f"{n}@maple.example", now=NOON)
            for n in range(4)
        ]
    )

    assert Invitation.objects.filter(used_at=None, withdrawn_at=None).count() == 1
    assert Invitation.objects.count() == 4
