"""Where an agreement stands on a day, and what it lacks. Each question names its asker first."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from rapport.foundation.access import Actor
from rapport.standing.agreements import access, rules
from rapport.standing.agreements.models import (
    Affirmation,
    Agreement,
    Clause,
    Coverage,
    Party,
    Settled,
    Signature,
    Term,
)
from rapport.standing.agreements.rules import Pact, Side, State


@dataclass(frozen=True, slots=True)
class Found:
    """An agreement on a day: who is in it, where it stands, and what is missing."""

    agreement: Agreement
    state: State
    parties: list[str]
    unsigned: list[str]
    covers: list[str]
    missing: list[rules.LibraryClause]
    since: date | None  # the term that holds, or the next one
    until: date | None  # first day it no longer runs
    in_force_since: (
        date | None
    )  # where it is in force: its first day, or that of the last signature
    review_due: date | None
    review_months: int  # how often it is reviewed
    says_review: bool  # the agreement itself says how often
    is_review_overdue: bool

    @property
    def is_complete(self) -> bool:
        """Tell whether it is in force and holds every essential clause (FIELD 14, rule 5)."""
        return self.state is State.IN_FORCE and not self.missing


def agreements(actor: Actor, *, day: date, known: datetime | None = None) -> list[Found]:
    """Return the agreements this actor may know of, as they stand on `day`, by name: nine queries."""
    rows = list(access.visible_agreements(actor).order_by("title", "pk"))
    return _found(rows, day, known)


def agreement_on(
    actor: Actor, agreement: Agreement, *, day: date, known: datetime | None = None
) -> Found | None:
    """Return how one agreement stands on `day`; None where the asker may not know of it."""
    if not access.visible_agreements(actor).filter(pk=agreement.pk).exists():
        return None
    return _found([agreement], day, known)[0]


def public_agreements(actor: Actor, *, day: date) -> list[Found]:
    """Return the agreements in force on `day`, for anybody: that they exist, between whom, since when."""
    found = _found(list(Agreement.objects.order_by("title", "pk")), day, None)
    return [f for f in found if f.state is State.IN_FORCE]


def _found(rows: list[Agreement], day: date, known: datetime | None) -> list[Found]:
    keys = [a.pk for a in rows]
    pacts = _pacts_of(keys, known=known)
    names = _names(keys, known)
    covers = _covers(keys, day, known)
    months = dict(
        Settled.objects.as_of(day, known)
        .filter(agreement_id__in=keys, key=rules.Key.REVIEW_MONTHS)
        .values_list("agreement_id", "value")
    )
    return [_one(a, pacts[a.pk], names, covers[a.pk], day, months.get(a.pk)) for a in rows]


def _one(
    agreement: Agreement,
    pact: Pact,
    names: dict[Side, str],
    covers: list[str],
    day: date,
    said_months: str | None,
) -> Found:
    asked = _day_to_judge(pact, day)
    holds = rules.on(asked)
    term = next((t for t in pact.terms if holds(t.since, t.until)), None)
    months = int(said_months or rules.REVIEW_MONTHS)
    due = rules.review_due(pact, day, months)
    library = rules.clauses()
    return Found(
        agreement,
        rules.state(pact, day),
        [names[s] for s in rules.parties(pact, holds)],
        [names[s] for s in rules.unsigned(pact, holds)],
        covers,
        [library[n] for n in rules.missing_clauses(pact, holds)],
        term.since if term else None,
        term.until if term else None,
        rules.in_force_since(pact, day),
        due,
        months,
        said_months is not None,
        due is not None and due < day,
    )


def _day_to_judge(pact: Pact, day: date) -> date:
    """Return `day`, or the first day of a term to come: what is missing is missing for that."""
    if any(rules.on(day)(t.since, t.until) for t in pact.terms):
        return day
    return min((t.since for t in pact.terms if t.since > day), default=day)


def _pacts_of(agreements: Collection[int], *, known: datetime | None = None) -> dict[int, Pact]:
    """Return what is known about these agreements, as the rules want it: five queries."""

    def read(model: type[Any], *columns: str) -> dict[int, list[tuple[Any, ...]]]:
        found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        rows = model.objects.known(known).filter(agreement_id__in=agreements).order_by("pk")
        for key, *values in rows.values_list("agreement_id", *columns, *SPAN):
            found[key].append(tuple(values))
        return found

    terms, parties = read(Term), read(Party, *SIDE)
    signatures, clauses, reviews = read(Signature, *SIDE), read(Clause, "number"), read(Affirmation)
    return {
        key: Pact(
            [rules.Span(*r) for r in terms[key]],
            [rules.SideSpan(Side(a, d), *span) for a, d, *span in parties[key]],
            [rules.SideSpan(Side(a, d), *span) for a, d, *span in signatures[key]],
            [rules.ClauseSpan(*r) for r in clauses[key]],
            [rules.Span(*r) for r in reviews[key]],
        )
        for key in agreements
    }


SPAN = ("valid_from", "valid_until")
SIDE = ("agency_id", "district_id")


def _names(keys: Collection[int], known: datetime | None) -> dict[Side, str]:
    rows = Party.objects.known(known).filter(agreement_id__in=keys)
    return {
        Side(agency, district): agency_name or district_name or ""
        for agency, district, agency_name, district_name in rows.values_list(
            *SIDE, "agency__name", "district__name"
        )
    }


def _covers(keys: Collection[int], day: date, known: datetime | None) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = Coverage.objects.known(known).filter(agreement_id__in=keys)
    rows = rows.exclude(valid_until__lte=day).select_related("district", "school")
    for coverage in rows.order_by("pk"):
        found[coverage.agreement_id].append(access.COVERAGE.words(coverage))
    return found


def official_districts(agencies: Iterable[int], day: date) -> set[int]:
    """Return the districts that call these agencies' officers school officials, by agreement in force.

    Read at sign-in to make an actor, before there is one to ask for it. A yes counts only where no
    other agreement in force with the same district says no (FIELD 2.4).
    """
    theirs = _parties_of(agencies).values("agreement_id")
    said = dict(
        Settled.objects.as_of(day)
        .filter(agreement_id__in=theirs, key=rules.Key.SCHOOL_OFFICIAL)
        .values_list("agreement_id", "value")
    )
    if not said:
        return set()
    words: dict[int, list[str]] = defaultdict(list)
    holds, wanted = rules.on(day), set(agencies)
    for key, pact in _pacts_of(sorted(said)).items():
        there = rules.parties(pact, holds)
        if rules.in_force(pact, holds) and any(s.agency in wanted for s in there):
            for side in there:
                if side.district is not None:
                    words[side.district].append(said[key])
    return {district for district, given in words.items() if rules.are_official(given)}


def _parties_of(agencies: Iterable[int]) -> QuerySet[Party]:
    rows: QuerySet[Party] = Party.objects.known().filter(agency_id__in=list(agencies))
    return rows
