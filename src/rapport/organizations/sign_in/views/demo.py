"""The demo's switch of persons: who would you like to be?"""

from uuid import UUID

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from rapport.foundation.access import STRANGER, Request
from rapport.organizations.people import queries as people
from rapport.organizations.sign_in import actions
from rapport.organizations.sign_in.rules import sessions
from rapport.organizations.sign_in.views.session import before_second_factor, enter, while_locked


@before_second_factor
@while_locked
@login_not_required
@require_safe
def welcome(request: Request) -> HttpResponse:
    """Show the demo's people, each with what they do here in a sentence."""
    if not settings.RAPPORT_IS_DEMO:
        raise Http404
    return render(request, "sign_in/welcome.html", {"cast": people.cast(STRANGER)})


@before_second_factor
@while_locked
@login_not_required
@require_POST
def be(request: Request, uid: UUID) -> HttpResponse:
    """Sign in as one of the demo's people."""
    if not settings.RAPPORT_IS_DEMO:
        raise Http404
    person = get_object_or_404(people.cast_rows(STRANGER), uid=uid)
    if request.user.is_authenticated:
        logout(request)
    account = actions.be_somebody(STRANGER, person, now=request.now)
    response = enter(request, account, how=["demo"], to="/")
    request.session[sessions.SECOND] = True
    return response
