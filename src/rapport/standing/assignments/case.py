"""The one loader of what a standing rests on. It is narrowed by no actor: a principal who may not
read personnel facts would else find everybody not cleared. Only this app's queries import it; what
an actor is shown is decided afterwards, by `rules/shown.py`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Func, Q, QuerySet, TextField

from rapport.foundation.facts import Fact
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
from rapport.standing.assignments.models import Assigned, Excepted
from rapport.standing.assignments.rules import (
    Book,
    Case,
    Chosen,
    Covered,
    Pact,
    Side,
    Span,
    Taken,
    Work,
)
from rapport.standing.officers.models import Certification, DutyStatus, Employment, Officer
from rapport.standing.selection.models import Evaluation, Selection
from rapport.standing.training.models import Completed, Verified

SPAN = ("text_uid", "since", "until")


class _Plain(Func):
    """A column whose values no Python converts: doing that value by value is half of a load."""

    template = "%(expressions)s"
    on_sqlite = "CAST(%(expressions)s AS text)"
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Return what SQLite is asked."""
        return super().as_sql(compiler, connection, template=self.on_sqlite, **context)


class _HexUid(_Plain):
    template = "REPLACE(CAST(%(expressions)s AS varchar), '-', '')"
    on_sqlite = "%(expressions)s"


def hex_uid() -> Func:
    """Return a row's uid as 32 digits: as SQLite keeps it, and as PostgreSQL is asked to write it."""
    return _HexUid("uid")


class _Days(dict[Any, Any]):
    """The date for what a driver gives for one: text, or a date. Each different one is read once."""

    def __missing__(self, given: Any) -> date | None:
        day = date.fromisoformat(given) if isinstance(given, str) else given
        self[given] = day
        return day


class Pair(NamedTuple):
    """An officer and a school, for an agency; with the assignment where there is one."""

    officer: int
    school: int
    agency: int
    assignment: int | None = None


class Known(NamedTuple):
    """What to load: what was known at a moment (None: now), of some officers (None: of all)."""

    when: datetime | None = None
    officers: frozenset[int] | None = None


class Rows(NamedTuple):
    """An assignment's facts: first day, and the spans."""

    began: date
    spans: list[Work]


