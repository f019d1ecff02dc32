"""What is asked about a role: which, where, from when, until when."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from rapport.foundation.access import Actor, Role
from rapport.foundation.facts import Fact, Refused, Source
from rapport.foundation.kinds.forms import SPOKEN, FactForm, HowKnown
from rapport.foundation.ui.fields import Line, SuggestInput
from rapport.organizations.people import queries
from rapport.organizations.people.models import RoleHeld
from rapport.organizations.people.rules import roles


class RoleForm(FactForm):
    """A role at a place. `values()` gives the place as the action takes it; none is the whole program."""

    field_order = ("role", "where")
    role = forms.ChoiceField(label=_("Which role?"))
    where = Line(
        label=_("Where?"),
        max_length=200,
        required=False,
        help_text=_(
            "The name of the agency, the district or the school, or its ORI or NCES id. "
            "Leave it empty for the whole program."
        ),
    )
    source = HowKnown(SPOKEN, initial=Source.RECORD)

    def __init__(self, actor: Actor, owner: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(actor, owner, *args, **kwargs)
        role, where = self.fields["role"], self.fields["where"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = [("", "—"), *((r.value, _offered(r)) for r in queries.roles_to_give(actor))]
        places = queries.suggested_places(actor)
        where.widget = SuggestInput(places, where.widget_attrs(where.widget))
        if len(places) == 1:
            where.initial = places[0]

    @classmethod
    def initial_of(cls, fact: Fact) -> dict[str, Any]:
        """Return what the form shows when a role is corrected."""
        assert isinstance(fact, RoleHeld)
        place = fact.agency or fact.district or fact.school
        return super().initial_of(fact) | {"where": queries.called(place)}

    def clean(self) -> dict[str, Any]:
        """Find the place that was meant; refuse one where such a role is not held."""
        cleaned = super().clean()
        self.at: queries.At = None
        if cleaned.get("role") and "where" in cleaned:
            try:
                role = Role(cleaned["role"])
                self.at = queries.place_named(self.actor, role, cleaned["where"])
            except Refused as problem:
                self.add_error(problem.field, str(problem))
        return cleaned

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the names that the action takes."""
        said = super().values()
        del said["where"]
        return said | {"at": self.at}


def _offered(role: Role) -> str:
    words = {"role": capfirst(str(roles.LABELS[role])), "scopes": roles.scopes_in_words(role)}
    return str(_("{role} ({scopes})")).format(**words)
