"""Write the lines of a school list: districts, schools, which district each belongs to, counts, claims."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from rapport.foundation import clock, facts
from rapport.foundation.facts import Source
from rapport.foundation.tables.imports import Answer, Table
from rapport.organizations.places import rules
from rapport.organizations.places.models import (
    District,
    Enrollment,
    IdClaim,
    School,
    SchoolInDistrict,
)
from rapport.organizations.places.rules import (
    Known,
    KnownDistrict,
    KnownSchool,
    Listed,
    match_districts,
    match_schools,
)
from rapport.organizations.places.rules.matching import Found, FoundDistrict

BATCH = 500


class Writer:
    """The writing of one file, inside the action's transaction. It reads and writes in bulk."""

    def __init__(
        self,
        table: Table,
        rows: list[Listed],
        answer: Answer,
        year: tuple[date, date],
        now: datetime,
    ) -> None:
        self.table, self.rows, self.answer, self.year, self.now = table, rows, answer, year, now
        self.states = {row.state for row in rows}
        self.created: set[int] = set()  # lines
        self.changed: set[int] = set()
        self.moved: list[int] = []  # schools that went to another district
        self.district: dict[int, int] = {}  # by line
        self.school: dict[int, School] = {}

    def write(self, said: Callable[[str], object]) -> None:
        """Write everything and count what became of each line."""
        self._districts()
        found = self._match()
        self._schools(found)
        said(_("{count} schools matched").format(count=len(self.rows)))
        self._belonging()
        self._counts()
        self._claims(found)
        for row in self.rows:
            if row.line in self.created:
                self.answer.new += 1
            elif row.line in self.changed:
                self.answer.changed += 1
            else:
                self.answer.same += 1

    # Districts

    def _districts(self) -> None:
        ids = {row.district_nces_id for row in self.rows if row.district_nces_id}
        known = District.objects.filter(Q(state__in=self.states) | Q(nces_id__in=ids)).in_bulk()
        seen = [KnownDistrict(d.pk, d.state, d.name, d.nces_id) for d in known.values()]
        found = match_districts(self.rows, seen)
        new = [f for f in found if f.key is None]
        made = District.objects.bulk_create([self._new_district(f) for f in new], batch_size=BATCH)
        for there, district in zip(new, made, strict=True):
            there.key = district.pk
        renewed = [f for f in found if f.key in known and self._renew(known[f.key], f)]
        District.objects.bulk_update(
            [known[f.key] for f in renewed if f.key], ["name", "nces_id", "state_id"], BATCH
        )
        self.changed |= {f.first.line for f in renewed}
        self.zones = {d.pk: d.zone for d in (*known.values(), *made)}
        for there in found:
            assert there.key is not None
            self.district |= dict.fromkeys(there.lines, there.key)
            for line, why in there.aside.items():
                self.answer.put_aside(line, self.table.heading("district_nces_id"), why)

    def _new_district(self, found: FoundDistrict) -> District:
        row = found.first
        return District(
            name=row.district,
            state=row.state,
            nces_id=found.nces_id,
            state_id=row.district_state_id or "",
            zone=rules.zone_of(row.state),
        )

    def _renew(self, district: District, found: FoundDistrict) -> bool:
        row = found.first
        if row.line in found.aside:
            return False
        wanted = {
            "name": row.district,
            "nces_id": found.nces_id or district.nces_id,
            "state_id": row.district_state_id or district.state_id,
        }
        return _take_over(district, wanted) != []

    # Schools

    def _match(self) -> dict[int, Found]:
        ids = {row.nces_id for row in self.rows if row.nces_id}
        there = School.objects.filter(Q(state__in=self.states) | Q(nces_id__in=ids))
        self.known = there.in_bulk()
        self.belongs = self._belongings()
        claims = IdClaim.objects.filter(Q(nces_id__in=ids) | Q(school__state__in=self.states))
        self.claims = {
            (school, number): given
            for school, number, given in claims.values_list("school_id", "nces_id", "is_given")
        }
        seen = [
            KnownSchool(s.pk, s.state, s.name, s.nces_id, self._district_of(s))
            for s in self.known.values()
        ]
        found = match_schools(self.rows, self.district, Known.of(seen, self.claims))
        for line, each in found.items():
            if each.refused:
                self.answer.refuse(line, self.table.heading("name"), each.refused)
        self.rows = [row for row in self.rows if not found[row.line].refused]
        return found

    def _belongings(self) -> dict[int, list[SchoolInDistrict]]:
        rows: dict[int, list[SchoolInDistrict]] = defaultdict(list)
        known = SchoolInDistrict.objects.known().filter(school__in=list(self.known))
        for fact in known.order_by("valid_from"):
            rows[fact.school_id].append(fact)
        return rows

    def _district_of(self, school: School) -> int | None:
        spans = self.belongs.get(school.pk, [])
        now = [f for f in spans if _holds(f, self._today(school))]
        return (now or spans[-1:])[0].district_id if spans else None

    def _today(self, school: School) -> date:
        return clock.today(self.now, school.zone)

    def _schools(self, found: dict[int, Found]) -> None:
        made, touched = [], set[str]()
        changed: list[School] = []
        for row in self.rows:
            key = found[row.line].school
            if key is None:
                self.created.add(row.line)
                self.school[row.line] = school = self._new_school(row, found[row.line].nces_id)
                made.append(school)
                continue
            self.school[row.line] = school = self.known[key]
            number = found[row.line].nces_id or school.nces_id
            fields = _take_over(school, {**row.kept, "name": row.name, "nces_id": number})
            if fields:
                self.changed.add(row.line)
                changed.append(school)
                touched |= set(fields)
        School.objects.bulk_create(made, batch_size=BATCH)
        if changed:
            School.objects.bulk_update(changed, sorted(touched), BATCH)

    def _new_school(self, row: Listed, number: str | None) -> School:
        return School(
            name=row.name,
            state=row.state,
            nces_id=number,
            zone=self.zones[self.district[row.line]],
            source=self.table.layout.name,
            **row.kept,
        )

    # Which district a school belongs to

    def _belonging(self) -> None:
        begin: list[dict[str, Any]] = []
        wrong: list[int] = []
        moved: dict[int, list[int]] = defaultdict(list)
        for row in self.rows:
            school, district = self.school[row.line], self.district[row.line]
            spans = self.belongs.get(school.pk, [])
            today = self._today(school)
            current = next((f for f in spans if _holds(f, today)), None)
            if current and current.district_id == district:
                continue
            if spans and spans[-1].valid_from > today:
                why = _("A move on {day} is recorded already. Correct that by hand.")
                day = spans[-1].valid_from.isoformat()
                self.answer.put_aside(row.line, self.table.heading("district"), why.format(day=day))
                continue
            if current:
                wrong.append(current.pk)
                begin += _cut_short(current, today)
                moved[district].append(school.pk)
                self.moved.append(school.pk)
                self.changed.add(row.line)
            start = today if spans else rules.BEFORE_RECORDS
            begin.append(_belongs(school.pk, district, start))
        facts.withdraw_many(SchoolInDistrict, wrong, now=self.now)
        facts.record_many(SchoolInDistrict, begin, now=self.now)
        for district, schools in moved.items():
            IdClaim.objects.filter(school__in=schools).update(district=district)

    # How many students

    def _counts(self) -> None:
        start, until = self.year
        there: dict[tuple[int, str], list[Enrollment]] = defaultdict(list)
        known = Enrollment.objects.known().filter(school__state__in=self.states)
        for fact in known.filter(valid_from__lt=until):
            if fact.valid_until is None or fact.valid_until > start:
                there[fact.school_id, fact.group].append(fact)
        begin, wrong = [], []
        for row in self.rows:
            for group, count in row.counts.items():
                spans = there.get((self.school[row.line].pk, group), [])
                if len(spans) > 1 or any((f.valid_from, f.valid_until) != self.year for f in spans):
                    self._set_count_aside(row, group, spans[0])
                    continue
                if spans and spans[0].count == count:
                    continue
                wrong += [f.pk for f in spans]
                self.changed.add(row.line)
                begin.append(self._count(row, group, count) | _replacing(spans))
        facts.withdraw_many(Enrollment, wrong, now=self.now)
        facts.record_many(Enrollment, begin, now=self.now)

    def _count(self, row: Listed, group: str, count: int) -> dict[str, Any]:
        start, until = self.year
        return {
            "school_id": self.school[row.line].pk,
            "group": group,
            "count": count,
            "valid_from": start,
            "valid_until": until,
            "source": Source.FILE,
        }

    def _set_count_aside(self, row: Listed, group: str, other: Enrollment) -> None:
        why = _("A count from {day} on is recorded already. Correct that by hand.")
        heading = self.table.heading(group)
        self.answer.put_aside(row.line, heading, why.format(day=other.valid_from.isoformat()))

    # Ids that nobody gets until a person chooses

    def _claims(self, found: dict[int, Found]) -> None:
        claims = []
        for row in self.rows:
            there, school = found[row.line], self.school[row.line]
            if there.aside:
                self.answer.put_aside(row.line, self.table.heading("nces_id"), there.aside)
            number = row.nces_id
            if there.is_claim and number and (school.pk, number) not in self.claims:
                claims.append(
                    IdClaim(
                        school=school,
                        nces_id=number,
                        claimed_at=self.now,
                        district_id=self.district[row.line],
                    )
                )
        IdClaim.objects.bulk_create(claims, batch_size=BATCH)


def _holds(fact: SchoolInDistrict, day: date) -> bool:
    return fact.valid_from <= day and (fact.valid_until is None or day < fact.valid_until)


def _belongs(school: int, district: int, start: date) -> dict[str, Any]:
    return {
        "school_id": school,
        "district_id": district,
        "valid_from": start,
        "source": Source.FILE,
    }


def _cut_short(fact: SchoolInDistrict, on: date) -> list[dict[str, Any]]:
    """Return the successor of a fact that ends on a day: none where it began on that day."""
    if fact.valid_from >= on:
        return []
    kept = _belongs(fact.school_id, fact.district_id, fact.valid_from)
    return [kept | {"valid_until": on, "source": fact.source, "replaces_id": fact.pk}]


def _replacing(spans: Iterable[Enrollment]) -> dict[str, int]:
    return next(({"replaces_id": fact.pk} for fact in spans), {})


def _take_over(row: District | School, wanted: dict[str, Any]) -> list[str]:
    """Set what differs on a row, not saved; return the names of what did."""
    differing = [name for name, value in wanted.items() if getattr(row, name) != value]
    for name in differing:
        setattr(row, name, wanted[name])
    return differing
