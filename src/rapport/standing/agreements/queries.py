"""Questions about agreements. Each names its asker first; what comes out is what they may see."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import get_language, gettext

from rapport.foundation.access import Actor
from rapport.foundation.kinds.queries import FactRow, row
from rapport.foundation.registry import Hit
from rapport.organizations.places import access as places
from rapport.organizations.places.models import Agency, District, School, SchoolInDistrict
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
    review_due: date | None
    is_review_overdue: bool

    @property
    def is_complete(self) -> bool:
        """Tell whether it is in force and holds every essential clause (FIELD 14, rule 5)."""
        return self.state is State.IN_FORCE and not self.missing


def agreements(actor: Actor, *, day: date, known: datetime | None = None) -> list[Found]:
    """Return the agreements this actor may know of, as they stand on `day`, by name: nine queries."""
    rows = list(access.visible_agreements(actor).order_by("title", "pk"))
    return _found(rows, day, known)


def find(actor: Actor, words: str) -> Iterator[Hit]:
    """Yield the agreements whose name or party has these words in it, for the search."""
    parties = Party.objects.known().filter(
        Q(agency__name__icontains=words) | Q(district__name__icontains=words)
    )
    rows = access.visible_agreements(actor).filter(
        Q(title__icontains=words) | Q(pk__in=parties.values("agreement_id"))
    )
    for agreement in rows.order_by("title", "pk"):
        url = reverse("agreements:agreement", args=[agreement.uid])
        yield Hit(gettext("Agreements"), agreement.title, url)


def is_recorded(actor: Actor, title: str, parties: Iterable[Agency | District]) -> bool:
    """Tell whether `actor` knows of an agreement of this name to which one of these is a party."""
    sides = Q()
    for side in parties:
        sides |= Q(agency=side) if isinstance(side, Agency) else Q(district=side)
    theirs = Party.objects.known().filter(sides).values("agreement_id")
    rows = access.visible_agreements(actor).filter(title__iexact=title.strip())
    return rows.filter(pk__in=theirs).exists()


def names(ids: Iterable[int]) -> dict[int, str]:
    """Return the names of agreements, by id: for lines of the history, which decides who reads them."""
    return dict(Agreement.objects.filter(pk__in=list(ids)).values_list("pk", "title"))


def count(actor: Actor) -> int:
    """Return how many agreements this actor may read."""
    return access.visible_agreements(actor).count()


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
    return [
        _one(a, pacts[a.pk], names, covers[a.pk], day, int(months.get(a.pk, rules.REVIEW_MONTHS)))
        for a in rows
    ]


def _one(
    agreement: Agreement,
    pact: Pact,
    names: dict[Side, str],
    covers: list[str],
    day: date,
    months: int,
) -> Found:
    asked = _day_to_judge(pact, day)
    holds = rules.on(asked)
    term = next((t for t in pact.terms if holds(t.since, t.until)), None)
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
        due,
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


# The order of kinds that have one of their own.
PLACES: Final[dict[str, Callable[[Any], int]]] = {
    access.CLAUSE.name: lambda clause: clause.number,
    access.SETTLED.name: lambda term: list(rules.Key).index(term.key),
}


def parts(actor: Actor, agreement: Agreement) -> dict[str, list[FactRow]]:
    """Return every part of an agreement by its kind, also those withdrawn: a query a kind.

    Newest first, those of one moment by their words; clauses by number, what is settled as it is asked.
    """
    agreement.kept_places = access.places(agreement)  # asked for once, not once a link
    found: dict[str, list[FactRow]] = {}
    for kind in access.KINDS:
        rows = list(kind.rows(actor).filter(agreement=agreement))
        for fact in rows:
            fact.agreement = agreement
        rows.sort(key=kind.words)
        rows.sort(key=lambda f: (f.valid_from, f.recorded_at), reverse=True)
        if place := PLACES.get(kind.name):
            rows.sort(key=place)
        found[kind.name] = [row(actor, kind, fact) for fact in rows]
    return found


def clauses_on(
    actor: Actor, agreement: Agreement, *, day: date
) -> list[tuple[rules.LibraryClause, str, bool]]:
    """Return the whole library: each clause, its title in the reader's language, and whether it is held."""
    rows = Clause.objects.as_of(day).filter(
        agreement=agreement, agreement__in=access.visible_agreements(actor)
    )
    there = set(rows.values_list("number", flat=True))
    language = get_language() or "en"
    return [(c, c.title(language), n in there) for n, c in rules.clauses().items()]


def sides(actor: Actor, agreement: Agreement) -> list[Agency | District]:
    """Return the parties of an agreement, as the agencies and districts they are."""
    rows = Party.objects.known().filter(
        agreement=agreement, agreement__in=access.visible_agreements(actor)
    )
    return [
        side
        for party in rows.select_related("agency", "district").order_by("pk")
        if (side := party.agency or party.district) is not None
    ]


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


# What forms offer


def agencies(actor: Actor) -> QuerySet[Agency]:
    """Return the agencies that can be parties. Their names are public."""
    return places.visible_agencies(actor).order_by("name", "pk")


def districts(actor: Actor) -> QuerySet[District]:
    """Return the districts that can be parties. Their names are public."""
    return places.visible_districts(actor).order_by("name", "pk")


def coverable(actor: Actor, agreement: Agreement) -> list[tuple[District, list[School]]]:
    """Return each district that is a party, with its schools of today."""
    found: dict[int, tuple[District, list[School]]] = {
        side.pk: (side, []) for side in sides(actor, agreement) if isinstance(side, District)
    }
    rows = SchoolInDistrict.objects.known().filter(district_id__in=found, valid_until=None)
    for belonging in rows.select_related("school").order_by("school__name", "pk"):
        found[belonging.district_id][1].append(belonging.school)
    return list(found.values())
