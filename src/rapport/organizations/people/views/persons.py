"""The list of people, and the page of one."""

from datetime import date
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from rapport.foundation import clock, registry
from rapport.foundation.access import Request
from rapport.foundation.audit.actions import record_list_taken
from rapport.foundation.kinds import pages
from rapport.foundation.registry import Someone
from rapport.foundation.sharing.access import may_look
from rapport.foundation.tables import export
from rapport.foundation.tables.cells import Cell
from rapport.foundation.tables.listing import Column, Filter, Table
from rapport.organizations.people import access, queries
from rapport.organizations.people.models import Person
from rapport.organizations.people.queries import Listed
from rapport.organizations.people.rules.roles import LABELS

STATES = {
    queries.OPEN: (_("Can sign in"), "ok"),
    queries.INVITED: (_("Invited"), "warn"),
    queries.CLOSED: (_("Closed"), "bad"),
    queries.NONE: (_("No sign-in"), "na"),
}


@require_safe
def people(request: Request) -> HttpResponse:
    """Show the people whom the actor may know of, or send them as a file."""
    actor = request.actor
    if not access.sees_people(actor):
        raise Http404
    listing = _table(request).read(request.GET, queries.people(actor), as_of=today(request))
    if listing.wants_file:
        record_list_taken(actor, listing, now=request.now)
        return export.respond(listing, who=actor.name, now=request.now)
    page = {"listing": listing, "may_add": access.adds_people(actor)}
    return render(request, "people/people.html", page)


def _table(request: Request) -> Table[Listed]:
    actor, day = request.actor, today(request)
    return Table(
        name="people",
        columns=(
            Column("name", _("Name"), lambda p: Cell(p.name, url=p.url, note=p.title), sort="name"),
            Column("roles", _("Entrusted with today"), _roles, export=lambda p: "; ".join(p.roles)),
            Column("reach", _("How to reach them"), _reach, sort="work_email", export=_ways),
            Column("sign_in", _("Sign-in"), _sign_in),
            Column("last_seen", _("Last here"), _last_seen, sort="last_seen_at"),
        ),
        unit=lambda n: ngettext("%d person", "%d people", n) % n,
        search=("name", "work_email"),
        filters=_filters(request, day),
        sort="name",
        enrich=lambda found: queries.listed(actor, found, day=day, now=request.now),
    )


def _filters(request: Request, day: date) -> tuple[Filter, ...]:
    actor = request.actor
    roles = [(role.value, capfirst(str(words))) for role, words in LABELS.items()]
    places = queries.places_of_roles(actor)
    role = Filter(
        "role",
        _("Role"),
        choices=[*roles, (queries.NONE, _("No role today"))],
        narrow=lambda rows, value: queries.with_role(actor, rows, value, day=day),
    )
    at = Filter(
        "at",
        _("Where"),
        choices=places,
        narrow=lambda rows, value: queries.at_place(actor, rows, value, day=day),
    )
    signs_in = Filter(
        "sign_in",
        _("Sign-in"),
        choices=[(value, words) for value, (words, _state) in STATES.items()],
        narrow=lambda rows, value: queries.with_sign_in(rows, value, now=request.now),
    )
    return (role, at, signs_in) if len(places) > 1 else (role, signs_in)


def _roles(person: Listed) -> Cell:
    if not person.roles:
        return Cell(_("no role"), state="na")
    return Cell(person.roles[0], note="; ".join(person.roles[1:]))


def _ways(person: Listed) -> str:
    return "; ".join(way for way in (person.work_email, person.work_phone) if way)


def _reach(person: Listed) -> Cell:
    both = person.work_email and person.work_phone
    return Cell(person.work_email or person.work_phone, note=person.work_phone if both else "")


def _sign_in(person: Listed) -> Cell:
    words, state = STATES[person.sign_in]
    return Cell(words, state=state)


def _last_seen(person: Listed) -> date | None:
    at = person.last_seen_at
    return clock.today(at, settings.RAPPORT_ZONE) if at is not None else None


def found_person(request: Request, uid: UUID) -> Person:
    """Return the person with this uid, or the one kept, whom the actor may see; else the page is not there."""
    there = queries.person_at_uid(request.actor, uid)
    if there is None:
        raise Http404
    return there


@require_safe
def person(request: Request, uid: UUID) -> HttpResponse:
    """Show what one person is entrusted with, how to reach them, and whether they sign in."""
    there = found_person(request, uid)
    if there.uid != uid:
        return redirect("people:person", there.uid)
    day = today(request)
    sign_in = queries.sign_in_of(request.actor, there, day=day, now=request.now)
    words, state = STATES[sign_in.state]
    actor = request.actor
    page = {
        "person": there,
        "is_me": there.pk in request.actor.persons,
        "roles": queries.entrusted(request.actor, there, day=day),
        "sign_in": sign_in,
        "sign_in_words": words,
        "sign_in_state": state,
        "sees_url": _sees_url(request, there),
        "zone": settings.RAPPORT_ZONE,
        "may_list": access.sees_people(actor),
        "may_correct": access.may_correct(actor, there),
        "may_join": access.is_over_all(actor),
        "joined": queries.merges_of(actor, there),
        "give_url": pages.new_url(access.ROLE.name, there)
        if access.may_give_to(actor, there)
        else "",
        "steps": [
            step
            for ask in registry.person_steps
            for step in ask(actor, _someone(there), request.now)
        ],
    }
    return render(request, "people/person.html", page)


def _someone(there: Person) -> Someone:
    return Someone(there.pk, there.uid, str(there))


def _sees_url(request: Request, there: Person) -> str:
    if there.pk in request.actor.persons:
        return reverse("sharing:mine")
    other = queries.actor_of(there.pk, request.now)
    may = may_look(request.actor, other, day=today(request))
    return reverse("sharing:sees", args=[there.uid]) if may else ""


def today(request: Request) -> date:
    """Return the day on which roles are looked at: today in the program's zone."""
    return clock.today(request.now, settings.RAPPORT_ZONE)
