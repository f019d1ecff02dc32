"""What anybody may know: the program clears its officers, and under which agreements."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rapport.foundation.access import Request
from rapport.standing.agreements import queries as agreements
from rapport.standing.assignments.views import asked


@login_not_required
@require_safe
def program(request: Request) -> HttpResponse:
    """Show the public page of the program."""
    when = asked.read(request)
    page = {
        "agreements": agreements.public_agreements(request.actor, day=when.today),
        "asked": when,
    }
    return render(request, "assignments/public.html", page)
