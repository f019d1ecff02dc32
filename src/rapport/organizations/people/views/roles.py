"""The pages on which a role is given, corrected, ended and withdrawn: those of every kind of fact."""

from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from rapport.foundation.kinds.pages import FactPages
from rapport.organizations.people import access, actions, queries
from rapport.organizations.people.forms.roles import RoleForm
from rapport.organizations.people.models import Person, RoleHeld


def _owner_of(held: RoleHeld) -> Person:
    return queries.kept_person(held.person)


def _back(person: Any) -> str:
    return reverse("people:person", args=[person.uid])


ROLES: Final = FactPages(
    kind=access.ROLE,
    form=RoleForm,
    owners=queries.people,
    may_record=access.may_give_to,
    owner_of=_owner_of,
    back=_back,
    record=actions.give_role,
    correct=actions.correct_role,
    end=actions.end_role,
    withdraw=actions.withdraw_role,
    ask=_("What is this person entrusted with?"),
    hint=_(
        "From its first day on the person sees and does what the sharing rules give this role at that "
        "place, until the day after its last."
    ),
)
