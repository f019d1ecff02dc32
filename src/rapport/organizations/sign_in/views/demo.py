"""The demo's switch of persons: who would you like to be? The same one again opens the lock."""

from uuid import UUID

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from rapport.foundation.access import STRANGER, Request
from rapport.organizations.sign_in import actions, queries
from rapport.organizations.sign_in.rules import sessions
from rapport.organizations.sign_in.views.passkeys import unlock_or_prove
from rapport.organizations.sign_in.views.session import (
    account,
    before_second_factor,
    enter,
    next_of,
    while_locked,
)


@before_second_factor
@while_locked
@login_not_required
@require_safe
def welcome(request: Request) -> HttpResponse:
    """Show the demo's people, each with what they do here in a sentence."""
    if not settings.RAPPORT_IS_DEMO:
        raise Http404
    return render(request, "sign_in/welcome.html", {"cast": queries.demo_cast(STRANGER)})


@before_second_factor
@while_locked
@login_not_required
@require_POST
def be(request: Request, uid: UUID) -> HttpResponse:
    """Sign in as one of the demo's people; whoever is that one already goes on where they were."""
    if not settings.RAPPORT_IS_DEMO:
        raise Http404
    person, to = get_object_or_404(queries.demo_rows(STRANGER), uid=uid), next_of(request)
    if request.user.is_authenticated:
        if request.session.get(sessions.DEMO) and account(request).person_id == person.pk:
            unlock_or_prove(request, how=["demo"])
            return HttpResponseRedirect(to)
        logout(request)
    response = enter(
        request, actions.be_somebody(STRANGER, person, now=request.now), how=["demo"], to=to
    )
    request.session[sessions.DEMO] = True
    return response
