"""The demo town's people: a small agency, a small district, and who is entrusted with what."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from rapport.foundation.access import SYSTEM, Actor, Role
from rapport.foundation.demo import Town
from rapport.foundation.facts import Source
from rapport.organizations.people import actions, queries
from rapport.organizations.people.models import Person
from rapport.organizations.people.rules.roles import OF_AGENCY


class Part(NamedTuple):
    """A person of the cast: the name, and the role with the key of the place where it is held."""

    name: str
    title: str
    role: Role
    at: str  # a key of the cast; empty: the whole program
    phone: str = ""


CAST: Final[dict[str, Part]] = {
    "chief": Part("Ruth Calloway", "Chief", Role.AGENCY_HEAD, "agency", "434-555-0100"),
    "sergeant": Part("Luis Ferreira", "Sgt.", Role.SUPERVISOR, "agency", "434-555-0104"),
    "officer_1": Part("Dana Whitlock", "Ofc.", Role.OFFICER, "agency", "434-555-0142"),
    "officer_2": Part("Marcus Oyelaran", "Ofc.", Role.OFFICER, "agency", "434-555-0157"),
    "investigator": Part("Joan Petrakis", "Det.", Role.INVESTIGATOR, "agency"),
    "dispatcher": Part("Sam Okafor", "", Role.DISPATCHER, "agency"),
    "superintendent": Part("Helen Abernathy", "Dr.", Role.SUPERINTENDENT, "district"),
    "safety_director": Part("Victor Lindqvist", "", Role.SAFETY_DIRECTOR, "district"),
    "privacy_officer": Part("Mei Tanaka", "", Role.PRIVACY_OFFICER, "district"),
    "team_member": Part("Grace Adeyemi", "", Role.TEAM_MEMBER, "district"),
    "principal": Part("Nora Castellanos", "Principal", Role.PRINCIPAL, "high_school"),
    "second_principal": Part("Peter Brandvold", "Principal", Role.PRINCIPAL, "second_school"),
    "front_office": Part("Alma Reyes", "", Role.FRONT_OFFICE, "high_school"),
    "counselor": Part("Theo Marchetti", "", Role.COUNSELOR, "high_school"),
    "board_member": Part("Irene Goldfarb", "", Role.BOARD_MEMBER, ""),
    "administrator": Part("Casey Nguyen", "", Role.ADMINISTRATOR, ""),
}

WORKS_AT: Final = {True: "police.example", False: "schools.example"}  # whether of an agency


def build(town: Town) -> None:
    """Add the people a week before the program begins, and give each the one role they have."""
    if "agency" not in town.cast:  # a town without places is empty
        return
    for minute, (key, part) in enumerate(CAST.items()):
        town.cast[key] = _person(town, part, town.at(town.ago(months=18, days=7), 10, minute))
        town.actors[key] = _actor_of(town.cast[key])


def _person(town: Town, part: Part, now: datetime) -> Person:
    place = town.cast[part.at] if part.at else None
    kept_by = (
        place if part.at in ("agency", "district") else town.cast["district"] if place else None
    )
    person = actions.add_person(
        SYSTEM,
        name=part.name,
        title=part.title,
        work_email=f"{part.name.replace(' ', '.').lower()}@{WORKS_AT[part.role in OF_AGENCY]}",
        work_phone=part.phone,
        kept_by=kept_by,
        now=now,
    )
    actions.give_role(
        SYSTEM,
        person,
        role=part.role,
        at=place,
        valid_from=town.start - timedelta(days=40),
        source=Source.RECORD,
        now=now,
        valid_until=None,
    )
    return person


def _actor_of(person: Person) -> Callable[[datetime], Actor]:
    return lambda now: queries.actor_of(person.pk, now)
