"""What a session is to a request: who sits in it, on which device, and where to go on."""

from collections.abc import Callable, Sequence
from functools import wraps
from ipaddress import ip_address
from secrets import token_hex
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import login, update_session_auth_hash
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.request import split_domain_port
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from rapport.foundation.access import Actor, Request
from rapport.organizations.people import queries as people
from rapport.organizations.people.models import Account
from rapport.organizations.sign_in import actions
from rapport.organizations.sign_in.rules import sessions
from rapport.organizations.sign_in.rules.passkeys import Site
from rapport.organizations.sign_in.rules.tries import Device

BACKEND: Final = "django.contrib.auth.backends.ModelBackend"
COOKIE: Final = "device"
YEAR: Final = 365 * 24 * 60 * 60


def account(request: Request) -> Account:
    """Return the account whose session this is; there is one wherever sign-in is required."""
    user = request.user
    assert isinstance(user, Account)
    return user


def enter(request: Request, account: Account, *, how: Sequence[str], to: str) -> HttpResponse:
    """Sign the account in and go on to `to`: a new session, a line, and a device that is known from now on."""
    enter_silently(request, account, how=how)
    response = HttpResponseRedirect(to)
    remember_device(request, response, account)
    return response


def enter_silently(request: Request, account: Account, *, how: Sequence[str]) -> None:
    """Sign the account in; the caller answers."""
    login(request, account, backend=BACKEND)
    now = request.now.isoformat()
    request.session.set_expiry(None)
    for key in (sessions.HALF_WAY, sessions.LINK):
        request.session.pop(key, None)
    for key in (sessions.SEEN, sessions.SIGNED_IN, sessions.PROVED):
        request.session[key] = now
    request.session[sessions.SECOND] = bool({"app", "recovery", "passkey"} & set(how))
    actor = actor_in(request, account)
    actions.record_sign_in(actor, account, how=how, now=request.now)


def short(request: HttpRequest) -> None:
    """Let the session of somebody who has not signed in yet end soon: a row that anybody can make."""
    request.session.set_expiry(int(sessions.HALF.total_seconds()))


def actor_in(request: Request, account: Account) -> Actor:
    """Seat the account's person in this request, and return the actor."""
    request.actor = people.actor_for(account, now=request.now)
    return request.actor


def proved(request: Request, *, second: bool) -> None:
    """Note that the session's person has just proved who they are."""
    request.session[sessions.PROVED] = request.now.isoformat()
    if second:
        request.session[sessions.SECOND] = True


def go_on(request: HttpRequest, account: Account) -> None:
    """Let this session go on where a change ended all others of the account."""
    update_session_auth_hash(request, account)


def device(request: HttpRequest) -> Device:
    """Return the device that a request comes from, by its signed cookie; a new one where there is none."""
    try:
        kept = signing.loads(request.COOKIES.get(COOKIE, ""), salt="sign_in.device", max_age=YEAR)
        return Device(str(kept["d"]), tuple(str(one) for one in kept["a"]))
    except (signing.BadSignature, KeyError, TypeError):
        return Device(token_hex(16))


def remember_device(request: HttpRequest, response: HttpResponse, account: Account) -> None:
    """Note in the device's cookie that this account signed in from it. It names no address."""
    known = device(request).with_account(account.uid)
    value = signing.dumps({"d": known.id, "a": known.accounts}, salt="sign_in.device")
    response.set_cookie(
        COOKIE,
        value,
        max_age=YEAR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE or request.is_secure(),
    )


def next_of(request: HttpRequest, *, default: str = "/") -> str:
    """Return where to go on: `next` of the request where it lies on this site, else `default`."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    here = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(wanted, here, require_https=request.is_secure())
    return wanted if safe else default


def next_query(to: str) -> str:
    """Return the query of an address that goes on to `to` afterwards."""
    return urlencode({"next": to})


def with_next(name: str, to: str) -> str:
    """Return the address of a page that goes on to `to` afterwards."""
    return f"{reverse(name)}?{next_query(to)}" if to != "/" else reverse(name)


def site(request: HttpRequest) -> Site:
    """Return the site that passkeys are made for: the host that was asked, and the origins it has."""
    host, _port = split_domain_port(request.get_host())
    own = f"{request.scheme}://{request.get_host()}"
    trusted = {one for one in settings.CSRF_TRUSTED_ORIGINS if "*" not in one}
    return Site(host, frozenset({own, *trusted}))


def can_have_passkeys(request: HttpRequest) -> bool:
    """Tell whether passkeys can be made here: a name and no number, over HTTPS or on this computer."""
    host = site(request).host
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return request.is_secure() or host == "localhost" or host.endswith(".localhost")
    return False


def fresh(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a view run only where its person proved within ten minutes who they are; else ask first."""

    @wraps(view)
    def asked(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if sessions.is_fresh(request.session, request.now):
            return view(request, *args, **kwargs)
        back = request.get_full_path() if request.method in ("GET", "HEAD") else "/account/"
        return HttpResponseRedirect(with_next("sign_in:prove", back))

    return asked


def while_locked(view: Any) -> Any:
    """Mark a view that answers also while the session is locked."""
    view.answers_while_locked = True
    return view


def before_second_factor(view: Any) -> Any:
    """Mark a view that answers also while a second factor is still missing."""
    view.answers_before_second_factor = True
    return view
