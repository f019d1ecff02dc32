"""Forms of school calendars."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.foundation.facts import Refused, Source
from rapport.foundation.kinds.forms import OF_PLACES, FactDay, FactForm, HowKnown
from rapport.foundation.ui.fields import WordsField
from rapport.organizations.calendars import rules
from rapport.organizations.calendars.actions import NewYear
from rapport.organizations.calendars.models import Why


def reasons() -> dict[str, str]:
    """Return the chosen word for what may be typed behind days off, in small letters."""
    more = {"staff day": Why.STAFF, "weather": Why.CLOSED, "snow": Why.CLOSED}
    said = {str(why.label).casefold(): why.value for why in Why}
    return said | {why.value: why.value for why in Why} | {k: v.value for k, v in more.items()}


class YearForm(forms.Form):
    """A school year, with its days off a line each."""

    first_day = FactDay(label=_("First day of school"))
    last_day = FactDay(label=_("Last day of school"))
    off = WordsField(
        label=_("Days without school"),
        required=False,
        rows=10,
        help_text=_(
            "One range a line, Saturdays and Sundays left out, such as: 2026-11-25 – 2026-11-27 break. "
            "Behind it may stand holiday, break, staff day, or closed."
        ),
    )
    source = HowKnown(OF_PLACES, initial=Source.RECORD.value)

    def clean_off(self) -> list[rules.DaysOff]:
        """Return the days off; what cannot be read is named by its line."""
        try:
            return rules.typed(self.cleaned_data["off"], reasons())
        except Refused as problem:
            raise forms.ValidationError(str(problem)) from problem

    def new_year(self) -> NewYear:
        """Return what the action takes."""
        return NewYear(**self.cleaned_data)


class Within(FactForm):
    """A fact whose last day is known."""

    last_day = FactDay(label=_("Last day"))


class SchoolYearForm(Within):
    """The dates of a school year, to correct them."""


class NoSchoolForm(Within):
    """Days without school."""

    why = forms.ChoiceField(label=_("Why?"), choices=[(w.value, w.label) for w in Why])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["valid_from", "last_day", "why", "source"])
