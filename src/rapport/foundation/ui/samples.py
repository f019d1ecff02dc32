"""What the page of UI parts shows: every part in every state, with invented values."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.foundation.access import Request

from .fields import DayField, WordsField


class SampleForm(forms.Form):
    """Every kind of field."""

    name = forms.CharField(label=_("Name"), help_text=_("As it stands on the certificate."))
    badge = forms.CharField(label=_("Badge"), max_length=12, required=False)
    since = DayField(label=_("Valid from"), help_text=_("The first day on which it holds."))
    agency = forms.ChoiceField(
        label=_("Agency"), choices=[("", "–"), ("1", "Fallow Creek Police"), ("2", "Sheriff")]
    )
    decision = forms.ChoiceField(
        label=_("Was the officer selected?"),
        widget=forms.RadioSelect,
        choices=[("yes", _("Yes")), ("no", _("No")), ("unknown", _("Not known"))],
    )
    notes = WordsField(label=_("Notes"), required=False)
    file = forms.FileField(label=_("Certificate"), required=False)
    agree = forms.BooleanField(label=_("I have seen the certificate itself"))


def samples(request: Request) -> dict[str, Any]:
    """Return the context of the page."""
    wrong = SampleForm(
        {"name": "", "badge": "4471", "since": "31/02/2026", "agency": "", "notes": "Kept."}
    )
    return {"form": SampleForm(), "wrong": wrong}
