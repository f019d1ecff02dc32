"""Facts as lists show them: what they say, since when they are known, and what may be done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

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


def row(actor: Actor, kind: FactKind[Any], fact: Fact) -> FactRow:
    """Return `fact` as a list shows it to `actor`, who may read it."""
    return FactRow(
        kind.name,
        kind.title,
        fact.uid,
        kind.words(fact),
        fact.valid_from,
        fact.valid_until,
        fact.recorded_at,
        fact.withdrawn_at,
        Source(fact.source).label,
        kind.is_a_moment,
        *links(actor, kind, fact),
        more(actor, kind, fact),
        kind.model.record_class in WATCHED,
    )


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


def rows(actor: Actor, kinds: Iterable[FactKind[Any]], **about: Any) -> list[FactRow]:
    """Return the facts of these kinds that match `about` and that `actor` may read: one query a kind.

    Newest first by their first day; among those of one day what was recorded last comes first. Facts
    withdrawn since are there too, with the moment.
    """
    found = [
        (fact.valid_from, fact.recorded_at, kind.name, fact.pk, row(actor, kind, fact))
        for kind in kinds
        for fact in kind.rows(actor).filter(**about)
    ]
    found.sort(key=lambda entry: entry[:4], reverse=True)
    return [entry[4] for entry in found]


def is_recorded(actor: Actor, kind: FactKind[Any], day: date, **about: Any) -> bool:
    """Tell whether `actor` knows of a fact of this kind that began on `day` and matches `about`."""
    known = kind.rows(actor).filter(withdrawn_at=None, valid_from=day, **about)
    return bool(known.exists())
