"""What is asked about a disclosure."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.foundation.disclosure.rules import Basis, Terms
from rapport.foundation.registry import Someone
from rapport.foundation.ui.fields import DayField, WordsField


class DisclosureForm(forms.Form):
    """Basis, purpose, recipients and end. `people` are those found by name; `allowed` the bases of the class."""

    basis = forms.ChoiceField(label=_("On which basis?"), widget=forms.RadioSelect)
    purpose = WordsField(label=_("What is it for?"), rows=2, max_length=1000)
    threat = WordsField(
        label=_("The threat, in words"),
        help_text=_("Only for an emergency: what, to whom, and how that is known."),
        rows=3,
        max_length=2000,
        required=False,
    )
    persons = forms.MultipleChoiceField(
        label=_("Recipients with an account here"),
        help_text=_("They can read this one record until the last day, and nothing else."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    others = WordsField(
        label=_("Other recipients, in words"),
        help_text=_("Name and office. They are given nothing by this program."),
        rows=2,
        max_length=1000,
        required=False,
    )
    last_day = DayField(label=_("Last day"), help_text=_("It still holds on this day."))

    def __init__(
        self,
        allowed: Sequence[Basis],
        people: Sequence[Someone],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(p.uid): p for p in people}
        self.fields["basis"].choices = [(b.value, b.label) for b in allowed]  # type: ignore[attr-defined]
        self.fields["persons"].choices = [(u, p.name) for u, p in self.people.items()]  # type: ignore[attr-defined]

    def terms(self) -> Terms:
        """Return what was typed, as the action takes it."""
        said = self.cleaned_data
        chosen = tuple(self.people[uid].id for uid in said["persons"])
        return Terms(
            Basis(said["basis"]),
            said["purpose"],
            said["threat"],
            chosen,
            said["others"],
            said["last_day"],
        )


def uids(values: Sequence[str]) -> list[UUID]:
    """Return those of `values` that are uids."""
    found = []
    for value in values:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found
