"""What is asked about selections and evaluations."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.foundation.access import Actor
from rapport.foundation.facts import Fact
from rapport.foundation.kinds.forms import FactDay, KeptFactForm
from rapport.standing.officers import queries as officers
from rapport.standing.officers.models import Officer
from rapport.standing.selection import access, queries
from rapport.standing.selection.models import DistrictPart, Method, Outcome


class SelectionForm(KeptFactForm):
    """Whether, how and by whom an officer was selected to serve schools."""

    kind, keepers_for = access.SELECTION, officers.keepers
    outcome = forms.ChoiceField(
        label=_("What was decided?"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    method = forms.ChoiceField(
        label=_("How was the officer chosen?"), choices=Method.choices, widget=forms.RadioSelect
    )
    district_part = forms.ChoiceField(
        label=_("What was the district's part?"),
        choices=DistrictPart.choices,
        widget=forms.RadioSelect,
    )
    decided_by = forms.ChoiceField(
        label=_("Who decided?"),
        required=False,
        help_text=_("Leave it empty if it is not known or if the person is not listed."),
    )
    valid_from = FactDay(label=_("Day of the decision"))
    last_day = FactDay(
        label=_("Last day"),
        required=False,
        help_text=_("Only if the selection has ended, as when an officer was reassigned."),
    )

    def __init__(self, actor: Actor, owner: Officer, *args: Any, **kwargs: Any) -> None:
        super().__init__(actor, owner, *args, **kwargs)
        now = self.initial.get("decided_by")
        people = queries.deciders(actor, self.keepers.values(), also=now)
        self.people = {str(p.uid): p for p in people}
        self.initial["decided_by"] = next(
            (uid for uid, p in self.people.items() if p.pk == now), ""
        )
        field = self.fields["decided_by"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("not known")), *((uid, str(p)) for uid, p in self.people.items())]

    @classmethod
    def initial_of(cls, fact: Fact) -> dict[str, Any]:
        """Return what the form shows when a selection is corrected."""
        return super().initial_of(fact) | {"decided_by": getattr(fact, "decided_by_id", None)}

    def values(self) -> dict[str, Any]:
        """Return what was typed; who decided as a person's key."""
        values = super().values()
        chosen = self.people.get(values.pop("decided_by"))
        return values | {"decided_by_id": chosen.pk if chosen else None}


class EvaluationForm(KeptFactForm):
    """That the yearly evaluation was done."""

    kind, keepers_for = access.EVALUATION, officers.keepers
    district_part = forms.ChoiceField(
        label=_("What was the school's or the district's part?"),
        choices=DistrictPart.choices,
        widget=forms.RadioSelect,
    )
    valid_from = FactDay(label=_("Day of the evaluation"))
    last_day = None
