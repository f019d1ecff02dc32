"""Two at the same time: what opens once opens for one."""

from functools import partial

from rapport.foundation.access import STRANGER, SYSTEM
from rapport.foundation.audit.models import Line
from rapport.organizations.people.models import Account
from rapport.organizations.people.tests.at_once import at_once
from rapport.organizations.people.tests.build import NOON, a_person, an_account
from rapport.organizations.sign_in import actions, queries
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
