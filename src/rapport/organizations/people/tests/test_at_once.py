"""Two at the same time, with real commits, on whichever database the suite runs."""

import threading
from collections.abc import Callable, Sequence
from functools import partial

from django.db import connection

from rapport.foundation.access import STRANGER, SYSTEM, Role
from rapport.foundation.audit.models import Line
from rapport.foundation.facts import Overtaken, Refused
from rapport.organizations.people import actions, queries
from rapport.organizations.people.models import Account, RoleHeld
from rapport.organizations.people.rules.tries import Device
from rapport.organizations.people.tests.browser import an_app
from rapport.organizations.people.tests.build import NOON, TODAY, a_person, a_role, an_account


def at_once(*acts: Callable[[], object]) -> Sequence[str]:
    """Do all of these at the same moment; return what was refused, in words."""
    start, refused = threading.Barrier(len(acts)), list[str]()

    def do(act: Callable[[], object]) -> None:
        start.wait(30)
        try:
            act()
        except (Refused, Overtaken) as problem:
            refused.append(str(problem))
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return refused


def test_two_administrators_who_end_each_other_at_once_leave_one(committed: str) -> None:
    held = []
    for name in ("one", "two"):
        person = a_person(name)
        an_account(person, f"{name}@maple.example")
        held.append(a_role(person, Role.ADMINISTRATOR))

    refused = at_once(
        lambda: actions.end_role(SYSTEM, held[0], TODAY, now=NOON),
        lambda: actions.end_role(SYSTEM, held[1], TODAY, now=NOON),
    )

    assert len(refused) == 1
    assert "last administrator" in refused[0]
    assert RoleHeld.objects.known().filter(valid_until=None).count() == 1


def test_two_merges_that_cross_at_once_make_no_circle(committed: str) -> None:
    one, two = a_person("one"), a_person("two")

    refused = at_once(
        lambda: actions.merge_persons(SYSTEM, one, two, reason="twice", now=NOON),
        lambda: actions.merge_persons(SYSTEM, two, one, reason="twice", now=NOON),
    )

    assert len(refused) == 1


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
    assert Line.objects.filter(verb="people.wrong").count() == 5
