"""The page of NCES ids that more than one school was given: a person chooses."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rapport.foundation.access import Request
from rapport.foundation.facts import Overtaken
from rapport.organizations.places import access, actions, queries
from rapport.organizations.places.forms import ChoiceForm


@require_safe
def claims(request: Request) -> HttpResponse:
    """Show the ids that schools were given twice."""
    found = queries.claimed_ids(request.actor)
    page = {
        "open": [each for each in found if each.is_open],
        "settled": [each for each in found if not each.is_open],
    }
    return render(request, "places/claims.html", page)


@require_POST
def settle(request: Request, uid: UUID) -> HttpResponse:
    """Choose whether the school of a claim has the id."""
    claim = get_object_or_404(access.visible_claims(request.actor), uid=uid)
    form = ChoiceForm(request.POST)
    if form.is_valid():
        is_given = form.cleaned_data["given"] == "yes"
        try:
            actions.settle_claim(request.actor, claim, is_given=is_given, now=request.now)
            messages.success(request, _("Recorded. It can be chosen anew below."))
        except Overtaken as problem:
            messages.warning(request, str(problem))
    return redirect("places:claims")
