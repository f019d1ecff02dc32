"""Who may look at what another person can see."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from rapport.foundation import registry
from rapport.foundation.access import Actor, Place, Role, RoleAt, Scope

LOOK = registry.verb(
    "sharing.look", "person", None, None, _("looked at what somebody can see, and why")
)
EXPORT = registry.verb("sharing.export", "rules", None, None, _("exported the sharing rules"))
_OVERSEE = (Role.AGENCY_HEAD, Role.SUPERINTENDENT, Role.PRIVACY_OFFICER)


def may_look(actor: Actor, other: Actor, *, day: date) -> bool:
    """Tell whether the actor may look: at himself, as administrator, or at whoever works under his eyes."""
    if actor.person_id is None:
        return False
    if other.person_id in actor.persons or actor.holds(Role.ADMINISTRATOR):
        return True
    return oversees(actor, other, day=day)


def oversees(actor: Actor, other: Actor, *, day: date) -> bool:
    """Tell whether some role of `other` lies where the actor heads, or answers for privacy."""
    over = [held for held in actor.roles if held.role in _OVERSEE]
    return any(_lies_in(mine, theirs, day) for mine in over for theirs in other.roles)


def may_count(actor: Actor, other: Actor, *, day: date) -> bool:
    """Tell whether the actor also sees how many records there are: never by being administrator alone."""
    return other.person_id in actor.persons or oversees(actor, other, day=day)


def _lies_in(mine: RoleAt, theirs: RoleAt, day: date) -> bool:
    if mine.scope is Scope.PROGRAM:
        return True
    places = _places(theirs, day)
    return any(getattr(at, f"{mine.scope}_id") == mine.scope_id for at in places)


def _places(held: RoleAt, day: date) -> list[Place]:
    if held.scope is not Scope.SCHOOL:
        return [Place()._replace(**{f"{held.scope}_id": held.scope_id})] if held.scope_id else []
    return [
        p for atlas in registry.atlases for p in atlas.under(held.scope, held.scope_id, day)[:1]
    ]
