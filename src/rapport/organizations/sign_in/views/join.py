"""The page behind a single-use link. Opening it changes nothing; only its buttons do, once."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from rapport.foundation import clock
from rapport.foundation.access import Request
from rapport.foundation.facts import Refused
from rapport.organizations.people import queries as people
from rapport.organizations.sign_in import actions, queries
from rapport.organizations.sign_in.forms import LinkProofForm, PasswordForm
from rapport.organizations.sign_in.queries import Invited
from rapport.organizations.sign_in.rules import passkeys, sessions
from rapport.organizations.sign_in.views.passkeys import challenge, in_words, put, taken
from rapport.organizations.sign_in.views.session import (
    can_have_passkeys,
    device,
    enter,
    enter_silently,
    remember_device,
    short,
    site,
)


@login_not_required
@sensitive_post_parameters("password", "proof")
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: Request, token: str) -> HttpResponse:
    """Name the person and the act; on POST, once, make the sign-in with the password that was chosen."""
    try:
        found = queries.invited(token, now=request.now)
    except Refused as ended:
        return _ended(request, str(ended), status=410)
    if found is None:
        words = _("There is no such link. Copy the whole of it, or ask for a new one.")
        return _ended(request, words, status=404)
    if found.needs_proof and not _is_proven(request, found):
        return _prove(request, found, token)
    form = PasswordForm(request.POST or None)
    if form.is_valid():
        try:
            account = actions.join_with_password(
                found.actor,
                found.invitation,
                form.cleaned_data["password"],
                now=request.now,
                shown=_shown(request, found),
            )
        except Refused as problem:
            if problem.field is None:  # the link itself, used by somebody quicker
                return _ended(request, str(problem), status=410)
            form.add_error(problem.field, str(problem))
        else:
            return enter(request, account, how=["link"], to=reverse("sign_in:second_factor"))
    page = _page_of(request, found, token) | {"form": form}
    return render(request, "sign_in/join.html", page, status=422 if form.errors else 200)


def _prove(request: Request, found: Invited, token: str) -> HttpResponse:
    """Ask for an old proof before a link replaces a sign-in; on POST take it and show the link's page."""
    form = LinkProofForm(request.POST or None)
    if form.is_valid():
        try:
            shown = actions.prove(
                found.actor,
                found.invitation,
                form.cleaned_data["proof"],
                device=device(request),
                now=request.now,
            )
        except Refused as problem:
            form.add_error("proof", str(problem))
        else:
            if not request.user.is_authenticated:
                short(request)
            request.session[sessions.LINK] = {str(found.invitation.uid): shown}
            return redirect("sign_in:join", token)
    page = _page_of(request, found, token) | {"form": form}
    return render(request, "sign_in/join_proof.html", page, status=422 if form.errors else 200)


def _page_of(request: Request, found: Invited, token: str) -> dict[str, Any]:
    return {
        "invited": found,
        "token": token,
        "roles": people.roles_to_come(
            found.invitation.person, clock.today(request.now, settings.RAPPORT_ZONE)
        ).select_related("agency", "district", "school"),
        "passkeys": can_have_passkeys(request),
    }


@login_not_required
@require_POST
@in_words
def ask_for_passkey(request: Request, token: str) -> JsonResponse:
    """Ask the browser of whoever was invited to make a passkey; uses nothing up."""
    found = _open(request, token)
    if not can_have_passkeys(request):
        raise Refused(_("Passkeys need the program's own name over HTTPS, not a number."))
    account = queries.account_of(found.invitation.person)
    question = passkeys.ask_for_new(
        site(request),
        handle=(account or found.invitation).uid.bytes,  # a new account takes the invitation's uid
        address=found.invitation.email,
        name=found.actor.name,
        has=[],
        challenge=challenge(),
    )
    return put(request, question)


@login_not_required
@require_POST
@in_words
def join_with_passkey(request: Request, token: str) -> JsonResponse:
    """Make the sign-in, once, with the passkey that the browser has made."""
    found = _open(request, token)
    state, said = taken(request)
    account = actions.join_with_passkey(
        found.actor,
        found.invitation,
        passkeys.made(site(request), state, said["answer"]),
        site=site(request).host,
        name=str(said.get("name", "")),
        now=request.now,
        shown=_shown(request, found),
    )
    enter_silently(request, account, how=["link", "passkey"])
    response = JsonResponse({"next": reverse("sign_in:recovery")})
    remember_device(request, response, account)
    return response


def _shown(request: Request, found: Invited) -> str:
    """Return what this browser got for an old proof beside this link; nothing where none was given."""
    return str(request.session.get(sessions.LINK, {}).get(str(found.invitation.uid), ""))


def _is_proven(request: Request, found: Invited) -> bool:
    account = queries.account_of(found.invitation.person)
    shown = _shown(request, found)
    return account is not None and queries.is_proven(
        found.invitation, account, shown, now=request.now
    )


def _open(request: Request, token: str) -> Invited:
    found = queries.invited(token, now=request.now)
    if found is None:
        raise Refused(_("There is no such link. Copy the whole of it, or ask for a new one."))
    return found


def _ended(request: Request, why: str, *, status: int) -> HttpResponse:
    return render(request, "sign_in/ended.html", {"why": why}, status=status)
