"""What is asked about a person, and about two records of one."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.foundation.access import Actor
from rapport.foundation.ui.fields import AddressLine, Line, SeenForm
from rapport.organizations.people import access, queries
from rapport.organizations.people.models import MergeReason, Person
from rapport.organizations.people.queries import Listed
from rapport.organizations.places.models import Agency, District

PROGRAM: Final = "program"
Find = Callable[[str, str], Sequence[Listed]]  # a name and a work address → who bears one of them


class PersonForm(forms.Form):
    """What a person is called, and how they are reached at work."""

    name = Line(label=_("Name"), max_length=120)
    title = Line(
        label=_("Title or rank"),
        max_length=60,
        required=False,
        help_text=_("It stands before the name, such as Sgt. or Principal."),
    )
    work_email = AddressLine(
        label=_("Work address"),
        required=False,
    )
    work_phone = Line(label=_("Telephone at work"), max_length=30, required=False)


class CorrectPersonForm(SeenForm, PersonForm):
    """The same, of a person who is known already."""


class NewPersonForm(PersonForm):
    """A person who is added: whose record it is, and, where the name is known already, that it is another."""

    kept_by = forms.ChoiceField(
        label=_("Whose record is this?"),
        help_text=_("That side corrects the name and the address later."),
    )
    is_another = forms.BooleanField(label=_("It is somebody else of the same name"), required=False)

    def __init__(self, actor: Actor, find_alike: Find, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.find_alike = find_alike
        self.keepers = {str(place.uid): place for place in queries.keepers(actor)}
        offered = [(uid, str(place)) for uid, place in self.keepers.items()]
        if access.is_over_all(actor):
            offered.append((PROGRAM, str(_("the program's"))))
        field = self.fields["kept_by"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = offered if len(offered) == 1 else [("", "—"), *offered]
        self.alike: Sequence[Listed] = ()
        if not self.data.get("is_another"):
            self.fields["is_another"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """Ask once more where somebody of this name or address is known already."""
        cleaned = super().clean() or {}
        if cleaned.get("name") and not cleaned.get("is_another"):
            self.alike = self.find_alike(cleaned["name"], cleaned.get("work_email", ""))
            if self.alike:
                self.fields["is_another"].widget = forms.CheckboxInput()
                self.add_error(
                    "is_another", _("Somebody of this name or address is known already.")
                )
        return cleaned

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the names that the action takes."""
        said = {name: self.cleaned_data[name] for name in PersonForm.base_fields}
        keeper: Agency | District | None = self.keepers.get(self.cleaned_data["kept_by"])
        return said | {"kept_by": keeper, "is_another": self.cleaned_data["is_another"]}


class MergeForm(forms.Form):
    """Which of two records stays, and why they are one."""

    keep = forms.ChoiceField(
        label=_("Which record stays?"),
        widget=forms.RadioSelect,
        help_text=_("Its name and address are shown from now on. Nothing of the other is lost."),
    )
    reason = forms.ChoiceField(
        label=_("Why are the two one person?"),
        choices=MergeReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why the two are one.")},
    )

    def __init__(self, both: Sequence[Person], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["keep"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(p.uid), f"{n}. {p}") for n, p in enumerate(both, 1)]
