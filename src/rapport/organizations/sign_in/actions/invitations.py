"""Inviting a person by a single-use link, and what its one button does."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from rapport.foundation import clock
from rapport.foundation.access import Actor, Channel, NotAllowed
from rapport.foundation.audit import trail
from rapport.foundation.facts import Overtaken, Refused
from rapport.organizations.people import queries as people
from rapport.organizations.people.access import may_let_in, require_that
from rapport.organizations.people.models import Account, Person
from rapport.organizations.people.rules import words
from rapport.organizations.sign_in import access, queries
from rapport.organizations.sign_in.actions.proofs import check_code, check_password_of
from rapport.organizations.sign_in.models import Invitation, Passkey, RecoveryCode, Totp
from rapport.organizations.sign_in.rules import codes, passkeys
from rapport.organizations.sign_in.rules.passkeys import NewKey
from rapport.organizations.sign_in.rules.tries import Device


class Sent(NamedTuple):
    """An invitation and its token, which is shown once and kept nowhere."""

    invitation: Invitation
    token: str


@transaction.atomic
def invite(actor: Actor, person: Person, *, email: str, now: datetime) -> Sent:
    """Make a single-use link that lets `person` in; earlier ones that were not used end.

    Where the person has a sign-in already, the link replaces it only beside an old proof, or once a
    second person has approved it (`approve`). Raises `NotAllowed`, or `Refused` where the address is
    none or another's.
    """
    person = people.kept_person(person)
    require_that(_may_invite(actor, person, now), access.INVITE)
    address = words.address(email)
    _ensure_free(address, person)
    _lock(person)
    end_links(actor, people.same_as(person.pk), now=now)
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
def approve(actor: Actor, invitation: Invitation, *, now: datetime) -> Invitation:
    """Let a link replace a sign-in: the second person who answers for it. Raises `NotAllowed`, `Refused`.

    That is whoever could make the link too, and is neither its sender nor its person.
    """
    person = people.kept_person(invitation.person)
    require_that(queries.may_invite(actor, person, now=now), access.APPROVE)
    if actor.is_system or invitation.by_person_id in actor.persons:
        raise Refused(_("You made this link yourself. Somebody else has to approve it."))
    _lock(person)
    still = queries.open_links(people.same_as(person.pk), now).filter(pk=invitation.pk)
    if not still.filter(approved_by_id=None).update(approved_by_id=actor.person_id):
        raise Overtaken()
    invitation.refresh_from_db()
    trail.record(actor, access.APPROVE, person, at=now, about=person.pk)
    return invitation


@transaction.atomic
def end_own_link(actor: Actor, *, now: datetime) -> None:
    """End the links that would replace the actor's own sign-in. Raises `Overtaken` where there is none."""
    if not end_links(actor, actor.persons, now=now):
        raise Overtaken()
    trail.record(actor, access.END_LINK, actor.person_id or 0, at=now, about=actor.person_id)


def end_links(actor: Actor, ids: Iterable[int], *, now: datetime) -> int:
    """End every link of these persons that was not used, and return how many. For `registry.name_changes`."""
    rows = Invitation.objects.filter(person_id__in=ids, used_at=None, withdrawn_at=None)
    return rows.update(withdrawn_at=now)


def prove(
    actor: Actor, invitation: Invitation, typed: str, *, device: Device, now: datetime
) -> str:
    """Take an old proof of whoever holds the link, and return what its browser shows on joining.

    That is a code of the app or a recovery code, or the old password where there is no second factor.
    Wrong ones are counted as at the door; ten end the link. Raises `Refused`, `NotAllowed`.
    """
    with transaction.atomic():
        _account(actor, invitation, now)
    account = queries.account_of(invitation.person)
    if account is None:
        raise NotAllowed(access.JOIN.name)
    by_code = codes.is_totp(typed) or codes.is_recovery(typed)
    if not by_code and queries.factors(account).has_second:
        raise Refused(
            _(
                "This sign-in has a second factor, so its password alone is no proof. Give a code of "
                "the app or a recovery code, or ask a second person to approve the link."
            )
        )
    check = check_code if by_code else check_password_of
    try:
        check(actor, account, typed, device=device, now=now)
    except Refused:
        _count_wrong(invitation, now)
        raise
    shown = codes.proof(secrets.token_urlsafe(32), now)
    kept = codes.proof_print(shown, account.get_session_auth_hash())
    Invitation.objects.filter(pk=invitation.pk).update(proof_hash=kept)
    return shown


@transaction.atomic
def join_with_password(
    actor: Actor, invitation: Invitation, password: str, *, now: datetime, shown: str = ""
) -> Account:
    """Use a link once: make (or remake) the sign-in with a password, and return the account.

    `shown` is what `prove` returned, where a sign-in is replaced. Raises `NotAllowed`, or `Refused`
    where the password is weak, the link was used meanwhile, or does not suffice alone.
    """
    account = _account(actor, invitation, now)
    _ensure_backed(invitation, account, shown, now)
    ensure_strong(password, account)
    account.set_password(password)
    return _join(actor, invitation, account, now)


@transaction.atomic
def join_with_passkey(  # noqa: PLR0913  what a browser made, and under which link
    actor: Actor,
    invitation: Invitation,
    made: NewKey,
    *,
    site: str,
    name: str,
    now: datetime,
    shown: str = "",
) -> Account:
    """Use a link once: make (or remake) the sign-in with a passkey and no password."""
    account = _account(actor, invitation, now)
    _ensure_backed(invitation, account, shown, now)
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
    person = people.kept_person(invitation.person)
    for one in (invitation.by_person_id, invitation.approved_by_id):
        if one is None:
            continue
        sender = people.actor_of(one, now)
        closed = Account.objects.filter(person_id__in=sender.persons).exclude(closed_at=None)
        if closed.exists() or not _may_invite(sender, person, now):
            raise Refused(_("Whoever sent this link may no longer let you in. Ask for a new link."))


@transaction.atomic
def _count_wrong(invitation: Invitation, now: datetime) -> None:
    mine = Invitation.objects.filter(pk=invitation.pk, used_at=None, withdrawn_at=None)
    mine.update(wrong_proofs=F("wrong_proofs") + 1)
    mine.filter(wrong_proofs__gte=codes.WRONG_PROOFS).update(withdrawn_at=now)


def _ensure_backed(invitation: Invitation, account: Account, shown: str, now: datetime) -> None:
    """Refuse a link that would replace a sign-in on the word of one person alone."""
    if account.pk is None:
        return
    invitation.refresh_from_db()
    if not queries.needs_backing(invitation, account):
        return
    if not queries.is_proven(invitation, account, shown, now=now):
        raise Refused(
            _(
                "This link replaces a sign-in. Give an old password or code first, or ask a second "
                "person who may let you in to approve the link."
            )
        )


def _lock(person: Person) -> None:
    """Let one at a time make, approve or use a link for this person."""
    Person.objects.select_for_update().get(pk=person.pk)


def _account(actor: Actor, invitation: Invitation, now: datetime) -> Account:
    if actor.channel is not Channel.LINK or actor.person_id != invitation.person_id:
        raise NotAllowed(access.JOIN.name)
    _lock(people.kept_person(invitation.person))
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
