"""Pages of agreements. The parts are recorded, corrected and withdrawn on the pages of kinds."""

from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_safe

from rapport.foundation import clock
from rapport.foundation.access import Request
from rapport.foundation.audit.actions import record_list_taken
from rapport.foundation.facts import Overtaken, Refused
from rapport.foundation.kinds.pages import FactPages, new_url
from rapport.foundation.tables import export
from rapport.foundation.tables.cells import Cell
from rapport.foundation.tables.listing import Column, Filter, Table
from rapport.foundation.ui.once import made_once
from rapport.standing.agreements import access, actions, forms, queries
from rapport.standing.agreements.models import Agreement
from rapport.standing.agreements.queries import Found
from rapport.standing.agreements.rules import ESSENTIAL, State

PILLS: Final = {State.IN_FORCE: "ok", State.ENDED: "na", State.SIGNED: "warn", State.DRAFT: "warn"}
FACTS: Final = tuple(
    FactPages(
        kind=kind,
        form=form,
        owners=access.visible_agreements,
        may_record=lambda actor, agreement: access.may(actor, access.RECORD, agreement),
        owner_of=lambda fact: fact.agreement,
        back=lambda agreement: reverse("agreements:agreement", args=[agreement.uid]),
        record=record,
        correct=actions.correct,
        end=None if kind.is_a_moment else actions.end,
        withdraw=actions.withdraw,
        ask=ask,
    )
    for kind, form, record, ask in (
        (access.TERM, forms.TermForm, actions.record_term, _lazy("When does it run?")),
        (access.PARTY, forms.PartyForm, actions.record_party, _lazy("Who joins the agreement?")),
        (
            access.COVERAGE,
            forms.CoverageForm,
            actions.record_coverage,
            _lazy("What does it cover?"),
        ),
        (
            access.CLAUSE,
            forms.ClauseForm,
            actions.record_clause,
            _lazy("Which clause does it hold?"),
        ),
        (access.SETTLED, forms.SettledForm, actions.record_settled, _lazy("What does it settle?")),
        (
            access.SIGNATURE,
            forms.SignatureForm,
            actions.record_signature,
            _lazy("Who signed, and when?"),
        ),
        (
            access.AFFIRMATION,
            forms.AffirmationForm,
            actions.record_affirmation,
            _lazy("When was it reviewed?"),
        ),
    )
)


@require_safe
def agreements(request: Request) -> HttpResponse:
    """Show which agreements there are, where each stands and what it lacks."""
    today = clock.today(request.now, settings.RAPPORT_ZONE)
    found = queries.agreements(request.actor, day=today)
    listing = TABLE.read(request.GET, found, as_of=today)
    if listing.wants_file:
        record_list_taken(request.actor, listing, now=request.now)
        return export.respond(listing, who=request.actor.name, now=request.now)
    page = {"listing": listing, "may_draft": access.may_draft(request.actor)}
    return render(request, "agreements/agreements.html", page)


def missing(found: Found) -> str:
    """Return what keeps an agreement from being complete, in one line."""
    if found.state is State.ENDED:
        return ""
    said = [_("the signature of %(who)s") % {"who": who} for who in found.unsigned]
    if found.since is None and not found.unsigned:
        said.append(_("its dates"))
    if found.missing:
        numbers = ", ".join(str(clause.number) for clause in found.missing)
        count = len(found.missing)
        said.append(
            ngettext("clause %(numbers)s", "clauses %(numbers)s", count) % {"numbers": numbers}
        )
    if found.is_review_overdue:
        said.append(_("a review"))
    return "; ".join(said)


def _covers(found: Found) -> str:
    if len(found.covers) <= 3:
        return ", ".join(found.covers)
    return ngettext("%d school", "%d schools", len(found.covers)) % len(found.covers)


TABLE: Final = Table[Found](
    name="agreements",
    columns=(
        Column(
            "agreement",
            _lazy("Agreement"),
            lambda f: Cell(
                f.agreement.title, url=reverse("agreements:agreement", args=[f.agreement.uid])
            ),
            sort=lambda f: f.agreement.title,
        ),
        Column("parties", _lazy("Parties"), lambda f: ", ".join(f.parties)),
        Column("covers", _lazy("Covers"), _covers, export=lambda f: "; ".join(f.covers)),
        Column(
            "state",
            _lazy("Where it stands"),
            lambda f: Cell(access.STATES[f.state], state=PILLS[f.state]),
            sort=lambda f: list(State).index(f.state),
            export=lambda f: f.state.value,
        ),
        Column("missing", _lazy("What it lacks"), missing),
        Column("review", _lazy("Review due"), lambda f: f.review_due, sort=lambda f: f.review_due),
    ),
    unit=lambda n: ngettext("%d agreement", "%d agreements", n) % n,
    search=(
        lambda f: f.agreement.title,
        lambda f: " ".join(f.parties),
        lambda f: " ".join(f.covers),
    ),
    filters=(
        Filter(
            "state",
            _lazy("Where it stands"),
            lambda f: f.state.value,
            tuple((s.value, words) for s, words in access.STATES.items()),
        ),
    ),
)


@require_safe
def agreement(request: Request, uid: UUID) -> HttpResponse:
    """Show one agreement: where it stands, what is missing, and each of its parts."""
    row = get_object_or_404(access.visible_agreements(request.actor), uid=uid)
    found = queries.agreement_on(request.actor, row, day=access.today(row.pk, request.now))
    may_write = access.may(request.actor, access.RECORD, row)
    parts = queries.parts(request.actor, row)
    assert found is not None  # the row was fetched from what this actor may know of
    context = {
        "agreement": row,
        "state": PILLS[found.state],
        "state_words": access.STATES[found.state],
        "found": found,
        "sections": [
            {
                "kind": kind,
                "heading": access.HEADINGS[kind.name],
                "now": [r for r in parts[kind.name] if r.withdrawn_at is None],
                "is_long": kind is access.CLAUSE,
                "before": [r for r in parts[kind.name] if r.withdrawn_at is not None],
                "new_url": new_url(kind.name, row) if may_write else "",
            }
            for kind in access.KINDS
        ],
        "missing_titles": [f"{c.number}. {c.title(get_language() or 'en')}" for c in found.missing],
        "absent": _absent(request, row),
        "may_write": may_write,
    }
    return render(request, "agreements/agreement.html", context)


def _absent(request: Request, row: Agreement) -> list[dict[str, Any]]:
    """Return the clauses of the library that the text does not hold today."""
    day = access.today(row.pk, request.now)
    return [
        {"words": f"{clause.number}. {title}", "is_essential": clause.number in ESSENTIAL}
        for clause, title, is_held in queries.clauses_on(request.actor, row, day=day)
        if not is_held
    ]


@require_http_methods(["GET", "POST"])
@made_once
def new(request: Request) -> HttpResponse:
    """Ask for an agreement in one form; on POST draft it."""
    if not access.may_draft(request.actor):
        raise Http404
    form = forms.DraftForm(request.actor, request.POST or None)
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
    form = forms.ClausesForm(request.POST or None, initial=ticked)
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


def _say(form: forms.DraftForm | forms.ClausesForm, problem: Exception) -> None:
    field = getattr(problem, "field", None)
    shown = {"valid_until": "last_day"}.get(field or "", field)
    form.add_error(shown if shown in form.fields else None, str(problem))


def _asked(
    request: Request, page: str, form: forms.DraftForm | forms.ClausesForm, **more: Any
) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    return render(request, page, {"form": form, **more}, status=status)
