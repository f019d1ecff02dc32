"""All facts that a standing may look at, loaded in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from operator import attrgetter
from typing import Any, Final, NamedTuple

from django.db.models import Q

from rapport.foundation.rulesets.models import RuleSetVersion
from rapport.organizations.calendars.models import SchoolYear
from rapport.organizations.places.models import Agency, AgencyStart, School, SchoolInDistrict
from rapport.standing.agreements.models import (
    Affirmation,
    Clause,
    Coverage,
    Party,
    Signature,
    Term,
)
from rapport.standing.assignments import rules
from rapport.standing.assignments.case.rows import Plain, Rows
from rapport.standing.assignments.models import Assigned, Excepted
from rapport.standing.assignments.rules import (
    Book,
    Case,
    Chosen,
    Covered,
    Pact,
    Span,
    Taken,
    Work,
)
from rapport.standing.officers.models import Certification, DutyStatus, Employment, Officer
from rapport.standing.selection.models import Evaluation, Selection
from rapport.standing.training.models import Completed, Verified


class Pair(NamedTuple):
    """An officer and a school, for an agency; with the assignment where there is one."""

    officer: int
    school: int
    agency: int
    assignment: int | None = None


class Held:
    """What is known of an officer with one agency."""

    __slots__ = ("duty", "employed", "evaluated", "selected")

    def __init__(self) -> None:
        self.employed: list[Span] = []
        self.duty: list[Span] = []
        self.evaluated: list[Span] = []
        self.selected: list[Chosen] = []


NOTHING: Final = Held()
HELD: Final = (
    (Employment, "badge", attrgetter("employed")),
    (DutyStatus, "status", attrgetter("duty")),
    (Evaluation, "district_part", attrgetter("evaluated")),
)


class Facts:
    """Facts grouped so that a case is put together without a query.

    With `officers`, the facts about these alone, and about the places of their assignments and of
    the pairs `at`; without, all.
    """

    def __init__(
        self, known: datetime | None, officers: frozenset[int] | None, at: Iterable[Pair]
    ) -> None:
        self._all = officers is None
        self._rows = Rows(known, many=self._all)
        theirs = self._among("officer_id", officers or ())
        self._load_assignments(theirs)
        pairs = {*self.assigned, *at}
        self._load_places({p.school for p in pairs}, {p.agency for p in pairs})
        self.persons = dict(
            Officer.objects.filter(self._among("pk", officers or ())).values_list("pk", "person_id")
        )
        self._load_work()
        self._load_held(theirs)
        self._load_training(theirs)
        self.pacts = self._pacts({p.agency for p in pairs})
        self.books = _books(self._rows, {state for state, _ in self.schools.values()})

    def _among(self, column: str, keys: Iterable[Any]) -> Q:
        return Q() if self._all else Q(**{f"{column}__in": set(keys)})

    def _load_assignments(self, theirs: Q) -> None:
        self.assigned: dict[Pair, list[Work]] = defaultdict(list)
        days = self._rows.days
        columns = ("officer_id", "school_id", "agency_id", "assignment_id", "hours")
        for officer, school, agency, assignment, hours, uid, since, until in self._rows.of(
            Assigned, theirs, *columns, hours=Plain("hours_per_week")
        ):
            count = None if hours is None else float(hours)
            work = Work(uid, count, days[since], days[until])
            self.assigned[Pair(officer, school, agency, assignment)].append(work)
        one = self._among("assignment_id", {p.assignment for p in self.assigned})
        self.exceptions = self._rows.spans(Excepted, one, "assignment_id", "ground")

    def _load_places(self, schools: set[int], agencies: set[int]) -> None:
        days, of_school = self._rows.days, self._among("school_id", schools)
        rows = School.objects.filter(self._among("pk", schools))
        self.schools = {
            pk: (state, zone) for pk, state, zone in rows.values_list("pk", "state", "zone")
        }
        employers = Agency.objects.filter(self._among("pk", agencies))
        self.agencies = {
            pk: (state, own)
            for pk, state, own in employers.values_list("pk", "state", "own_district_id")
        }
        self.districts: dict[int, list[Covered]] = defaultdict(list)
        for school, district, uid, since, until in self._rows.of(
            SchoolInDistrict, of_school, "school_id", "district_id"
        ):
            self.districts[school].append(Covered(uid, district, school, days[since], days[until]))
        self.starts: dict[int, Span] = {}
        of_agency = self._among("agency_id", agencies)
        for agency, uid, since, until in self._rows.of(AgencyStart, of_agency, "agency_id"):
            span = Span(uid, "", days[since], days[until])
            earlier = self.starts.get(agency, span)
            self.starts[agency] = min(span, earlier, key=lambda s: (s.since, s.uid))
        places = {d.district for spans in self.districts.values() for d in spans}
        self.school_years: dict[int, list[Span]] = defaultdict(list)
        for district, uid, since, until in self._rows.of(
            SchoolYear, self._among("district_id", places), "district_id"
        ):
            self.school_years[district].append(Span(uid, "", days[since], days[until]))

    def _load_work(self) -> None:
        self.work: dict[tuple[int, int, str], list[Work]] = defaultdict(list)
        for pair, spans in self.assigned.items():
            self.work[pair.officer, pair.agency, self.schools[pair.school][0]] += spans

    def _load_held(self, theirs: Q) -> None:
        self.held: dict[tuple[int, int], Held] = defaultdict(Held)
        days, held, rows = self._rows.days, self.held, self._rows
        for model, word, of in HELD:
            for officer, agency, chosen, uid, since, until in rows.of(
                model, theirs, "officer_id", "agency_id", word
            ):
                span = Span(uid, chosen, days[since], days[until])
                of(held[officer, agency]).append(span)
        columns = ("officer_id", "agency_id", "outcome", "district_part")
        for officer, agency, outcome, part, uid, since, until in rows.of(
            Selection, theirs, *columns
        ):
            selected = Chosen(uid, outcome, part, days[since], days[until])
            held[officer, agency].selected.append(selected)
        self.certified: dict[tuple[int, str], list[Span]] = defaultdict(list)
        for officer, state, status, uid, since, until in rows.of(
            Certification, theirs, "officer_id", "state", "status"
        ):
            self.certified[officer, state].append(Span(uid, status, days[since], days[until]))

    def _load_training(self, theirs: Q) -> None:
        days = self._rows.days
        self.taken: dict[int, list[Taken]] = defaultdict(list)
        columns = ("officer_id", "result", "course__code", "count", "completion_id")
        for officer, result, code, hours, completion, uid, since, until in self._rows.of(
            Completed, theirs, *columns, count=Plain("hours")
        ):
            count = None if hours is None else float(hours)
            taken = Taken(uid, result, code, count, completion, days[since], days[until])
            self.taken[officer].append(taken)
        self.verified: dict[int, list[Span]] = defaultdict(list)
        for completion, uid, since, until in self._rows.of(Verified, theirs, "completion_id"):
            self.verified[completion].append(Span(uid, "", days[since], days[until]))

    def _pacts(self, agencies: set[int]) -> dict[int, list[Pact]]:
        rows, days = self._rows, self._rows.days
        only = Q()
        if not self._all:
            theirs = Party.objects.known(rows.known).filter(agency_id__in=agencies)
            only = Q(agreement_id__in=set(theirs.values_list("agreement_id", flat=True)))
        terms = rows.spans(Term, only, "agreement_id", "agreement_id")
        affirmations = rows.spans(Affirmation, only, "agreement_id", "outcome")
        clauses = rows.spans(Clause, only, "agreement_id", "number")
        parties, signatures = rows.sides(Party, only), rows.sides(Signature, only)
        coverages: dict[int, list[Covered]] = defaultdict(list)
        for key, district, school, uid, since, until in rows.of(
            Coverage, only, "agreement_id", "district_id", "school_id"
        ):
            coverages[key].append(Covered(uid, district, school, days[since], days[until]))
        found: dict[int, list[Pact]] = defaultdict(list)
        for key in sorted(parties):
            held = [c._replace(word=str(c.word)) for c in clauses[key]]
            sides = (parties[key], signatures[key], coverages[key])
            pact = Pact(key, terms[key], *sides, affirmations[key], held)
            for agency in {p.agency for p in parties[key] if p.agency is not None}:
                found[agency].append(pact)
        return found

    def case(self, pair: Pair, *, asked: date) -> Case:
        """Return the case of a pair; without assignment it is asked "if assigned from `asked`"."""
        state, _ = self.schools[pair.school]
        agency_state, own = self.agencies[pair.agency]
        began = min([w.since for w in self.assigned.get(pair, ())], default=asked)
        work = self.work.get((pair.officer, pair.agency, state), ())
        districts = self.districts.get(pair.school, ())
        held = self.held.get((pair.officer, pair.agency), NOTHING)
        return Case(
            book=self.books[state],
            agency=pair.agency,
            school=pair.school,
            began=began,
            first_began=min([w.since for w in work if w.since < began], default=began),
            work=work,
            start=self.starts.get(pair.agency),
            own_district=own,
            districts=districts,
            certified=self.certified.get((pair.officer, agency_state), ()),
            employed=held.employed,
            duty=held.duty,
            selected=held.selected,
            evaluated=held.evaluated,
            taken=self.taken.get(pair.officer, ()),
            verified=self.verified,
            pacts=self.pacts.get(pair.agency, ()),
            exceptions=self.exceptions.get(pair.assignment, ()) if pair.assignment else (),
            school_years=self._years(districts) if self.school_years else (),
        )

    def _years(self, districts: Iterable[Covered]) -> list[Span]:
        return [y for d in districts for y in self.school_years.get(d.district, ())]

    def pairs_on(self, day: date) -> list[Pair]:
        """Return the pairs whose assignment holds on `day`, by key."""
        return sorted(
            pair
            for pair, spans in self.assigned.items()
            if any(w.since <= day and (w.until is None or day < w.until) for w in spans)
        )


def _books(rows: Rows, states: Iterable[str]) -> Mapping[str, Book]:
    columns = ("ruleset__jurisdiction", "ruleset__topic", "version", "body")
    by_jurisdiction: dict[str, list[rules.Version]] = defaultdict(list)
    for jurisdiction, topic, version, body, uid, since, until in rows.of(
        RuleSetVersion, Q(), *columns
    ):
        span = (rows.days[since], rows.days[until])
        by_jurisdiction[jurisdiction].append(
            rules.version(uid, jurisdiction, topic, version, span, body)
        )
    always = [*by_jurisdiction[rules.BASELINE], *by_jurisdiction[rules.PROGRAM]]
    return {state: Book([*always, *by_jurisdiction.get(state, ())]) for state in states}


def load(
    *,
    known: datetime | None = None,
    officers: Iterable[int] | None = None,
    at: Iterable[Pair] = (),
) -> Facts:
    """Load what was known at `known` (None: now), of all or of some `officers`, in a fixed number of queries.

    With `officers`, places are those of their assignments and of the pairs `at`.
    """
    return Facts(known, None if officers is None else frozenset(officers), at)


def load_books(*, known: datetime | None = None) -> Mapping[str, Book]:
    """Load the rules of each state in which the program has schools."""
    states = School.objects.order_by().values_list("state", flat=True).distinct()
    return _books(Rows(known), set(states))
