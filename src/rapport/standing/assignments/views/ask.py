"""May this officer serve that school? Asked for any pair, "if assigned from this day"."""

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from rapport.foundation.access import Request
from rapport.standing.assignments import access, queries
from rapport.standing.assignments.rules import sentences
from rapport.standing.assignments.views import asked, shown


class AskForm(forms.Form):
    """Which officer, which school."""

    officer = forms.ChoiceField(label=_("Officer"))
    school = forms.ChoiceField(label=_("School"))

    def __init__(
        self, data: object, pairs: list[tuple[str, str]], schools: list[tuple[str, str]]
    ) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # a QueryDict
        self.fields["officer"].choices = [("", "–"), *pairs]  # type: ignore[attr-defined]
        self.fields["school"].choices = [("", "–"), *schools]  # type: ignore[attr-defined]


@require_safe
def ask(request: Request) -> HttpResponse:
    """Show the question, and its answer once both are named."""
    if not access.reads_program(request.actor):
        raise Http404
    when = asked.read(request)
    rows = queries.employed(request.actor, day=when.day, known=when.known)
    schools = {
        str(s.uid): s for s in access.visible_schools(request.actor, day=when.day).order_by("name")
    }
    form = AskForm(
        request.GET if "officer" in request.GET else None,
        [(key, label) for key, (label, _o, _a) in rows.items()],
        [(key, s.name) for key, s in schools.items()],
    )
    page: dict[str, object] = {"form": form, "asked": when}
    if form.is_bound and form.is_valid():
        label, officer, agency = rows[form.cleaned_data["officer"]]
        school = schools[form.cleaned_data["school"]]
        found = queries.standing_of(
            request.actor, officer.pk, school.pk, agency.pk, day=when.day, known=when.known
        )
        if found is not None:
            page |= {
                "found": found,
                "begin_url": ""
                if when.known
                else queries.begin_url(request.actor, officer, school, agency),
                "label": label,
                "officer": officer,
                "school": school,
                **shown.answer(found.standing, found.coming),
                "notes": sentences.notes(found.standing, school.state),
            }
    return render(request, "assignments/ask.html", page)
