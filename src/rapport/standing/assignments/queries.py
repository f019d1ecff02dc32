"""Questions about standings. Each names its asker first; what comes out is what the asker may see."""

from collections.abc import Hashable, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Q

from rapport.foundation.access import Actor, Place
from rapport.foundation.facts import Fact
from rapport.foundation.rulesets.models import RuleSetVersion
from rapport.organizations.places.models import Agency, AgencyStart, School, SchoolInDistrict
from rapport.standing.assignments import access, case
from rapport.standing.assignments.case import Facts, Pair, hex_uid
from rapport.standing.assignments.models import Assigned, Assignment
from rapport.standing.assignments.rules import Day, Standing, standing, timeline
from rapport.standing.assignments.rules.shown import Reader, shown_standing
from rapport.standing.officers.models import DutyStatus, Employment, Officer


class Found(NamedTuple):
    """A standing with the pair it is about, as far as the asker may see it."""

    pair: Pair
    standing: Standing
    is_if_assigned: bool
    next_change: date  # the standing stays as it is until this day, as far as is known


class Piece(NamedTuple):
    """A stretch of a timeline: [since, until) with the standing that held."""

    since: date
    until: date
    standing: Standing


def all_standings(
    actor: Actor, *, day: date, known: datetime | None = None, facts: Facts | None = None
) -> Iterator[Found]:
    """Yield the standing of every assignment that holds on `day`, as known at `known` (None: now)."""
    facts = facts or case.load(known=known)
    memo: dict[Hashable, tuple[Any, date]] = {}
    for pair in facts.pairs_on(day):
        reader = _reader(actor, facts, pair, day)
        if not reader.may_read_program:
            continue
        at = Day(day, memo)
        full = standing(facts.case(pair, asked=day), at)
        seen = shown_standing(full, reader)
        if seen is not None:
            yield Found(pair, seen, is_if_assigned=False, next_change=at.settled_until)


def standing_of(
    actor: Actor,
    officer: int,
    school: int,
    agency: int,
    *,
    day: date,
    known: datetime | None = None,
) -> Found | None:
    """Return the standing of one officer at one school for one agency; None where the asker may not know.

    Where no assignment holds on `day`, the answer is "if assigned from this day".
    """
    facts = case.load(known=known, officers=(officer,))
    pair = next((p for p in facts.pairs_on(day) if p[:3] == (officer, school, agency)), None)
    asked = pair or Pair(officer, school, agency)
    at = Day(day)
    full = standing(facts.case(asked, asked=day), at)
    seen = shown_standing(full, _reader(actor, facts, asked, day))
    if seen is None:
        return None
    return Found(asked, seen, pair is None, at.settled_until)


def timeline_of(
    actor: Actor, assignment: Assignment, *, first: date, last: date, known: datetime | None = None
) -> list[Piece]:
    """Return the pieces of an assignment's standing over [first, last), as known at `known`."""
    facts = case.load(known=known, officers=(assignment.officer_id,))
    pair = Pair(assignment.officer_id, assignment.school_id, assignment.agency_id, assignment.pk)
    reader = _reader(actor, facts, pair, first)
    if not reader.may_read_program:
        return []
    pieces: list[Piece] = []
    for since, until, full in timeline(facts.case(pair, asked=first), first, last):
        seen = shown_standing(full, reader)
        if seen is None:
            continue
        if pieces and pieces[-1].standing == seen:  # what differed is not shown to this asker
            pieces[-1] = pieces[-1]._replace(until=until)
        else:
            pieces.append(Piece(since, until, seen))
    return pieces


def load_facts(*, known: datetime | None = None, officers: list[int] | None = None) -> Facts:
    """Load once for several questions. The facts themselves are never shown; ask the functions above."""
    return case.load(known=known, officers=officers)


def place_of(facts: Facts, pair: Pair, day: date) -> Place:
    """Return where an assignment belongs on `day`, and whom it is about."""
    district = next(
        (
            d.district
            for d in facts.districts.get(pair.school, ())
            if d.since <= day and (d.until is None or day < d.until)
        ),
        None,
    )
    return Place(pair.agency, district, pair.school, facts.persons.get(pair.officer))


def _reader(actor: Actor, facts: Facts, pair: Pair, day: date) -> Reader:
    if actor.is_system:
        return Reader(may_read_program=True, may_read_personnel=True)
    return access.reader(actor, place_of(facts, pair, day))


