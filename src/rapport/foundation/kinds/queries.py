"""Facts as lists show them: what they say, since when they are known, and what may be done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from rapport.foundation import registry
from rapport.foundation.access import WATCHED, Actor
from rapport.foundation.facts import Fact, Source
from rapport.foundation.kinds import pages
from rapport.foundation.kinds.kind import FactKind, last_day
from rapport.foundation.kinds.pages import FactPages


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact as an actor may see it. The links are empty where they lead nowhere for this actor."""

    kind: str
    title: Any
    uid: UUID
    words: str
    valid_from: date
    valid_until: date | None  # first day it no longer holds
    recorded_at: datetime
    withdrawn_at: datetime | None
    source: Any
    is_a_moment: bool
    correct_url: str = ""
    end_url: str = ""
    withdraw_url: str = ""
    more: tuple[tuple[str, str], ...] = ()  # further steps: words and address
    is_watched: bool = False  # that somebody read it is written down

    @property
    def last_day(self) -> date | None:
        """Return the last day on which it holds; None while it is open."""
        return last_day(self.valid_until)


def row(actor: Actor, kind: FactKind[Any], fact: Fact, *, then: bool = False) -> FactRow:
    """Return `fact` as a list shows it to `actor`, who may read it.

    `then` shows it as it stood before it was withdrawn: to be read, with no links.
    """
    return FactRow(
        kind.name,
        kind.title,
        fact.uid,
        kind.words(fact),
        fact.valid_from,
        fact.valid_until,
        fact.recorded_at,
        None if then else fact.withdrawn_at,
        _source(fact),
        kind.is_a_moment,
        *(("", "", "") if then else links(actor, kind, fact)),
        () if then else more(actor, kind, fact),
        kind.model.record_class in WATCHED,
    )


def _source(fact: Fact) -> Any:
    """Return how a fact came to be known; of a side's own record, which side's."""
    if fact.source != Source.RECORD:
        return Source(fact.source).label
    of_agency = getattr(fact, "agency_id", None) is not None
    of_district = getattr(fact, "district_id", None) is not None
    if of_agency and not of_district:
        return _("the agency's own record")
    if of_district and not of_agency:
        return _("the district's own record")
    return Source.RECORD.label


def _known(kind: FactKind[Any], actor: Actor, known: datetime | None) -> QuerySet[Any]:
    rows: Any = kind.rows(actor)
    return rows if known is None else rows.known(known)  # type: ignore[no-any-return]


def links(actor: Actor, kind: FactKind[Any], fact: Fact) -> tuple[str, str, str]:
    """Return the addresses at which `actor` may correct, end and withdraw the fact, or empty words."""
    there = registry.fact_pages.get(kind.name)
    if there is None or fact.withdrawn_at is not None:
        return ("", "", "")
    correct, end, withdraw = (
        pages.url(step, fact) if may(actor, there, step, fact) else ""
        for step in ("correct", "end", "withdraw")
    )
    return correct, end, withdraw


def more(actor: Actor, kind: FactKind[Any], fact: Fact) -> tuple[tuple[str, str], ...]:
    """Return the further steps that `actor` may take with the fact."""
    there = registry.fact_pages.get(kind.name)
    if there is None or fact.withdrawn_at is not None:
        return ()
    return tuple(there.more(actor, fact))


def may(actor: Actor, there: FactPages[Any], step: str, fact: Fact) -> bool:
    """Tell whether `actor` may take this step (correct, end, withdraw) with a fact of such pages."""
    kind = there.kind
    match step:
        case "correct":
            deed, verb = there.correct, kind.correct
        case "end":
            deed, verb = there.end, kind.end or kind.correct
            if fact.valid_until is not None:
                return False
        case _:
            deed, verb = there.withdraw, kind.withdraw
    return deed is not None and kind.may(actor, verb, fact)  # type: ignore[arg-type]


def rows(
    actor: Actor, kinds: Iterable[FactKind[Any]], *, known: datetime | None = None, **about: Any
) -> list[FactRow]:
    """Return the facts of these kinds that match `about` and that `actor` may read: one query a kind.

    Newest first by their first day; among those of one day what was recorded last comes first. Facts
    withdrawn since are there too, with the moment; with `known` those alone that were known at that
    moment, as they stood then, and nothing can be done with them.
    """
    then = known is not None
    found = [
        (fact.valid_from, fact.recorded_at, kind.name, fact.pk, row(actor, kind, fact, then=then))
        for kind in kinds
        for fact in _known(kind, actor, known).filter(**about)
    ]
    found.sort(key=lambda entry: entry[:4], reverse=True)
    return [entry[4] for entry in found]


def is_recorded(actor: Actor, kind: FactKind[Any], day: date, **about: Any) -> bool:
    """Tell whether `actor` knows of a fact of this kind that began on `day` and matches `about`."""
    known = kind.rows(actor).filter(withdrawn_at=None, valid_from=day, **about)
    return bool(known.exists())
