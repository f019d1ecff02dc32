"""A town in which everything bears a marker: two agencies, two districts, three schools, one person a role.

A marker is a made-up word that stands in one record alone: in a file's name and content, in an
officer's name, in an agreement's title. `may_see.csv` says by hand who may see which.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from rapport.foundation import clock, facts
from rapport.foundation.access import SYSTEM, Actor, Place, RecordClass, Role, Scope
from rapport.foundation.disclosure import actions as disclosures
from rapport.foundation.disclosure.models import Disclosure
from rapport.foundation.disclosure.rules import Basis, Terms
from rapport.foundation.files import actions as files
from rapport.foundation.files import queries as file_queries
from rapport.foundation.files.models import StoredFile
from rapport.foundation.files.rules import Reason
from rapport.foundation.files.tests.build import a_sample
from rapport.foundation.rulesets.actions import load_shipped
from rapport.organizations.emergency_access import actions as emergencies
from rapport.organizations.emergency_access.models import Emergency
from rapport.organizations.people import queries as people
from rapport.organizations.people.models import Account, Person, RoleHeld
from rapport.organizations.places.models import (
    Agency,
    AgencyStart,
    District,
    School,
    SchoolInDistrict,
)
from rapport.organizations.sign_in.actions import invite
from rapport.standing.agreements import actions as agreements
from rapport.standing.agreements.actions import Draft
from rapport.standing.agreements.models import Agreement, Signed
from rapport.standing.assignments import actions as assignments
from rapport.standing.assignments.models import Assignment
from rapport.standing.officers import actions as officers
from rapport.standing.officers.models import Duty, DutyStatus, Officer
from rapport.standing.officers.tests.build import an_officer
from rapport.standing.selection.tests.build import a_selection
from rapport.standing.training import actions as training
from rapport.standing.training.models import Completed, Course

THEN: Final = datetime(2026, 3, 2, 17, tzinfo=UTC)
LONG_AGO: Final = date(2020, 7, 1)
HERE, SECOND, ELSEWHERE = "here", "second", "elsewhere"
PLACES: Final = (HERE, SECOND, ELSEWHERE)
STRANGER: Final = "stranger"

# Who is in the town: the roles each holds, and where. `stranger` has no account.
A, B, D, E, S1, S2, S3 = "A", "B", "D", "E", "S1", "S2", "S3"
CAST: Final[dict[str, tuple[tuple[Role, str], ...]]] = {
    "officer": ((Role.OFFICER, A),),
    "officer_second": ((Role.OFFICER, A),),
    "officer_elsewhere": ((Role.OFFICER, B),),
    "team_officer": ((Role.OFFICER, A), (Role.TEAM_MEMBER, S1)),
    "supervisor": ((Role.SUPERVISOR, A),),
    "agency_head": ((Role.AGENCY_HEAD, A),),
    "investigator": ((Role.INVESTIGATOR, A),),
    "dispatcher": ((Role.DISPATCHER, A),),
    "principal": ((Role.PRINCIPAL, S1),),
    "front_office": ((Role.FRONT_OFFICE, S1),),
    "front_emergency": ((Role.FRONT_OFFICE, S1),),  # with emergency access: education records at S2
    "school_staff": ((Role.SCHOOL_STAFF, S1),),
    "counselor": ((Role.COUNSELOR, S1),),
    "counselor_district": ((Role.COUNSELOR, D),),
    "team_member": ((Role.TEAM_MEMBER, S1),),
    "team_district": ((Role.TEAM_MEMBER, D),),
    "safety_director": ((Role.SAFETY_DIRECTOR, D),),
    "superintendent": ((Role.SUPERINTENDENT, D),),
    "privacy_officer": ((Role.PRIVACY_OFFICER, D),),
    "privacy_program": ((Role.PRIVACY_OFFICER, ""),),
    "board_member": ((Role.BOARD_MEMBER, ""),),
    "board_agency": ((Role.BOARD_MEMBER, A),),
    "board_district": ((Role.BOARD_MEMBER, D),),
    "administrator": ((Role.ADMINISTRATOR, ""),),
    "principal_second": ((Role.PRINCIPAL, S2),),
    "chief_elsewhere": ((Role.AGENCY_HEAD, B),),
    "superintendent_elsewhere": ((Role.SUPERINTENDENT, E),),
    "nobody": (),
}


@dataclass
class Town:
    """What the town holds; ids that a URL can name, by what they are."""

    places: dict[str, Any] = field(default_factory=dict)  # by the letters above
    people: dict[str, Person] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)  # by marker
    officers: dict[str, Officer] = field(default_factory=dict)  # here, second, elsewhere
    agreements: dict[str, Agreement] = field(default_factory=dict)
    assignments: dict[str, Assignment] = field(default_factory=dict)
    completions: dict[str, Completed] = field(default_factory=dict)
    disclosures: list[Disclosure] = field(default_factory=list)
    emergencies: list[Emergency] = field(default_factory=list)
    token: str = ""  # of an invitation that nobody has used
    markers: dict[str, str] = field(default_factory=dict)  # marker → the text that stands for it

    def mark(self, marker: str, text: str = "") -> str:
        """Note that a marker stands in the town, and return its text."""
        self.markers[marker] = text or marker
        return self.markers[marker]

    def actor(self, key: str) -> Actor:
        """Return who a person is now."""
        return people.actor_of(self.people[key].pk, clock.now(), key)


def build() -> Town:
    """Make the town, with the program's own actions wherever there is one."""
    town = Town()
    load_shipped(SYSTEM, now=THEN)
    training.load_courses(SYSTEM, now=THEN)
    _places(town)
    for key, roles in CAST.items():
        _person(town, key, roles)
    _agreements(town)
    _officers(town)
    _files(town)
    _disclosed(town)
    _reclassified(town)
    _opened(town)
    newcomer = Person.objects.create(name="Newcomer")
    sent = invite(SYSTEM, newcomer, email="newcomer@example.org", now=clock.now())
    town.token = sent.token
    return town


