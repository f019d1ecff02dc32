"""Schools: who serves them, and on what grounds?"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from rapport.foundation import clock
from rapport.foundation.access import Actor, Request
from rapport.foundation.audit.actions import record_list_taken
from rapport.foundation.registry import Hit
from rapport.foundation.tables import export
from rapport.foundation.tables.cells import Cell
from rapport.foundation.tables.listing import Column, Filter, Table
from rapport.organizations.places import queries as places
from rapport.organizations.places.models import School
from rapport.standing.assignments import access, queries
from rapport.standing.assignments.queries import Serving
from rapport.standing.assignments.rules import Word
from rapport.standing.assignments.views import asked, shown


def find(actor: Actor, words: str) -> Iterator[Hit]:
    """Return the schools that the search finds today."""
    day = clock.today(clock.now(), settings.RAPPORT_ZONE)
    return queries.find_schools(actor, words, day=day)


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """A school in the list, with who serves it."""

    school: School
    district: str
    serving: list[Serving]

    @property
    def standing(self) -> Cell:
        """The standing of whoever serves it; of several, how many are cleared."""
        if not self.serving:
            return Cell(_("Nobody assigned"), state="na")
        if len(self.serving) == 1:
            (one,) = self.serving
            return shown.cell(one.seen.standing, one.seen.lapses)
        cleared = sum(s.seen.standing.word is not Word.NOT_CLEARED for s in self.serving)
        return Cell(counted(cleared, len(self.serving)), state=state_of(cleared, self.serving))


def counted(cleared: int, of: int) -> str:
    """Return how many of the officers at a school are cleared."""
    return ngettext("%(n)d of %(of)d officer cleared", "%(n)d of %(of)d officers cleared", of) % {
        "n": cleared,
        "of": of,
    }


def state_of(cleared: int, serving: list[Serving]) -> str:
    """Return how a school looks: good where all are cleared with no end in sight, bad where nobody is."""
    if not cleared:
        return "bad"
    is_good = all(s.seen.standing.word is Word.CLEARED and s.seen.ends is None for s in serving)
    return "ok" if is_good else "warn"


@require_safe
def schools(request: Request) -> HttpResponse:
    """Show the schools of the actor's part of the program, with who serves each."""
    if not access.reads_program(request.actor):
        raise Http404
    when = asked.read(request)
    serving = queries.serving(request.actor, day=when.day, known=when.known)
    rows = access.visible_schools(request.actor, day=when.day)

    def enrich(page: Any) -> list[SchoolRow]:
        labels = queries.school_labels(
            request.actor, [s.pk for s in page], day=when.day, known=when.known
        )
        return [SchoolRow(s, labels[s.pk].district, serving.get(s.pk, [])) for s in page]

    districts = queries.districts(request.actor, day=when.day)
    listing = table(enrich, districts).read(request.GET, rows, as_of=when.day, known=when.known_day)
    if listing.wants_file:
        record_list_taken(request.actor, listing, now=request.now)
        return export.respond(listing, who=request.actor.name, now=request.now)
    return render(request, "assignments/schools.html", {"listing": listing, "asked": when})


def table(enrich: Any, districts: list[tuple[str, str]]) -> Table[SchoolRow]:
    """Return what the list of schools is."""
    filters = (
        (Filter("district", gettext_lazy("District"), "in_district", districts),)
        if len(districts) > 1
        else ()
    )
    return Table(
        name="schools-served",
        columns=(
            Column("school", gettext_lazy("School"), _school, sort="name"),
            Column("district", gettext_lazy("District"), lambda r: r.district),
            Column(
                "serves",
                gettext_lazy("Who serves it"),
                lambda r: ", ".join(s.officer.name for s in r.serving) or _("nobody"),
            ),
            Column("standing", gettext_lazy("Standing"), lambda r: r.standing),
        ),
        unit=lambda n: ngettext("%d school", "%d schools", n) % n,
        search=("name", "nces_id"),
        filters=filters,
        sort="school",
        enrich=enrich,
    )


def _school(row: SchoolRow) -> Cell:
    return Cell(row.school.name, url=reverse("assignments:school", args=[row.school.uid]))


@require_safe
def school(request: Request, uid: UUID) -> HttpResponse:
    """Show who serves a school on a day and on what grounds, and the agreement behind it."""
    when = asked.read(request)
    one = get_object_or_404(access.visible_schools(request.actor, day=when.day), uid=uid)
    serving = queries.serving_at(request.actor, one.pk, day=when.day, known=when.known)
    page = {
        "school": one,
        "label": queries.school_labels(request.actor, [one.pk], day=when.day, known=when.known)[
            one.pk
        ],
        "asked": when,
        "finding": counted(
            sum(s.seen.standing.word is not Word.NOT_CLEARED for s in serving), len(serving)
        )
        if serving
        else "",
        "serving": [
            {
                "officer": s.officer,
                **shown.answer(s.seen.standing, s.seen.lapses),
                "url": reverse("assignments:officer", args=[s.officer.uid]),
            }
            for s in serving
        ],
        "contacts": queries.contacts(
            request.actor, [s.officer for s in serving], day=when.day, known=when.known
        ),
        "enrollment": places.enrollment(request.actor, one, day=when.day),
        "agreements": queries.covering(request.actor, one, day=when.day, known=when.known),
    }
    return render(request, "assignments/school.html", page)
