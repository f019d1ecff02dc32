"""Small pages of the frame: choosing a theme or a language, searching, seeing every part."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from rapport.foundation.access import Request
from rapport.foundation.tables.listing import asked_words

from . import samples, searching

YEAR = 365 * 24 * 60 * 60
language = login_not_required(set_language)


@login_not_required
@require_POST
def theme(request: Request) -> HttpResponse:
    """Keep the wanted theme (`light`, `dark`, else the device's) in a cookie and go back."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        back, {request.get_host()}, require_https=request.is_secure()
    ):
        back = "/"
    response = HttpResponseRedirect(back)
    wanted = request.POST.get("theme", "")
    if wanted in ("light", "dark"):
        response.set_cookie(
            "theme", wanted, max_age=YEAR, samesite="Lax", secure=request.is_secure()
        )
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response


@require_safe
def search(request: Request) -> HttpResponse:
    """Show what the actor may know of that matches `q`, by kind."""
    words = asked_words(request.GET)
    found = searching.gather(request.actor, words)
    return render(request, "ui/search.html", {"q": words, "found": found})


@login_not_required
@require_safe
def parts(request: Request) -> HttpResponse:
    """Show every part of the pages in every state: to who is signed in, and to all in a demo."""
    if request.actor.person_id is None and not settings.RAPPORT_IS_DEMO:
        raise Http404
    alone = request.GET.get("page", "")
    if alone in samples.PAGES:
        return render(request, samples.PAGES[alone], samples.page(alone))
    return render(request, "ui/parts.html", samples.samples(request))
