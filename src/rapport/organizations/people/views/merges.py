"""Joining two records of one person: which two, both side by side, and parting them again."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from rapport.foundation.access import Request
from rapport.foundation.kinds.views import tried, typed
from rapport.foundation.tables.listing import asked_words
from rapport.organizations.people import access, actions, queries
from rapport.organizations.people.forms.persons import MergeForm
from rapport.organizations.people.models import Person
from rapport.organizations.people.views.persons import STATES, found_person, today


@require_safe
def choose(request: Request, uid: UUID) -> HttpResponse:
    """Ask which other record is the same person: those of a like name first, or by a search."""
    _ensure_may(request)
    there = found_person(request, uid)
    words = asked_words(request.GET)
    found = queries.others(request.actor, there, words, day=today(request), now=request.now)
    return render(request, "people/choose.html", {"person": there, "found": found, "words": words})


@require_http_methods(["GET", "HEAD", "POST"])
def compare(request: Request, uid: UUID, other: UUID) -> HttpResponse:
    """Show two records side by side; on POST join them."""
    _ensure_may(request)
    both = (found_person(request, uid), found_person(request, other))
    if both[0] == both[1]:
        return redirect("people:person", both[0].uid)
    form = MergeForm(both, typed(request), initial={"keep": str(both[0].uid)})
    if form.is_valid():
        said = form.cleaned_data
        kept, gone = both if said["keep"] == str(both[0].uid) else both[::-1]
        done, merge = tried(
            form,
            lambda: actions.merge_persons(
                request.actor, kept, gone, reason=said["reason"], now=request.now
            ),
        )
        if done:
            undo = reverse("people:part", args=[merge.uid])
            words = (_("The two are one now."), undo, _("Undo"))
            messages.success(request, format_html('<span>{} <a href="{}">{}</a></span>', *words))
            return redirect("people:person", kept.uid)
    sides = [_side(request, p) for p in both]
    both_sign_in = all(side["found"].sign_in.account for side in sides)
    page = {"form": form, "sides": sides, "person": both[0], "both_sign_in": both_sign_in}
    return render(request, "people/compare.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def part(request: Request, uid: UUID) -> HttpResponse:
    """Ask, and on POST part two records again."""
    merge = queries.merge_at(request.actor, uid)
    if merge is None or merge.undone_at is not None:
        raise Http404
    form, back = forms.Form(typed(request)), reverse("people:person", args=[merge.kept.uid])
    if form.is_valid():
        done, _merge = tried(
            form, lambda: actions.undo_merge(request.actor, merge, now=request.now)
        )
        if done:
            messages.success(request, _("The two are parted. Each has what was theirs."))
            return redirect(back)
    page = {
        "form": form,
        "cancel": back,
        "person": merge.kept,
        "question": _("Part “%(kept)s” and “%(gone)s” again?")
        % {"kept": merge.kept, "gone": merge.absorbed},
        "what": _(
            "Each gets back the roles and the sign-in that were recorded under it; a sign-in that "
            "joining closed is open again. What was done in "
            "the meantime stays with the record under which it was done."
        ),
        "submit": _("Part them"),
    }
    return render(request, "people/confirm.html", page, status=422 if form.errors else 200)


def _ensure_may(request: Request) -> None:
    if not access.is_over_all(request.actor):
        raise Http404


def _side(request: Request, person: Person) -> dict[str, Any]:
    found = queries.compared(request.actor, person, day=today(request), now=request.now)
    words, state = STATES[found.sign_in.state]
    return {"found": found, "sign_in_words": words, "sign_in_state": state}
