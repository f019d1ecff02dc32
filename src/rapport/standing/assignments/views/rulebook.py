"""Which rules hold here? Every rule with its force, its source, and whether the source was read."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rapport.foundation.access import Request
from rapport.standing.assignments import queries
from rapport.standing.assignments.models import Ground
from rapport.standing.assignments.rules import Requirement
from rapport.standing.assignments.views import asked


@require_safe
def rules(request: Request) -> HttpResponse:
    """Show the rules of each state of the program, as they hold on a day."""
    when = asked.read(request)
    language = (get_language() or "en").split("-")[0]
    books = [
        (
            book,
            [
                (
                    r,
                    r.name.get(language) or r.name["en"],
                    asks(r),
                    Ground(r.ground).label,
                    deadline(r),
                )
                for r in book.rules
            ],
        )
        for book in queries.rulebook(request.actor, day=when.day, known=when.known)
    ]
    return render(request, "assignments/rules.html", {"books": books, "asked": when})


def asks(rule: Requirement) -> str:
    """Return what exactly meets a rule: courses by their codes, with hours, or clauses; empty for others."""
    if rule.clauses:
        return _("clauses {numbers}").format(numbers=", ".join(map(str, rule.clauses)))
    if not rule.courses:
        return ""
    said = _("courses: {codes}").format(codes=", ".join(sorted(rule.courses)))
    if rule.hours:
        said += ", " + _("at least {hours} hours").format(hours=f"{rule.hours:g}")
    if rule.meanwhile:
        codes = ", ".join(sorted(rule.meanwhile))
        said += "; " + _("until the next school year: {codes}").format(codes=codes)
    return said


def deadline(rule: Requirement) -> str:
    """Return by when a rule asks for it, and how often, in words."""
    said = _("before the assignment")
    if rule.deadline == "within" and rule.days is not None:
        said = ngettext("within %d day", "within %d days", rule.days) % rule.days
    elif rule.deadline == "within":
        said = ngettext("within %d month", "within %d months", rule.months or 0) % (
            rule.months or 0
        )
    if rule.every_months:
        again = ngettext("again every %d month", "again every %d months", rule.every_months)
        said += ", " + again % rule.every_months
    return said
