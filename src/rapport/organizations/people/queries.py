"""Questions about people and what they are entrusted with."""

from datetime import datetime

from django.db.models import Q

from rapport.foundation import clock, registry
from rapport.foundation.access import Actor, Channel, Role, RoleAt, Scope
from rapport.organizations.people.models import Account, RoleHeld


def actor_for(account: Account, *, now: datetime, channel: Channel = Channel.PAGE) -> Actor:
    """Return the actor that an account's person is at this moment: today's roles, and no others."""
    day = clock.today(now, "America/New_York")
    held = RoleHeld.objects.as_of(day).filter(Q(person_id=account.person_id)).order_by("pk")
    roles = frozenset(
        RoleAt(Role(r.role), Scope(r.scope), r.agency_id or r.district_id or r.school_id)
        for r in held
    )
    agencies = {r.scope_id for r in roles if r.scope is Scope.AGENCY and r.scope_id}
    officials = frozenset(d for ask in registry.officials for d in ask(agencies, day))
    return Actor(
        person_id=account.person_id,
        roles=roles,
        channel=channel,
        official_districts=officials,
        name=str(account.person),
    )
