"""Pages of agreements. The parts are recorded, corrected and withdrawn on the pages of kinds."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from rapport.foundation import clock
from rapport.foundation.access import Request
from rapport.foundation.facts import Overtaken, Refused
from rapport.foundation.kinds.kind import ZONE
from rapport.foundation.kinds.pages import new_url
from rapport.standing.agreements import access, actions, queries, rules
from rapport.standing.agreements.forms import ClausesForm, DraftForm

A_PAGE = 50


@require_safe
def agreements(request: Request) -> HttpResponse:
    """Show which agreements there are and which need somebody, filtered by the address."""
    about, state = request.GET.get("q", ""), request.GET.get("state", "")
    found = queries.agreements(request.actor, day=_today(request), about=about)
    shown = [f for f in found if state in ("", f.state)]
    page = Paginator(shown, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "about": about,
        "state": state,
        "states": list(rules.State),
        "may_draft": access.may_draft(request.actor),
        "is_filtered": bool(about or state),
    }
    return render(request, "agreements/agreements.html", context)


@require_safe
def agreement(request: Request, uid: UUID) -> HttpResponse:
    """Show one agreement: where it stands, what is missing, and each of its parts."""
    row = get_object_or_404(access.visible_agreements(request.actor), uid=uid)
    found = queries.agreement_on(request.actor, row, day=access.today(row.pk, request.now))
    may_write = access.may(request.actor, access.RECORD, row)
    parts = queries.parts(request.actor, row)
    context = {
        "agreement": row,
        "found": found,
        "sections": [
            {
                "kind": kind,
                "heading": access.HEADINGS[kind.name],
                "now": [r for r in parts[kind.name] if r.withdrawn_at is None],
                "before": [r for r in parts[kind.name] if r.withdrawn_at is not None],
                "new_url": new_url(kind.name, row) if may_write else "",
            }
            for kind in access.KINDS
        ],
        "missing_titles": [
            f"{c.number}. {c.title(get_language() or 'en')}"
            for c in (found.missing if found else ())
        ],
        "may_write": may_write,
    }
    return render(request, "agreements/agreement.html", context)


@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Ask for an agreement in one form; on POST draft it."""
    if not access.may_draft(request.actor):
        raise Http404
    form = DraftForm(request.actor, request.POST or None)
    if form.is_valid():
        try:
            made = actions.draft_agreement(request.actor, form.draft(), now=request.now)
        except Refused as problem:
            _say(form, problem)
        else:
            messages.success(
                request, _("The agreement is entered. Now record who has signed it, and when.")
            )
            return redirect("agreements:agreement", made.uid)
    return _asked(request, "agreements/new.html", form)


@require_http_methods(["GET", "POST"])
def clauses(request: Request, uid: UUID) -> HttpResponse:
    """Show the whole library with what the text holds ticked; on POST record what changed."""
    row = get_object_or_404(access.visible_agreements(request.actor), uid=uid)
    if not access.may(request.actor, access.RECORD, row):
        raise Http404
    day = access.today(row.pk, request.now)
    there = queries.clauses_on(request.actor, row, day=day)
    ticked = {"day": day, "clauses": [c.number for c, _title, held in there if held]}
    form = ClausesForm(request.POST or None, initial=ticked)
    if form.is_valid():
        numbers = [int(n) for n in form.cleaned_data["clauses"]]
        try:
            actions.record_clauses(
                request.actor, row, numbers, day=form.cleaned_data["day"], now=request.now
            )
        except (Refused, Overtaken) as problem:
            _say(form, problem)
        else:
            messages.success(request, _("The clauses are recorded."))
            return redirect("agreements:agreement", row.uid)
    return _asked(request, "agreements/clauses.html", form, agreement=row)


def _today(request: Request) -> Any:
    return clock.today(request.now, ZONE)


def _say(form: DraftForm | ClausesForm, problem: Exception) -> None:
    field = getattr(problem, "field", None)
    shown = {"valid_until": "last_day"}.get(field or "", field)
    form.add_error(shown if shown in form.fields else None, str(problem))


def _asked(request: Request, page: str, form: DraftForm | ClausesForm, **more: Any) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    return render(request, page, {"form": form, **more}, status=status)
