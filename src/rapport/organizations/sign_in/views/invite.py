"""Inviting a person on a page: the single-use link is shown once, with what to do with it."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from rapport.foundation.access import Request
from rapport.foundation.kinds.views import tried, typed
from rapport.organizations.people import queries as people
from rapport.organizations.sign_in import actions, queries
from rapport.organizations.sign_in.forms import InviteForm
from rapport.organizations.sign_in.views.session import fresh


@fresh
@sensitive_variables("sent", "link")
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: Request, uid: UUID) -> HttpResponse:
    """Show how a person signs in so far; on POST make a link and show it, this once."""
    person = people.person_at_uid(request.actor, uid)
    if person is None:
        raise Http404
    found = queries.invitable(request.actor, person, now=request.now)
    if found is None:
        raise Http404
    form = InviteForm(typed(request), initial={"email": found.address})
    page: dict[str, Any] = {
        "person": person,
        "found": found,
        "form": form,
        "back": reverse("people:person", args=[person.uid]),
        "zone": settings.RAPPORT_ZONE,
    }
    if form.is_valid():
        email = form.cleaned_data["email"]
        done, sent = tried(
            form, lambda: actions.invite(request.actor, person, email=email, now=request.now)
        )
        if done:
            link = request.build_absolute_uri(reverse("sign_in:join", args=[sent.token]))
            return render(request, "sign_in/sent.html", page | {"sent": sent, "link": link})
    return render(request, "sign_in/invite.html", page, status=422 if form.errors else 200)
