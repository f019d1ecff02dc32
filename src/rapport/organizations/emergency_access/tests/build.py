"""A town for emergency access: two agencies, two districts, a school in each, and somebody of every office."""

from datetime import datetime
from typing import Any

from rapport.foundation.access import Actor, RecordClass, Role
from rapport.organizations.emergency_access import actions
from rapport.organizations.emergency_access.actions import Ask
from rapport.organizations.emergency_access.models import Emergency
from rapport.organizations.people import queries as people
from rapport.organizations.people.models import Person
from rapport.organizations.people.queries import At
from rapport.organizations.people.tests.build import (
    NOON,
    a_district,
    a_person,
    a_role,
    a_school,
    an_agency,
)

REASON = "A student has run off with a knife; we must know whom to call before he is found."


class Town:
    """The places, and people by their office."""

    def __init__(self, *, staffed: bool = True) -> None:
        self.maple, self.oak = an_agency(), an_agency("Oak Police", "VA2220000")
        self.city, self.county = a_district(), a_district("Oak County", "5100002")
        self.high = a_school(self.city)
        self.far = a_school(self.county, "Oak High", "510000200001")
        self.people: dict[str, Person] = {}
        offices: tuple[tuple[str, Role, At], ...] = (
            ("officer", Role.OFFICER, self.maple),
            ("chief", Role.AGENCY_HEAD, self.maple),
            ("oak_officer", Role.OFFICER, self.oak),
            ("oak_chief", Role.AGENCY_HEAD, self.oak),
            ("front_office", Role.FRONT_OFFICE, self.high),
            ("privacy", Role.PRIVACY_OFFICER, self.city),
            ("superintendent", Role.SUPERINTENDENT, self.city),
            ("county_privacy", Role.PRIVACY_OFFICER, self.county),
            ("administrator", Role.ADMINISTRATOR, None),
        )
        for key, role, at in offices if staffed else ():
            self.add(key, role, at)

    def add(self, key: str, role: Role, at: At) -> Person:
        person = self.people.get(key) or a_person(key.replace("_", " ").title())
        self.people[key] = person
        a_role(person, role, at)
        return person

    def actor(self, key: str, now: datetime = NOON) -> Actor:
        return people.actor_of(self.people[key].pk, now)

    def take(
        self,
        key: str = "officer",
        record_class: RecordClass = RecordClass.EDUCATION,
        at: Any = None,
        *,
        now: datetime = NOON,
        reason: str = REASON,
    ) -> Emergency:
        ask = Ask(record_class, at or self.high, reason)
        return actions.take(self.actor(key, now), ask, now=now)
