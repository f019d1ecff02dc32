"""Signing in and out: an address and a password, then a code; or a passkey."""

from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from rapport.foundation.access import Request
from rapport.foundation.facts import Refused
from rapport.organizations.people import queries as people
from rapport.organizations.people.models import Account
from rapport.organizations.sign_in import actions, queries
from rapport.organizations.sign_in.forms import CodeForm, RecoverForm, SignInForm
from rapport.organizations.sign_in.rules import sessions
from rapport.organizations.sign_in.views.session import (
    account,
    before_second_factor,
    can_have_passkeys,
    device,
    enter,
    next_of,
    next_query,
    short,
    while_locked,
    with_next,
)


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: Request) -> HttpResponse:
    """Show the form; on POST sign in, or go on to the second step."""
    to = next_of(request)
    if request.user.is_authenticated:
        return HttpResponseRedirect(to)
    form = SignInForm(request.POST or None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            found = actions.check_address_and_password(
                request.actor,
                said["email"],
                said["password"],
                device=device(request),
                now=request.now,
            )
        except Refused as problem:
            form.add_error(None, str(problem))
        else:
            return _second_step(request, found, to)
    return _page(request, "sign_in/sign_in.html", form, to)


@login_not_required
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def recover(request: Request) -> HttpResponse:
    """Show the form for whoever finds the password closed; on POST sign in with a recovery code beside it."""
    to = next_of(request)
    if request.user.is_authenticated:
        return HttpResponseRedirect(to)
    form = RecoverForm(request.POST or None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            found = actions.check_with_recovery_code(
                request.actor,
                said["email"],
                said["password"],
                said["code"],
                device=device(request),
                now=request.now,
            )
        except Refused as problem:
            form.add_error(None, str(problem))
        else:
            return enter(request, found, how=["password", "recovery"], to=to)
    return _page(request, "sign_in/recover.html", form, to)


def _second_step(request: Request, found: Account, to: str) -> HttpResponse:
    if not queries.factors(found).has_second:
        return enter(request, found, how=["password"], to=to)
    request.session.cycle_key()
    short(request)
    request.session[sessions.HALF_WAY] = {
        "account": found.pk,
        "hash": found.get_session_auth_hash(),
        "at": request.now.isoformat(),
    }
    return HttpResponseRedirect(with_next("sign_in:code", to))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: Request) -> HttpResponse:
    """Ask whoever's password was right for a code; on POST sign in."""
    to = next_of(request)
    half = sessions.half_way(request.session, request.now)
    found = queries.open_account(half) if half else None
    if found is None or not sessions.is_still(request.session, found.get_session_auth_hash()):
        return HttpResponseRedirect(with_next("sign_in:sign_in", to))
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            how = actions.check_code(
                request.actor,
                found,
                form.cleaned_data["code"],
                device=device(request),
                now=request.now,
            )
        except Refused as problem:
            form.add_error("code", str(problem))
        else:
            return enter(request, found, how=["password", how], to=to)
    more = {"factors": queries.factors(found)}
    return _page(request, "sign_in/code.html", form, to, **more)


@while_locked
@before_second_factor
@require_POST
def sign_out(request: Request) -> HttpResponse:
    """End the session, and tell the browser to forget what it holds of it."""
    mine = account(request)
    actor = people.actor_for(mine, now=request.now)
    actions.record_sign_out(actor, mine, now=request.now)
    was_demo = settings.RAPPORT_IS_DEMO and bool(request.session.get(sessions.DEMO))
    logout(request)
    response = redirect("sign_in:welcome" if was_demo else "sign_in:sign_in")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _page(request: Request, template: str, form: Any, to: str, **more: Any) -> HttpResponse:
    page = {
        "form": form,
        "next_query": next_query(to),
        "passkeys": can_have_passkeys(request),
        "demo": settings.RAPPORT_IS_DEMO,
    }
    return render(request, template, page | more, status=422 if form.errors else 200)