class Facts:
    """All facts that were asked for, grouped so that a case is put together without a query."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self._days = _Days()
        self.schools = {
            pk: (state, zone)
            for pk, state, zone in School.objects.values_list("pk", "state", "zone")
        }
        self.agencies = {
            pk: (state, own)
            for pk, state, own in Agency.objects.values_list("pk", "state", "own_district_id")
        }
        self.persons = dict(Officer.objects.values_list("pk", "person_id"))
        self._load_assignments()
        self.certified = self._spans(Certification, ("officer_id", "state"), "status")
        self.employed = self._spans(Employment, ("officer_id", "agency_id"), "badge")
        self.duty = self._spans(DutyStatus, ("officer_id", "agency_id"), "status")
        self.evaluated = self._spans(Evaluation, ("officer_id", "agency_id"), "district_part")
        self.exceptions = self._spans(Excepted, ("assignment_id",), "ground", of=Q())
        self._load_selection_and_training()
        self._load_places()
        self._load_agreements()
        self.books = self._books()

    def _rows(
        self, model: type[Fact], *columns: str, of: Q | None = None, **more: Func
    ) -> Iterator[tuple[Any, ...]]:
        rows: QuerySet[Any] = model.objects.known(self.known.when)
        if self.known.officers is not None and of is None:
            rows = rows.filter(officer_id__in=self.known.officers)
        span = {"since": _Plain("valid_from"), "until": _Plain("valid_until")}
        found = rows.annotate(text_uid=hex_uid(), **span, **more).values_list(*columns)
        yield from found.iterator(chunk_size=5000)

    def _spans(
        self, model: type[Fact], keys: tuple[str, ...], word: str, *, of: Q | None = None
    ) -> dict[Any, list[Span]]:
        found: dict[Any, list[Span]] = defaultdict(list)
        days, one = self._days, len(keys) == 1
        for *key, chosen, uid, since, until in self._rows(model, *keys, word, *SPAN, of=of):
            span = Span(uid, chosen, days[since], days[until])
            found[key[0] if one else tuple(key)].append(span)
        return found

    def _load_assignments(self) -> None:
        self.assigned: dict[Pair, list[Work]] = defaultdict(list)
        self.work: dict[tuple[int, int, str], list[Work]] = defaultdict(list)
        days = self._days
        columns = ("officer_id", "school_id", "agency_id", "assignment_id", "hours", *SPAN)
        for officer, school, agency, assignment, hours, uid, since, until in self._rows(
            Assigned, *columns, hours=_Plain("hours_per_week")
        ):
            count = None if hours is None else float(hours)
            work = Work(uid, count, days[since], days[until])
            self.assigned[Pair(officer, school, agency, assignment)].append(work)
            self.work[officer, agency, self.schools[school][0]].append(work)

    def _load_selection_and_training(self) -> None:
        days = self._days
        self.selected: dict[tuple[int, int], list[Chosen]] = defaultdict(list)
        columns = ("officer_id", "agency_id", "outcome", "district_part", *SPAN)
        for officer, agency, outcome, part, uid, since, until in self._rows(Selection, *columns):
            self.selected[officer, agency].append(
                Chosen(uid, outcome, part, days[since], days[until])
            )
        self.taken: dict[int, list[Taken]] = defaultdict(list)
        chosen = ("officer_id", "result", "course__code", "count", "completion_id", *SPAN)
        for officer, result, code, hours, completion, uid, since, until in self._rows(
            Completed, *chosen, count=_Plain("hours")
        ):
            count = None if hours is None else float(hours)
            taken = Taken(uid, result, code, count, completion, days[since], days[until])
            self.taken[officer].append(taken)
        self.verified = self._verified()

    def _verified(self) -> dict[int, list[Span]]:
        days = self._days
        found: dict[int, list[Span]] = defaultdict(list)
        for completion, uid, since, until in self._rows(Verified, "completion_id", *SPAN):
            found[completion].append(Span(uid, "", days[since], days[until]))
        return found

    def _load_places(self) -> None:
        days = self._days
        self.districts: dict[int, list[Covered]] = defaultdict(list)
        for school, district, uid, since, until in self._rows(
            SchoolInDistrict, "school_id", "district_id", *SPAN, of=Q()
        ):
            self.districts[school].append(Covered(uid, district, school, days[since], days[until]))
        self.starts: dict[int, Span] = {}
        for agency, uid, since, until in self._rows(AgencyStart, "agency_id", *SPAN, of=Q()):
            span = Span(uid, "", days[since], days[until])
            earlier = self.starts.get(agency, span)
            self.starts[agency] = min(span, earlier, key=lambda s: (s.since, s.uid))
        self.school_years: dict[int, list[Span]] = defaultdict(list)
        for district, uid, since, until in self._rows(SchoolYear, "district_id", *SPAN, of=Q()):
            self.school_years[district].append(Span(uid, "", days[since], days[until]))

    def _load_agreements(self) -> None:
        terms = self._spans(Term, ("agreement_id",), "agreement_id", of=Q())
        affirmations = self._spans(Affirmation, ("agreement_id",), "outcome", of=Q())
        clauses = self._spans(Clause, ("agreement_id",), "number", of=Q())
        parties, signatures = self._sides(Party), self._sides(Signature)
        days = self._days
        coverages: dict[int, list[Covered]] = defaultdict(list)
        for key, district, school, uid, since, until in self._rows(
            Coverage, "agreement_id", "district_id", "school_id", *SPAN, of=Q()
        ):
            coverages[key].append(Covered(uid, district, school, days[since], days[until]))
        self.pacts: dict[int, list[Pact]] = defaultdict(list)
        for key in sorted(parties):
            pact = Pact(
                key,
                terms[key],
                parties[key],
                signatures[key],
                coverages[key],
                affirmations[key],
                [c._replace(word=str(c.word)) for c in clauses[key]],
            )
            for agency in {p.agency for p in parties[key] if p.agency is not None}:
                self.pacts[agency].append(pact)

    def _sides(self, model: type[Fact]) -> dict[int, list[Side]]:
        days = self._days
        found: dict[int, list[Side]] = defaultdict(list)
        for key, agency, district, uid, since, until in self._rows(
            model, "agreement_id", "agency_id", "district_id", *SPAN, of=Q()
        ):
            found[key].append(Side(uid, agency, district, days[since], days[until]))
        return found

    def _books(self) -> Mapping[str, Book]:
        columns = ("ruleset__jurisdiction", "ruleset__topic", "version", "body", *SPAN)
        days = self._days
        by_jurisdiction: dict[str, list[rules.Version]] = defaultdict(list)
        for jurisdiction, topic, version, body, uid, since, until in self._rows(
            RuleSetVersion, *columns, of=Q()
        ):
            by_jurisdiction[jurisdiction].append(
                rules.version(uid, jurisdiction, topic, version, (days[since], days[until]), body)
            )
        always = [*by_jurisdiction[rules.BASELINE], *by_jurisdiction[rules.PROGRAM]]
        states = {state for state, _ in self.schools.values()}
        return {state: Book([*always, *by_jurisdiction.get(state, ())]) for state in states}

    def case(self, pair: Pair, *, asked: date) -> Case:
        """Return the case of a pair; without assignment it is asked "if assigned from `asked`"."""
        state, _ = self.schools[pair.school]
        agency_state, own = self.agencies[pair.agency]
        spans = self.assigned.get(pair, ())
        began = min([w.since for w in spans], default=asked)
        work = self.work.get((pair.officer, pair.agency, state), ())
        districts = self.districts.get(pair.school, ())
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
            employed=self.employed.get((pair.officer, pair.agency), ()),
            duty=self.duty.get((pair.officer, pair.agency), ()),
            selected=self.selected.get((pair.officer, pair.agency), ()),
            evaluated=self.evaluated.get((pair.officer, pair.agency), ()),
            taken=self.taken.get(pair.officer, ()),
            verified=self.verified,
            pacts=self.pacts.get(pair.agency, ()),
            exceptions=self.exceptions.get(pair.assignment, ()) if pair.assignment else (),
            school_years=[y for d in districts for y in self.school_years.get(d.district, ())],
        )

    def pairs_on(self, day: date) -> list[Pair]:
        """Return the pairs whose assignment holds on `day`, by key."""
        return sorted(
            pair
            for pair, spans in self.assigned.items()
            if any(w.since <= day and (w.until is None or day < w.until) for w in spans)
        )


def load(*, known: datetime | None = None, officers: Iterable[int] | None = None) -> Facts:
    """Load what was known at `known` (None: now), of some officers or of all, in a fixed number of queries."""
    kept = None if officers is None else frozenset(officers)
    return Facts(Known(known, kept))
