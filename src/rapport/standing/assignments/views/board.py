"""The program board: who needs something, and by when?"""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from rapport.foundation.access import Request
from rapport.foundation.audit.actions import record_list_taken
from rapport.foundation.tables import export
from rapport.foundation.tables.cells import Cell
from rapport.foundation.tables.listing import Column, Filter, Table
from rapport.foundation.ui.words import standing_words
from rapport.organizations.people.access import sees_people
from rapport.standing.assignments import access, queries
from rapport.standing.assignments.queries import Board, OfficerRow
from rapport.standing.assignments.rules import Word, sentences
from rapport.standing.assignments.views import asked, start
from rapport.standing.assignments.views.shown import STATE

CHOICES = (
    (Word.CLEARED.value, gettext_lazy("Cleared")),
    (Word.PROVISIONAL.value, gettext_lazy("Cleared through a date")),
    (Word.NOT_CLEARED.value, gettext_lazy("Not cleared")),
)


@login_not_required
@require_safe
def home(request: Request) -> HttpResponse:
    """Send everybody to the first page that is of use to them."""
    if request.actor.person_id is None:
        return redirect("sign_in:welcome" if settings.RAPPORT_IS_DEMO else "assignments:public")
    if access.reads_program(request.actor):
        return redirect("assignments:board")
    if queries.beginning(request.actor, day=queries.opening_day(request.actor, now=request.now)):
        return redirect("assignments:start")
    return redirect("people:people" if sees_people(request.actor) else "sign_in:account")


@require_safe
def board(request: Request) -> HttpResponse:
    """Show the board of today, or of any day, as known now or at the end of any day."""
    if not access.reads_program(request.actor):
        raise Http404
    when = asked.read(request)
    found = queries.board(request.actor, day=when.day, known=when.known)
    listing = table(found).read(request.GET, found.rows, as_of=when.day, known=when.known_day)
    if listing.wants_file:
        record_list_taken(request.actor, listing, now=request.now)
        return export.respond(listing, who=request.actor.name, now=request.now)
    todos = [] if found.rows else queries.beginning(request.actor, day=when.today)
    page = {
        "steps": start.steps(todos),
        "title": title(found),
        "board": found,
        "listing": listing,
        "asked": when,
        "first": found.in_need[:6],
        "more": max(0, len(found.in_need) - 6),
        "counts": [
            (word.value, STATE[word], label, found.counted(word))
            for word, (_v, label) in zip(Word, CHOICES, strict=True)
        ],
    }
    return render(request, "assignments/board.html", page)


def title(found: Board) -> str:
    """Return the board's finding in one sentence."""
    if not found.rows:
        return _("Nobody is assigned to a school")
    needing = found.in_need
    if not needing:
        return _("Nobody needs anything in the next 90 days")
    first = next((r.due for r in needing if r.word is not Word.NOT_CLEARED), None)
    count = len(needing)
    if first is None or needing[0].word is Word.NOT_CLEARED:
        return (
            ngettext("%d officer needs something now", "%d officers need something now", count)
            % count
        )
    day = sentences.through(first)
    return ngettext(
        "One officer needs something by {day}",
        "{count} officers need something, the first by {day}",
        count,
    ).format(count=count, day=day)


def table(found: Board) -> Table[OfficerRow]:
    """Return what the list of officers is."""
    return Table(
        name="program-board",
        columns=(
            Column("officer", gettext_lazy("Officer"), _officer, sort=lambda r: r.officer.name),
            Column(
                "schools",
                gettext_lazy("School"),
                lambda r: ", ".join(dict.fromkeys(s.name for s in r.schools)),
                sort=lambda r: r.schools[0].name,
            ),
            Column(
                "standing",
                gettext_lazy("Standing"),
                _standing,
                sort=_urgency,
            ),
            Column("until", gettext_lazy("Through"), lambda r: r.last_day),
            Column("needs", gettext_lazy("Needs"), lambda r: "; ".join(r.needs)),
        ),
        unit=lambda n: ngettext("%d officer", "%d officers", n) % n,
        search=(
            lambda r: r.officer.name,
            lambda r: r.officer.badge,
            lambda r: " ".join(s.name for s in r.schools),
        ),
        filters=_filters(found),
    )


def _filters(found: Board) -> tuple[Filter, ...]:
    """Return the filters of the list; of agencies and districts only where there are several."""
    agencies = sorted(
        {(str(r.officer.agency_uid), r.officer.agency) for r in found.rows}, key=lambda a: a[1]
    )
    districts = sorted(
        {
            (str(s.district_uid), s.district)
            for r in found.rows
            for s in r.schools
            if s.district_uid
        },
        key=lambda d: d[1],
    )
    filters = [Filter("standing", gettext_lazy("Standing"), lambda r: r.shows.value, CHOICES)]
    if len(agencies) > 1:
        filters.append(
            Filter("agency", gettext_lazy("Agency"), lambda r: str(r.officer.agency_uid), agencies)
        )
    if len(districts) > 1:
        filters.append(
            Filter(
                "district",
                gettext_lazy("District"),
                lambda r: [str(s.district_uid) for s in r.schools],
                districts,
            )
        )
    return tuple(filters)


def _officer(row: OfficerRow) -> Cell:
    url = reverse("assignments:officer", args=[row.officer.uid])
    note = _("{agency}, badge {badge}").format(agency=row.officer.agency, badge=row.officer.badge)
    return Cell(row.officer.name, note=note, url=url)


def _standing(row: OfficerRow) -> Cell:
    words = standing_words(row.word, row.ends, by_exception=row.is_by_exception)
    return Cell(words, state=STATE[row.shows])


def _urgency(row: OfficerRow) -> str:
    return f"{list(STATE).index(row.shows)} {9999999 - (row.due.toordinal() if row.due else 0):07}"
