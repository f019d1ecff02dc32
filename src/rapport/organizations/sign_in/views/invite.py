"""Sending somebody a single-use link: for the first time, or because everything was lost."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from rapport.foundation.access import Request
from rapport.foundation.facts import Refused
from rapport.organizations.sign_in import actions, queries
from rapport.organizations.sign_in.forms import InviteForm
from rapport.organizations.sign_in.views.session import fresh


@fresh
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: Request, uid: UUID) -> HttpResponse:
    """Ask for the address; on POST make the link and show it, once."""
    person = queries.to_invite(request.actor, uid, request.now.date())
    if person is None:
        raise Http404
    account = queries.account_of(person)
    first = account.email if account else person.work_email
    form, sent = InviteForm(request.POST or None, initial={"email": first}), None
    if form.is_valid():
        try:
            sent = actions.invite(
                request.actor, person, email=form.cleaned_data["email"], now=request.now
            )
        except Refused as problem:
            form.add_error(problem.field, str(problem))
    page = {
        "form": form,
        "person": person,
        "returns": account is not None,
        "sent": sent,
        "link": sent and request.build_absolute_uri(reverse("sign_in:join", args=[sent.token])),
    }
    return render(request, "sign_in/invite.html", page, status=422 if form.errors else 200)
