"""Who somebody is at a moment, and what foundation asks of people without knowing this app."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db.models import OuterRef, Subquery

from rapport.foundation import clock, registry
from rapport.foundation.access import Actor, Channel, Role, RoleAt, Scope
from rapport.foundation.registry import Someone
from rapport.organizations.people.models import Account, Merge, Person, RoleHeld
from rapport.organizations.people.rules import merges


def actor_for(account: Account, *, now: datetime, channel: Channel = Channel.PAGE) -> Actor:
    """Return the actor that an account's person is at this moment: today's roles, and no others."""
    return replace(actor_of(account.person_id, now, str(account.person)), channel=channel)


def actor_of(person_id: int, now: datetime, name: str = "") -> Actor:
    """Return the actor that a person would be at this moment, also one without an account.

    Merges are resolved: whoever was absorbed acts as the one kept, with the roles of both. Roles
    are those of today in the program's zone.
    """
    gone = merged()
    root, ids = merges.kept(gone, person_id), merges.all_of(gone, person_id)
    day = clock.today(now, settings.RAPPORT_ZONE)
    held = RoleHeld.objects.as_of(day).filter(person_id__in=ids).order_by("pk")
    roles = frozenset(
        RoleAt(Role(r.role), Scope(r.scope), r.agency_id or r.district_id or r.school_id)
        for r in held
    )
    return Actor(
        person_id=root,
        roles=roles,
        official_schools=official_schools(ids, roles, day),
        emergencies=frozenset(o for ask in registry.opened for o in ask(ids, roles, now)),
        also=ids - {root},
        name=name if name and root == person_id else names([root]).get(root, ""),
    )


def official_schools(ids: Iterable[int], roles: frozenset[RoleAt], day: date) -> frozenset[int]:
    """Return the schools that an officer serves on `day` under an agreement that calls officers school officials."""
    if not any(held.role is Role.OFFICER for held in roles):
        return frozenset()
    asked = [(ask, one) for ask in registry.served for one in sorted(ids)]
    places = [p for ask, one in asked for p in ask(one, day) if p.agency_id]
    calling: dict[int, set[int]] = {
        a: {d for ask in registry.officials for d in ask({a}, day)}
        for a in {p.agency_id for p in places if p.agency_id}
    }
    return frozenset(
        p.school_id
        for p in places
        if p.school_id and p.agency_id and p.district_id in calling[p.agency_id]
    )


def merged() -> Mapping[int, int]:
    """Return the merges in force: absorbed → kept. There are few; one query."""
    rows = Merge.objects.filter(undone_at=None)
    return dict(rows.values_list("absorbed_id", "kept_id"))


def same_as(person_id: int) -> frozenset[int]:
    """Return every id under which the same person is known."""
    return merges.all_of(merged(), person_id)


# For `registry.names` and `registry.directories`: what foundation asks without knowing this app.


def names(ids: Iterable[int]) -> dict[int, str]:
    """Return the names of persons by id, in one query; two where one of them was merged.

    One who was merged bears the name of the one kept.
    """
    absorbed_by = Merge.objects.filter(absorbed=OuterRef("pk"), undone_at=None)
    rows = Person.objects.filter(pk__in=set(ids))
    rows = rows.annotate(kept_id=Subquery(absorbed_by.values("kept_id")[:1]))
    found = {p.pk: (str(p), p.kept_id) for p in rows}
    known = {one: name for one, (name, further) in found.items() if further is None}
    if len(known) < len(found):
        gone = merged()
        roots = {one: merges.kept(gone, one) for one in found.keys() - known.keys()}
        named = {p.pk: str(p) for p in Person.objects.filter(pk__in=set(roots.values()))}
        known |= {one: named[root] for one, root in roots.items() if root in named}
    return known


def someone(actor: Actor, uid: UUID) -> Someone | None:
    """Return the person with this uid, or the one kept where they were merged, for whoever works here too."""
    found = Person.objects.filter(uid=uid).first()
    if found is None:
        return None
    person = kept_person(found)
    if not actor.roles and not actor.is_system and person.pk not in actor.persons:
        return None
    return Someone(person.pk, person.uid, str(person))


def kept_person(person: Person) -> Person:
    """Return the person, or the one kept where this one was merged into another."""
    root = merges.kept(merged(), person.pk)
    return person if root == person.pk else Person.objects.get(pk=root)


def find(actor: Actor, words: str) -> list[Someone]:
    """Return up to twenty persons with a role whose name has these words, for whoever works here too."""
    if not actor.roles and not actor.is_system:
        return []
    rows = Person.objects.filter(name__icontains=words.strip(), emptied_at=None)
    rows = rows.exclude(pk__in=Merge.objects.filter(undone_at=None).values("absorbed_id"))
    known = rows.filter(pk__in=RoleHeld.objects.known().values("person_id")).order_by("name", "pk")
    return [Someone(p.pk, p.uid, str(p)) for p in known[:20]]
