"""Pages to begin an assignment, and to correct, end, withdraw and except one."""

from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods

from rapport.foundation import clock, registry
from rapport.foundation.access import Actor, Request
from rapport.foundation.kinds.pages import FactPages, new_url
from rapport.foundation.kinds.views import tried, typed
from rapport.foundation.ui.once import made_once
from rapport.standing.assignments import access, actions
from rapport.standing.assignments.actions import Missing, NotCleared
from rapport.standing.assignments.forms import AssignedForm, BeginForm, ExceptedForm
from rapport.standing.assignments.models import Assignment
from rapport.standing.officers.models import Officer

# Where each sort of missing fact is recorded: the kind of fact, about the officer.
RECORDED_AS: Final = {
    "certified": "certification",
    "employed": "employment",
    "on_duty": "duty_status",
    "selected": "selection",
    "district_part": "selection",
    "evaluated": "evaluation",
    "course": "completion",
}
OF_AGREEMENTS: Final = frozenset({"agreement", "review", "clauses"})
OF_COMPLETIONS: Final = frozenset({"verified"})  # each is verified from the officer's page


@require_http_methods(["GET", "POST"])
@made_once
def begin(request: Request) -> HttpResponse:
    """Ask who is to serve which school; on POST begin it, or say what stands in the way and mend it."""
    if not access.may_begin_any(request.actor):
        raise Http404
    asked = {name: request.GET.get(name, "") for name in ("officer", "school", "agency")}
    today = clock.today(request.now, settings.RAPPORT_ZONE)
    form = BeginForm(request.actor, typed(request), initial=asked | {"valid_from": today})
    missing: list[dict[str, Any]] = []
    if form.is_valid():
        missing, made = _begun(request, form)
        if made is not None:
            messages.success(request, _("The assignment is recorded."))
            return redirect(back_to(made))
    page = {"form": form, "missing": missing}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "assignments/begin.html", page, status=status)


def _begun(request: Request, form: BeginForm) -> tuple[list[dict[str, Any]], Assignment | None]:
    """Begin what the form asks for; return what is missing, each with its mend, or the assignment."""
    values = form.values()

    def act() -> Assignment | NotCleared:
        try:
            return actions.begin_assignment(request.actor, now=request.now, **values)
        except NotCleared as problem:
            return problem

    done, answer = tried(form, act)
    if isinstance(answer, NotCleared):
        form.add_error(None, str(answer))
        return [_mended(request.actor, values["officer"], m) for m in answer.missing], None
    return [], answer if done else None


def _mended(actor: Actor, officer: Officer, missing: Missing) -> dict[str, Any]:
    """Return what is missing with the address at which this actor can mend it, if there is one."""
    url = ""
    if missing.needs in OF_AGREEMENTS:
        url = reverse("agreements:agreements")
    elif missing.needs in OF_COMPLETIONS:
        url = officer.get_absolute_url()
    elif (there := registry.fact_pages.get(RECORDED_AS.get(missing.needs, ""))) is not None:
        may = there.record is not None and there.may_record(actor, officer)
        url = new_url(there.kind.name, officer) if may else ""
    return {"text": missing.text, "mend": missing.mend, "url": url}


def back_to(assignment: Assignment) -> str:
    """Return the address of the page of an assignment's officer."""
    return assignment.officer.get_absolute_url()


def called(assignment: Assignment) -> str:
    """Return whom an assignment is about, and where."""
    return f"{assignment.officer.person}, {assignment.school}"


COMMON: Final[dict[str, Any]] = {
    "owners": access.visible_assignments,
    "owner_of": lambda fact: fact.assignment,
    "back": back_to,
    "called": called,
}
FACTS: Final = (
    FactPages(
        kind=access.ASSIGNED,
        form=AssignedForm,
        may_record=lambda actor, assignment: False,
        correct=actions.correct_assignment,
        end=actions.end_assignment,
        withdraw=actions.withdraw_assignment,
        **COMMON,
    ),
    FactPages(
        kind=access.EXCEPTED,
        form=ExceptedForm,
        may_record=access.may_except,
        record=actions.grant_exception,
        correct=actions.correct_exception,
        withdraw=actions.withdraw_exception,
        ask=_lazy("Which ground is set aside, and until when?"),
        hint=_lazy(
            "An exception makes the standing provisional until its last day. The reasons stay in sight."
            " To end one early, correct its last day."
        ),
        **COMMON,
    ),
)
