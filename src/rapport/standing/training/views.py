"""The pages of completions, shown by `foundation.kinds`, and those of courses."""

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from rapport.foundation.access import Request
from rapport.foundation.audit.actions import record_list_taken
from rapport.foundation.kinds.pages import FactPages
from rapport.foundation.kinds.views import tried, typed
from rapport.foundation.tables import export
from rapport.foundation.tables.cells import Cell
from rapport.foundation.tables.listing import Column, Filter, Table
from rapport.foundation.ui.once import made_once
from rapport.standing.officers.access import on_pages
from rapport.standing.training import access, actions, queries
from rapport.standing.training.forms import (
    CompletionForm,
    CourseForm,
    EditCourseForm,
    NewCompletionForm,
    NewCourseForm,
    VerificationForm,
)
from rapport.standing.training.models import Course

FACTS: Final[tuple[FactPages[Any], ...]] = (
    FactPages(
        form=NewCompletionForm,
        correct_form=CompletionForm,
        record=actions.record_completion,
        correct=actions.correct_completion,
        withdraw=actions.withdraw_completion,
        more=queries.further_steps,
        ask=_lazy("Which course did this officer take?"),
        **on_pages(access.COMPLETION),
    ),
    FactPages(
        kind=access.VERIFICATION,
        form=VerificationForm,
        owners=access.visible_completions,
        may_record=queries.may_verify,
        owner_of=lambda fact: fact.completion,
        back=lambda completion: completion.officer.get_absolute_url(),
        called=lambda completion: f"{completion.course}, {completion.officer.person}",
        record=actions.verify_completion,
        withdraw=actions.withdraw_verification,
        ask=_lazy("Have you checked this completion?"),
        hint=_lazy("Who verifies it is not who entered it, and not the officer."),
    ),
)


@require_http_methods(["GET"])
def courses(request: Request) -> HttpResponse:
    """Show the courses that can be recorded, or send them as a file."""
    listing = _table(request).read(request.GET, queries.courses(request.actor))
    if listing.wants_file:
        record_list_taken(request.actor, listing, now=request.now)
        return export.respond(listing, who=request.actor.name, now=request.now)
    page = {"listing": listing, "may_add": access.may_keep_courses(request.actor)}
    return render(request, "training/courses.html", page)


@require_http_methods(["GET", "POST"])
@made_once
def add_course(request: Request) -> HttpResponse:
    """Show the form for a course of the program's own; on POST add it."""
    if not access.may_keep_courses(request.actor):
        raise Http404
    form = NewCourseForm(typed(request))
    if form.is_valid():
        code = form.cleaned_data["code"]
        done, course = tried(
            form,
            lambda: actions.add_course(request.actor, code, form.terms(), now=request.now),
        )
        if done:
            messages.success(request, _("%s can be recorded now.") % course)
            return redirect("training:courses")
    page = {"form": form, "title": _("Which course do you want to add?"), "submit": _("Add")}
    return render(request, "training/course.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit_course(request: Request, code: str) -> HttpResponse:
    """Show what is said of a course; on POST change it."""
    course = get_object_or_404(queries.courses(request.actor), code=code)
    if not access.may_keep_courses(request.actor):
        raise Http404
    initial = {name: getattr(course, name) for name in CourseForm.base_fields}
    form = EditCourseForm(typed(request), initial=initial)
    if form.is_valid():
        done, _course = tried(
            form,
            lambda: actions.edit_course(request.actor, course, form.terms(), now=request.now),
        )
        if done:
            messages.success(request, _("Saved. No later release overwrites it."))
            return redirect("training:courses")
    page = {"form": form, "title": _("What does the program say of this course?")}
    page |= {"submit": _("Save"), "course": course}
    return render(request, "training/course.html", page, status=422 if form.errors else 200)


def _table(request: Request) -> Table[Course]:
    may_edit = access.may_keep_courses(request.actor)
    return Table(
        name="courses",
        columns=(
            Column(
                "name",
                _("Course"),
                lambda c: Cell(c.name, url=c.get_absolute_url() if may_edit else "", note=c.source),
                sort="name",
                export=lambda c: c.name,
            ),
            Column("code", _("Code"), lambda c: c.code, sort="code"),
            Column("hours", _("Hours"), lambda c: c.hours, sort="hours", numeric=True),
            Column("jurisdiction", _("Whose"), lambda c: c.jurisdiction, sort="jurisdiction"),
            Column(
                "is_verified", _("Source was read"), lambda c: c.is_verified, sort="is_verified"
            ),
        ),
        unit=lambda n: ngettext("%d course", "%d courses", n) % n,
        search=("name", "code"),
        filters=(
            Filter(
                "jurisdiction", _("Whose"), "jurisdiction", queries.jurisdictions(request.actor)
            ),
        ),
        sort="name",
    )
