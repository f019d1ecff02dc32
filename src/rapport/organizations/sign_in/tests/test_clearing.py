"""What has ended is thrown away once a day by the worker, and nothing else."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client

from rapport.foundation.access import SYSTEM
from rapport.foundation.outbox import outbox
from rapport.foundation.outbox.models import Due
from rapport.foundation.outbox.worker import Worker
from rapport.organizations.people.tests.build import a_person, an_account, an_actor_of
from rapport.organizations.sign_in import actions
from rapport.organizations.sign_in.models import Held, Totp, Tries
from rapport.organizations.sign_in.tests.browser import Clock, an_app, client, send, sign_in, time

pytestmark = pytest.mark.django_db
__all__ = ["client", "time"]
DAY = timedelta(days=1)


def test_the_worker_clears_once_a_day_from_the_first_set_up_on(time: Clock) -> None:
    actions.plan_clearing(SYSTEM, now=time.now)
    actions.plan_clearing(SYSTEM, now=time.now + DAY)  # a second `rapport migrate`
    assert Due.objects.get().due_at == time.now

    Worker().go_round(time.now)

    assert outbox.is_planned(actions.CLEAR)
    assert Due.objects.get(done_at=None).due_at == time.now + DAY
    Worker().go_round(time.now + DAY - timedelta(seconds=1))
    assert Due.objects.count() == 2
    Worker().go_round(time.now + DAY * 3)  # it was not running for two days
    assert Due.objects.get(done_at=None).due_at == time.now + DAY * 4


def test_ended_sessions_old_tries_and_what_nobody_sent_again_are_thrown_away(
    client: Client, time: Clock
) -> None:
    account = an_account(a_person())
    actor = an_actor_of(account)
    for ends, key in ((time.now, "ended"), (time.now + DAY, "lives")):
        row = Session(session_key=key * 4, expire_date=ends, session_data="")
        row.save()
    actions.hold(actor, account, "/old/", b"{}", now=time.now - DAY * 7 - timedelta(seconds=1))
    sealed = Held.objects.get().sealed
    Held.objects.create(account=account, path="/new/", sealed=sealed, held_at=time.now - DAY * 7)
    Tries.objects.create(key="old", last_at=time.now - timedelta(minutes=15))
    Tries.objects.create(key="new", last_at=time.now - timedelta(minutes=14))
    an_app(account, time.now - DAY * 9)
    left = actions.begin_app(actor, account, now=time.now - DAY - timedelta(seconds=1))

    cleared = actions.clear_ended(SYSTEM, now=time.now)

    assert cleared == (1, 1, 1, 1)
    assert Session.objects.get().session_key == "lives" * 4
    assert Held.objects.get().path == "/new/"
    assert Tries.objects.get().key == "new"
    assert not Totp.objects.filter(pk=left.pk).exists()
    assert Totp.objects.exclude(confirmed_at=None).count() == 1


def test_a_session_that_a_stranger_makes_ends_soon_and_that_of_who_signed_in_does_not(
    client: Client, time: Clock
) -> None:
    account = an_account(a_person())
    send(client, "/passkey/ask/")
    assert client.cookies["sessionid"]["max-age"] == 600

    sign_in(client, account)

    assert client.cookies["sessionid"]["max-age"] == 14 * 24 * 60 * 60
    kept = SessionStore(client.cookies["sessionid"].value)
    assert kept.get_expiry_age() == 14 * 24 * 60 * 60