def _places(town: Town) -> None:
    town.places = {
        A: Agency.objects.create(name="Harbor Police", state="VA", ori="VA0010000"),
        B: Agency.objects.create(name="Mill Sheriff", state="VA", ori="VA0020000"),
        D: District.objects.create(name="Harbor Schools", state="VA", nces_id="5100001"),
        E: District.objects.create(name="Mill Schools", state="VA", nces_id="5100002"),
    }
    for key, name, district in ((S1, "Oak", D), (S2, "Elm", D), (S3, "Pine", E)):
        school = School.objects.create(
            name=f"{name} School", state="VA", nces_id=f"5100001000{key[1]}0"
        )
        town.places[key] = school
        facts.record(
            SchoolInDistrict,
            now=THEN,
            school=school,
            district=town.places[district],
            valid_from=LONG_AGO,
        )
    for key in (A, B):
        facts.record(AgencyStart, now=THEN, agency=town.places[key], valid_from=date(2025, 7, 1))


def _person(town: Town, key: str, roles: tuple[tuple[Role, str], ...]) -> None:
    where = {"officer": HERE, "officer_second": SECOND, "officer_elsewhere": ELSEWHERE}
    name = town.mark(f"markofficer{where[key]}") if key in where else f"Pat {key}"
    if key in where:
        place, agency = where[key], town.places[B if key == "officer_elsewhere" else A]
        officer = an_officer(agency, f"7{PLACES.index(place)}4", name=name, now=THEN)
        town.officers[place] = officer
        person = officer.person
    else:
        person = Person.objects.create(name=name)
    town.people[key] = person
    town.accounts[key] = Account.objects.create(
        email=f"{key}@example.org", person=person, created_at=THEN
    )
    for role, at in roles:
        _role(town, person, role, at)


def _role(town: Town, person: Person, role: Role, at: str) -> None:
    scope = {"A": Scope.AGENCY, "B": Scope.AGENCY, "D": Scope.DISTRICT, "E": Scope.DISTRICT}.get(
        at, Scope.SCHOOL if at else Scope.PROGRAM
    )
    facts.record(
        RoleHeld,
        now=THEN,
        person=person,
        role=role,
        scope=scope,
        valid_from=LONG_AGO,
        about_person_id=person.pk,
        **({scope.value: town.places[at]} if at else {}),
    )


def _agreements(town: Town) -> None:
    for place, agency, district, official in ((HERE, A, D, ""), (ELSEWHERE, B, E, "yes")):
        sides: tuple[dict[str, Any], ...] = (
            {"agency": town.places[agency]},
            {"district": town.places[district]},
        )
        draft = Draft(
            title=town.mark(f"markagreement{place}"),
            agencies=(town.places[agency],),
            districts=(town.places[district],),
            valid_from=LONG_AGO,
        )
        row = agreements.draft_agreement(SYSTEM, draft, now=THEN)
        for side in sides:
            agreements.record_signature(
                SYSTEM, row, now=THEN, how=Signed.PAPER, valid_from=LONG_AGO, **side
            )
        if official:
            agreements.record_settled(
                SYSTEM, row, now=THEN, key="school_official", value=official, valid_from=LONG_AGO
            )
        town.agreements[place] = row


