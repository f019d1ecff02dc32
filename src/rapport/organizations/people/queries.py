"""Questions about people and what they are entrusted with."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from rapport.foundation import clock, registry
from rapport.foundation.access import Actor, Channel, Role, RoleAt, Scope
from rapport.foundation.registry import Someone
from rapport.organizations.people.models import Account, Person, RoleHeld


def actor_for(account: Account, *, now: datetime, channel: Channel = Channel.PAGE) -> Actor:
    """Return the actor that an account's person is at this moment: today's roles, and no others."""
    return replace(actor_of(account.person_id, now, str(account.person)), channel=channel)


def actor_of(person_id: int, now: datetime, name: str = "") -> Actor:
    """Return the actor that a person would be at this moment, also one without an account."""
    day = clock.today(now, "America/New_York")
    held = RoleHeld.objects.as_of(day).filter(Q(person_id=person_id)).order_by("pk")
    roles = frozenset(
        RoleAt(Role(r.role), Scope(r.scope), r.agency_id or r.district_id or r.school_id)
        for r in held
    )
    schools = official_schools(person_id, roles, day)
    return Actor(person_id=person_id, roles=roles, official_schools=schools, name=name)


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


# For `registry.names` and `registry.directories`: what foundation asks without knowing this app.


def names(ids: Iterable[int]) -> dict[int, str]:
    """Return the names of persons, by id."""
    return {p.pk: str(p) for p in Person.objects.filter(pk__in=ids)}


def someone(uid: UUID) -> Someone | None:
    """Return the person with this uid."""
    person = Person.objects.filter(uid=uid).first()
    return Someone(person.pk, person.uid, str(person)) if person else None


def find(actor: Actor, words: str) -> list[Someone]:
    """Return up to twenty persons with a role whose name has these words, for whoever works here too."""
    if not actor.roles and not actor.is_system:
        return []
    rows = Person.objects.filter(name__icontains=words.strip(), emptied_at=None)
    known = rows.filter(pk__in=RoleHeld.objects.known().values("person_id")).order_by("name", "pk")
    return [Someone(p.pk, p.uid, str(p)) for p in known[:20]]
