"""Pages of agencies: which there are, one of them, a new one."""

from datetime import date
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from rapport.foundation.access import Request
from rapport.foundation.audit.actions import record_list_taken
from rapport.foundation.kinds import pages
from rapport.foundation.kinds import queries as kinds
from rapport.foundation.kinds.pages import FactPages
from rapport.foundation.kinds.views import tried, typed
from rapport.foundation.tables import export
from rapport.foundation.tables.cells import Cell
from rapport.foundation.tables.listing import Column, Table
from rapport.foundation.ui.once import made_once
from rapport.organizations.places import access, actions, queries
from rapport.organizations.places.forms import AgencyForm, StartForm
from rapport.organizations.places.models import Agency

START: Final = FactPages(
    kind=access.START,
    form=StartForm,
    owners=access.visible_agencies,
    may_record=access.may_start,
    owner_of=lambda start: start.agency,
    back=lambda agency: reverse("places:agency", args=[agency.uid]),
    record=actions.start_agency,
    correct=actions.correct_start,
    withdraw=actions.withdraw_start,
    ask=gettext_lazy("When does this agency start in the program?"),
    hint=gettext_lazy(
        "For officers who serve by this day, paper that is missing is asked for within the first "
        "days; whoever is assigned later needs it before."
    ),
)


def table() -> Table[Agency]:
    """Return what the list of agencies is."""
    return Table(
        name="agencies",
        columns=(
            Column("name", gettext_lazy("Agency"), _name, sort="name"),
            Column("ori", gettext_lazy("ORI"), lambda a: a.ori, sort="ori"),
            Column("state", gettext_lazy("State"), lambda a: a.state, sort="state"),
            Column("started", gettext_lazy("In the program since"), _started, sort="started"),
        ),
        unit=lambda n: ngettext("%d agency", "%d agencies", n) % n,
        search=("name", "short_name", "ori"),
        sort="name",
    )


def _name(agency: Agency) -> Cell:
    return Cell(
        agency.name, note=agency.short_name, url=reverse("places:agency", args=[agency.uid])
    )


def _started(agency: Agency) -> date | None:
    found: date | None = getattr(agency, "started", None)
    return found


@require_safe
def agencies(request: Request) -> HttpResponse:
    """Show the agencies; as a file where that is asked for."""
    listing = table().read(request.GET, queries.agencies(request.actor))
    if listing.wants_file:
        record_list_taken(request.actor, listing, now=request.now)
        return export.respond(listing, who=request.actor.name, now=request.now)
    may_add = access.may_add(request.actor, access.ADD_AGENCY)
    page = {"listing": listing, "new_url": reverse("places:new_agency") if may_add else ""}
    return render(request, "places/agencies.html", page)


@require_safe
def agency(request: Request, uid: UUID) -> HttpResponse:
    """Show one agency, and since when it is in the program."""
    there = get_object_or_404(access.visible_agencies(request.actor), uid=uid)
    starts = kinds.rows(request.actor, [access.START], agency=there)
    may_start = access.may_start(request.actor, there)
    page = {
        "agency": there,
        "starts": starts,
        "start_url": pages.new_url(access.START.name, there) if may_start else "",
    }
    return render(request, "places/agency.html", page)


@require_http_methods(["GET", "POST"])
@made_once
def new_agency(request: Request) -> HttpResponse:
    """Show the form for an agency; on POST add it and open its page."""
    if not access.may_add(request.actor, access.ADD_AGENCY):
        raise Http404
    form = AgencyForm(request.actor, typed(request))
    if form.is_valid():
        done, added = tried(
            form, lambda: actions.add_agency(request.actor, form.new_agency(), now=request.now)
        )
        if done:
            messages.success(request, _("%s is added.") % added)
            return redirect("places:agency", added.uid)
    words = {"title": _("Which agency joins?"), "act": _("Add the agency")}
    page = {"form": form, "back": reverse("places:agencies"), "where": _("Agencies"), **words}
    return render(request, "places/new.html", page, status=422 if form.errors else 200)