def served(person_id: int, day: date) -> list[Place]:
    """Return where a person serves as an officer on `day`: for `registry.served`, before an actor is seated."""
    held = Assigned.objects.as_of(day).filter(officer__person_id=person_id)
    found = list(held.values_list("agency_id", "district_id", "school_id"))
    belongs = SchoolInDistrict.objects.as_of(day).filter(school_id__in={s for _, _, s in found})
    districts = dict(belongs.values_list("school_id", "district_id"))
    return [Place(a, districts.get(s, d), s, person_id) for a, d, s in found]


class CannotAnswer(RuntimeError):
    """The question names something that is not there, or that is there more than once."""


def school_named(ref: str) -> School:
    """Return the school with this NCES id or uid. Raises `CannotAnswer`."""
    by = Q(nces_id=ref)
    if (uid := _as_uid(ref)) is not None:
        by |= Q(uid=uid)
    school = School.objects.filter(by).first()
    if school is None:
        raise CannotAnswer(
            f"No school has the NCES id or uid {ref!r}. List them with: rapport facts --all --json"
        )
    return school


def officer_named(badge: str, ori: str | None, *, day: date) -> tuple[Officer, Agency]:
    """Return the officer with this badge and the employing agency. Raises `CannotAnswer`.

    A badge belongs to an officer on the days of its employment; where none holds on `day`, the
    newest is taken. Two agencies with the same badge need `ori`; an ended one may be asked about.
    """
    rows = Employment.objects.known().filter(badge=badge).select_related("officer", "agency")
    if ori:
        rows = rows.filter(agency__ori=ori)
    found = list(rows.order_by("-valid_from", "pk"))
    if not found:
        raise CannotAnswer(
            f"No officer has the badge {badge!r}" + (f" with {ori}." if ori else ".")
        )
    holding = [
        e for e in found if e.valid_from <= day and (e.valid_until is None or day < e.valid_until)
    ]
    chosen = holding or found[:1]
    if len({(e.officer_id, e.agency_id) for e in chosen}) > 1:
        agencies = ", ".join(sorted(e.agency.ori or str(e.agency.uid) for e in chosen))
        raise CannotAnswer(
            f"The badge {badge!r} is borne in several agencies. Add --agency with one of: {agencies}."
        )
    if not ori and (two := _two_employers(chosen[0], day)):
        raise CannotAnswer(
            f"This officer has two employers on {day}. Add --agency with one of: {', '.join(two)}."
        )
    return chosen[0].officer, chosen[0].agency


def _two_employers(row: Employment, day: date) -> list[str]:
    others = (
        Employment.objects.as_of(day).filter(officer_id=row.officer_id).select_related("agency")
    )
    oris = sorted({e.agency.ori or str(e.agency.uid) for e in others})
    return oris if len(oris) > 1 else []


def _as_uid(ref: str) -> UUID | None:
    try:
        return UUID(ref)
    except ValueError:
        return None


class OfficerName(NamedTuple):
    """How an officer is named beside a standing."""

    uid: str
    name: str


class SchoolName(NamedTuple):
    """How a school is named beside a standing."""

    uid: str
    name: str
    nces_id: str | None
    state: str


class Names:
    """Names and uids of everything a standing is about, by key. For the system's own lists alone."""

    def __init__(self) -> None:
        uid = hex_uid()
        officers = Officer.objects.annotate(text=uid).values_list("pk", "text", "person__name")
        schools = School.objects.annotate(text=uid).values_list(
            "pk", "text", "name", "nces_id", "state"
        )
        agencies = Agency.objects.annotate(text=uid).values_list("pk", "ori", "text")
        self.officers = {pk: OfficerName(*rest) for pk, *rest in officers}
        self.schools = {pk: SchoolName(*rest) for pk, *rest in schools}
        self.agencies = {pk: ori or text for pk, ori, text in agencies}
        self.assignments = dict(Assignment.objects.annotate(text=uid).values_list("pk", "text"))


def program_zone() -> str:
    """Return the time zone of most schools: where "the end of that day" is meant for a whole list."""
    zones = School.objects.values_list("zone").annotate(n=Count("pk")).order_by("-n", "zone")
    first = zones.first()
    return first[0] if first else "UTC"


def beside(row: Fact) -> dict[str, Any]:
    """Return what a checker needs beside a fact's own terms: states, districts that employ."""
    if isinstance(row, Assigned | SchoolInDistrict):
        return {"state": row.school.state}
    if isinstance(row, Employment | DutyStatus | AgencyStart):
        own = row.agency.own_district
        return {"state": row.agency.state, "own_district": own.uid.hex if own else None}
    if isinstance(row, RuleSetVersion):
        return {"jurisdiction": row.ruleset.jurisdiction, "topic": row.ruleset.topic}
    return {}
