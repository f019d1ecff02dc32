"""Pages to record, correct, end and withdraw a fact of any kind. One form, one action call."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rapport.foundation import registry
from rapport.foundation.access import Request
from rapport.foundation.facts import Fact, Overtaken, Refused
from rapport.foundation.kinds import deeds, pages, queries
from rapport.foundation.kinds.forms import EndForm
from rapport.foundation.kinds.kind import first_day_after
from rapport.foundation.kinds.pages import FactPages
from rapport.foundation.ui.fields import OVERTAKEN
from rapport.foundation.ui.once import made_once


@require_http_methods(["GET", "POST"])
@made_once
def new(request: Request, kind: str, uid: UUID) -> HttpResponse:
    """Show the form for a new fact about an owner; on POST record it."""
    there = _pages(kind)
    owner = get_object_or_404(there.owners(request.actor), uid=uid)
    record = there.record
    if record is None or not there.may_record(request.actor, owner):
        raise Http404
    today = there.kind.today(there.kind.model(), request.now)
    form = there.form(request.actor, owner, typed(request), initial={"valid_from": today})
    if form.is_valid():
        values = form.values()
        done, fact = tried(form, lambda: record(request.actor, owner, now=request.now, **values))
        if done:
            undo = pages.url("withdraw", fact)
            said = format_html(
                '<span>{} <a href="{}">{}</a></span>', _("Recorded."), undo, _("Undo")
            )
            return _back(request, there, owner, said)
    words = {"title": there.ask or there.kind.title, "act": _("Record"), "hint": there.hint}
    return _shown(request, there, owner, form, words)


@require_http_methods(["GET", "POST"])
def correct(request: Request, kind: str, uid: UUID) -> HttpResponse:
    """Show a fact in its form; on POST put a successor in its place."""
    there, fact, owner = _found(request, kind, uid, "correct")
    asks = there.correct_form or there.form
    form = asks(request.actor, owner, typed(request), initial=asks.initial_of(fact))
    form.fact = fact
    act = there.correct
    if act is not None and form.is_valid():
        values = form.values()
        done, _fact = tried(form, lambda: act(request.actor, fact, now=request.now, **values))
        if done:
            said = _("Corrected. What was recorded before stays in the history.")
            return _back(request, there, owner, said)
    hint = _("The old record stays readable in the history; from now on the corrected one counts.")
    words = {"title": _("What should have been recorded?"), "act": _("Correct"), "hint": hint}
    return _shown(request, there, owner, form, words, fact)


@require_http_methods(["GET", "POST"])
def end(request: Request, kind: str, uid: UUID) -> HttpResponse:
    """Ask for the last day of a fact; on POST end it."""
    there, fact, owner = _found(request, kind, uid, "end")
    today = there.kind.today(fact, request.now)
    form = EndForm(typed(request), initial={"last_day": today})
    act = there.end
    if act is not None and form.is_valid():
        on = first_day_after(form.cleaned_data["last_day"])
        done, _fact = tried(form, lambda: act(request.actor, fact, on, now=request.now))
        if done:
            return _back(request, there, owner, _("Ended. It still holds on its last day."))
    words = {"title": _("What was, or will be, the last day?"), "act": _("End"), "hint": ""}
    return _shown(request, there, owner, form, words, fact)


@require_http_methods(["GET", "POST"])
def withdraw(request: Request, kind: str, uid: UUID) -> HttpResponse:
    """Say what withdrawing a fact changes; on POST withdraw it."""
    there, fact, owner = _found(request, kind, uid, "withdraw")
    form = forms.Form(typed(request))
    if form.is_valid():
        act = there.withdraw
        done, _fact = tried(form, lambda: act(request.actor, fact, now=request.now))
        if done:
            said = _("Withdrawn. That it was recorded stays in the history.")
            return _back(request, there, owner, said)
    hint = _(
        "Withdraw what should never have been recorded. What merely ended has a last day instead."
    )
    words = {
        "title": _("Should this never have been recorded?"),
        "act": _("Withdraw"),
        "hint": hint,
    }
    effects = [e for look in registry.effects for e in look(request.actor, fact, request.now)]
    return _shown(request, there, owner, form, words | {"effects": effects, "stop": True}, fact)


def _pages(kind: str) -> FactPages[Any]:
    there: FactPages[Any] | None = registry.fact_pages.get(kind)
    if there is None:
        raise Http404
    return there


def _found(request: Request, kind: str, uid: UUID, step: str) -> tuple[FactPages[Any], Any, Any]:
    """Return the pages, the fact and its owner; also a fact withdrawn meanwhile, so that nothing typed is lost."""
    there = _pages(kind)
    fact = get_object_or_404(there.kind.rows(request.actor), uid=uid)
    if not queries.may(request.actor, there, step, fact):
        raise Http404
    if request.method != "POST":
        deeds.open_fact(request.actor, there.kind, fact, now=request.now)
    return there, fact, there.owner_of(fact)


def typed(request: Request) -> QueryDict | None:
    """Return what was sent with a POST, also where it is empty; None for a GET."""
    return request.POST if request.method == "POST" else None


def tried(form: forms.Form, act: Callable[[], Any]) -> tuple[bool, Any]:
    """Carry out an action and tell whether it was done; what it refuses is said at the form, with all typed."""
    try:
        return True, act()
    except Refused as problem:
        form.add_error(_field(form, problem.field), str(problem))
    except (Overtaken, IntegrityError):  # a guard's last word means that somebody was quicker
        form.add_error(None, str(OVERTAKEN))
    return False, None


def _field(form: forms.Form, name: str | None) -> str | None:
    """Return the form's field for what an action calls `name`, if it has one."""
    shown = {"valid_until": "last_day"}.get(name or "", name)
    return shown if shown in form.fields else None


def _back(request: Request, there: FactPages[Any], owner: Any, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect(there.back(owner))


def _shown(
    request: Request,
    there: FactPages[Any],
    owner: Any,
    form: forms.Form,
    words: dict[str, Any],
    fact: Fact | None = None,
) -> HttpResponse:
    row = queries.row(request.actor, there.kind, fact) if fact is not None else None
    status = 422 if form.is_bound and form.errors else 200
    page = words | {
        "form": form,
        "row": row,
        "zone": there.kind.zone(fact) if fact is not None else "",
        "kind": there.kind.title,
        "owner": there.called(owner),
        "back": there.back(owner),
    }
    return render(request, "kinds/fact.html", page, status=status)
