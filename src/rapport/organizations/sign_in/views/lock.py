"""The lock: a session in which nobody did anything for a while, or that its person locked."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.foundation.access import Request
from rapport.foundation.facts import Refused
from rapport.organizations.sign_in import actions, queries
from rapport.organizations.sign_in.rules import codes, sessions
from rapport.organizations.sign_in.views import door
from rapport.organizations.sign_in.views.passkeys import unlock_or_prove
from rapport.organizations.sign_in.views.session import (
    account,
    before_second_factor,
    device,
    next_of,
    while_locked,
)


@before_second_factor
@require_POST
def lock(request: Request) -> HttpResponse:
    """Lock the session now."""
    request.session[sessions.LOCKED] = True
    return HttpResponseRedirect(next_of(request))


@while_locked
@before_second_factor
@sensitive_post_parameters("password", "proof", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def unlock(request: Request) -> HttpResponse:
    """Open a locked session by password, code or both; what was sent meanwhile is shown first."""
    to = next_of(request)
    if not sessions.is_locked(request.session, request.now):
        return HttpResponseRedirect(to)
    form = door.unlock_form(request, request.POST or None)
    if form.is_valid():
        try:
            how = proof_of(request, form.cleaned_data)
        except Refused as problem:
            form.add_error(None, str(problem))
        else:
            unlock_or_prove(request, how=how)
            return HttpResponseRedirect(to)
    return door.lock_page(request, to=to, form=form)


def proof_of(request: Request, said: dict[str, str]) -> list[str]:
    """Check what was typed to prove who sits in the session; return how it was proven. Raises `Refused`."""
    mine, on, now = account(request), device(request), request.now
    if "proof" not in said:
        actions.check_password_of(request.actor, mine, said["password"], device=on, now=now)
        how = actions.check_code(request.actor, mine, said["code"], device=on, now=now)
        return ["password", how]
    if codes.is_totp(said["proof"]) and queries.factors(mine).app is not None:
        return [actions.check_code(request.actor, mine, said["proof"], device=on, now=now)]
    actions.check_password_of(request.actor, mine, said["proof"], device=on, now=now)
    return ["password"]


@before_second_factor
@require_POST
def here(request: Request) -> HttpResponse:
    """Note that somebody is typing: asked by the page itself, so that a long form does not lock."""
    return HttpResponse(status=204)


@require_safe
def held(request: Request, uid: UUID) -> HttpResponse:
    """Show what was sent while the session was locked, with a button that sends it now."""
    row = get_object_or_404(queries.held(account(request)), uid=uid)
    fields, files = door.fields_of(queries.words_held(row))
    page = {
        "held": row,
        "action": door.with_held(row.path, row.uid),
        "fields": [(name, value) for name, values in fields.lists() for value in values],
        "files": files,
        "others": queries.held(account(request)).exclude(pk=row.pk),
    }
    return render(request, "sign_in/held.html", page)


@require_POST
def drop(request: Request, uid: UUID) -> HttpResponse:
    """Throw away what was sent while the session was locked."""
    actions.let_go(request.actor, account(request), uid)
    return redirect("/")