def _officers(town: Town) -> None:
    course = Course.objects.order_by("pk").first()
    assert course is not None
    for place, agency, school in ((HERE, A, S1), (SECOND, A, S2), (ELSEWHERE, B, S3)):
        officer = town.officers[place]
        a_selection(officer, town.places[agency], now=THEN, valid_from=LONG_AGO)
        town.completions[place] = training.record_completion(
            SYSTEM,
            officer,
            now=THEN,
            agency=town.places[agency],
            course=course,
            hours=Decimal(40),
            valid_from=LONG_AGO,
            source="certificate",
            provider=town.mark(f"markprovider{place}"),
            certificate_number=town.mark(f"markcertificate{place}"),
        )
        town.assignments[place] = assignments.begin_assignment(
            SYSTEM,
            officer,
            town.places[school],
            town.places[agency],
            now=THEN,
            valid_from=date(2025, 9, 1),
            hours_per_week=Decimal(40),
        )
    _off_duty(town)


def _off_duty(town: Town) -> None:
    """The second officer is on restricted duty since February 2026: the agency's to know, and nobody else's."""
    officer, since = town.officers[SECOND], date(2026, 2, 2)
    was = DutyStatus.objects.known().get(officer=officer)
    officers.end_duty_status(SYSTEM, was, since, now=THEN)
    officers.record_duty_status(
        SYSTEM,
        officer,
        now=THEN,
        agency=town.places[A],
        status=Duty.RESTRICTED,
        valid_from=since,
        source="record",
    )
    town.mark("markrestricted", "restricted duty")


def _files(town: Town) -> None:
    """Keep a sample record of each class at each place; about whom, where a class is about somebody."""
    at = {
        HERE: (town.places[A], town.places[D], town.places[S1], "officer"),
        SECOND: (town.places[A], town.places[D], town.places[S2], "officer_second"),
        ELSEWHERE: (town.places[B], town.places[E], town.places[S3], "officer_elsewhere"),
    }
    for place, (agency, district, school, who) in at.items():
        for record_class in RecordClass:
            about = None
            if record_class in {RecordClass.MENTORING, RecordClass.PERSONNEL}:
                about = town.people[who].pk
            if record_class is RecordClass.INTERNAL_AFFAIRS:
                about = town.people["agency_head" if place == SECOND else who].pk
            lies = Place(agency.pk, district.pk, school.pk, about)
            marker = town.mark(f"mark{record_class.replace('_', '')}{place}")
            town.files[marker] = a_sample(record_class, lies, marker)


def _disclosed(town: Town) -> None:
    """The principal discloses one education record to the officer, who is no school official."""
    marker, now = town.mark("markdisclosedfile"), clock.now()
    lies = Place(None, town.places[D].pk, town.places[S1].pk)
    file = a_sample(RecordClass.EDUCATION, lies, marker)
    town.files[marker] = file
    terms = Terms(
        Basis.EMERGENCY,
        town.mark("markpurpose"),
        town.mark("markthreatwords"),
        (town.people["officer"].pk,),
        town.mark("markothers"),
        clock.today(now, "America/New_York") + timedelta(days=30),
    )
    record = file_queries.to_disclose(SYSTEM, file.uid, now)
    assert record is not None
    town.disclosures.append(
        disclosures.record_disclosure(town.actor("principal"), record, terms, now=now)
    )


def _reclassified(town: Town) -> None:
    """The principal proposes to make an education record one of the agency's; nobody has decided."""
    marker = town.mark("markproposedfile")
    lies = Place(None, town.places[D].pk, town.places[S1].pk)
    file = a_sample(RecordClass.EDUCATION, lies, marker)
    town.files[marker] = file
    asked = files.Proposal(
        to_class=RecordClass.LAW_UNIT,
        at=Place(town.places[A].pk, lies.district_id, lies.school_id),
        reason=Reason.CUSTODY,
        why=town.mark("markwhywords"),
    )
    files.propose_class(town.actor("principal"), file, asked, now=THEN)


def _opened(town: Town) -> None:
    """Somebody of the front office has taken emergency access for the other school; it lasts for the tests."""
    now = clock.now()
    reason = f"Somebody is hurt; {town.mark('markemergencyreason')}"
    asked = emergencies.Ask(RecordClass.EDUCATION, town.places[S2], reason)
    town.emergencies.append(emergencies.take(town.actor("front_emergency"), asked, now=now))
    Emergency.objects.update(until=now + timedelta(hours=12))
