"""Closing somebody's sign-in, and opening it again. The person and what they did stay."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from rapport.foundation import clock
from rapport.foundation.access import Actor, Role
from rapport.foundation.audit import trail
from rapport.foundation.facts import Overtaken, Refused
from rapport.organizations.people import access, queries
from rapport.organizations.people.models import Account


@transaction.atomic
def close_account(actor: Actor, account: Account, *, now: datetime) -> Account:
    """Close a sign-in: its sessions end at once. Raises `NotAllowed`, `Refused`, `Overtaken`."""
    to_come = queries.roles_to_come(account.person, clock.today(now, settings.RAPPORT_ZONE))
    access.require_that(access.may_let_in(actor, account.person, to_come), access.CLOSE)
    if access.is_own(actor, account):
        raise Refused(_("Nobody closes his own sign-in. Ask another administrator, or the head."))
    for held in to_come.filter(role=Role.ADMINISTRATOR, valid_until=None):
        if not queries.has_other_administrator(held):
            raise Refused(_("This is the last administrator who can sign in."))
    open_one = Account.objects.filter(pk=account.pk, closed_at=None)
    if not open_one.update(closed_at=now, epoch=F("epoch") + 1):
        raise Overtaken()
    account.refresh_from_db()
    trail.record(actor, access.CLOSE, account, at=now, place=account.person)
    return account


@transaction.atomic
def reopen_account(actor: Actor, account: Account, *, now: datetime) -> Account:
    """Open a closed sign-in again, as it was. Raises `NotAllowed`, `Refused`, `Overtaken`."""
    to_come = queries.roles_to_come(account.person, clock.today(now, settings.RAPPORT_ZONE))
    access.require_that(access.may_let_in(actor, account.person, to_come), access.REOPEN)
    if queries.account_of(account.person_id) != account:
        raise Refused(
            _("This person signs in with the other of two joined sign-ins. Part the records first.")
        )
    if not Account.objects.filter(pk=account.pk).exclude(closed_at=None).update(closed_at=None):
        raise Overtaken()
    account.refresh_from_db()
    trail.record(actor, access.REOPEN, account, at=now, place=account.person)
    return account
