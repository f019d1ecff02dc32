"""Pages of emergency access: who took it, taking it, one of them, ending it, and looking at it afterwards."""

from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.foundation import clock
from rapport.foundation.access import Request
from rapport.foundation.audit.actions import record_list_taken
from rapport.foundation.audit.models import Side
from rapport.foundation.facts import Overtaken
from rapport.foundation.kinds.views import tried, typed
from rapport.foundation.tables import export
from rapport.foundation.tables.cells import Cell
from rapport.foundation.tables.listing import Column, Filter, Table
from rapport.foundation.ui.once import made_once
from rapport.foundation.ui.words import class_words
from rapport.organizations.emergency_access import access, actions, queries
from rapport.organizations.emergency_access.forms import ReviewForm, TakeForm
from rapport.organizations.emergency_access.models import Emergency
from rapport.organizations.emergency_access.queries import Taken

STATES: Final = {
    queries.OPEN: (gettext_lazy("Open now"), "bad"),
    queries.WAITS: (gettext_lazy("Waits for a review"), "warn"),
    queries.REVIEWED: (gettext_lazy("Reviewed"), "ok"),
}
# Pages that show no record: the sign-in, and these.
SILENT: Final = frozenset({"sign_in", "emergency_access"})


@require_safe
def index(request: Request) -> HttpResponse:
    """Show the emergency access that the actor may know of, what is open for him, and the way to take it."""
    actor = request.actor
    if not access.is_here(actor):
        raise Http404
    listing = _table(request).read(request.GET, queries.emergencies(actor))
    if listing.wants_file:
        record_list_taken(actor, listing, now=request.now)
        return export.respond(listing, who=actor.name, now=request.now)
    page = {"listing": listing, "may_take": access.may_take(actor)}
    return render(request, "emergency_access/index.html", page)


def _table(request: Request) -> Table[Taken]:
    actor, now, zone = request.actor, request.now, settings.RAPPORT_ZONE
    day = clock.today(now, zone)
    return Table(
        name="emergency-access",
        columns=(
            Column(
                "taken",
                gettext_lazy("When"),
                lambda t: Cell(t.row.taken_at, url=t.url, zone=zone),
                sort="taken_at",
            ),
            Column("who", gettext_lazy("Who"), lambda t: t.who, sort="person__name"),
            Column("what", gettext_lazy("Class"), lambda t: t.what, sort="record_class"),
            Column("where", gettext_lazy("Where"), lambda t: t.where),
            Column("until", gettext_lazy("Until"), lambda t: Cell(t.row.ended, zone=zone)),
            Column("state", gettext_lazy("State"), _state),
        ),
        unit=lambda n: ngettext("%d emergency access", "%d emergency accesses", n) % n,
        search=("person__name",),
        filters=(
            Filter(
                "state",
                gettext_lazy("State"),
                choices=[(value, words) for value, (words, _state) in STATES.items()],
                narrow=lambda rows, value: queries.in_state(actor, rows, value, now=now),
            ),
            Filter("class", gettext_lazy("Class"), "record_class", class_words()),
        ),
        sort="-taken",
        enrich=lambda found: queries.taken(actor, found, day=day, now=now),
    )


def _state(taken: Taken) -> Cell:
    words, state = STATES[taken.state]
    return Cell(words, state=state)


@require_http_methods(["GET", "HEAD", "POST"])
@made_once
def new(request: Request) -> HttpResponse:
    """Ask what must be read at once and why; on POST open it at once."""
    if not access.may_take(request.actor):
        raise Http404
    form = TakeForm(request.actor, typed(request))
    if form.is_valid():
        ask = form.ask()
        done, taken = tried(form, lambda: actions.take(request.actor, ask, now=request.now))
        if done:
            messages.warning(request, _("It is open. Read what you need, then end it."))
            return redirect("emergency_access:show", taken.uid)
    page = {"form": form, "back": reverse("emergency_access:index")}
    return render(request, "emergency_access/new.html", page, status=422 if form.errors else 200)


@require_safe
def show(request: Request, uid: UUID) -> HttpResponse:
    """Show one: why it was taken, what was opened, and what each side found."""
    return _shown(request, _found(request, uid))


def _shown(request: Request, emergency: Emergency, form: ReviewForm | None = None) -> HttpResponse:
    day = clock.today(request.now, settings.RAPPORT_ZONE)
    found = queries.looked(request.actor, emergency, day=day, now=request.now)
    reason = ""
    if request.method != "HEAD":
        reason = actions.look(request.actor, emergency, now=request.now)
    page: dict[str, Any] = {
        "found": found,
        "reason": reason,
        "read": queries.read(request.actor, emergency, now=request.now),
        "form": form or ReviewForm(found.free),
        "zone": settings.RAPPORT_ZONE,
        "files_url": reverse("files:index") + f"?class={emergency.record_class}",
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "emergency_access/show.html", page, status=status)


@require_POST
def end(request: Request, uid: UUID) -> HttpResponse:
    """End it before its time."""
    emergency = _found(request, uid)
    try:
        actions.end(request.actor, emergency, now=request.now)
    except Overtaken as problem:
        messages.info(request, str(problem))
    else:
        messages.success(request, _("It is ended. Those who look at it afterwards are told."))
    return redirect("emergency_access:show", emergency.uid)


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: Request, uid: UUID) -> HttpResponse:
    """Take down what one side found."""
    emergency = _found(request, uid)
    if request.method != "POST":
        return redirect("emergency_access:show", emergency.uid)
    free = access.free_sides(request.actor, emergency, now=request.now)
    form = ReviewForm(tuple(free), typed(request))
    if form.is_valid():
        side, outcome = Side(form.cleaned_data["side"]), form.cleaned_data["outcome"]
        done, _said = tried(
            form,
            lambda: actions.review(
                request.actor, emergency, side=side, outcome=outcome, now=request.now
            ),
        )
        if done:
            messages.success(request, _("Your answer is recorded."))
            return redirect("emergency_access:show", emergency.uid)
    return _shown(request, emergency, form)


def _found(request: Request, uid: UUID) -> Emergency:
    emergency = queries.emergency_at(request.actor, uid)
    if emergency is None:
        raise Http404
    return emergency


def note_reading(request: HttpRequest, response: HttpResponseBase) -> None:
    """Write down that a page was shown while emergency access is open. Called by the middleware, before it is sent."""
    actor, met = getattr(request, "actor", None), request.resolver_match
    if actor is None or not actor.emergencies or met is None or request.method == "HEAD":
        return
    shown = response.status_code < 300 or response.status_code == 422
    if not shown or met.app_name in SILENT:
        return
    thing = next((str(v) for v in met.kwargs.values() if isinstance(v, UUID)), "")
    now = request.now  # type: ignore[attr-defined]  # seated beside the actor
    actions.note_reading(actor, page=met.view_name, thing=thing, now=now)
