"""Builders: one small program, and agreements of it; fixed values, and only what matters is said."""

from datetime import UTC, date, datetime
from typing import Any

from django.test import Client

from rapport.foundation import facts
from rapport.foundation.access import SYSTEM, Actor, Role, RoleAt, Scope
from rapport.organizations.people.models import Account, Person, RoleHeld
from rapport.organizations.places.models import Agency, District, School, SchoolInDistrict
from rapport.standing.agreements import actions
from rapport.standing.agreements.actions import Draft
from rapport.standing.agreements.models import Agreement, Signed

LONG_AGO = date(2015, 7, 1)
FIRST = date(2025, 7, 1)
NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)  # noon in Virginia
TODAY = date(2026, 3, 2)
CHIEF, SUPERINTENDENT = 101, 202  # persons


def an_agency(name: str = "Charlottesville Police", ori: str = "VA1030000") -> Agency:
    return Agency.objects.create(name=name, state="VA", ori=ori)


def a_district(name: str = "Charlottesville City") -> District:
    return District.objects.create(name=name, state="VA")


def a_school(district: District, name: str = "Charlottesville High") -> School:
    school = School.objects.create(name=name, state="VA")
    facts.record(SchoolInDistrict, now=NOON, school=school, district=district, valid_from=LONG_AGO)
    return school


def chief_of(agency: Agency) -> Actor:
    return Actor(CHIEF, frozenset({RoleAt(Role.AGENCY_HEAD, Scope.AGENCY, agency.pk)}))


def superintendent_of(district: District) -> Actor:
    held = RoleAt(Role.SUPERINTENDENT, Scope.DISTRICT, district.pk)
    return Actor(SUPERINTENDENT, frozenset({held}))


def a_draft(agency: Agency, district: District, **said: Any) -> Draft:
    values: dict[str, Any] = {
        "title": "SRO agreement of 2025",
        "agencies": (agency,),
        "districts": (district,),
        "valid_from": FIRST,
    }
    return Draft(**(values | said))


def an_agreement(agency: Agency, district: District, **said: Any) -> Agreement:
    """Return an agreement that nobody has signed."""
    return actions.draft_agreement(SYSTEM, a_draft(agency, district, **said), now=NOON)


def named(side: Agency | District) -> dict[str, Any]:
    """Return a side under the name that actions take it by."""
    return {"agency" if isinstance(side, Agency) else "district": side}


def signed(agreement: Agreement, *sides: Agency | District, on: date = FIRST) -> Agreement:
    for side in sides:
        actions.record_signature(
            SYSTEM, agreement, now=NOON, how=Signed.PAPER, valid_from=on, **named(side)
        )
    return agreement


def someone_signed_in(
    client: Client, role: Role, *, email: str = "alex@example.org", **scope: Any
) -> Person:
    """Sign in a person who holds one role, at `agency=`, `district=` or `school=`; return the person."""
    person = Person.objects.create(name="Alex Morgan")
    account = Account.objects.create(email=email, person=person, created_at=NOON)
    (name,) = scope
    facts.record(
        RoleHeld, now=NOON, person=person, role=role, scope=name, valid_from=LONG_AGO, **scope
    )
    client.force_login(account)
    return person
