"""Adding a person, correcting what one is called, closing a sign-in and opening it again."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rapport.foundation.access import Request
from rapport.foundation.kinds.views import tried, typed
from rapport.foundation.ui.once import made_once
from rapport.organizations.people import access, actions, queries
from rapport.organizations.people.forms.persons import CorrectPersonForm, NewPersonForm, PersonForm
from rapport.organizations.people.models import Person
from rapport.organizations.people.queries import SignIn
from rapport.organizations.people.views.persons import found_person, today


@require_http_methods(["GET", "HEAD", "POST"])
@made_once
def new(request: Request) -> HttpResponse:
    """Show the form for a person; on POST add them and open their page."""
    if not access.adds_people(request.actor):
        raise Http404
    form = NewPersonForm(
        request.actor,
        lambda name, email: queries.alike(
            request.actor, name, email, day=today(request), now=request.now
        ),
        typed(request),
    )
    if form.is_valid():
        values = form.values()
        done, added = tried(
            form, lambda: actions.add_person(request.actor, now=request.now, **values)
        )
        if done:
            messages.success(
                request, _("%s is added. Say next what they are entrusted with.") % added
            )
            return redirect("people:person", added.uid)
    page = {
        "title": _("Who joins the program?"),
        "act": _("Add the person"),
        "form": form,
        "alike": form.alike,
        "back": reverse("people:people"),
    }
    return render(request, "people/new.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: Request, uid: UUID) -> HttpResponse:
    """Show what a person is called in a form; on POST correct it."""
    there = found_person(request, uid)
    if not access.may_correct(request.actor, there):
        raise Http404
    initial = {name: getattr(there, name) for name in PersonForm.base_fields}
    form = CorrectPersonForm(typed(request), initial=initial)
    if form.is_valid():
        values = dict(form.cleaned_data)
        done, _person = tried(
            form, lambda: actions.correct_person(request.actor, there, now=request.now, **values)
        )
        if done:
            messages.success(request, _("Corrected."))
            return redirect("people:person", there.uid)
    page = {
        "title": _("What is this person called?"),
        "act": _("Correct"),
        "form": form,
        "back": reverse("people:person", args=[there.uid]),
        "person": there,
    }
    return render(request, "people/new.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: Request, uid: UUID) -> HttpResponse:
    """Ask, and on POST close a person's sign-in."""
    there, sign_in = _signs_in(request, uid)
    if not sign_in.may_close:
        raise Http404
    words = {
        "question": _("Close the sign-in of %s?") % there,
        "what": _(
            "Every session of it ends at once, and it opens nothing from then on. Roles stay as they "
            "are: end those that are no longer held."
        ),
        "submit": _("Close the sign-in"),
        "stop": True,
    }
    return _asked(
        request, there, sign_in, actions.close_account, _("The sign-in is closed."), words
    )


@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: Request, uid: UUID) -> HttpResponse:
    """Ask, and on POST open a closed sign-in again."""
    there, sign_in = _signs_in(request, uid)
    if not sign_in.may_reopen:
        raise Http404
    words = {
        "question": _("Open the sign-in of %s again?") % there,
        "what": _("It opens with the same password or passkey as before."),
        "submit": _("Open it again"),
    }
    return _asked(request, there, sign_in, actions.reopen_account, _("The sign-in is open."), words)


def _signs_in(request: Request, uid: UUID) -> tuple[Person, SignIn]:
    there = found_person(request, uid)
    day = today(request)
    return there, queries.sign_in_of(request.actor, there, day=day, now=request.now)


def _asked(
    request: Request,
    there: Person,
    sign_in: SignIn,
    act: Any,
    said: str,
    words: dict[str, Any],
) -> HttpResponse:
    form, back = forms.Form(typed(request)), reverse("people:person", args=[there.uid])
    if form.is_valid():
        done, _account = tried(form, lambda: act(request.actor, sign_in.account, now=request.now))
        if done:
            messages.success(request, said)
            return redirect(back)
    page = {"form": form, "cancel": back, "person": there, **words}
    return render(request, "people/confirm.html", page, status=422 if form.errors else 200)
