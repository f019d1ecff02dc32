"""Pages of the roster. A view reads the request, calls once, and renders."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from rapport.foundation import clock
from rapport.foundation.access import Request
from rapport.foundation.audit.actions import record_list_taken
from rapport.foundation.kinds.kind import last_day
from rapport.foundation.kinds.pages import FactPages
from rapport.foundation.kinds.views import tried, typed
from rapport.foundation.tables import export
from rapport.foundation.tables.cells import Cell
from rapport.foundation.tables.listing import Column, Filter, Table
from rapport.foundation.ui.once import made_once
from rapport.standing.officers import access, actions, queries
from rapport.standing.officers.forms import (
    AddOfficerForm,
    CertificationForm,
    DutyForm,
    EmploymentForm,
)
from rapport.standing.officers.models import Employment

FACTS: Final = (
    FactPages(
        form=EmploymentForm,
        record=actions.record_employment,
        correct=actions.correct_employment,
        end=actions.end_employment,
        withdraw=actions.withdraw_employment,
        ask=_lazy("Who employs this officer?"),
        **access.on_pages(access.EMPLOYMENT),
    ),
    FactPages(
        form=CertificationForm,
        record=actions.record_certification,
        correct=actions.correct_certification,
        end=actions.end_certification,
        withdraw=actions.withdraw_certification,
        ask=_lazy("What does the state say of this officer?"),
        hint=_lazy("What the state said before ends on the day before the first day of this."),
        **access.on_pages(access.CERTIFICATION),
    ),
    FactPages(
        form=DutyForm,
        record=actions.record_duty_status,
        correct=actions.correct_duty_status,
        end=actions.end_duty_status,
        withdraw=actions.withdraw_duty_status,
        ask=_lazy("Is this officer on duty?"),
        **access.on_pages(access.DUTY),
    ),
)


@require_safe
def roster(request: Request, *, former: bool = False) -> HttpResponse:
    """Show the officers whom the actor may know of (`former`: who has left), or send them as a file."""
    if not access.knows_of_officers(request.actor):
        raise Http404
    today = clock.today(request.now, settings.RAPPORT_ZONE)
    rows = queries.roster(request.actor, day=today, former=former)
    agencies = queries.agencies_of(request.actor, rows)
    listing = _table(agencies, former=former).read(request.GET, rows, as_of=today)
    if listing.wants_file:
        record_list_taken(request.actor, listing, now=request.now)
        return export.respond(listing, who=request.actor.name, now=request.now)
    may_add = bool(queries.agencies_to_add_to(request.actor))
    page = {"listing": listing, "former": former, "may_add": may_add}
    return render(request, "officers/roster.html", page)


def _table(agencies: Sequence[tuple[str, str]], *, former: bool) -> Table[Employment]:
    return Table(
        name="former-officers" if former else "officer-roster",
        columns=(
            Column(
                "name",
                _lazy("Officer"),
                lambda e: Cell(
                    e.officer.person.name,
                    url=e.officer.get_absolute_url(),
                    note=e.officer.person.title,
                ),
                sort="officer__person__name",
            ),
            Column("badge", _lazy("Badge"), lambda e: e.badge, sort="badge"),
            Column("agency", _lazy("Agency"), lambda e: str(e.agency), sort="agency__name"),
            Column("since", _lazy("Employed since"), lambda e: e.valid_from, sort="valid_from"),
            Column("through", _lazy("Through"), lambda e: last_day(e.valid_until)),
        ),
        unit=lambda n: ngettext("%d officer", "%d officers", n) % n,
        search=("officer__person__name", "badge"),
        filters=(Filter("agency", _lazy("Agency"), "agency__uid", agencies),)
        if len(agencies) > 1
        else (),
        sort="name",
    )


@require_http_methods(["GET", "POST"])
@made_once
def add(request: Request) -> HttpResponse:
    """Show the form for an officer who joins the roster; on POST add the officer and open the page."""
    if not queries.agencies_to_add_to(request.actor):
        raise Http404
    person = queries.person_to_add(request.actor, _uid(request.GET.get("person")))
    form = AddOfficerForm(request.actor, typed(request), person=person)
    if form.is_valid():
        done, officer = tried(
            form, lambda: actions.add_officer(request.actor, form.new_officer(), now=request.now)
        )
        if done:
            messages.success(request, _("%s is on the roster.") % officer.person)
            return redirect(officer.get_absolute_url())
    page = {"form": form, "person": person, "back": reverse("officers:roster")}
    return render(request, "officers/add.html", page, status=422 if form.errors else 200)


def _uid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
