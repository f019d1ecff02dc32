"""Inviting a person on a page: the single-use link is shown once, with what to do with it."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from rapport.foundation.access import Request
from rapport.foundation.facts import Overtaken, Refused
from rapport.foundation.kinds.views import tried, typed
from rapport.organizations.people import queries as people
from rapport.organizations.people.models import Person
from rapport.organizations.sign_in import actions, queries
from rapport.organizations.sign_in.forms import InviteForm
from rapport.organizations.sign_in.queries import Invitable
from rapport.organizations.sign_in.views.session import fresh


@fresh
@sensitive_variables("sent", "link")
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: Request, uid: UUID) -> HttpResponse:
    """Show how a person signs in so far; on POST make a link and show it, this once."""
    person, found = _invitable(request, uid)
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


@fresh
@require_POST
def approve(request: Request, uid: UUID) -> HttpResponse:
    """Let the link that waits replace this person's sign-in: the second person's button."""
    person, found = _invitable(request, uid)
    if found.waits is None or str(found.waits.uid) != request.POST.get("link"):
        messages.error(request, str(Overtaken()))
        return redirect("sign_in:invite", person.uid)
    try:
        actions.approve(request.actor, found.waits, now=request.now)
    except (Refused, Overtaken) as problem:
        messages.error(request, str(problem))
    else:
        messages.success(
            request, _("The link is approved. It replaces the sign-in once it is used.")
        )
    return redirect("people:person", person.uid)


def _invitable(request: Request, uid: UUID) -> tuple[Person, Invitable]:
    person = people.person_at_uid(request.actor, uid)
    found = queries.invitable(request.actor, person, now=request.now) if person else None
    if person is None or found is None:
        raise Http404
    return person, found
