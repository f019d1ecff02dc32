"""What is asked of whoever needs to read something at once, and of whoever looks at it afterwards."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.foundation.access import Actor, RecordClass
from rapport.foundation.audit.models import Side
from rapport.foundation.facts import Refused
from rapport.foundation.ui.fields import Line, SuggestInput, WordsField
from rapport.organizations.emergency_access import queries, rules
from rapport.organizations.emergency_access.actions import Ask
from rapport.organizations.emergency_access.models import Outcome


class TakeForm(forms.Form):
    """Which records, where, and why it cannot wait."""

    record_class = forms.ChoiceField(
        label=_("What do you need to read?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one kind of record.")},
    )
    where = Line(
        label=_("Where?"),
        max_length=200,
        help_text=_("The name of the school, the district or the agency, or its NCES id or ORI."),
    )
    reason = WordsField(
        label=_("What has happened, and why can it not wait?"),
        rows=3,
        max_length=rules.LONGEST,
        help_text=_("It is sealed. Whoever looks at it afterwards on both sides reads it."),
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        chosen, where = self.fields["record_class"], self.fields["where"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = queries.openable(actor)
        where.widget = SuggestInput(queries.places_offered(actor), where.widget_attrs(where.widget))

    def clean(self) -> dict[str, Any]:
        """Find the place that was meant."""
        cleaned = super().clean() or {}
        if cleaned.get("record_class") and cleaned.get("where"):
            asked = RecordClass(cleaned["record_class"])
            try:
                self.at = queries.place_named(self.actor, asked, cleaned["where"])
            except Refused as problem:
                self.add_error(problem.field, str(problem))
        return cleaned

    def ask(self) -> Ask:
        """Return what the action takes."""
        said = self.cleaned_data
        return Ask(RecordClass(said["record_class"]), self.at, said["reason"])


class ReviewForm(forms.Form):
    """What one side found."""

    side = forms.ChoiceField(label=_("For which side?"), widget=forms.RadioSelect)
    outcome = forms.ChoiceField(
        label=_("Was it right?"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you found.")},
    )

    def __init__(self, free: tuple[Side, ...], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["side"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(s.value, s.label) for s in free]
        if len(free) == 1:
            field.widget, field.initial = forms.HiddenInput(), free[0].value
