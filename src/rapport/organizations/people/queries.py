"""Questions about people and what they are entrusted with."""

from datetime import date, datetime

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
    return Actor(
        person_id=account.person_id,
        roles=roles,
        channel=channel,
        official_schools=official_schools(account.person_id, roles, day),
        name=str(account.person),
    )


def official_schools(person_id: int, roles: frozenset[RoleAt], day: date) -> frozenset[int]:
    """Return the schools that an officer serves on `day` under an agreement that calls officers school officials."""
    if not any(held.role is Role.OFFICER for held in roles):
        return frozenset()
    places = [p for ask in registry.served for p in ask(person_id, day) if p.agency_id]
    calling: dict[int, set[int]] = {
        a: {d for ask in registry.officials for d in ask({a}, day)}
        for a in {p.agency_id for p in places if p.agency_id}
    }
    return frozenset(
        p.school_id
        for p in places
        if p.school_id and p.agency_id and p.district_id in calling[p.agency_id]
    )
