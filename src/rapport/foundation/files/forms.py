"""What is asked about a file that is kept, and about another class for one."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.foundation.access import Place, RecordClass
from rapport.foundation.files.queries import Spot
from rapport.foundation.files.rules import ACCEPTED, Kind, Reason
from rapport.foundation.ui.fields import WordsField
from rapport.foundation.ui.words import class_word


class KeepForm(forms.Form):
    """A file, its class and where it belongs. `classes` and `spots` are those the wall gives."""

    file = forms.FileField(
        label=_("File"),
        max_length=200,
        help_text=_("PDF, PNG, JPEG, plain text or CSV."),
        widget=forms.ClearableFileInput({"accept": ",".join(m.ending for m in ACCEPTED)}),
    )
    record_class = forms.ChoiceField(
        label=_("What kind of record is it?"),
        help_text=_("This decides who may read it. It can be changed later only by two people."),
        widget=forms.RadioSelect,
    )
    at = forms.ChoiceField(label=_("Who keeps it?"))
    kind = forms.ChoiceField(label=_("What is it?"), choices=Kind.choices, initial=Kind.OTHER)
    about_minor = forms.BooleanField(
        label=_("It says something about a student or another minor"), required=False
    )

    def __init__(
        self, classes: Sequence[RecordClass], spots: Sequence[Spot], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.spots = {s.key: s for s in spots}
        self.fields["record_class"].choices = [(c.value, class_word(c)) for c in classes]  # type: ignore[attr-defined]
        self.fields["at"].choices = [(s.key, s.words) for s in spots]  # type: ignore[attr-defined]

    @property
    def place(self) -> Place:
        """Return the place that was chosen."""
        return self.spots[self.cleaned_data["at"]].place


class ClassForm(forms.Form):
    """Another class for a file, where it would lie, and why."""

    to_class = forms.ChoiceField(label=_("Which class should it have?"), widget=forms.RadioSelect)
    agency = forms.ChoiceField(
        label=_("Agency that keeps it or shares it"), choices=(), required=False
    )
    district = forms.ChoiceField(
        label=_("District that keeps it or shares it"), choices=(), required=False
    )
    reason = forms.ChoiceField(label=_("Reason"), choices=Reason.choices)
    why = WordsField(
        label=_("Why, in words"),
        help_text=_("Somebody else decides by what you write here."),
        max_length=2000,
    )

    def __init__(
        self,
        now_at: Place,
        now_class: str,
        agencies: Sequence[Spot],
        districts: Sequence[Spot],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.now_at = now_at
        self.places = {s.key: s.place for s in (*agencies, *districts)}
        others = [(c.value, class_word(c)) for c in RecordClass if c != now_class]
        self.fields["to_class"].choices = others  # type: ignore[attr-defined]
        for name, spots in (("agency", agencies), ("district", districts)):
            offered = [("", _("none")), *((s.key, s.words) for s in spots)]
            self.fields[name].choices = offered  # type: ignore[attr-defined]
            number = getattr(now_at, f"{name}_id")
            self.fields[name].initial = f"{name}-{number}" if number else ""

    @property
    def place(self) -> Place:
        """Return where the file would lie; its school is kept where its district is."""
        agency = self.places.get(self.cleaned_data["agency"], Place()).agency_id
        district = self.places.get(self.cleaned_data["district"], Place()).district_id
        school = self.now_at.school_id if district == self.now_at.district_id else None
        return Place(agency, district, school)
