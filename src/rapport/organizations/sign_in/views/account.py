"""One's own sign-in: password, passkeys, authenticator app, recovery codes. Each change asks for a fresh proof."""

from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.foundation import clock
from rapport.foundation.access import Request
from rapport.foundation.facts import Overtaken, Refused
from rapport.organizations.people import queries as people
from rapport.organizations.sign_in import actions, queries
from rapport.organizations.sign_in.forms import (
    AppForm,
    PasskeyNameForm,
    PasswordForm,
    ProofForm,
)
from rapport.organizations.sign_in.rules import codes
from rapport.organizations.sign_in.views import door
from rapport.organizations.sign_in.views.lock import proof_of
from rapport.organizations.sign_in.views.passkeys import unlock_or_prove
from rapport.organizations.sign_in.views.session import (
    account,
    before_second_factor,
    can_have_passkeys,
    fresh,
    go_on,
    next_of,
    next_query,
    proved,
)


@before_second_factor
@require_safe
def show(request: Request) -> HttpResponse:
    """Show how one signs in, and what can be changed."""
    mine = account(request)
    page: dict[str, Any] = {
        "account": mine,
        "factors": queries.factors(mine),
        "roles": people.roles_to_come(
            mine.person, clock.today(request.now, settings.RAPPORT_ZONE)
        ).select_related("agency", "district", "school"),
        "missing": door.lacks_second(request),
        "passkeys": can_have_passkeys(request),
        "held": queries.held(mine),
        "zone": settings.RAPPORT_ZONE,
    }
    page["link"], page["made_by"] = queries.own_links(request.actor, request.now)
    return render(request, "sign_in/account.html", page)


@before_second_factor
@sensitive_post_parameters("proof")
@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: Request) -> HttpResponse:
    """Ask for a fresh proof before the sign-in itself is changed."""
    to, mine = next_of(request, default="/account/"), account(request)
    form = ProofForm(request.POST or None)
    if form.is_valid():
        try:
            how = proof_of(request, form.cleaned_data)
        except Refused as problem:
            form.add_error("proof", str(problem))
        else:
            unlock_or_prove(request, how=how)
            return HttpResponseRedirect(to)
    factors = queries.factors(mine)
    page = {
        "form": form,
        "next_query": next_query(to),
        "has_password": factors.has_password or factors.app,
        "has_passkey": bool(factors.passkeys) and can_have_passkeys(request),
        "account": mine,
        "next": to,
        "be": door.be_again(request),
    }
    return render(request, "sign_in/prove.html", page, status=422 if form.errors else 200)


@before_second_factor
@fresh
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: Request) -> HttpResponse:
    """Choose a new password; every other session ends."""
    mine, form = account(request), PasswordForm(request.POST or None)
    if form.is_valid():
        try:
            mine = actions.set_password(
                request.actor, mine, form.cleaned_data["password"], now=request.now
            )
        except Refused as problem:
            form.add_error(problem.field, str(problem))
        else:
            go_on(request, mine)
            messages.success(request, _("The password is changed. Every other session has ended."))
            return redirect("sign_in:account")
    return _page(request, "sign_in/password.html", form=form, account=mine)


@before_second_factor
@require_safe
def second_factor(request: Request) -> HttpResponse:
    """Lead to a second factor: a passkey, or an authenticator app."""
    mine = account(request)
    page = {
        "missing": door.lacks_second(request),
        "factors": queries.factors(mine),
        "passkeys": can_have_passkeys(request),
    }
    return render(request, "sign_in/second_factor.html", page)


@before_second_factor
@fresh
@require_safe
def new_passkey(request: Request) -> HttpResponse:
    """Offer to make a passkey on this device."""
    page = {"form": PasskeyNameForm(), "passkeys": can_have_passkeys(request)}
    return render(request, "sign_in/new_passkey.html", page)


