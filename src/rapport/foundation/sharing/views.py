"""Pages: the sharing rules, and what they come to for one person."""

from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from rapport.foundation import clock
from rapport.foundation.access import (
    EVERYBODY,
    Actor,
    Reach,
    Request,
    Right,
    Role,
    emergencies,
)
from rapport.foundation.registry import Someone
from rapport.foundation.sharing import actions, queries, rules
from rapport.foundation.sharing.rules import Rule
from rapport.foundation.tables import export
from rapport.foundation.tables.cells import Cell
from rapport.foundation.tables.listing import Column, Table
from rapport.foundation.ui.words import CLASSES, REACHES, RIGHTS, ROLES, SCOPES


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
        per_page=len(rules.table()),
    )


def _cell(far: Reach) -> Cell:
    return Cell(REACHES[far], state="na" if far is Reach.NONE else "ok")


@require_safe
def table(request: Request) -> HttpResponse:
    """Show the sharing rules of a role, in words; as a file, those of all roles."""
    if request.GET.get("format") == "csv":
        listing = _table().read(request.GET, rules.table())
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
        "emergencies": [
            (CLASSES[c], int(span.total_seconds() // 60))
            for (opens, c), span in emergencies().items()
            if opens is role
        ],
        "rules": [_in_words(rule) for rule in rules.table([role])],
        "classes": [(CLASSES[c], *rules.kept_by(c)) for c in CLASSES],
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
    return _sees(request, me, request.actor, _today(request))


@require_safe
def sees(request: Request, uid: UUID) -> HttpResponse:
    """Show what another person can see, and why."""
    day = _today(request)
    found = queries.looked_at(request.actor, uid, day=day, now=request.now)
    if found is None:
        raise Http404
    return _sees(request, *found, day)


def _today(request: Request) -> date:
    return clock.today(request.now, settings.RAPPORT_ZONE)


def _sees(request: Request, someone: Someone, other: Actor, day: date) -> HttpResponse:
    if request.method == "GET":
        actions.look(request.actor, other, day=day, now=request.now)
    found = queries.sees(request.actor, someone, other, day=day, now=request.now)
    page = {
        "sees": found,
        "is_me": someone.id in request.actor.persons,
        "opened": [(CLASSES[o.record_class], o.where, o.until) for o in sorted(other.emergencies)],
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
