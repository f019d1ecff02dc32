"""Write what the lines of a school list say over time: which district a school belongs to, how many students."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.foundation import clock, facts
from rapport.foundation.facts import Source
from rapport.foundation.tables.imports import Answer, Table
from rapport.organizations.places import rules
from rapport.organizations.places.models import Enrollment, IdClaim, School, SchoolInDistrict
from rapport.organizations.places.rules import Listed

Belongings = Mapping[int, Sequence[SchoolInDistrict]]  # by school, in order of their first days


@dataclass(slots=True)
class Loading:
    """A file on its way in: its lines, what each means here, and what became of it."""

    table: Table
    rows: list[Listed]
    answer: Answer
    now: datetime
    district: dict[int, int] = field(default_factory=dict)  # by line
    school: dict[int, School] = field(default_factory=dict)
    created: set[int] = field(default_factory=set)  # lines
    changed: set[int] = field(default_factory=set)

    def put_aside(self, line: int, name: str, why: str) -> None:
        """Note that a line was loaded without the value that is called `name` here."""
        self.answer.put_aside(line, self.table.heading(name), why)


def put_into_districts(loading: Loading, belongs: Belongings) -> list[int]:
    """Record in which district each school is from today on; return the keys of those that moved."""
    begin: list[dict[str, Any]] = []
    wrong: list[int] = []
    moved: dict[int, list[int]] = defaultdict(list)
    for row in loading.rows:
        school, district = loading.school[row.line], loading.district[row.line]
        spans = belongs.get(school.pk, ())
        today = clock.today(loading.now, school.zone)
        current = next((f for f in spans if holds(f, today)), None)
        if current and current.district_id == district:
            continue
        if spans and spans[-1].valid_from > today:
            why = _("A move on {day} is recorded already. Correct that by hand.")
            day = spans[-1].valid_from.isoformat()
            loading.put_aside(row.line, "district", why.format(day=day))
            continue
        if current:
            wrong.append(current.pk)
            begin += _cut_short(current, today)
            moved[district].append(school.pk)
        if spans:
            loading.changed.add(row.line)
        begin.append(_belongs(school.pk, district, today if spans else rules.BEFORE_RECORDS))
    facts.withdraw_many(SchoolInDistrict, wrong, now=loading.now)
    facts.record_many(SchoolInDistrict, begin, now=loading.now)
    for district, schools in moved.items():
        IdClaim.objects.filter(school__in=schools).update(district=district)
    return [school for schools in moved.values() for school in schools]


def holds(fact: SchoolInDistrict, day: date) -> bool:
    """Tell whether a school belongs to a district on `day` by this fact."""
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


def count_students(loading: Loading, year: tuple[date, date]) -> None:
    """Record how many students of each group the schools had in a school year. Blank is not zero."""
    there = _counted(loading, year)
    begin: list[dict[str, Any]] = []
    wrong: list[int] = []
    for row in loading.rows:
        school = loading.school[row.line].pk
        for group, count in row.counts.items():
            known = there.get((school, group), ())
            if len(known) > 1 or any((f.valid_from, f.valid_until) != year for f in known):
                why = _("A count from {day} on is recorded already. Correct that by hand.")
                day = known[0].valid_from.isoformat()
                loading.put_aside(row.line, group, why.format(day=day))
            elif not known or known[0].count != count:
                wrong += [f.pk for f in known]
                begin.append(
                    {
                        "school_id": school,
                        "group": group,
                        "count": count,
                        "valid_from": year[0],
                        "valid_until": year[1],
                        "source": Source.FILE,
                        "replaces_id": known[0].pk if known else None,
                    }
                )
                loading.changed.add(row.line)
    facts.withdraw_many(Enrollment, wrong, now=loading.now)
    facts.record_many(Enrollment, begin, now=loading.now)


def _counted(
    loading: Loading, year: tuple[date, date]
) -> Mapping[tuple[int, str], Sequence[Enrollment]]:
    """Return what is known of these states' schools in a year, by school and group."""
    start, until = year
    states = {row.state for row in loading.rows}
    rows = Enrollment.objects.known().filter(school__state__in=states, valid_from__lt=until)
    there: dict[tuple[int, str], list[Enrollment]] = defaultdict(list)
    for fact in rows.order_by("valid_from"):
        if fact.valid_until is None or fact.valid_until > start:
            there[fact.school_id, fact.group].append(fact)
    return there
