"""An agreement in one act, and its clauses ticked in one act."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from rapport.foundation import facts, live
from rapport.foundation.access import Actor, Place
from rapport.foundation.audit import trail
from rapport.foundation.facts import Fact, Refused, Source
from rapport.organizations.places.models import Agency, District, School
from rapport.standing.agreements import access, rules
from rapport.standing.agreements.models import (
    Agreement,
    AgreementFact,
    Clause,
    Coverage,
    Party,
    Settled,
    Term,
)

LONGEST = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What an agreement says. It covers its districts as a whole, unless `is_whole` is false; then `schools`."""

    title: str
    agencies: tuple[Agency, ...]
    districts: tuple[District, ...]
    valid_from: date
    valid_until: date | None = None
    is_whole: bool = True
    schools: tuple[tuple[District, School], ...] = ()
    clauses: frozenset[int] = frozenset()
    settled: Mapping[str, str] = field(default_factory=dict)
    source: Source | str = Source.RECORD


@transaction.atomic
def draft_agreement(actor: Actor, draft: Draft, *, now: datetime) -> Agreement:
    """Enter an agreement with its parties, coverage, dates, clauses and terms; return it.

    Signatures and reviews are recorded apart. Raises `NotAllowed` or `Refused`.
    """
    access.require(actor, access.DRAFT, _places(draft))
    _ensure_complete(draft)
    agreement = Agreement.objects.create(title=draft.title.strip())
    made = [_record(agreement, draft, model, now=now, **what) for model, what in _parts(draft)]
    trail.record(
        actor,
        access.DRAFT,
        agreement,
        at=now,
        facts=[str(fact.uid) for fact in made],
        clauses=sorted(draft.clauses),
    )
    live.ring("standing")
    return agreement


@transaction.atomic
def record_clauses(
    actor: Actor,
    agreement: Agreement,
    numbers: Iterable[int],
    *,
    day: date,
    now: datetime,
    source: Source | str = Source.RECORD,
) -> tuple[list[int], list[int]]:
    """Tick the clauses that the text holds from `day` on; return the numbers that came and that went.

    A clause no longer ticked ends on `day`. One line for all. Raises `NotAllowed`, `Refused` (also
    where nothing would change) or `Overtaken`.
    """
    access.require(actor, access.RECORD, access.places(agreement))
    wanted = set(numbers)
    _ensure_in_library(wanted)
    there = {c.number: c for c in Clause.objects.as_of(day).filter(agreement=agreement)}
    came, went = sorted(wanted - there.keys()), sorted(there.keys() - wanted)
    if not came and not went:
        raise Refused(_("Nothing was changed, so nothing was saved."))
    for number in came:
        facts.record(
            Clause, now=now, agreement=agreement, number=number, valid_from=day, source=source
        )
    for number in went:
        facts.end(there[number], day, now=now)
    trail.record(actor, access.RECORD, agreement, at=now, kind=Clause.kind, came=came, went=went)
    live.ring("standing")
    return came, went


def _places(draft: Draft) -> list[Place]:
    return [Place(agency_id=a.pk) for a in draft.agencies] + [
        Place(district_id=d.pk) for d in draft.districts
    ]


def _ensure_complete(draft: Draft) -> None:
    title = draft.title.strip()
    if not title or len(title) > LONGEST:
        raise Refused(
            _("Give the agreement a name of at most %(longest)s characters.")
            % {"longest": LONGEST},
            field="title",
        )
    if not draft.agencies:
        raise Refused(_("Choose at least one agency."), field="agencies")
    if not draft.districts:
        raise Refused(_("Choose at least one district."), field="districts")
    facts.ensure_span(draft.valid_from, draft.valid_until)
    _ensure_in_library(draft.clauses)


def _ensure_in_library(numbers: Iterable[int]) -> None:
    unknown = sorted(set(numbers) - rules.clauses().keys())
    if unknown:
        raise Refused(
            _("There is no clause %(number)s in the library.") % {"number": unknown[0]},
            field="clauses",
        )


def _parts(draft: Draft) -> list[tuple[type[AgreementFact], dict[str, Any]]]:
    """Return the facts an agreement is made of, parties before what they cover.

    The term alone has an end, so that renewing it needs one fact and not fifty.
    """
    covered: list[tuple[District, School | None]] = list(draft.schools)
    if draft.is_whole:
        covered = [(district, None) for district in draft.districts]
    return [
        (Term, {"valid_until": draft.valid_until}),
        *((Party, {"agency": agency}) for agency in draft.agencies),
        *((Party, {"district": district}) for district in draft.districts),
        *((Coverage, {"district": district, "school": school}) for district, school in covered),
        *((Clause, {"number": number}) for number in sorted(draft.clauses)),
        *((Settled, {"key": key, "value": value}) for key, value in sorted(draft.settled.items())),
    ]


def _record(
    agreement: Agreement, draft: Draft, model: type[AgreementFact], *, now: datetime, **what: Any
) -> Fact:
    values = {
        "agreement": agreement,
        "valid_from": draft.valid_from,
        "source": draft.source,
        **what,
    }
    kind = next(k for k in access.KINDS if k.model is model)
    kind.ensure(model(recorded_at=now, **values), access.today(None, now))
    return facts.record(model, now=now, **values)
