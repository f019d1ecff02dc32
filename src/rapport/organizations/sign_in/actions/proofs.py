"""Proving who somebody is. What is wrong is counted and leaves a line, whatever happens afterwards."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import check_password
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from rapport.foundation.access import Actor, NotAllowed, Verb
from rapport.foundation.audit import trail
from rapport.organizations.people.access import is_own
from rapport.organizations.people.models import Account
from rapport.organizations.sign_in import access, queries
from rapport.organizations.sign_in.models import Passkey, RecoveryCode, Totp, Tries
from rapport.organizations.sign_in.rules import codes, passkeys, tries
from rapport.organizations.sign_in.rules.passkeys import Site, State
from rapport.organizations.sign_in.rules.tries import Device


def check_address_and_password(
    actor: Actor, address: str, password: str, *, device: Device, now: datetime
) -> Account:
    """Return the account of this address where the password is right.

    Raises `Refused` with the same words, after the same work, whether the address is known or not.
    """
    who = address.strip().lower()[:254]
    account = queries.account_at(who)
    key = _key("password", who, device, account)
    _take_a_try("password", key, now=now)
    right = check_password(password, account.password if account else "!")
    if account is None or not right:
        _note_wrong(actor, "password", account, now=now)
        raise tries.wrong("password")
    _forget(key)
    return account


def check_password_of(
    actor: Actor, account: Account, password: str, *, device: Device, now: datetime
) -> None:
    """Raise `Refused` unless this is the account's password: to unlock, or to change the sign-in."""
    key = _key("password", account.email, device, account)
    _take_a_try("password", key, now=now)
    if not check_password(password, account.password):
        _note_wrong(actor, "password", account, now=now)
        raise tries.wrong("password")
    _forget(key)


def check_with_recovery_code(
    actor: Actor, address: str, password: str, typed: str, *, device: Device, now: datetime
) -> Account:
    """Return the account of this address where both are right: for whoever finds the password closed.

    Nobody guesses a recovery code, so a wrong one closes nothing; and the password is looked at only
    beside a right one, so its count is no stranger's to fill. Takes the code. Raises `Refused`.
    """
    who = address.strip().lower()[:254]
    code = queries.unused_code(who, typed)
    if code is None:
        _note_wrong(actor, "recovery", None, now=now)
        raise tries.wrong("both")
    account = code.account
    key = _key("password beside a code", who, Device(""), None)
    _take_a_try("password", key, now=now)
    if not check_password(password, account.password) or not _take_recovery(account, typed, now):
        _note_wrong(actor, "password", account, now=now)
        raise tries.wrong("both")
    _forget(key)
    return account


def check_code(actor: Actor, account: Account, typed: str, *, device: Device, now: datetime) -> str:
    """Take a code of the authenticator app, or a recovery code, once; return which ("app", "recovery").

    Raises `Refused` where it is wrong, old, or was taken before.
    """
    how = "app" if codes.is_totp(typed) else "recovery"
    key = _key(how, account.email, device, account)
    _take_a_try(how, key, now=now)
    taken = _take_totp(account, typed, now) if how == "app" else _take_recovery(account, typed, now)
    if not taken:
        _note_wrong(actor, "code", account, now=now)
        raise tries.wrong("code")
    _forget(key)
    return how


@transaction.atomic
def check_passkey(
    actor: Actor, site: Site, state: State, answer: Mapping[str, Any], *, now: datetime
) -> Account:
    """Return the account whose passkey answered the question. Never limited; raises `Refused`."""
    shown = passkeys.shown(answer)
    key = queries.passkey(shown.credential_id)
    if key is None or (shown.handle is not None and shown.handle != key.account.uid.bytes):
        raise passkeys.refused()
    count = passkeys.proven(site, state, bytes(key.public), answer)
    passkeys.ensure_counts_up(key.sign_count, count)
    same = Passkey.objects.filter(pk=key.pk, sign_count=key.sign_count)
    if not same.update(sign_count=count, last_used_at=now):
        raise passkeys.refused()
    return key.account


