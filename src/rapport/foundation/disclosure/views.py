"""Pages of disclosures: the list, one of them, and the form that records one."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from rapport.foundation import clock
from rapport.foundation.access import Request
from rapport.foundation.disclosure import actions, queries, rules
from rapport.foundation.disclosure.forms import DisclosureForm, uids
from rapport.foundation.disclosure.models import Disclosure
from rapport.foundation.disclosure.queries import Shown
from rapport.foundation.disclosure.rules import Basis
from rapport.foundation.facts import Overtaken, Refused
from rapport.foundation.registry import Someone
from rapport.foundation.tables import export
from rapport.foundation.tables.cells import Cell
from rapport.foundation.tables.listing import Column, Filter, Table
from rapport.foundation.ui.once import made_once
from rapport.foundation.ui.words import class_word, class_words


def _table(request: Request) -> Table[Shown]:
    return Table(
        name="disclosures",
        columns=(
            Column(
                "at",
                _("When"),
                lambda s: Cell(s.row.at, url=f"/disclosures/{s.row.uid}/"),
                sort="at",
            ),
            Column("of", _("Record"), _record_cell),
            Column("class", _("Class"), lambda s: class_word(s.row.record_class)),
            Column("basis", _("Basis"), lambda s: s.row.get_basis_display(), sort="basis"),
            Column("to", _("Recipients"), _recipients),
            Column("by", _("By"), lambda s: s.by),
            Column("until", _("Until"), _last_day, sort="expires_at"),
            Column(
                "state",
                _("State"),
                lambda s: (
                    Cell(_("open"), state="warn") if s.is_open else Cell(_("ended"), state="na")
                ),
            ),
        ),
        unit=lambda n: ngettext("%d disclosure", "%d disclosures", n) % n,
        filters=(
            Filter("basis", _("Basis"), "basis", Basis.choices),
            Filter("class", _("Class"), "record_class", class_words()),
        ),
        sort="-at",
        enrich=lambda rows: queries.shown(request.actor, rows, now=request.now),
    )


def _record_cell(shown: Shown) -> Cell:
    if shown.record is None:
        return Cell(_("a record you may not open now"))
    return Cell(shown.record.title, url=shown.record.url)


def _last_day(shown: Shown) -> date:
    return clock.today(shown.row.expires_at - timedelta(microseconds=1), settings.RAPPORT_ZONE)


def _recipients(shown: Shown) -> str:
    others = shown.words.others if shown.words else ""
    return ", ".join(filter(None, [*shown.recipients, " ".join(others.split())]))


@require_safe
def index(request: Request) -> HttpResponse:
    """List the disclosures that the asker may see."""
    listing = _table(request).read(request.GET, queries.listed(request.actor))
    shown: dict[str, Any] = {c.filter.key: c.value for c in listing.controls if c.value}
    if request.method == "GET" and (listing.count or listing.wants_file):
        if listing.wants_file:
            shown["why"] = export.why(listing).value
        actions.list_disclosures(
            request.actor, shown, count=listing.count, as_file=listing.wants_file, now=request.now
        )
    if listing.wants_file:
        return export.respond(listing, who=request.actor.name, now=request.now)
    return render(request, "disclosure/list.html", {"listing": listing})


@require_safe
def disclosure(request: Request, uid: UUID) -> HttpResponse:
    """Show one disclosure. Opening one of a watched class leaves a line."""
    row = _found(request, uid)
    if request.method == "GET":
        actions.open_disclosure(request.actor, row, now=request.now)
    return _page(request, row)


@require_http_methods(["POST"])
def end(request: Request, uid: UUID) -> HttpResponse:
    """End a disclosure before its last day."""
    row = _found(request, uid)
    if not queries.may_end(request.actor, row, now=request.now):
        raise Http404
    try:
        actions.end_disclosure(request.actor, row, now=request.now)
    except Overtaken as problem:
        messages.warning(request, str(problem))
    else:
        messages.success(request, _("Ended. Nobody reads the record by it any more."))
    return redirect("disclosure:disclosure", uid)


@require_http_methods(["GET", "HEAD", "POST"])
@made_once
def new(request: Request, word: str, uid: UUID) -> HttpResponse:
    """Show the form that discloses a record; on POST record it."""
    record = queries.to_disclose(request.actor, word, uid, now=request.now)
    if record is None:
        raise Http404
    who = request.GET.get("who", "").strip()[:100]
    form = DisclosureForm(
        rules.bases(record.record_class), _people(request, who), request.POST or None
    )
    if form.is_valid():
        try:
            row = actions.record_disclosure(request.actor, record, form.terms(), now=request.now)
        except Refused as problem:
            form.add_error(problem.field, str(problem))
        else:
            messages.success(request, _("Recorded. Who was named can read it until the last day."))
            return redirect("disclosure:disclosure", row.uid)
    page = {
        "form": form,
        "record": record,
        "who": who,
        "is_short": 0 < len(who) < queries.LETTERS,
        "class": class_word(record.record_class),
    }
    return render(request, "disclosure/new.html", page, status=422 if form.errors else 200)


def _people(request: Request, who: str) -> list[Someone]:
    """Return those found by name, and those who were ticked before the name was changed."""
    found = queries.people_called(request.actor, who) if who else []
    ticked = queries.people_ticked(request.actor, uids(request.POST.getlist("persons")))
    return list({p.id: p for p in [*ticked, *found]}.values())


def _found(request: Request, uid: UUID) -> Disclosure:
    return get_object_or_404(queries.listed(request.actor), uid=uid)


def _page(request: Request, row: Disclosure) -> HttpResponse:
    (shown,) = queries.shown(request.actor, [row], now=request.now)
    page: dict[str, Any] = {
        "shown": shown,
        "class": class_word(row.record_class),
        "may_end": queries.may_end(request.actor, row, now=request.now),
        "form": forms.Form(),
    }
    return render(request, "disclosure/disclosure.html", page)
