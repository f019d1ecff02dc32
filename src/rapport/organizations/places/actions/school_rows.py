"""Write the lines of a school list: districts, schools, and claims on ids. It reads and writes in bulk."""

from collections import defaultdict
from datetime import date
from typing import Any, Final

from django.db.models import Q

from rapport.foundation import clock
from rapport.organizations.places import rules
from rapport.organizations.places.actions.school_facts import Belongings, Loading, holds
from rapport.organizations.places.models import District, IdClaim, School, SchoolInDistrict
from rapport.organizations.places.rules import (
    Known,
    KnownDistrict,
    KnownSchool,
    Listed,
    match_districts,
    match_schools,
)
from rapport.organizations.places.rules.matching import Claims, Found, FoundDistrict

BATCH: Final = 500


def put_districts(loading: Loading) -> None:
    """Find or make the district of each line."""
    states = {row.state for row in loading.rows}
    ids = {row.district_nces_id for row in loading.rows if row.district_nces_id}
    known = District.objects.filter(Q(state__in=states) | Q(nces_id__in=ids)).in_bulk()
    seen = [KnownDistrict(d.pk, d.state, d.name, d.nces_id) for d in known.values()]
    found = match_districts(loading.rows, seen)
    new = [f for f in found if f.key is None]
    made = District.objects.bulk_create([_new_district(f) for f in new], batch_size=BATCH)
    for there, district in zip(new, made, strict=True):
        there.key = district.pk
    renewed = [f for f in found if f.key in known and _renew(known[f.key], f)]
    District.objects.bulk_update(
        [known[f.key] for f in renewed if f.key], ["name", "nces_id", "state_id"], BATCH
    )
    loading.changed |= {f.first.line for f in renewed}
    for there in found:
        assert there.key is not None
        loading.district |= dict.fromkeys(there.lines, there.key)
        for line, why in there.aside.items():
            loading.put_aside(line, "district_nces_id", why)


def _new_district(found: FoundDistrict) -> District:
    row = found.first
    return District(
        name=row.district,
        state=row.state,
        nces_id=found.nces_id,
        state_id=row.district_state_id or "",
        zone=rules.zone_of(row.state),
    )


def _renew(district: District, found: FoundDistrict) -> bool:
    row = found.first
    if row.line in found.aside:
        return False
    wanted = {
        "name": row.district,
        "nces_id": found.nces_id or district.nces_id,
        "state_id": row.district_state_id or district.state_id,
    }
    return _take_over(district, wanted) != []


class Schools:
    """The schools and claims that are known where a file's lines lie."""

    def __init__(self, loading: Loading) -> None:
        states = {row.state for row in loading.rows}
        ids = {row.nces_id for row in loading.rows if row.nces_id}
        here = Q(state__in=states) | Q(nces_id__in=ids)
        self.known = School.objects.filter(here).in_bulk()
        claims = IdClaim.objects.filter(Q(school__state__in=states) | Q(nces_id__in=ids))
        self.claims: Claims = {
            (school, number): given
            for school, number, given in claims.values_list("school_id", "nces_id", "is_given")
        }
        self.belongs: Belongings = self._belongings()
        self._now = loading.now

    def _belongings(self) -> Belongings:
        rows: dict[int, list[SchoolInDistrict]] = defaultdict(list)
        known = SchoolInDistrict.objects.known().filter(school__in=list(self.known))
        for fact in known.order_by("valid_from"):
            rows[fact.school_id].append(fact)
        return rows

    def match(self, loading: Loading) -> dict[int, Found]:
        """Return what each line means; those that mean nothing are refused and leave the loading."""
        seen = [
            KnownSchool(s.pk, s.state, s.name, s.nces_id, self._district_of(s))
            for s in self.known.values()
        ]
        found = match_schools(loading.rows, loading.district, Known.of(seen, self.claims))
        for line, each in found.items():
            if each.refused:
                loading.answer.refuse(line, loading.table.heading("name"), each.refused)
        loading.rows = [row for row in loading.rows if not found[row.line].refused]
        return found

    def _district_of(self, school: School) -> int | None:
        spans = self.belongs.get(school.pk, ())
        today: date = clock.today(self._now, school.zone)
        now = [f for f in spans if holds(f, today)]
        return (now or spans[-1:])[0].district_id if spans else None

    def put(self, loading: Loading, found: dict[int, Found]) -> None:
        """Make the schools that are new, and change what differs on the others."""
        zones = dict(District.objects.values_list("pk", "zone"))
        made: list[School] = []
        changed: dict[int, School] = {}
        touched: set[str] = set()
        for row in loading.rows:
            there = found[row.line]
            if there.school is None:
                school = _new_school(row, there.nces_id, zones[loading.district[row.line]])
                school.source = loading.table.layout.name
                loading.created.add(row.line)
                made.append(school)
            else:
                school = self.known[there.school]
                wanted = {"name": row.name, "nces_id": there.nces_id or school.nces_id}
                if fields := _take_over(school, {**row.kept, **wanted}):
                    changed[row.line] = school
                    touched |= set(fields)
            loading.school[row.line] = school
        School.objects.bulk_create(made, batch_size=BATCH)
        if changed:
            School.objects.bulk_update(changed.values(), sorted(touched), BATCH)
            loading.changed |= set(changed)

    def claim(self, loading: Loading, found: dict[int, Found]) -> None:
        """Keep the claims on ids that nobody gets until a person chooses."""
        claims = []
        for row in loading.rows:
            there, school = found[row.line], loading.school[row.line]
            if there.aside:
                loading.put_aside(row.line, "nces_id", there.aside)
            number = row.nces_id
            if there.is_claim and number and (school.pk, number) not in self.claims:
                claims.append(
                    IdClaim(
                        school=school,
                        nces_id=number,
                        claimed_at=loading.now,
                        district_id=loading.district[row.line],
                    )
                )
        IdClaim.objects.bulk_create(claims, batch_size=BATCH)


def _new_school(row: Listed, number: str | None, zone: str) -> School:
    return School(name=row.name, state=row.state, nces_id=number, zone=zone, **row.kept)


def _take_over(row: District | School, wanted: dict[str, Any]) -> list[str]:
    """Set what differs on a row, not saved; return the names of what did."""
    differing = [name for name, value in wanted.items() if getattr(row, name) != value]
    for name in differing:
        setattr(row, name, wanted[name])
    return differing
