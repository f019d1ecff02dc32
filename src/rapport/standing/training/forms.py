"""What is asked about courses and completions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.foundation.access import Actor
from rapport.foundation.facts import Fact
from rapport.foundation.kinds.forms import FactDay, FactForm, KeptFactForm, SureForm
from rapport.foundation.kinds.queries import is_recorded
from rapport.foundation.ui.fields import Line, SeenForm
from rapport.standing.officers import queries as officers
from rapport.standing.officers.models import Officer
from rapport.standing.training import access, queries, rules
from rapport.standing.training.actions import CourseTerms
from rapport.standing.training.models import Course, Result

MANY = _("{hours} hours are far more than the {usual} that this course usually has.")
LONG = _("{hours} hours are more than ten weeks of full days.")


class CompletionForm(KeptFactForm):
    """How a course ended. Another course would be another completion, so it is not asked again."""

    kind, keepers_for = access.COMPLETION, officers.keepers
    result = forms.ChoiceField(
        label=_("How did it end?"),
        choices=Result.choices,
        widget=forms.RadioSelect,
        initial=Result.COMPLETED,
    )
    hours = forms.DecimalField(
        label=_("Hours"),
        required=False,
        max_digits=6,
        decimal_places=2,
        help_text=_(
            "As the certificate says. Where a rule asks for hours, a course without them does not count."
        ),
    )
    provider = Line(label=_("Who taught it?"), max_length=120, required=False)
    certificate_number = Line(label=_("Number of the certificate"), max_length=60, required=False)
    valid_from = FactDay(label=_("Issued on"), help_text=_("The date on the certificate."))
    last_day = FactDay(
        label=_("Last day on which it is valid"),
        required=False,
        help_text=_("Leave it empty if it does not expire."),
    )

    @classmethod
    def initial_of(cls, fact: Fact) -> dict[str, Any]:
        """Return what the form shows when a completion is corrected."""
        words = getattr(getattr(fact, "completion", None), "words", None)
        typed = ("provider", "certificate_number")
        return super().initial_of(fact) | {name: getattr(words, name, "") for name in typed}

    def doubts(self) -> list[str]:
        """Ask where this officer has this course on this day, and where the hours are far too many."""
        said = self.cleaned_data
        course = said["course"] if self.fact is None else getattr(self.fact, "course", None)
        assert isinstance(course, Course)
        found = super().doubts()
        if (self.fact is None or self.fact.valid_from != said["valid_from"]) and is_recorded(
            self.actor, access.COMPLETION, said["valid_from"], officer=self.owner, course=course
        ):
            found.append(str(_("This course is recorded for this officer and day already.")))
        if rules.are_many(said["hours"], course.hours):
            words = MANY if course.hours else LONG
            hours = f"{said['hours'].normalize():f}"
            found.append(str(words).format(hours=hours, usual=course.hours))
        return found


class NewCompletionForm(CompletionForm):
    """Which course an officer took, and how it ended."""

    course = forms.ChoiceField(label=_("Course"))
    field_order = ("agency", "course")

    def __init__(self, actor: Actor, owner: Officer, *args: Any, **kwargs: Any) -> None:
        super().__init__(actor, owner, *args, **kwargs)
        self.courses = {c.code: c for c in queries.courses(actor)}
        field = self.fields["course"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "–"), *((code, _title(c)) for code, c in self.courses.items())]

    def clean_course(self) -> Course:
        """Return the course whose code was chosen."""
        return self.courses[self.cleaned_data["course"]]


class VerificationForm(FactForm):
    """On which day, and how, a completion was checked."""

    valid_from = FactDay(label=_("Day on which you checked it"))
    last_day = None

    def values(self) -> dict[str, Any]:
        """Return the day and the way."""
        return {
            "valid_from": self.cleaned_data["valid_from"],
            "source": self.cleaned_data["source"],
        }


class CourseForm(SureForm):
    """What the program says of a course."""

    name = Line(label=_("Name"), max_length=120)
    hours = forms.IntegerField(
        label=_("Hours"), required=False, help_text=_("Leave them empty where they are not known.")
    )
    jurisdiction = Line(
        label=_("Whose course is it?"),
        max_length=10,
        initial="program",
        help_text=_("US, the two letters of a state, or program for one of your own."),
    )
    source = Line(
        label=_("Where does it say so?"),
        max_length=300,
        required=False,
        help_text=_("A law, a page, a catalog."),
    )
    is_verified = forms.BooleanField(label=_("Somebody has read that source"), required=False)

    def doubts(self) -> list[str]:
        """Ask where a course would take longer than courses for officers do."""
        hours = self.cleaned_data["hours"]
        return [str(LONG).format(hours=hours)] if rules.are_many(hours, None) else []

    def terms(self) -> CourseTerms:
        """Return what was typed, as the action takes it."""
        said = {n: v for n, v in self.cleaned_data.items() if n in CourseForm.base_fields}
        return CourseTerms(**said)


class EditCourseForm(SeenForm, CourseForm):
    """What the program says of a course that is there."""


class NewCourseForm(CourseForm):
    """A course of the program's own."""

    code = Line(
        label=_("Code"),
        max_length=40,
        help_text=_(
            "By which rules name it: small letters, digits and hyphens, such as county-sro-40."
        ),
    )
    field_order = ("code",)


def _title(course: Course) -> str:
    hours = str(_("{hours} h")).format(hours=course.hours) if course.hours else ""
    return " · ".join(filter(None, (str(course), hours)))
