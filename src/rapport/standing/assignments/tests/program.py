"""A small program in the database: one agency, one district, an agreement, and an officer in standing."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from rapport.foundation import facts
from rapport.foundation.access import SYSTEM, Actor, Role, RoleAt, Scope
from rapport.foundation.facts import Source
from rapport.foundation.rulesets.actions import load_shipped
from rapport.organizations.people.models import Person
from rapport.organizations.places.models import (
    Agency,
    AgencyStart,
    District,
    School,
    SchoolInDistrict,
)
from rapport.standing.agreements import actions as agreements
from rapport.standing.agreements.actions import Draft
from rapport.standing.agreements.models import Agreement, Signed
from rapport.standing.officers.models import (
    Certification,
    Certified,
    Duty,
    DutyStatus,
    Employment,
    Officer,
)
from rapport.standing.selection.models import DistrictPart, Method, Outcome, Selection
from rapport.standing.training.models import Completed, Completion, Course, Result

LONG_AGO = date(2019, 7, 1)
START = date(2020, 1, 1)  # the agency's day one
DAY_ZERO = datetime(2020, 1, 1, 12, tzinfo=UTC)  # since when everything is known
NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)
TODAY = date(2026, 3, 2)


@dataclass
class Town:
    """What a test may lean on."""

    agency: Agency
    district: District
    school: School
    agreement: Agreement | None = None
    officers: list[Officer] = field(default_factory=list)

    @property
    def chief(self) -> Actor:
        """The head of the agency."""
        return Actor(9001, frozenset({RoleAt(Role.AGENCY_HEAD, Scope.AGENCY, self.agency.pk)}))

    @property
    def superintendent(self) -> Actor:
        """The head of the district."""
        held = RoleAt(Role.SUPERINTENDENT, Scope.DISTRICT, self.district.pk)
        return Actor(9002, frozenset({held}))

    @property
    def principal(self) -> Actor:
        """The head of the school."""
        return Actor(9003, frozenset({RoleAt(Role.PRINCIPAL, Scope.SCHOOL, self.school.pk)}))


def a_town(
    state: str = "VA", *, signed: bool = True, agreed: bool = True, start: date = START
) -> Town:
    """Return a town of a state, with the shipped rules and an agreement in force."""
    load_shipped(SYSTEM, now=DAY_ZERO)
    agency = Agency.objects.create(name="Alder Police", state=state, ori=f"{state}0010000")
    district = District.objects.create(name="Alder Schools", state=state)
    facts.record(AgencyStart, now=DAY_ZERO, agency=agency, valid_from=start)
    town = Town(agency, district, a_school(district))
    if not agreed:
        return town
    town.agreement = agreements.draft_agreement(
        SYSTEM,
        Draft(
            title="SRO agreement", agencies=(agency,), districts=(district,), valid_from=LONG_AGO
        ),
        now=DAY_ZERO,
    )
    if signed:
        sign(town)
    return town


def sign(town: Town, day: date = LONG_AGO) -> None:
    assert town.agreement is not None
    now = DAY_ZERO if day <= DAY_ZERO.date() else NOON
    said: dict[str, Any] = {"now": now, "how": Signed.PAPER, "valid_from": day}
    agreements.record_signature(SYSTEM, town.agreement, agency=town.agency, **said)
    agreements.record_signature(SYSTEM, town.agreement, district=town.district, **said)


def a_school(district: District, name: str = "Alder High") -> School:
    school = School.objects.create(name=name, state=district.state)
    facts.record(
        SchoolInDistrict, now=DAY_ZERO, school=school, district=district, valid_from=LONG_AGO
    )
    return school


def an_officer(town: Town, *, badge: str = "142", without: str = "") -> Officer:
    """Return an officer who is certified, employed, on duty, selected, without the kind named."""
    person = Person.objects.create(name="Sam Reyes", title="Ofc.")
    officer = Officer.objects.create(person=person)
    common: dict[str, Any] = {
        "now": DAY_ZERO,
        "officer": officer,
        "agency": town.agency,
        "valid_from": LONG_AGO,
        "about_person_id": person.pk,
        "source": Source.RECORD,
    }
    if without != "certification":
        state = town.agency.state
        facts.record(Certification, state=state, status=Certified.CERTIFIED, **common)
    if without != "employment":
        facts.record(Employment, badge=badge, **common)
    if without != "duty_status":
        facts.record(DutyStatus, status=Duty.ON_DUTY, **common)
    if without != "selection":
        facts.record(
            Selection,
            method=Method.PANEL,
            outcome=Outcome.SELECTED,
            district_part=DistrictPart.ON_PANEL,
            **common,
        )
    town.officers.append(officer)
    return officer


def a_course(town: Town, officer: Officer, code: str = "nasro-basic", hours: int = 40) -> Completed:
    """Record that an officer completed a course long ago."""
    course, _ = Course.objects.get_or_create(
        code=code, defaults={"name": code, "hours": hours, "jurisdiction": "US"}
    )
    completion = Completion.objects.create(officer=officer, course=course)
    return facts.record(
        Completed,
        now=DAY_ZERO,
        completion=completion,
        officer=officer,
        course=course,
        hours=hours,
        result=Result.COMPLETED,
        agency=town.agency,
        about_person_id=officer.person_id,
        valid_from=LONG_AGO,
    )
