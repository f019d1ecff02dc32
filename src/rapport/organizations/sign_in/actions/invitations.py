"""Inviting a person by a single-use link, and what its one button does."""

import secrets
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rapport.foundation import clock
from rapport.foundation.access import Actor, Channel, NotAllowed
from rapport.foundation.audit import trail
from rapport.foundation.facts import Refused
from rapport.organizations.people import queries as people
from rapport.organizations.people.access import may_let_in, require_that
from rapport.organizations.people.models import Account, Person
from rapport.organizations.people.rules import words
from rapport.organizations.sign_in import access, queries
from rapport.organizations.sign_in.models import Invitation, Passkey, RecoveryCode, Totp
from rapport.organizations.sign_in.rules import codes, passkeys
from rapport.organizations.sign_in.rules.passkeys import NewKey


class Sent(NamedTuple):
    """An invitation and its token, which is shown once and kept nowhere."""

    invitation: Invitation
    token: str


@transaction.atomic
def invite(actor: Actor, person: Person, *, email: str, now: datetime) -> Sent:
    """Make a single-use link that lets `person` in; earlier ones that were not used end.

    Where the person has a sign-in already, using the link replaces it: for whoever lost everything.
    Raises `NotAllowed`, or `Refused` where the address is none or another's.
    """
    person = people.kept_person(person)
    require_that(_may_invite(actor, person, now), access.INVITE)
    address = words.address(email)
    _ensure_free(address, person)
    open_ones = Invitation.objects.filter(person=person, used_at=None, withdrawn_at=None)
    open_ones.update(withdrawn_at=now)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        person=person,
        email=address,
        token_hash=codes.fingerprint(token),
        by_person_id=actor.person_id,
        made_at=now,
        ends_at=now + codes.INVITATION_FOR,
    )
    trail.record(actor, access.INVITE, person, at=now, about=person.pk)
    return Sent(invitation, token)


@transaction.atomic
def join_with_password(
    actor: Actor, invitation: Invitation, password: str, *, now: datetime
) -> Account:
    """Use a link once: make (or remake) the sign-in with a password, and return the account.

    Raises `NotAllowed`, or `Refused` where the password is weak or the link was used meanwhile.
    """
    account = _account(actor, invitation, now)
    ensure_strong(password, account)
    account.set_password(password)
    return _join(actor, invitation, account, now)


@transaction.atomic
def join_with_passkey(
    actor: Actor, invitation: Invitation, made: NewKey, *, site: str, name: str, now: datetime
) -> Account:
    """Use a link once: make (or remake) the sign-in with a passkey and no password."""
    account = _account(actor, invitation, now)
    account.password = make_password(None)
    account = _join(actor, invitation, account, now)
    keep_passkey(account, made, site=site, name=name, now=now)
    return account


def ensure_strong(password: str, account: Account) -> None:
    """Raise `Refused` with every reason why a password is too weak."""
    try:
        validate_password(password, account)
    except ValidationError as problem:
        raise Refused(" ".join(problem.messages), field="password") from problem


def keep_passkey(account: Account, made: NewKey, *, site: str, name: str, now: datetime) -> Passkey:
    """Keep a passkey that a browser made. Raises `Refused` where it is kept already."""
    try:
        with transaction.atomic():
            return Passkey.objects.create(
                account=account,
                credential_id=made.credential_id,
                public=made.public,
                site=site,
                name=passkeys.named(name) or _("Passkey"),
                sign_count=made.sign_count,
                made_at=now,
            )
    except IntegrityError as problem:
        raise Refused(_("This passkey is registered already.")) from problem


def _may_invite(actor: Actor, person: Person, now: datetime) -> bool:
    to_come = people.roles_to_come(person, clock.today(now, settings.RAPPORT_ZONE))
    return may_let_in(actor, person, to_come)


def _ensure_sender_still_may(invitation: Invitation, now: datetime) -> None:
    """Refuse a link whose sender could not make it now: roles, joins and sign-ins change after it."""
    if invitation.by_person_id is None:
        return
    sender = people.actor_of(invitation.by_person_id, now)
    closed = Account.objects.filter(person_id__in=sender.persons).exclude(closed_at=None)
    person = people.kept_person(invitation.person)
    if closed.exists() or not _may_invite(sender, person, now):
        raise Refused(_("Whoever sent this link may no longer let you in. Ask for a new link."))


def _account(actor: Actor, invitation: Invitation, now: datetime) -> Account:
    if actor.channel is not Channel.LINK or actor.person_id != invitation.person_id:
        raise NotAllowed(access.JOIN.name)
    _ensure_sender_still_may(invitation, now)
    found = queries.account_of(invitation.person)
    if found and found.closed_at and found.closed_at >= invitation.made_at:
        raise Refused(_("This sign-in was closed after the link was sent. Ask for a new link."))
    # A passkey bears its account's uid before the account is there: the invitation's becomes it.
    account = found or Account(person=invitation.person, uid=invitation.uid, created_at=now)
    account.email = invitation.email
    return account


def _join(actor: Actor, invitation: Invitation, account: Account, now: datetime) -> Account:
    still_open = Invitation.objects.filter(pk=invitation.pk, used_at=None, withdrawn_at=None)
    if not still_open.filter(ends_at__gt=now).update(used_at=now):
        invitation.refresh_from_db()
        codes.ensure_open(
            used=invitation.used_at is not None,
            withdrawn=invitation.withdrawn_at is not None,
            ends_at=invitation.ends_at,
            now=now,
        )
    returns = account.pk is not None
    account.closed_at, account.epoch = None, account.epoch + 1
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as problem:
        raise Refused(
            _("This address belongs to another account by now. Ask for a new link.")
        ) from problem
    for kind in (Passkey, Totp, RecoveryCode):
        kind._default_manager.filter(account=account).delete()
    verb = access.RETURN if returns else access.JOIN
    trail.record(actor, verb, account, at=now, place=account.person)
    return account


def _ensure_free(address: str, person: Person) -> None:
    mine = people.same_as(person.pk)
    if Account.objects.filter(email=address).exclude(person_id__in=mine).exists():
        raise Refused(_("Somebody else signs in with this address."), field="email")
