"""Builders: the smallest true thing; a test says only what it cares about."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from django.test import Client

from rapport.foundation import facts
from rapport.foundation.access import SYSTEM, Actor, Role, RoleAt, Scope
from rapport.foundation.demo import Town
from rapport.foundation.facts import Source
from rapport.organizations.people.models import Account, Person, RoleHeld
from rapport.organizations.places.models import Agency, District
from rapport.standing.officers import actions, demo
from rapport.standing.officers.actions import NewOfficer
from rapport.standing.officers.models import Officer

NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)  # a Monday, noon in New York
TODAY = date(2026, 3, 2)


def an_agency(name: str = "Alder Police", **said: Any) -> Agency:
    return Agency.objects.create(name=name, state="VA", **said)


def a_district(name: str = "Alder Schools") -> District:
    return District.objects.create(name=name, state="VA")


def a_person(name: str = "Robin Vale", title: str = "Sgt.") -> Person:
    return Person.objects.create(name=name, title=title)


def an_actor(role: Role, at: Any = None, *, person: Person | None = None) -> Actor:
    """Return somebody who holds a role at an agency, a district, a school, or the whole program."""
    scope = Scope(type(at).__name__.lower()) if at is not None else Scope.PROGRAM
    held = RoleAt(role, scope, at.pk if at is not None else None)
    return Actor(person_id=(person or a_person()).pk, roles=frozenset({held}))


HERE, ELSEWHERE, ME, OTHER = 1, 2, 7, 8  # keys for what needs no rows: agencies and persons


def holding(role: Role, *, agency: int = HERE, person: int = ME) -> Actor:
    """Return somebody who holds a role at an agency; plain values, no rows."""
    return Actor(person_id=person, roles=frozenset({RoleAt(role, Scope.AGENCY, agency)}))


def merged(actor: Actor) -> Actor:
    """Return the same actor after their person was merged into another."""
    assert actor.person_id is not None
    return replace(actor, person_id=actor.person_id + 1000, also=frozenset({actor.person_id}))


def a_supervisor(agency: Agency) -> Actor:
    return an_actor(Role.SUPERVISOR, agency)


def an_officer(
    agency: Agency,
    badge: str = "142",
    *,
    name: str = "Sam Reyes",
    now: datetime = NOON,
    **said: Any,
) -> Officer:
    """Return an officer on the roster, employed and on duty since 2020, certified since 2019."""
    known: dict[str, Any] = {
        "agency": agency,
        "badge": badge,
        "name": name,
        "title": "Ofc.",
        "employed_from": date(2020, 6, 1),
        "certified_from": date(2019, 5, 1),
        "is_on_duty": True,
        "source": Source.RECORD,
    }
    return actions.add_officer(SYSTEM, NewOfficer(**(known | said)), now=now)


def signed_in(client: Client, role: Role, at: Any, *, person: Person | None = None) -> Person:
    """Sign `client` in as a person who holds a role at a place."""
    person = person or a_person()
    account = Account.objects.create(
        email=f"p{person.pk}@example.org", person=person, created_at=NOON
    )
    scope = Scope(type(at).__name__.lower())
    facts.record(
        RoleHeld,
        now=NOON,
        valid_from=date(2020, 1, 1),
        person=person,
        role=role,
        scope=scope,
        about_person_id=person.pk,
        **{scope.value: at},
    )
    client.force_login(account)
    return person


def a_lived_town(today: date, *builds: Callable[[Town], None]) -> Town:
    """Return a town with an agency, a chief and a sergeant after eighteen months of the officers' and these parts."""
    agency = an_agency()
    people = {"chief": a_person("Ada Quill", "Chief"), "sergeant": a_person("Robin Vale", "Sgt.")}
    town = Town(seed=15, today=today, cast={"agency": agency, **people})
    chief = an_actor(Role.AGENCY_HEAD, agency, person=people["chief"])
    sergeant = an_actor(Role.SUPERVISOR, agency, person=people["sergeant"])
    town.actors = {"chief": lambda now: chief, "sergeant": lambda now: sergeant}
    for build in (demo.build, *builds):
        build(town)
    town.live()
    return town
