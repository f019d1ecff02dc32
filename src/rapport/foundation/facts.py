"""Facts over time: what holds from a day to a day, and since when it is known. Never edited."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from rapport.foundation.access import RecordClass
from rapport.foundation.tracked import Tracked, tell_ended, tell_written, tracked_models


class Source(models.TextChoices):
    """How a fact came to be known."""

    RECORD = "record", _("the agency's or the district's own record")
    CERTIFICATE = "certificate", _("a certificate that was seen")
    STATE = "state", _("the state's system")
    STATEMENT = "statement", _("told by somebody")
    FILE = "file", _("an imported file")
    SHIPPED = "shipped", _("shipped with the program")
    UNKNOWN = "unknown", _("not known")


class Overtaken(Exception):
    """Somebody else changed the same thing first. The message is a sentence for whoever came second."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or str(_("Somebody else has just changed this. Look again.")))


class Refused(ValueError):
    """What was asked breaks a rule; the message says which and what to do. `field` names the input."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class FactQuerySet(models.QuerySet[Any]):
    """Facts by what was known when, and by what held on which day."""

    def known(self, when: datetime | None = None) -> Self:
        """Keep what was known at `when`; without it, what is known now."""
        if when is None:
            return self.filter(withdrawn_at=None)
        return self.filter(Q(withdrawn_at=None) | Q(withdrawn_at__gt=when), recorded_at__lte=when)

    def as_of(self, day: date, known: datetime | None = None) -> Self:
        """Keep what held on `day`, as far as was known."""
        return self.known(known).filter(
            Q(valid_until=None) | Q(valid_until__gt=day), valid_from__lte=day
        )


class Fact(Tracked):
    """Something that held from a day to a day, and was known from a moment on. Never edited.

    A row holds ids, dates, numbers and chosen words only; words that people type lie in a sibling
    row that can be shredded.
    """

    valid_from = models.DateField()
    valid_until = models.DateField(
        null=True, blank=True
    )  # first day it no longer holds; empty: open
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)  # found wrong, or replaced
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=12, choices=Source, default=Source.UNKNOWN)

    objects = FactQuerySet.as_manager()

    alone_by: ClassVar[tuple[str, ...]] = ()  # facts alike in these columns may not overlap
    alone_too: ClassVar[
        tuple[str, ...]
    ] = ()  # likewise, by other columns; only the guard sees to it
    owner: ClassVar[str] = ""  # the column that names the entity it is about
    terms: ClassVar[tuple[str, ...]] = ()  # attribute names printed by `rapport facts`
    record_class: ClassVar[RecordClass] = RecordClass.PROGRAM

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint] | tuple[models.BaseConstraint, ...]] = (
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="%(app_label)s_%(class)s_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("recorded_at")),
                name="%(app_label)s_%(class)s_withdrawn_after_recorded",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"


class ScopedFact(Fact):
    """A fact that the wall guards: it says whom it is about and, in three columns, where it belongs.

    Each subclass has `agency`, `district` and `school`, as foreign keys or as plain numbers.
    """

    about_person_id = models.BigIntegerField(null=True, blank=True, db_index=True)

    class Meta(Fact.Meta):
        abstract = True


def fact_models() -> list[type[Fact]]:
    """Return every concrete fact model, ordered by its kind."""
    return [m for m in tracked_models() if issubclass(m, Fact)]


def ensure_span(valid_from: date, valid_until: date | None) -> None:
    """Raise `Refused` where a span ends before, or on, its first day."""
    if valid_until is not None and valid_until <= valid_from:
        raise Refused(
            str(_("The end must lie after the start. To undo it altogether, withdraw it.")),
            field="valid_until",
        )


F_ = TypeVar("F_", bound=Fact)
T = TypeVar("T")


# The three verbs. They are called by actions, which ask leave and record the line: it comes last, and
# tells of every fact written before it.


def record(model: type[F_], *, now: datetime, **values: Any) -> F_:
    """Insert a fact and return it. Raises `Refused` on a reversed span or an overlap."""
    ensure_span(values["valid_from"], values.get("valid_until"))
    ensure_alone(model, values)
    fact = model(recorded_at=now, **values)
    fact.save(force_insert=True)
    return fact


def withdraw(fact: F_, *, now: datetime) -> F_:
    """Mark a fact as known wrong from `now` on. Raises `Overtaken` if it already was."""
    moved = type(fact).objects.filter(pk=fact.pk, withdrawn_at=None).update(withdrawn_at=now)
    if not moved:
        raise Overtaken()
    fact.withdrawn_at = now
    tell_ended(fact.kind, [fact.pk], now)
    return fact


def correct(fact: F_, *, now: datetime, **changes: Any) -> F_:
    """Withdraw `fact` and record its successor with `changes`; return the successor."""
    withdraw(fact, now=now)
    kept = {
        f.attname: getattr(fact, f.attname)
        for f in fact._meta.concrete_fields
        if f.name not in ("id", "uid", "recorded_at", "withdrawn_at", "replaces")
    }
    return record(type(fact), now=now, replaces_id=fact.pk, **(kept | changes))


def end(fact: F_, on: date, *, now: datetime) -> F_ | None:
    """End a fact: from `on` it no longer holds. On or before its first day it is withdrawn (None)."""
    if on <= fact.valid_from:
        withdraw(fact, now=now)
        return None
    return correct(fact, now=now, valid_until=on)


def ensure_alone(model: type[Fact], values: Mapping[str, Any]) -> None:
    """Raise `Refused` where the fact would overlap another that is alike; the guard has the last word."""
    if not model.alone_by:
        return
    alike = {name: _value(values, name) for name in model.alone_by}
    same = (
        model.objects.known()
        .filter(**alike)
        .filter(Q(valid_until=None) | Q(valid_until__gt=values["valid_from"]))
    )
    until = values.get("valid_until")
    if until is not None:
        same = same.filter(valid_from__lt=until)
    other = same.order_by("valid_from").first()
    if other is not None:
        raise Refused(_overlaps(other.valid_from), field="valid_from")


def _overlaps(first: date) -> str:
    said = str(
        _("This overlaps what is already recorded from {first} on. End or correct that first.")
    )
    return said.format(first=first.isoformat())


def _value(values: Mapping[str, Any], column: str) -> Any:
    if column in values:
        return values[column]
    related = values.get(column.removesuffix("_id"))
    return related.pk if isinstance(related, models.Model) else related


# The same for many facts at once: an import's way.


def record_many(
    model: type[F_], rows: Iterable[Mapping[str, Any]], *, now: datetime, batch: int = 500
) -> list[F_]:
    """Insert facts and return them, in a number of queries that grows by the batch, not by the row.

    Raises `Refused` where a span is reversed, or where a fact would overlap another that is alike,
    in `rows` or in the database; nothing is then inserted. The guard has the last word here too.
    """
    drafts = [model(recorded_at=now, **values) for values in rows]
    for draft in drafts:
        ensure_span(draft.valid_from, draft.valid_until)
    _ensure_all_alone(model, drafts, batch)
    model._default_manager.bulk_create(drafts, batch_size=batch)
    tell_written(model.kind, drafts)
    return drafts


def withdraw_many(model: type[Fact], keys: Iterable[int], *, now: datetime) -> None:
    """Mark the facts with these keys as known wrong. Raises `Overtaken` if one of them already was.

    Call it inside the action's transaction: what was marked before the trouble is rolled back with it.
    """
    for some in batched(sorted(keys), 500):
        rows = model._default_manager.filter(pk__in=some, withdrawn_at=None)
        if rows.update(withdrawn_at=now) != len(some):
            raise Overtaken()
        tell_ended(model.kind, some, now)


def _ensure_all_alone(model: type[Fact], drafts: Sequence[Fact], batch: int) -> None:
    if not model.alone_by:
        return
    columns = (*model.alone_by, "valid_from", "valid_until")
    spans: dict[tuple[Any, ...], list[tuple[date, date | None]]] = defaultdict(list)
    for draft in drafts:
        *alike, start, until = (getattr(draft, name) for name in columns)
        spans[tuple(alike)].append((start, until))
    first = model.alone_by[0]
    for some in batched(sorted({alike[0] for alike in spans}), batch):
        rows = model.objects.known().filter(**{f"{first}__in": some})
        for *alike, start, until in rows.values_list(*columns):
            if tuple(alike) in spans:
                spans[tuple(alike)].append((start, until))
    for found in spans.values():
        _ensure_apart(sorted(found, key=lambda span: span[0]))


def _ensure_apart(spans: Sequence[tuple[date, date | None]]) -> None:
    for (_start, until), (start, _until) in pairwise(spans):
        if until is None or start < until:
            raise Refused(_overlaps(start), field="valid_from")


def batched(things: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield `things` in pieces of at most `size`."""
    for start in range(0, len(things), size):
        yield things[start : start + size]
