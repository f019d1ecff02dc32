"""Histories meant to set a page and a program at odds: made of rows, by a seed, through the facts' own verbs.

Spans overlap, touch, end on their first day and on month ends; facts are corrected twice and
withdrawn; officers have two employers, schools change districts, rules name themselves and are
corrected later, and moments of recording lie on either side of a midnight and of a clock change.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from rapport.foundation import facts
from rapport.foundation.access import SYSTEM
from rapport.foundation.facts import Fact, Refused
from rapport.foundation.rulesets.actions import load_shipped
from rapport.foundation.rulesets.models import RuleSet, RuleSetVersion
from rapport.organizations.calendars.models import SchoolYear
from rapport.organizations.people.models import Person
from rapport.organizations.places.models import (
    Agency,
    AgencyStart,
    District,
    School,
    SchoolInDistrict,
)
from rapport.standing.agreements import models as agreements
from rapport.standing.assignments.models import Assigned, Assignment, Excepted
from rapport.standing.officers.models import Certification, DutyStatus, Employment, Officer
from rapport.standing.selection.models import Evaluation, Selection
from rapport.standing.training.models import Completed, Completion, Course, Verified
from tests.independent.made_up import COURSES, FIRST, MIDNIGHTS, NOTED, a_body, a_full_body

TICK = timedelta(microseconds=1)
HOURS = (None, 0, 0.1, 10, 19.9, 20, 40)
PIECES = (4.6, 11.7, 3.7)  # 20 on paper, a little less in binary


class History:
    """A program whose facts were made by a seed."""

    def __init__(self, seed: int) -> None:
        """Make the places, the people and the facts about them."""
        self.chance = Random(seed)
        self.now = datetime(2023, 1, 2, 12, tzinfo=UTC)
        self.moments: list[datetime] = []
        self._places()
        self._people()
        if self.chance.random() < 0.9:
            load_shipped(SYSTEM, now=self.now)
        makers: list[Callable[[], None]] = [
            *[self._rules] * 3,
            *[self._place_fact] * 9,
            *[self._officer_fact] * 22,
            *[self._training] * 9,
            *[self._agreement_fact] * 24,
            *[self._assigned] * 6,
            *[self._excepted] * 4,
        ]
        self._in_order()
        self._in_pieces()
        self.chance.shuffle(makers)
        for make in makers:
            make()

    def day(self) -> date:
        """Return a day: one of note, or any of two years."""
        if self.chance.random() < 0.5:
            return self.chance.choice(NOTED)
        return FIRST + timedelta(days=self.chance.randrange(730))

    def _moment(self) -> datetime:
        ahead = self.chance.choice((0, 0, 1, 3600, 86400, 86400 * 9, 86400 * 20))
        self.now += timedelta(seconds=ahead)
        near = [m + t for m in MIDNIGHTS for t in (-TICK, 0 * TICK) if m + t >= self.now]
        if near and near[0] - self.now < timedelta(days=9):
            self.now = near[0]
        self.moments.append(self.now)
        return self.now

    def _span(self) -> dict[str, Any]:
        since, until = self.day(), self.day()
        if self.chance.random() < 0.3:
            until = since + timedelta(days=self.chance.choice((1, 2, 28, 366)))
        is_open = self.chance.random() < 0.5 or until <= since
        return {"valid_from": since, "valid_until": None if is_open else until}

    def put(self, model: type[Fact], **values: Any) -> None:
        """Record a fact, if it may be, and perhaps correct, end or withdraw it, again and again."""
        unrest = values.pop("unrest", 0.35)
        said = {**self._span(), **values}
        try:
            fact: Fact | None = facts.record(model, now=self._moment(), **said)
            while fact is not None and self.chance.random() < unrest:
                fact = self._changed(fact)
        except Refused:
            return

    def _changed(self, fact: Fact) -> Fact | None:
        how = self.chance.random()
        if how < 0.2:
            facts.withdraw(fact, now=self._moment())
            return None
        if how < 0.5:
            on = self.chance.choice((fact.valid_from, self.day()))
            if fact.valid_until is None or on < fact.valid_until:
                return facts.end(fact, on, now=self._moment())
        span = self._span()
        if isinstance(fact, Excepted):
            span["valid_until"] = span["valid_until"] or span["valid_from"] + timedelta(days=20)
        return facts.correct(fact, now=self._moment(), **span)

    def _places(self) -> None:
        self.districts = [
            District.objects.create(name=f"District {n}", state=state)
            for n, state in enumerate(("VA", "VA", "NC"))
        ]
        self.agencies = [
            Agency.objects.create(name="One", state="VA", ori="VA0000001"),
            Agency.objects.create(name="Two", state="NC", own_district=self.districts[1]),
        ]
        states = ("VA", "VA", "VA", "NC")
        self.schools = [
            School.objects.create(name=f"School {n}", state=s) for n, s in enumerate(states)
        ]
        self.pacts = [agreements.Agreement.objects.create(title=f"Pact {n}") for n in range(2)]

    def _people(self) -> None:
        self.officers = []
        for n in range(2):
            person = Person.objects.create(name=f"Officer {n}")
            self.officers.append(Officer.objects.create(person=person))
        self.assignments: list[Assignment] = []
        self.completions: list[Completion] = []
        self.courses = {
            code: Course.objects.get_or_create(code=code, defaults={"name": code})[0]
            for code in COURSES
        }

    def _rules(self) -> None:
        where = self.chance.choice(("US", "VA", "NC", "program", "program"))
        topic = self.chance.choice(("training", "made", "more"))
        ruleset, _ = RuleSet.objects.get_or_create(jurisdiction=where, topic=topic)
        version = self.chance.choice(("1", "2", "10"))
        self.put(RuleSetVersion, ruleset=ruleset, version=version, body=a_body(self.chance))

    def _place_fact(self) -> None:
        which = self.chance.randrange(9)
        if which <= 1:
            self.put(AgencyStart, agency=self.chance.choice(self.agencies))
        elif which == 2:
            self.put(SchoolYear, district=self.chance.choice(self.districts))
        else:
            school = self.chance.choice(self.schools)
            self.put(SchoolInDistrict, school=school, district=self.chance.choice(self.districts))

    def _officer_fact(self) -> None:
        chance = self.chance
        officer, agency = chance.choice(self.officers), chance.choice(self.agencies)
        who = {"officer": officer, "agency": agency}
        part = chance.choice(("on_panel", "concurred", "informed", "none", "unknown"))
        which = chance.randrange(5)
        if which == 0:
            self.put(Employment, badge=f"{officer.pk}-{agency.pk}", **who)
        elif which == 1:
            status = chance.choice(("certified", "certified", "suspended", "revoked"))
            self.put(Certification, state=chance.choice(("VA", "NC")), status=status, **who)
        elif which == 2:
            self.put(DutyStatus, status=chance.choice(("on_duty", "on_duty", "leave")), **who)
        elif which == 3:
            outcome = chance.choice(("selected", "selected", "not_selected"))
            self.put(Selection, outcome=outcome, method="panel", district_part=part, **who)
        else:
            self.put(Evaluation, district_part=part, **who)

    def _training(self) -> None:
        chance = self.chance
        if self.completions and chance.random() < 0.4:
            completion = chance.choice(self.completions)
        else:
            completion = self._begun(chance.choice(self.officers), chance.choice(COURSES))
        if chance.random() < 0.3:
            about = {"officer": completion.officer, "agency": self.agencies[0]}
            self.put(Verified, completion=completion, **about)
            return
        result = chance.choice(("completed", "completed", "not_completed"))
        self._complete(completion, chance.choice(HOURS), result)

    def _begun(self, officer: Officer, code: str) -> Completion:
        completion = Completion.objects.create(officer=officer, course=self.courses[code])
        self.completions.append(completion)
        return completion

    def _complete(
        self, completion: Completion, hours: float | None, result: str, **more: Any
    ) -> None:
        about = {"completion": completion, "course": completion.course, "result": result}
        who = {"officer": completion.officer, "agency": self.agencies[0]}
        self.put(Completed, hours=hours, **about, **who, **more)

    def _side(self) -> dict[str, Any]:
        if self.chance.random() < 0.5:
            return {"agency": self.chance.choice(self.agencies)}
        return {"district": self.chance.choice(self.districts)}

    def _in_order(self) -> None:
        """Record what it takes to be cleared, most of which stays as it is."""
        calm = {"unrest": 0.05, "valid_from": FIRST, "valid_until": None}
        self.put(AgencyStart, agency=self.agencies[0], **calm)
        for officer in self.officers:
            who = {"officer": officer, "agency": self.agencies[0], **calm}
            self.put(Employment, badge=f"{officer.pk}", **who)
            self.put(Certification, state="VA", status="certified", **who)
            self.put(DutyStatus, status="on_duty", **who)
            chosen = {"outcome": "selected", "method": "panel", "district_part": "none"}
            self.put(Selection, **chosen, **who)
            self.put(Evaluation, district_part="none", **who)
        for n, school in enumerate(self.schools):
            self.put(SchoolInDistrict, school=school, district=self.districts[n % 2], **calm)
        for n, pact in enumerate(self.pacts):
            about = {"agreement": pact, **calm}
            self.put(agreements.Term, **about)
            for side in ({"agency": self.agencies[0]}, {"district": self.districts[n]}):
                self.put(agreements.Party, **about, **side)
                self.put(agreements.Signature, how="paper", **about, **side)
            self.put(agreements.Coverage, district=self.districts[n], **about)
        for n, since in enumerate((date(2024, 11, 1), date(2024, 11, 2))):  # 92 days, and 93
            self.put(SchoolYear, district=self.districts[n], valid_from=since, unrest=0)
        if self.chance.random() < 0.5:
            ruleset, _ = RuleSet.objects.get_or_create(jurisdiction="program", topic="whole")
            body = a_full_body(self.chance)
            self.put(RuleSetVersion, ruleset=ruleset, version="1", body=body, **calm)

    def _in_pieces(self) -> None:
        """Give the first officer a week's hours at three schools, and a course's hours in three."""
        officer, agency = self.officers[0], self.agencies[0]
        span = self._span()
        for hours, school in zip(PIECES, self.schools, strict=False):
            self.assignments.append(
                Assignment.objects.create(officer=officer, school=school, agency=agency)
            )
            self._assign(self.assignments[-1], hours, **span)
        for hours in PIECES:
            self._complete(self._begun(officer, "made-one"), hours, "completed", unrest=0)

    def _agreement_fact(self) -> None:
        chance = self.chance
        about: dict[str, Any] = {"agreement": chance.choice(self.pacts)}
        which = chance.randrange(6)
        if which == 0:
            self.put(agreements.Term, **about)
        elif which == 1:
            self.put(agreements.Party, **about, **self._side())
        elif which == 2:
            self.put(agreements.Signature, how="paper", **about, **self._side())
        elif which == 3:
            school = chance.choice((None, *self.schools))
            district = chance.choice(self.districts)
            self.put(agreements.Coverage, school=school, district=district, **about)
        elif which == 4:
            self.put(agreements.Affirmation, outcome="unchanged", **about)
        else:
            self.put(agreements.Clause, number=chance.choice((8, 11, 23)), **about)

    def _assigned(self) -> None:
        if self.assignments and self.chance.random() < 0.4:
            whole = self.chance.choice(self.assignments)
        else:
            who = [self.chance.choice(x) for x in (self.officers, self.schools, self.agencies)]
            names = ("officer", "school", "agency")
            whole = Assignment.objects.create(**dict(zip(names, who, strict=True)))
            self.assignments.append(whole)
        self._assign(whole, self.chance.choice(HOURS))

    def _assign(self, whole: Assignment, hours: float | None, **more: Any) -> None:
        about = {"officer": whole.officer, "school": whole.school, "agency": whole.agency}
        self.put(Assigned, assignment=whole, hours_per_week=hours, **about, **more)

    def _excepted(self) -> None:
        if not self.assignments:
            return
        whole = self.chance.choice(self.assignments)
        until = self.day()
        since = until - timedelta(days=self.chance.randint(1, 200))
        ground = self.chance.choice(("sworn", "selected", "trained", "agreed"))
        about = {"school": whole.school, "agency": whole.agency, "ground": ground}
        self.put(Excepted, assignment=whole, valid_from=since, valid_until=until, **about)
