"""Changing one's own sign-in: password, passkeys, authenticator app, recovery codes, other sessions."""

import secrets
from datetime import datetime

import pyotp
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from rapport.foundation import vault
from rapport.foundation.access import Actor
from rapport.foundation.audit import trail
from rapport.foundation.facts import Overtaken, Refused
from rapport.organizations.people.access import require_that
from rapport.organizations.people.models import Account
from rapport.organizations.sign_in import access, queries
from rapport.organizations.sign_in.actions.invitations import ensure_strong, keep_passkey
from rapport.organizations.sign_in.models import Passkey, RecoveryCode, Totp
from rapport.organizations.sign_in.rules import codes, tries
from rapport.organizations.sign_in.rules.passkeys import NewKey


@transaction.atomic
def set_password(actor: Actor, account: Account, password: str, *, now: datetime) -> Account:
    """Change the password; every other session of the account ends. Raises `NotAllowed`, `Refused`."""
    require_that(access.may_use(actor, account), access.SET_PASSWORD)
    ensure_strong(password, account)
    account.set_password(password)
    account.save(update_fields=["password"])
    trail.record(actor, access.SET_PASSWORD, account, at=now, place=account.person)
    return account


@transaction.atomic
def end_other_sessions(actor: Actor, account: Account, *, now: datetime) -> Account:
    """End every session of the account; the view goes on with the one that asked."""
    require_that(access.may_use(actor, account), access.END_SESSIONS)
    Account.objects.filter(pk=account.pk).update(epoch=F("epoch") + 1)
    account.refresh_from_db()
    trail.record(actor, access.END_SESSIONS, account, at=now, place=account.person)
    return account


@transaction.atomic
def add_passkey(
    actor: Actor, account: Account, made: NewKey, *, site: str, name: str, now: datetime
) -> Passkey:
    """Keep a further passkey; with the first second factor every other session ends.

    Raises `NotAllowed`, or `Refused` where it is kept already.
    """
    require_that(access.may_use(actor, account), access.ADD_PASSKEY)
    _end_sessions_of_the_password_alone(account)
    kept = keep_passkey(account, made, site=site, name=name, now=now)
    trail.record(
        actor, access.ADD_PASSKEY, account, at=now, place=account.person, passkey=str(kept.uid)
    )
    return kept


@transaction.atomic
def remove_passkey(actor: Actor, passkey: Passkey, *, now: datetime) -> None:
    """Remove a passkey. Raises `Refused` where nothing else would let its person in."""
    account = passkey.account
    require_that(access.may_use(actor, account), access.REMOVE_PASSKEY)
    _lock(account)
    has = queries.factors(account)
    if len(has.passkeys) == 1 and not has.has_password:
        raise Refused(_("This is the only way you sign in. Choose a password first."))
    gone, _rows = Passkey.objects.filter(pk=passkey.pk).delete()
    if not gone:
        raise Overtaken(_("This passkey was removed already."))
    trail.record(
        actor,
        access.REMOVE_PASSKEY,
        account,
        at=now,
        place=account.person,
        passkey=str(passkey.uid),
    )


@transaction.atomic
def begin_app(actor: Actor, account: Account, *, now: datetime) -> Totp:
    """Make a secret for an authenticator app; it counts only once `confirm_app` was given a code of it."""
    require_that(access.may_use(actor, account), access.SET_APP)
    _lock(account)
    Totp.objects.filter(account=account, confirmed_at=None).delete()
    app = Totp(account=account, made_at=now)
    app.sealed = vault.seal(pyotp.random_base32().encode(), app.row)
    app.save(force_insert=True)
    return app


@transaction.atomic
def confirm_app(actor: Actor, app: Totp, typed: str, *, now: datetime) -> Totp:
    """Take the first code of an authenticator app, which from now on is the account's second factor.

    One that was there before is replaced. Raises `NotAllowed`, or `Refused` where the code is wrong.
    """
    account = app.account
    require_that(access.may_use(actor, account), access.SET_APP)
    step = codes.totp_step(queries.secret_of(app), typed, now=now, after=0)
    if step is None:
        raise Refused(str(tries.wrong("code")), field="code")
    _lock(account)
    _end_sessions_of_the_password_alone(account)
    Totp.objects.filter(account=account).exclude(pk=app.pk).delete()
    app.confirmed_at, app.last_step = now, step
    app.save(update_fields=["confirmed_at", "last_step"])
    trail.record(actor, access.SET_APP, account, at=now, place=account.person)
    return app


@transaction.atomic
def remove_app(actor: Actor, app: Totp, *, now: datetime) -> None:
    """Remove the authenticator app. Raises `NotAllowed`, `Overtaken`."""
    account = app.account
    require_that(access.may_use(actor, account), access.REMOVE_APP)
    gone, _rows = Totp.objects.filter(pk=app.pk).delete()
    if not gone:
        raise Overtaken(_("The authenticator app was removed already."))
    trail.record(actor, access.REMOVE_APP, account, at=now, place=account.person)


@transaction.atomic
def make_recovery_codes(actor: Actor, account: Account, *, now: datetime) -> list[str]:
    """Replace the recovery codes by ten new ones and return them; they are kept as hashes alone."""
    require_that(access.may_use(actor, account), access.MAKE_CODES)
    _lock(account)
    RecoveryCode.objects.filter(account=account).delete()
    made = [
        codes.recovery_code(secrets.token_bytes(codes.RECOVERY_BYTES))
        for _each in range(codes.RECOVERY_CODES)
    ]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(account=account, code_hash=codes.fingerprint(codes.as_kept(code)), made_at=now)
        for code in made
    )
    trail.record(actor, access.MAKE_CODES, account, at=now, place=account.person)
    return made


def _lock(account: Account) -> None:
    """Let one change at a time count what an account has: of two at once the slower sees the quicker."""
    Account.objects.select_for_update(of=("self",)).get(pk=account.pk)


def _end_sessions_of_the_password_alone(account: Account) -> None:
    if not queries.factors(account).has_second:
        Account.objects.filter(pk=account.pk).update(epoch=F("epoch") + 1)
        account.refresh_from_db()
