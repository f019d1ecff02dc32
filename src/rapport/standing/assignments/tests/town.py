"""A town of two officers in rows, for tests of queries and pages. Dates are fixed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from rapport.foundation.access import SYSTEM, Actor, Role, RoleAt, Scope
from rapport.foundation.rulesets import actions as rulesets
from rapport.organizations.people.models import Person
from rapport.organizations.places.models import (
    Agency,
    AgencyStart,
    District,
    School,
    SchoolInDistrict,
)
from rapport.standing.agreements.models import Agreement, Coverage, Party, Signature, Term
from rapport.standing.assignments.models import Assigned, Assignment
from rapport.standing.assignments.queries import judging
from rapport.standing.officers.models import Certification, DutyStatus, Employment, Officer
from rapport.standing.selection.models import Selection
from rapport.standing.training.models import Completed, Completion, Course

NOW = datetime(2026, 3, 2, 17, tzinfo=UTC)
TODAY = date(2026, 3, 2)
EARLY = datetime(2025, 1, 2, 15, tzinfo=UTC)
LONG_AGO = date(2015, 1, 1)
BEGAN = date(2025, 9, 1)


@dataclass
class Town:
    """What the builder made."""

    agency: Agency
    district: District
    schools: list[School]
    officers: list[Officer]
    assignments: list[Assignment]

    def actor(
        self,
        role: Role,
        scope: Scope = Scope.AGENCY,
        scope_id: int | None = None,
        person_id: int | None = 900,
    ) -> Actor:
        """Return somebody who holds a role, by default at the agency or the district that suits the scope."""
        own = {
            Scope.AGENCY: self.agency.pk,
            Scope.DISTRICT: self.district.pk,
            Scope.SCHOOL: self.schools[0].pk,
        }
        held = RoleAt(role, scope, scope_id or own.get(scope))
        return Actor(person_id=person_id, roles=frozenset({held}), name="Somebody")


def a_town(officers: int = 2, schools: int = 2) -> Town:
    """Make a town: each officer serves one school; the first has the course, the others are within its clock."""
    judging._judged.cache_clear()  # rows written here leave no line in the trail
    rulesets.load_shipped(SYSTEM, now=EARLY)
    district = District.objects.create(name="Maple Valley", state="VA")
    agency = Agency.objects.create(
        name="Maple Police", short_name="Maple PD", state="VA", ori="VA0010000"
    )
    made = Town(agency, district, [], [], [])
    AgencyStart.objects.create(agency=agency, valid_from=date(2025, 1, 6), recorded_at=EARLY)
    for n in range(schools):
        school = School.objects.create(
            name=f"Maple School {n}", state="VA", nces_id=f"51000000{n:04}"
        )
        SchoolInDistrict.objects.create(
            school=school, district=district, valid_from=LONG_AGO, recorded_at=EARLY
        )
        made.schools.append(school)
    _agreement(made)
    for n in range(officers):
        an_officer(made, n)
    return made


def _agreement(town: Town) -> None:
    pact = Agreement.objects.create(title="Maple agreement")
    known = {"agreement": pact, "valid_from": date(2025, 1, 6), "recorded_at": EARLY}
    Term.objects.create(**known)
    for model, more in ((Party, {}), (Signature, {"how": "paper"})):
        model.objects.create(**known, **more, agency=town.agency)
        model.objects.create(**known, **more, district=town.district)
    Coverage.objects.create(**known, district=town.district)


def an_officer(town: Town, n: int) -> None:
    """Add an officer who serves a school since September 2025."""
    person = Person.objects.create(name=f"Pat Maple {n}", title="Ofc.")
    officer = Officer.objects.create(person=person)
    known = {
        "officer": officer,
        "agency": town.agency,
        "valid_from": LONG_AGO,
        "recorded_at": EARLY,
        "about_person_id": person.pk,
    }
    Employment.objects.create(**known, badge=str(200 + n))
    Certification.objects.create(**known, state="VA", status="certified")
    DutyStatus.objects.create(**known, status="on_duty")
    Selection.objects.create(**known, method="panel", outcome="selected", district_part="on_panel")
    if n == 0:
        course, _ = Course.objects.get_or_create(
            code="va-sro", defaults={"name": "SRO training", "jurisdiction": "VA"}
        )
        taking = Completion.objects.create(officer=officer, course=course)
        Completed.objects.create(
            **known, completion=taking, course=course, hours=40, result="completed"
        )
    school = town.schools[n % len(town.schools)]
    assignment = Assignment.objects.create(officer=officer, school=school, agency=town.agency)
    Assigned.objects.create(
        assignment=assignment,
        school=school,
        district=town.district,
        hours_per_week=40,
        **{**known, "valid_from": BEGAN},
    )
    town.officers.append(officer)
    town.assignments.append(assignment)
