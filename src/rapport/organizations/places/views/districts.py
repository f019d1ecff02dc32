"""Pages of districts: which there are, one of them with its schools, and what is added to them."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from rapport.foundation import clock
from rapport.foundation.access import Place, Request
from rapport.foundation.audit.actions import record_list_taken
from rapport.foundation.kinds.views import tried, typed
from rapport.foundation.tables import export
from rapport.foundation.tables.cells import Cell
from rapport.foundation.tables.listing import Column, Table
from rapport.foundation.ui.once import made_once
from rapport.organizations.places import access, actions, queries
from rapport.organizations.places.forms import DistrictForm, MoveForm, SchoolForm
from rapport.organizations.places.models import School
from rapport.organizations.places.queries import DistrictRow


def districts_table(enrich: Any) -> Table[DistrictRow]:
    """Return what the list of districts is."""
    return Table(
        name="districts",
        columns=(
            Column("name", gettext_lazy("District"), _district, sort="name"),
            Column("state", gettext_lazy("State"), lambda r: r.district.state, sort="state"),
            Column("nces_id", gettext_lazy("NCES id"), lambda r: r.district.nces_id),
            Column("schools", gettext_lazy("Schools"), lambda r: r.schools, numeric=True),
        ),
        unit=lambda n: ngettext("%d district", "%d districts", n) % n,
        search=("name", "nces_id"),
        sort="name",
        enrich=enrich,
    )


def _district(row: DistrictRow) -> Cell:
    return Cell(row.district.name, url=reverse("places:district", args=[row.district.uid]))


def schools_table() -> Table[School]:
    """Return what the list of a district's schools is."""
    return Table(
        name="district-schools",
        columns=(
            Column("name", gettext_lazy("School"), _school, sort="name"),
            Column("grades", gettext_lazy("Grades"), _grades),
            Column("nces_id", gettext_lazy("NCES id"), lambda s: s.nces_id),
            Column("city", gettext_lazy("City"), lambda s: s.city),
        ),
        unit=lambda n: ngettext("%d school", "%d schools", n) % n,
        search=("name", "nces_id", "city"),
        sort="name",
    )


def _school(school: School) -> Cell:
    return Cell(school.name, url=school.get_absolute_url())


def _grades(school: School) -> str:
    return " – ".join(g for g in (school.low_grade, school.high_grade) if g)


@require_safe
def districts(request: Request) -> HttpResponse:
    """Show the districts; as a file where that is asked for."""
    today = clock.today(request.now, settings.RAPPORT_ZONE)
    listing = districts_table(
        lambda rows: queries.with_school_counts(request.actor, rows, today)
    ).read(request.GET, queries.districts(request.actor), as_of=today)
    if listing.wants_file:
        record_list_taken(request.actor, listing, now=request.now)
        return export.respond(listing, who=request.actor.name, now=request.now)
    may_add = access.may_add(request.actor, access.ADD_DISTRICT)
    page = {
        "listing": listing,
        "new_url": reverse("places:new_district") if may_add else "",
        "claims": queries.open_claims(request.actor),
    }
    return render(request, "places/districts.html", page)


@require_safe
def district(request: Request, uid: UUID) -> HttpResponse:
    """Show one district with its schools of today."""
    there = get_object_or_404(access.visible_districts(request.actor), uid=uid)
    today = clock.today(request.now, there.zone)
    listing = schools_table().read(
        request.GET, queries.schools_of(request.actor, there, today), as_of=today
    )
    if listing.wants_file:
        record_list_taken(request.actor, listing, now=request.now)
        return export.respond(listing, who=request.actor.name, now=request.now)
    may_add = access.may_add(request.actor, access.ADD_SCHOOL, Place(district_id=there.pk))
    may_move = access.may_move(request.actor, there)
    page = {
        "district": there,
        "today": today,
        "listing": listing,
        "calendar_url": reverse("calendars:calendar", args=[there.uid]),
        "new_url": reverse("places:new_school", args=[there.uid]) if may_add else "",
        "move_url": reverse("places:move_school", args=[there.uid]) if may_move else "",
    }
    return render(request, "places/district.html", page)


@require_http_methods(["GET", "POST"])
@made_once
def new_district(request: Request) -> HttpResponse:
    """Show the form for a district; on POST add it and open its page."""
    if not access.may_add(request.actor, access.ADD_DISTRICT):
        raise Http404
    form = DistrictForm(typed(request))
    if form.is_valid():
        done, added = tried(
            form, lambda: actions.add_district(request.actor, form.new_district(), now=request.now)
        )
        if done:
            messages.success(request, _("%s is added.") % added)
            return redirect("places:district", added.uid)
    words = {"title": _("Which district joins?"), "act": _("Add the district")}
    page = {"form": form, "back": reverse("places:districts"), "where": _("Districts"), **words}
    return render(request, "places/new.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@made_once
def new_school(request: Request, uid: UUID) -> HttpResponse:
    """Show the form for a school of a district; on POST add it."""
    there = get_object_or_404(access.visible_districts(request.actor), uid=uid)
    if not access.may_add(request.actor, access.ADD_SCHOOL, Place(district_id=there.pk)):
        raise Http404
    form = SchoolForm(typed(request))
    if form.is_valid():
        done, added = tried(
            form,
            lambda: actions.add_school(request.actor, there, form.new_school(), now=request.now),
        )
        if done:
            messages.success(request, _("%s is added.") % added)
            return redirect("places:district", there.uid)
    words = {"title": _("Which school belongs to it?"), "act": _("Add the school")}
    back = reverse("places:district", args=[there.uid])
    page = {"form": form, "back": back, "where": there.name, **words}
    return render(request, "places/new.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def move_school(request: Request, uid: UUID) -> HttpResponse:
    """Show the form that puts a school of a district into another one; on POST do it."""
    there = get_object_or_404(access.visible_districts(request.actor), uid=uid)
    if not access.may_move(request.actor, there):
        raise Http404
    today = clock.today(request.now, there.zone)
    of_today = queries.schools_of(request.actor, there, today)
    form = MoveForm(request.actor, of_today, typed(request), initial={"on": today})
    if form.is_valid():
        done, _moved = tried(
            form,
            lambda: actions.move_school(request.actor, **form.cleaned_data, now=request.now),
        )
        if done:
            messages.success(request, _("Recorded. Until that day it stays here."))
            return redirect("places:district", there.uid)
    words = {"title": _("Which school goes to another district?"), "act": _("Put it there")}
    back = reverse("places:district", args=[there.uid])
    page = {"form": form, "back": back, "where": there.name, **words}
    return render(request, "places/new.html", page, status=422 if form.errors else 200)
