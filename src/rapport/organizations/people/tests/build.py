"""Builders: the smallest true thing, and only what the test cares about is said."""

from datetime import UTC, date, datetime
from typing import Any

from rapport.foundation.access import SYSTEM, Actor, Role, RoleAt, Scope
from rapport.organizations.people import actions, queries
from rapport.organizations.people.models import Account, Person, RoleHeld
from rapport.organizations.people.queries import At
from rapport.organizations.places.models import Agency, District, School, SchoolInDistrict

NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)  # noon in Virginia
TODAY = date(2026, 3, 2)
START = date(2025, 8, 1)
PASSWORD = "a quiet morning on campus"


def an_agency(name: str = "Maple Police Department", ori: str = "VA1110000") -> Agency:
    return Agency.objects.create(name=name, state="VA", ori=ori)


def a_district(name: str = "Maple City", nces_id: str = "5100001") -> District:
    return District.objects.create(name=name, state="VA", nces_id=nces_id)


def a_school(district: District, name: str = "Maple High", nces_id: str = "510000100001") -> School:
    school = School.objects.create(name=name, state="VA", nces_id=nces_id)
    SchoolInDistrict.objects.create(
        school=school, district=district, valid_from=START, recorded_at=NOON
    )
    return school


def a_person(name: str = "Alex Morgan", **said: Any) -> Person:
    return Person.objects.create(name=name, **said)


def an_account(person: Person, email: str = "alex@maple.example", **said: Any) -> Account:
    password = said.pop("password", PASSWORD)
    account = Account(person=person, email=email, **({"created_at": NOON} | said))
    account.set_password(password)
    account.save()
    return account


def a_role(person: Person, role: Role, at: At = None, **said: Any) -> RoleHeld:
    terms: Any = {"valid_from": START, "source": "record"} | said
    return actions.give_role(SYSTEM, person, role=role, at=at, now=NOON, **terms)


def an_actor(person: Person, role: Role, at: At = None) -> Actor:
    scopes = {Agency: Scope.AGENCY, District: Scope.DISTRICT, School: Scope.SCHOOL}
    scope = Scope.PROGRAM if at is None else scopes[type(at)]
    held = RoleAt(role, scope, at.pk if at else None)
    return Actor(person_id=person.pk, roles=frozenset({held}), name=str(person))


def an_actor_of(account: Account) -> Actor:
    return queries.actor_for(account, now=NOON)
