"""Plain builders: an agency, a district, a school, actors, and a school list as text."""

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.apps import apps  # people lies above places; its tests may not import it
from django.test import Client

from rapport.foundation import facts
from rapport.foundation.access import SYSTEM, Actor, Role, RoleAt, Scope
from rapport.foundation.tables.imports import Answer
from rapport.foundation.tables.imports_csv import Text
from rapport.organizations.places import actions, rules
from rapport.organizations.places.actions import Imported, Wanted
from rapport.organizations.places.models import Agency, District, School, SchoolInDistrict

NOW = datetime(2026, 10, 5, 16, tzinfo=UTC)
LATER = datetime(2026, 11, 2, 16, tzinfo=UTC)
TODAY = date(2026, 10, 5)

STATE_HEAD = "division,school,latitude,longitude,ncessch_combokey,enr_m,enr_f"
NCES_HEAD = "NCES School ID,NCES District ID,Low Grade*,School Name,District,State,Students*"


def a_district(name: str = "Elm County", state: str = "VA") -> District:
    return District.objects.create(name=name, state=state)


def an_agency(name: str = "Elm Police Department", ori: str | None = "VA0990100") -> Agency:
    return Agency.objects.create(name=name, state="VA", ori=ori)


def a_school(
    district: District, name: str = "Elm High", nces_id: str | None = None, state: str = "VA"
) -> School:
    school = School.objects.create(name=name, state=state, nces_id=nces_id)
    facts.record(
        SchoolInDistrict,
        now=NOW,
        school=school,
        district=district,
        valid_from=rules.BEFORE_RECORDS,
    )
    return school


def actor(
    role: Role, scope: Scope = Scope.PROGRAM, at: int | None = None, person: int = 7
) -> Actor:
    return Actor(person_id=person, roles=frozenset({RoleAt(role, scope, at)}))


def signed_in(client: Client, role: Role, at: Agency | District | School | None = None) -> int:
    """Sign `client` in as a person who holds a role at a place, or for the program; return the person's key."""
    person = apps.get_model("people", "Person").objects.create(name="Jordan Hale")
    account = apps.get_model("people", "Account").objects.create(
        email=f"p{person.pk}@example.org", person=person, created_at=NOW
    )
    scope = Scope(type(at).__name__.lower()) if at else Scope.PROGRAM
    facts.record(
        apps.get_model("people", "RoleHeld"),
        now=NOW,
        valid_from=date(2020, 1, 1),
        person=person,
        role=role,
        scope=scope,
        about_person_id=person.pk,
        **({scope.value: at} if at else {}),
    )
    client.force_login(account)
    return int(person.pk)


def state_list(*lines: str) -> Text:
    return Text("\n".join((STATE_HEAD, *lines)) + "\n")


def nces_list(*lines: str) -> Text:
    return Text("\n".join((NCES_HEAD, *lines)) + "\n")


def load(text: Text, now: datetime = NOW, state: str = "VA", year: str = "") -> Answer:
    return done(text, Wanted(state, year), now).answer


def done(text: Text, wanted: Wanted, now: datetime = NOW) -> Imported:
    return actions.import_schools(SYSTEM, text, wanted, now=now)


def counts(answer: Answer) -> tuple[int, int, int, int]:
    return answer.new, answer.changed, answer.same, answer.empty


def standards(path: str) -> Path:
    """Return a real file; skip the test, with the reason, where it is not at hand."""
    root = Path(__file__).resolve().parents[5]
    top = Path(os.environ.get("RAPPORT_STANDARDS", root / "../shared/standards"))
    if not (top / path).is_file():
        pytest.skip(f"the real files are not here: {top / path} (set RAPPORT_STANDARDS)")
    return top / path


WASHINGTON = "geo/washington_nces/washington_schools_nces.csv"
VIRGINIA = "geo/charlottesville_region_va/schools_located_with_enrollment.csv"