@transaction.atomic
def record_sign_in(actor: Actor, account: Account, *, how: Sequence[str], now: datetime) -> None:
    """Note that the actor signed in, and how: password, app, recovery, passkey, link, demo."""
    _ensure_own(actor, account, access.SIGN_IN)
    Account.objects.filter(pk=account.pk).update(last_seen_at=now)
    trail.record(actor, access.SIGN_IN, account, at=now, place=account.person, how=how)


@transaction.atomic
def record_unlock(actor: Actor, account: Account, *, how: Sequence[str], now: datetime) -> None:
    """Note that the actor opened the locked session again, and how."""
    _ensure_own(actor, account, access.UNLOCK)
    Account.objects.filter(pk=account.pk).update(last_seen_at=now)
    trail.record(actor, access.UNLOCK, account, at=now, place=account.person, how=how)


@transaction.atomic
def record_sign_out(actor: Actor, account: Account, *, now: datetime) -> None:
    """Note that the actor signed out."""
    _ensure_own(actor, account, access.SIGN_OUT)
    trail.record(actor, access.SIGN_OUT, account, at=now, place=account.person)


def _ensure_own(actor: Actor, account: Account, verb: Verb) -> None:
    if not is_own(actor, account):
        raise NotAllowed(verb.name)


def _key(what: str, who: str, device: Device, account: Account | None) -> str:
    known = [account.uid] if account else []
    text = tries.counted_under(what, who, device, known)
    return salted_hmac("sign_in.tries", text, algorithm="sha256").hexdigest()


@transaction.atomic
def _take_a_try(what: str, key: str, *, now: datetime) -> None:
    """Count a try before it is checked, so that many at once get no more than five."""
    Tries.objects.filter(last_at__lte=now - tries.CLOSED_FOR).delete()
    while True:
        try:
            row, _made = Tries.objects.get_or_create(key=key, defaults={"last_at": now})
        except IntegrityError:  # another's row came and went between looking and making
            continue
        counted = Tries.objects.filter(pk=row.pk, count__lt=tries.MOST)
        if counted.update(count=F("count") + 1, last_at=now):
            return
        full = Tries.objects.filter(pk=row.pk).first()
        if full is not None:  # else somebody was right just now, and it is counted anew
            raise tries.closed(what, full.last_at + tries.CLOSED_FOR)


def _forget(key: str) -> None:
    Tries.objects.filter(key=key).delete()


def _note_wrong(actor: Actor, what: str, account: Account | None, *, now: datetime) -> None:
    """Leave a line of its own, so that nothing that fails afterwards takes it back.

    Where no account is named there is a line for the first few alone; the rest is counted, so that a
    stranger with a list of addresses does not fill the history.
    """
    if account is None and not tries.is_noted(_one_more_unknown(now)):
        return
    whose = account.person if account else None
    trail.record_apart(actor, access.WRONG, account or 0, at=now, place=whose, what=what)


@transaction.atomic
def _one_more_unknown(now: datetime) -> int:
    """Count a try at no known account, whatever the address, and return how many there were lately."""
    key = _key("unknown", "", Device(""), None)
    Tries.objects.filter(key=key, last_at__lte=now - tries.CLOSED_FOR).delete()
    row, _made = Tries.objects.get_or_create(key=key, defaults={"last_at": now})
    Tries.objects.filter(pk=row.pk, count__lt=tries.COUNTED).update(count=F("count") + 1)
    return row.count + 1


def _take_totp(account: Account, typed: str, now: datetime) -> bool:
    app = Totp.objects.filter(account=account).exclude(confirmed_at=None).first()
    if app is None:
        return False
    step = codes.totp_step(queries.secret_of(app), typed, now=now, after=app.last_step)
    if step is None:
        return False
    # Of two who send the same code at once, one is right.
    return bool(Totp.objects.filter(pk=app.pk, last_step__lt=step).update(last_step=step))


def _take_recovery(account: Account, typed: str, now: datetime) -> bool:
    kept = codes.fingerprint(codes.as_kept(typed))
    unused = RecoveryCode.objects.filter(account=account, code_hash=kept, used_at=None)
    return bool(unused.update(used_at=now))
