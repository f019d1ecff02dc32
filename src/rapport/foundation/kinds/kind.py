"""A kind of fact, as its app describes it once, so that recording, correcting and withdrawing are written once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Generic, NotRequired, TypedDict, TypeVar

from django.conf import settings
from django.db.models import Model, QuerySet

from rapport.foundation import access, clock
from rapport.foundation.access import Actor, Right, Scoped, Verb
from rapport.foundation.facts import Fact

F_ = TypeVar("F_", bound=Fact)


class Span(TypedDict):
    """What every fact is recorded with; the base of a kind's typed arguments."""

    valid_from: date
    valid_until: NotRequired[date | None]
    source: NotRequired[str]


class SpanChanges(TypedDict, total=False):
    """The same where a correction may change any of it."""

    valid_from: date
    valid_until: date | None
    source: str


def nothing_more(fact: Fact, today: date) -> None:
    """Ask nothing beyond what holds for every fact."""


def by_the_wall(actor: Actor, verb: Verb, at: Scoped) -> bool:
    """Tell what the sharing rules say, without narrowing."""
    return access.may(actor, verb, at)


@dataclass(frozen=True, slots=True, kw_only=True)
class FactKind(Generic[F_]):
    """One kind of fact: its model, its verbs, who may, what it must obey and how it reads.

    Describe it in the app's `access.py`. `kinds.deeds` then does the work of the app's actions, and
    `kinds.pages` shows the forms. `ensure` gets the fact as it would stand (not saved) and today's
    date where the record is kept; it raises `Refused`. `may` narrows what the wall gives, never widens.
    """

    model: type[F_]
    title: Any  # lazily translated; a heading, such as "Employment"
    record: Verb
    correct: Verb
    withdraw: Verb
    end: Verb | None = None  # where ending has a verb of its own; else it counts as a correction
    open: Verb | None = None  # where looking at one leaves a line: for the classes that are watched
    words: Callable[[F_], str]  # what the fact says, in words, without its dates
    ensure: Callable[[F_, date], None] = nothing_more
    may: Callable[[Actor, Verb, Scoped], bool] = by_the_wall
    related: tuple[str, ...] = ()  # what `words` reads: for select_related
    rows_for: Callable[[Actor], QuerySet[F_]] | None = None  # else by the wall's READ on the class
    gives_way: bool = False  # a new fact cuts into the one that held before (see `kinds.room`)
    is_a_moment: bool = False  # it happened on a day, rather than held from a day to a day

    @property
    def name(self) -> str:
        """Return the stable word of this kind."""
        return self.model.kind

    def rows(self, actor: Actor) -> QuerySet[F_]:
        """Return the facts of this kind that `actor` may read, also those withdrawn since."""
        if self.rows_for is not None:
            return self.rows_for(actor).select_related(*self.related)
        rows: QuerySet[F_] = self.model._default_manager.select_related(*self.related)
        return access.visible(rows, actor, Right.READ, self.model.record_class)

    def today(self, fact: Fact, now: datetime) -> date:
        """Return the date at `now` where the record is kept."""
        return clock.today(now, self.zone(fact))

    def zone(self, fact: Fact) -> str:
        """Return the time zone in which the record is kept: of its agency, its district or its school."""
        for column in ("agency", "district", "school"):
            zone: str = getattr(getattr(fact, column, None), "zone", "")
            if zone:
                return zone
        return str(settings.RAPPORT_ZONE)


def entity_id(fact: Fact) -> int:
    """Return the key of what a fact is about: what its trail lines name."""
    number = getattr(fact, type(fact).owner)
    return number.pk if isinstance(number, Model) else int(number)


def last_day(valid_until: date | None) -> date | None:
    """Return the last day on which something holds that no longer holds from `valid_until`."""
    return valid_until - timedelta(days=1) if valid_until else None


def first_day_after(last: date | None) -> date | None:
    """Return the first day on which something no longer holds whose last day is `last`."""
    return last + timedelta(days=1) if last else None
