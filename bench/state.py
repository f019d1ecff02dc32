"""A state of invented officers: 12,000 officers, 9,000 schools, 15,000 assignments, 170,000 facts."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from rapport.foundation import facts
from rapport.foundation.access import SYSTEM
from rapport.foundation.audit import changes, trail
from rapport.foundation.facts import Fact
from rapport.foundation.rulesets.models import RuleSetVersion
from rapport.organizations.people.models import Person
from rapport.organizations.places.models import (
    Agency,
    AgencyStart,
    District,
    School,
    SchoolInDistrict,
)
from rapport.standing.agreements.models import Agreement, Clause, Coverage, Party, Signature, Term
from rapport.standing.assignments.models import Assigned, Assignment
from rapport.standing.officers.access import ADD
from rapport.standing.officers.models import Certification, DutyStatus, Employment, Officer
from rapport.standing.selection.models import Selection
from rapport.standing.training.models import Completed, Completion, Course, Verified

STATES = ("IN", "TX", "NC")
START = date(2020, 1, 6)
RECORDED = datetime(2020, 1, 6, 15, tzinfo=UTC)
BATCH = 2000


@transaction.atomic
def build(
    officers: int = 12_000, schools: int = 9_000, assignments: int = 15_000, seed: int = 7
) -> int:
    """Fill an empty home; return how many facts were written. One fact in nine is a correction.

    One line tells of all of them, as of an import.
    """
    chance = random.Random(seed)
    made = Maker(chance)
    _rules_known_from_the_start()
    districts = made.many(
        District, ({"name": f"District {n}", "state": STATES[n % 3]} for n in range(schools // 30))
    )
    agencies = made.many(
        Agency,
        (
            {"name": f"Agency {n}", "state": STATES[n % 3], "ori": f"XX{n:07}"}
            for n in range(len(districts))
        ),
    )
    places = made.many(
        School,
        ({"name": f"School {n}", "state": STATES[n % len(districts) % 3]} for n in range(schools)),
    )
    people = made.many(Person, ({"name": f"Officer {n}"} for n in range(officers)))
    roster = made.many(Officer, ({"person": p} for p in people))
    made.places(places, districts, agencies)
    made.agreements(agencies, districts)
    made.officers(roster, agencies)
    made.assignments(roster, places, agencies, districts, assignments)
    trail.record_many(SYSTEM, ADD, roster, at=RECORDED)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return made.count


def _rules_known_from_the_start() -> None:
    """Let the rule sets that the home was made with have been known since 2020."""
    for row in RuleSetVersion.objects.known():
        facts.withdraw(row, now=row.recorded_at)
        terms = {"ruleset": row.ruleset, "version": row.version, "body": row.body}
        span = {"valid_from": row.valid_from, "valid_until": row.valid_until}
        facts.record(RuleSetVersion, now=RECORDED, **terms, **span)


class Maker:
    """Writes rows in batches and counts the facts."""

    def __init__(self, chance: random.Random) -> None:
        self.chance, self.count = chance, 0

    def many(self, model: Any, rows: Any) -> list[Any]:
        made = model.objects.bulk_create([model(**row) for row in rows], batch_size=BATCH)
        if issubclass(model, Fact):
            self.count += len(made)
            changes.wrote(model.kind, made)
        return list(made)

    def facts(self, model: type[Fact], rows: Any) -> None:
        """Write facts; one in nine was recorded wrong first, and corrected 30 days later."""
        wrong, right = [], []
        for row in rows:
            day = row.pop("valid_from")
            moment = RECORDED + timedelta(days=self.chance.randrange(1500))
            if self.chance.random() < 1 / 8:
                wrong.append(
                    model(
                        valid_from=day - timedelta(days=3),
                        recorded_at=moment,
                        withdrawn_at=moment + timedelta(days=30),
                        **row,
                    )
                )
                moment += timedelta(days=30)
            right.append(model(valid_from=day, recorded_at=moment, **row))
        for batch in (wrong, right):
            model.objects.bulk_create(batch, batch_size=BATCH)
            self.count += len(batch)
            changes.wrote(model.kind, batch)
        for fact in wrong:
            changes.ended(model.kind, [fact.pk], fact.withdrawn_at)

    def places(self, places: list[Any], districts: list[Any], agencies: list[Any]) -> None:
        self.facts(
            SchoolInDistrict,
            (
                {"school": s, "district": districts[n % len(districts)], "valid_from": START}
                for n, s in enumerate(places)
            ),
        )
        self.facts(
            AgencyStart,
            ({"agency": a, "valid_from": START + timedelta(days=300)} for a in agencies),
        )

    def agreements(self, agencies: list[Any], districts: list[Any]) -> None:
        pacts = self.many(Agreement, ({"title": f"Agreement {n}"} for n in range(len(agencies))))
        trios = list(zip(pacts, agencies, districts, strict=True))
        self.facts(
            Term,
            (
                {"agreement": p, "valid_from": START, "valid_until": self.perhaps(START, 0.1)}
                for p, _, _ in trios
            ),
        )
        for model in (Party, Signature):
            how = {"how": "paper"} if model is Signature else {}
            self.facts(
                model, (dict(agreement=p, agency=a, valid_from=START, **how) for p, a, _ in trios)
            )
            self.facts(
                model,
                (
                    dict(agreement=p, district=d, valid_from=START, **how)
                    for p, _, d in trios
                    if model is Party or self.chance.random() < 0.9
                ),
            )
        self.facts(
            Coverage, ({"agreement": p, "district": d, "valid_from": START} for p, _, d in trios)
        )
        self.facts(
            Clause,
            (
                {"agreement": p, "number": n, "valid_from": START}
                for p, _, _ in trios
                for n in (8, 11, 23, 28)
            ),
        )

    def officers(self, roster: list[Any], agencies: list[Any]) -> None:
        at = [
            (o, agencies[n % len(agencies)], START - timedelta(days=self.chance.randrange(3000)))
            for n, o in enumerate(roster)
        ]
        self.facts(
            Employment,
            (
                {"officer": o, "agency": a, "badge": str(n), "valid_from": d}
                for n, (o, a, d) in enumerate(at)
            ),
        )
        self.facts(
            Certification,
            (
                {
                    "officer": o,
                    "agency": a,
                    "state": a.state,
                    "status": "certified",
                    "valid_from": d,
                    "valid_until": self.perhaps(d, 0.05),
                }
                for o, a, d in at
            ),
        )
        self.facts(
            DutyStatus,
            (
                {
                    "officer": o,
                    "agency": a,
                    "status": "leave" if self.chance.random() < 0.03 else "on_duty",
                    "valid_from": d,
                }
                for o, a, d in at
            ),
        )
        self.facts(
            Selection,
            (
                {
                    "officer": o,
                    "agency": a,
                    "method": "panel",
                    "outcome": "selected",
                    "district_part": "on_panel",
                    "valid_from": d,
                }
                for o, a, d in at
                if self.chance.random() < 0.9
            ),
        )
        self.training(at)

    def training(self, at: list[Any]) -> None:
        codes = (
            "le-academy",
            "in-sro",
            "tx-school-based-le",
            "nc-basic-sro",
            "nasro-basic",
            "in-service",
        )
        courses = {
            c: Course.objects.get_or_create(code=c, defaults={"name": c, "jurisdiction": "US"})[0]
            for c in codes
        }
        own = {"IN": "in-sro", "TX": "tx-school-based-le", "NC": "nc-basic-sro"}
        wanted = []
        for o, a, d in at:
            for code in ("le-academy", own[a.state], "in-service", "in-service"):
                if self.chance.random() < 0.85:
                    wanted.append(
                        (o, a, courses[code], d + timedelta(days=self.chance.randrange(2000)))
                    )
        takings = self.many(Completion, ({"officer": o, "course": c} for o, _, c, _ in wanted))
        pairs = list(zip(wanted, takings, strict=True))
        self.facts(
            Completed,
            (
                {
                    "completion": t,
                    "officer": o,
                    "course": c,
                    "hours": 40,
                    "result": "completed",
                    "agency": a,
                    "valid_from": d,
                    "valid_until": self.perhaps(d, 0.1),
                }
                for (o, a, c, d), t in pairs
            ),
        )
        self.facts(
            Verified,
            (
                {"completion": t, "officer": o, "agency": a, "valid_from": d}
                for (o, a, _, d), t in pairs
                if self.chance.random() < 0.7
            ),
        )

    def assignments(
        self,
        roster: list[Any],
        places: list[Any],
        agencies: list[Any],
        districts: list[Any],
        wanted: int,
    ) -> None:
        count = len(agencies)
        by_place: dict[int, list[Any]] = {}
        for n, s in enumerate(places):
            by_place.setdefault(n % count, []).append(s)
        taken = set()
        rows = []
        while len(rows) < wanted:
            n = len(rows) % len(roster)
            school = self.chance.choice(by_place[n % count])
            if (n, school.pk) not in taken:
                taken.add((n, school.pk))
                rows.append((roster[n], school, agencies[n % count], districts[n % count]))
        made = self.many(
            Assignment, ({"officer": o, "school": s, "agency": a} for o, s, a, _ in rows)
        )
        self.facts(
            Assigned,
            (
                {
                    "assignment": m,
                    "officer": o,
                    "school": s,
                    "agency": a,
                    "district": d,
                    "hours_per_week": 40,
                    "valid_from": START + timedelta(days=self.chance.randrange(1200)),
                }
                for m, (o, s, a, d) in zip(made, rows, strict=True)
            ),
        )

    def perhaps(self, day: date, share: float) -> date | None:
        """Return an end some years later for a share of the facts."""
        return (
            day + timedelta(days=1000 + self.chance.randrange(1500))
            if self.chance.random() < share
            else None
        )
