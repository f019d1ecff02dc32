"""Forms of agencies, districts and schools."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from rapport.foundation.access import Actor
from rapport.foundation.facts import Source
from rapport.foundation.kinds.forms import OF_PLACES, FactDay, FactForm, HowKnown
from rapport.foundation.ui.fields import Line
from rapport.organizations.places import queries, rules
from rapport.organizations.places.actions import NewAgency, NewDistrict, NewSchool
from rapport.organizations.places.models import District, School
from rapport.organizations.places.rules.layouts import GRADES


def _states() -> list[tuple[str, str]]:
    return [("", "–"), *((state, state) for state in sorted(rules.STATES))]


def _zones() -> list[tuple[str, str]]:
    zones = sorted(set(rules.STATES.values()))
    return [("", "–"), *((zone, zone.replace("_", " ")) for zone in zones)]


ZONE_HINT = _("Leave it empty where the state lies in one zone.")


class DistrictChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs alone
    """A district, named with its state."""

    def label_from_instance(self, obj: Any) -> str:
        """Return how a district reads in the list."""
        return f"{obj.name}, {obj.state}"


class AgencyForm(forms.Form):
    """A law enforcement agency."""

    name = Line(label=_("Name"), max_length=120)
    short_name = Line(
        label=_("Short name"), max_length=40, required=False, help_text=_("As lists show it.")
    )
    state = forms.ChoiceField(label=_("State"), choices=_states)
    ori = Line(
        label=_("ORI"),
        max_length=9,
        required=False,
        help_text=_("Nine signs, such as VA0990100. Leave it empty if it is not known."),
    )
    zone = forms.ChoiceField(
        label=_("Time zone"), choices=_zones, required=False, help_text=ZONE_HINT
    )
    own_district = DistrictChoice(
        label=_("Employed by a district"),
        queryset=District.objects.none(),
        to_field_name="uid",
        required=False,
        help_text=_("Only where the school district itself is the police agency."),
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.fields["own_district"]
        assert isinstance(own, forms.ModelChoiceField)
        own.queryset = queries.districts(actor)

    def new_agency(self) -> NewAgency:
        """Return what the action takes."""
        return NewAgency(**self.cleaned_data)


class DistrictForm(forms.Form):
    """A school district."""

    name = Line(label=_("Name"), max_length=120)
    state = forms.ChoiceField(label=_("State"), choices=_states)
    nces_id = Line(
        label=_("NCES district id"), max_length=7, required=False, help_text=_("Seven digits.")
    )
    zone = forms.ChoiceField(
        label=_("Time zone"), choices=_zones, required=False, help_text=ZONE_HINT
    )

    def new_district(self) -> NewDistrict:
        """Return what the action takes."""
        return NewDistrict(**self.cleaned_data)


class SchoolForm(forms.Form):
    """A school of a district."""

    name = Line(label=_("Name"), max_length=120)
    nces_id = Line(
        label=_("NCES school id"),
        max_length=12,
        required=False,
        help_text=_("Twelve digits. Leave it empty if it is not known."),
    )
    low_grade = forms.ChoiceField(
        label=_("Lowest grade"), required=False, choices=[("", "–"), *((g, g) for g in GRADES)]
    )
    high_grade = forms.ChoiceField(
        label=_("Highest grade"), required=False, choices=[("", "–"), *((g, g) for g in GRADES)]
    )
    street = Line(label=_("Street"), max_length=120, required=False)
    city = Line(label=_("City"), max_length=60, required=False)
    zip_code = Line(label=_("ZIP code"), max_length=10, required=False)
    phone = Line(label=_("Phone"), max_length=20, required=False)
    since = FactDay(
        label=_("In this district since"),
        required=False,
        help_text=_("Leave it empty where it has always been so."),
    )

    def new_school(self) -> NewSchool:
        """Return what the action takes."""
        return NewSchool(**self.cleaned_data)


class MoveForm(forms.Form):
    """Another district for a school, from a day."""

    school = forms.ModelChoiceField(
        label=_("School"), queryset=School.objects.none(), to_field_name="uid"
    )
    district = DistrictChoice(
        label=_("New district"), queryset=District.objects.none(), to_field_name="uid"
    )
    on = FactDay(label=_("From"), help_text=_("The first day on which it belongs there."))
    source = HowKnown(OF_PLACES, initial=Source.RECORD.value)

    def __init__(self, actor: Actor, schools: QuerySet[School], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("school", schools), ("district", queries.districts(actor))):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows


class StartForm(FactForm):
    """The day on which an agency starts in the program."""

    last_day = None


class ChoiceForm(forms.Form):
    """Whether a school has the id that it claims."""

    given = forms.ChoiceField(choices=[("yes", _("yes")), ("no", _("no"))])
