"""Pages: the history, and what of it both sides accept as lost."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from rapport.foundation.access import Request
from rapport.foundation.audit import access, actions, queries
from rapport.foundation.audit.forms import HistoryForm
from rapport.foundation.audit.queries import Sentence
from rapport.foundation.facts import Overtaken, Refused
from rapport.foundation.tables import export
from rapport.foundation.tables.listing import Column, Table


@require_safe
def history(request: Request) -> HttpResponse:
    """Show what was done and by whom, newest first, filtered by the address; or send it as a file."""
    form = HistoryForm(request.GET)
    asked = form.asked(request.actor)
    if request.GET.get("format") == "csv":
        return _file(request, asked)
    sentences, older = queries.page(request.actor, asked)
    context = {
        "form": form,
        "sentences": sentences,
        "older": older,
        "is_narrowed": any(request.GET.get(name) for name in form.fields),
        "reads_others": access.may_read(request.actor),
        "losses": queries.losses(request.actor),
        "carried": [(k, v) for k, v in request.GET.items() if k in form.fields and k != "before"],
        "zone": settings.RAPPORT_ZONE,
    }
    return render(request, "audit/history.html", context)


def _file(request: Request, asked: queries.Asked) -> HttpResponse:
    rows = queries.history(request.actor, asked)
    query = QueryDict(mutable=True)
    query.update({"why": request.GET.get("why", "")})
    listing = _table(request).read(query, rows)
    if request.method == "GET":
        why = export.why(listing).value
        actions.record_export(request.actor, asked, rows=listing.count, why=why, now=request.now)
    return export.respond(listing, who=request.actor.name, now=request.now)


def _table(request: Request) -> Table[Sentence]:
    return Table[Sentence](
        name="history",
        columns=(
            Column("line", _("Line"), lambda s: s.number),
            Column("at", _("When"), lambda s: s.at),
            Column("who", _("Who"), lambda s: s.who),
            Column("did", _("Did what"), lambda s: s.did),
            Column("what", _("To what"), lambda s: s.what),
            Column("way", _("How"), lambda s: s.way),
            Column("verb", _("Verb"), lambda s: s.verb.name),
            Column("detail", _("Details"), lambda s: s.detail),
        ),
        unit=lambda n: ngettext("%d line", "%d lines", n) % n,
        enrich=lambda lines: queries.sentences(request.actor, lines),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def loss(request: Request, uid: UUID) -> HttpResponse:
    """Show what the history lacks, and ask for acceptance; on POST accept it for one's side."""
    row = get_object_or_404(access.visible_losses(request.actor), uid=uid)
    form = forms.Form(request.POST or None)
    if request.method == "POST":
        try:
            row = actions.consent(request.actor, row, now=request.now)
        except (Overtaken, Refused) as no:
            form.is_valid()
            form.add_error(None, str(no))
        else:
            done = _("Accepted by both sides. The history goes on, and the loss stays readable.")
            half = _("Accepted for your side. The other side is asked too.")
            messages.success(request, done if row.accepted_at else half)
            return redirect("audit:history")
    context: dict[str, Any] = {
        "missing": queries.loss(request.actor, row),
        "form": form,
        "zone": settings.RAPPORT_ZONE,
    }
    return render(request, "audit/loss.html", context, status=422 if form.errors else 200)
