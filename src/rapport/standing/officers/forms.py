"""What is asked about officers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.foundation.access import Actor
from rapport.foundation.kinds.forms import FactDay, HowKnown, KeeperForm, KeptFactForm
from rapport.foundation.ui.fields import Line
from rapport.organizations.places.rules import STATES
from rapport.standing.officers import access, queries
from rapport.standing.officers.actions import NewOfficer
from rapport.standing.officers.models import Certified, Duty, Officer


class EmploymentForm(KeptFactForm):
    """By whom an officer is employed, and under which badge."""

    kind, keepers_for = access.EMPLOYMENT, queries.keepers
    badge = Line(
        label=_("Badge"), max_length=12, help_text=_("Up to 12 letters, digits and hyphens.")
    )


class CertificationForm(KeptFactForm):
    """What a state says of an officer's certification."""

    kind, keepers_for = access.CERTIFICATION, queries.keepers
    state = forms.ChoiceField(label=_("State"), choices=[(s, s) for s in sorted(STATES)])
    status = forms.ChoiceField(
        label=_("What the state says"), choices=Certified.choices, widget=forms.RadioSelect
    )

    def __init__(self, actor: Actor, owner: Officer, *args: Any, **kwargs: Any) -> None:
        super().__init__(actor, owner, *args, **kwargs)
        preset = self.fields["agency"].initial
        self.fields["state"].initial = preset.state if preset else None


class DutyForm(KeptFactForm):
    """Whether an officer is on duty."""

    kind, keepers_for = access.DUTY, queries.keepers
    status = forms.ChoiceField(
        label=_("Status"),
        choices=Duty.choices,
        widget=forms.RadioSelect,
        help_text=_("What held before goes on after the last day, so a leave needs nothing more."),
    )


class AddOfficerForm(KeeperForm):
    """An officer who joins the roster."""

    field_order = ("name", "title")
    name = Line(label=_("Name"), max_length=120)
    title = Line(
        label=_("Rank"), max_length=60, required=False, help_text=_("Such as Ofc. or Dep.")
    )
    badge = Line(
        label=_("Badge"), max_length=12, help_text=_("Up to 12 letters, digits and hyphens.")
    )
    employed_from = FactDay(label=_("Employed since"))
    certified_from = FactDay(
        label=_("Certified as an officer by the state since"),
        required=False,
        help_text=_("Leave it empty if you do not know; it can be recorded later."),
    )
    is_on_duty = forms.BooleanField(label=_("On duty since the first day"), required=False)
    source = HowKnown()

    def __init__(self, actor: Actor, *args: Any, person: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        if person is not None:
            del self.fields["name"], self.fields["title"]
        self.offer(queries.agencies_to_add_to(actor))

    def new_officer(self) -> NewOfficer:
        """Return what was typed, as the action takes it."""
        return NewOfficer(**self.cleaned_data, person=self.person)