@before_second_factor
@fresh
@require_http_methods(["GET", "HEAD", "POST"])
def remove_passkey(request: Request, uid: UUID) -> HttpResponse:
    """Ask, and on POST remove a passkey."""
    key = get_object_or_404(queries.own_passkeys(request.actor), uid=uid)
    if request.method == "POST":
        try:
            actions.remove_passkey(request.actor, key, now=request.now)
        except (Refused, Overtaken) as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, _("The passkey is removed. Remove it from the device too."))
        return redirect("sign_in:account")
    return _confirm(request, "sign_in/remove_passkey.html", key=key)


@before_second_factor
@fresh
@require_POST
def begin_app(request: Request) -> HttpResponse:
    """Make a secret for an authenticator app, and go on to its page."""
    actions.begin_app(request.actor, account(request), now=request.now)
    return redirect("sign_in:app")


@before_second_factor
@fresh
@require_http_methods(["GET", "HEAD", "POST"])
def app(request: Request) -> HttpResponse:
    """Show the secret as a QR code and as words; on POST take the first code."""
    mine = account(request)
    waiting = queries.app_to_confirm(mine)
    if waiting is None:
        return redirect("sign_in:account")
    form = AppForm(request.POST or None)
    if form.is_valid():
        try:
            done = actions.confirm_app(
                request.actor, waiting, form.cleaned_data["code"], now=request.now
            )
        except Refused as problem:
            form.add_error("code", str(problem))
        else:
            go_on(request, done.account)
            proved(request, second=True)
            messages.success(request, _("From now on, signing in asks for a code of the app."))
            return redirect("sign_in:recovery")
    secret = queries.secret_of(waiting)
    uri = codes.totp_uri(secret, mine.email, "Rapport")
    picture = segno.make(uri, error="m").svg_data_uri(scale=5, border=2, light="white")
    spaced = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return _page(request, "sign_in/app.html", form=form, picture=picture, secret=spaced)


@before_second_factor
@fresh
@require_http_methods(["GET", "HEAD", "POST"])
def remove_app(request: Request) -> HttpResponse:
    """Ask, and on POST remove the authenticator app."""
    factors = queries.factors(account(request))
    if factors.app is None:
        return redirect("sign_in:account")
    if request.method == "POST":
        try:
            actions.remove_app(request.actor, factors.app, now=request.now)
        except Overtaken as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, _("The authenticator app is removed."))
        return redirect("sign_in:account")
    return _confirm(request, "sign_in/remove_app.html", factors=factors)


@before_second_factor
@fresh
@require_http_methods(["GET", "HEAD", "POST"])
def recovery(request: Request) -> HttpResponse:
    """Offer new recovery codes; on POST make them and show them, once."""
    made = []
    if request.method == "POST":
        made = actions.make_recovery_codes(request.actor, account(request), now=request.now)
    page = {"made": made, "factors": queries.factors(account(request))}
    return render(request, "sign_in/recovery.html", page)


@before_second_factor
@require_POST
def end_link(request: Request) -> HttpResponse:
    """End a link that would replace one's own sign-in. No proof is asked: whoever is in may stay in."""
    try:
        actions.end_own_link(request.actor, now=request.now)
    except Overtaken as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("The link is ended. It opens nothing any more."))
    return redirect("sign_in:account")


@before_second_factor
@fresh
@require_POST
def end_others(request: Request) -> HttpResponse:
    """End every other session of this account."""
    mine = actions.end_other_sessions(request.actor, account(request), now=request.now)
    go_on(request, mine)
    messages.success(request, _("Every other session has ended."))
    return redirect("sign_in:account")


def _confirm(request: Request, template: str, **more: Any) -> HttpResponse:
    page = {"submit": _("Remove"), "cancel": reverse("sign_in:account"), "stop": True}
    return render(request, template, page | more)


def _page(request: Request, template: str, *, form: Any, **more: Any) -> HttpResponse:
    return render(request, template, {"form": form, **more}, status=422 if form.errors else 200)
