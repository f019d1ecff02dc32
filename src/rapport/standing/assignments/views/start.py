"""How does a program begin? The steps to the first standing: what is done, what is next, and whose it is."""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from rapport.foundation.access import Request
from rapport.standing.assignments import queries
from rapport.standing.assignments.queries import Todo


class Words(NamedTuple):
    """What a step is called, why it is needed, what its button says, and who does it. Lazily translated."""

    title: Any
    how: Any
    button: Any
    whose: Any


SET_UP: Final = _("An administrator does this.")
KEEP: Final = _("The head of the agency, a supervisor, or the district's people do this.")
AGENCY: Final = _("The head of the agency or a supervisor does this.")
WORDS: Final = {
    "schools": Words(
        _("Schools and their districts"),
        _("From a list: rapport import schools FILE. Or add a district by hand, and its schools."),
        _("Add a district"),
        SET_UP,
    ),
    "agency": Words(
        _("The agency"),
        _("The police department or sheriff's office whose officers serve the schools."),
        _("Add the agency"),
        SET_UP,
    ),
    "people": Words(
        _("Somebody who keeps the records"),
        _(
            "Add the head of the agency, a supervisor, a superintendent or a safety director; give "
            "the role; and invite them to sign in. One side alone is enough to start."
        ),
        _("Add people and give roles"),
        SET_UP,
    ),
    "rules": Words(
        _("The rules"),
        _("What an officer needs, and by when. They come with the program."),
        _("Read the rules"),
        SET_UP,
    ),
    "start": Words(
        _("The agency's start in the program"),
        _("Officers who serve by this day have its first days to bring their papers."),
        _("Record the start"),
        KEEP,
    ),
    "agreement": Words(
        _("The agreement"),
        _("Its parties, the schools it covers, and the signature of every party."),
        _("Record the agreement"),
        KEEP,
    ),
    "officer": Words(
        _("The officers"),
        _("Name, badge, and since when. On the officer's page follow selection and training."),
        _("Add an officer"),
        AGENCY,
    ),
    "assign": Words(
        _("The first assignment"),
        _("Who serves which school. What is missing is named then, with the way to mend it."),
        _("Assign an officer to a school"),
        KEEP,
    ),
}


class Shown(NamedTuple):
    """A step as the page draws it."""

    words: Words
    todo: Todo


def steps(todos: Iterable[Todo]) -> list[Shown]:
    """Return the steps with their words."""
    return [Shown(WORDS[todo.name], todo) for todo in todos]


@require_safe
def start(request: Request) -> HttpResponse:
    """Show what a new program needs next; once it has a standing, or for onlookers, go to the first page."""
    day = queries.opening_day(request.actor, now=request.now)
    found = queries.beginning(request.actor, day=day)
    if not found:
        return redirect("assignments:home")
    own = [todo for todo in found if todo.url]
    page = {"steps": steps(found), "own_done": all(todo.is_done for todo in own)}
    return render(request, "assignments/start.html", page)
