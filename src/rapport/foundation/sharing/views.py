"""Pages: the sharing rules, and what they come to for one person."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from rapport.foundation import clock
from rapport.foundation.access import EVERYBODY, Reach, Request, Right, Role
from rapport.foundation.registry import Someone
from rapport.foundation.sharing import actions, queries
from rapport.foundation.sharing.access import may_look
from rapport.foundation.sharing.queries import Rule
from rapport.foundation.tables import export
from rapport.foundation.tables.cells import Cell
from rapport.foundation.tables.listing import Column, Table
from rapport.foundation.ui.words import CLASSES, REACHES, RIGHTS, ROLES, SCOPES

ZONE = "America/New_York"
STATES = {Reach.NONE: "na"}


def _table() -> Table[Rule]:
    def column(number: int, right: Right) -> Column[Rule]:
        return Column(str(right), RIGHTS[right], lambda r: _cell(r.reaches[number]))

    return Table(
        name="sharing-rules",
        columns=(
            Column("class", _("Class"), lambda r: CLASSES[r.record_class]),
            Column("role", _("Role"), lambda r: ROLES[r.role]),
            *(column(number, right) for number, right in enumerate(Right)),
        ),
        unit=lambda n: ngettext("%d rule", "%d rules", n) % n,
        per_page=len(queries.table()),
    )


def _cell(far: Reach) -> Cell:
    return Cell(REACHES[far], state="na" if far is Reach.NONE else "ok")


@require_safe
def rules(request: Request) -> HttpResponse:
    """Show the sharing rules of a role, in words; as a file, those of all roles."""
    if request.GET.get("format") == "csv":
        listing = _table().read(request.GET, queries.table())
        if request.method == "GET":
            why = export.why(listing).value
            actions.export_rules(request.actor, why=why, now=request.now)
        return export.respond(listing, who=request.actor.name, now=request.now)
    asked = request.GET.get("role", "")
    mine = sorted({r.role for r in request.actor.roles})
    role = Role(asked) if asked in set(Role) else (mine or [Role.OFFICER])[0]
    page: dict[str, Any] = {
        "role": role,
        "word": ROLES[role],
        "roles": [(r.value, ROLES[r], r is role) for r in Role],
        "rights": list(RIGHTS.values()),
        "rules": [_in_words(rule) for rule in queries.table([role])],
        "classes": [(CLASSES[c], *queries.kept_by(c)) for c in CLASSES],
    }
    return render(request, "sharing/rules.html", page)


def _in_words(rule: Rule) -> dict[str, Any]:
    cells = [(right, REACHES[far], far is not Reach.NONE) for right, far in _pairs(rule)]
    return {"class": CLASSES[rule.record_class], "cells": cells}


def _pairs(rule: Rule) -> list[tuple[Any, Reach]]:
    return [(RIGHTS[right], far) for right, far in zip(Right, rule.reaches, strict=True)]


@require_safe
def mine(request: Request) -> HttpResponse:
    """Show what the asker can see, and why."""
    if request.actor.person_id is None:
        raise Http404
    me = Someone(request.actor.person_id, UUID(int=0), request.actor.name)
    return _sees(request, me, request.actor)


@require_safe
def sees(request: Request, uid: UUID) -> HttpResponse:
    """Show what another person can see, and why."""
    someone = queries.person(uid)
    if someone is None:
        raise Http404
    other = queries.who(someone, now=request.now)
    return _sees(request, someone, other)


def _sees(request: Request, someone: Someone, other: Any) -> HttpResponse:
    day = clock.today(request.now, ZONE)
    if not may_look(request.actor, other, day=day):
        raise Http404
    if request.method == "GET":
        actions.look(request.actor, other, day=day, now=request.now)
    found = queries.sees(request.actor, someone, other, day=day, now=request.now)
    page = {
        "sees": found,
        "is_me": someone.id in request.actor.persons,
        "rights": list(RIGHTS.values()),
        "roles": [_held(held, where) for held, where in found.roles if held != EVERYBODY],
        "lines": [_line(line) for line in found.lines],
    }
    return render(request, "sharing/sees.html", page)


def _held(held: Any, where: str) -> str:
    return _("%(role)s, %(where)s") % {
        "role": ROLES[held.role],
        "where": where or SCOPES[held.scope],
    }


def _line(line: queries.Line) -> dict[str, Any]:
    rights = [
        (RIGHTS[g.right], [(_held(w.held, w.where), REACHES[w.reach]) for w in g.why])
        for g in line.given
    ]
    counts = [(name, RIGHTS[right], number) for name, right, number in line.counts]
    return {
        "class": CLASSES[line.record_class],
        "rights": rights,
        "counts": counts,
        "is_empty": line.is_empty,
        "never_about_oneself": line.never_about_oneself and not line.is_empty,
    }
