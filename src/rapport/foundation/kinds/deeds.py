"""The work of every action on a fact: ask leave, check the rule, write, record the line, notify.

An app's action is one call of these with its own kind, under its own name and typed arguments.
What a line names is the entity that the fact is about; its detail names the fact by its uid.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from rapport.foundation import facts, live
from rapport.foundation.access import Actor, NotAllowed, Verb
from rapport.foundation.audit import trail
from rapport.foundation.facts import Fact, Refused
from rapport.foundation.kinds import room
from rapport.foundation.kinds.kind import F_, FactKind, entity_id


@transaction.atomic
def record_fact(actor: Actor, kind: FactKind[F_], *, now: datetime, **values: Any) -> F_:
    """Record a fact and return it. Raises `NotAllowed` or `Refused`."""
    fact, cut = write_fact(actor, kind, now=now, **values)
    line(actor, kind.record, fact, now=now, **({"cut": cut} if cut else {}))
    return fact


def write_fact(
    actor: Actor, kind: FactKind[F_], *, now: datetime, **values: Any
) -> tuple[F_, list[str]]:
    """Do all that `record_fact` does but the line: for an action that records several facts in one act.

    Returns the fact, and the uids of what gave way to it.
    """
    draft = kind.model(recorded_at=now, **values)
    require(actor, kind, kind.record, draft)
    kind.ensure(draft, kind.today(draft, now))
    cut = room.make(draft, now=now) if kind.gives_way else []
    return facts.record(kind.model, now=now, **values), cut


@transaction.atomic
def correct_fact(
    actor: Actor, kind: FactKind[F_], fact: F_, *, now: datetime, **changes: Any
) -> F_:
    """Put a successor in a fact's place and return it.

    Leave is asked where the fact lies and where it would lie. Raises `NotAllowed`, `Refused` (also
    where nothing would change), or `Overtaken` when somebody corrected or withdrew it first.
    """
    require(actor, kind, kind.correct, fact)
    new = differs(fact, changes)
    if not new:
        raise Refused(_("Nothing was changed, so nothing was saved."))
    values = room.columns(fact) | new
    draft = kind.model(**values)
    require(actor, kind, kind.correct, draft)
    kind.ensure(draft, kind.today(draft, now))
    facts.withdraw(fact, now=now)
    if kind.gives_way:
        room.close(fact, now=now)
        room.make(draft, now=now)
    after = facts.record(kind.model, now=now, replaces_id=fact.pk, **values)
    line(actor, kind.correct, after, now=now, was=str(fact.uid), changed=sorted(new))
    return after


@transaction.atomic
def end_fact(actor: Actor, kind: FactKind[F_], fact: F_, on: date, *, now: datetime) -> F_ | None:
    """End a fact: from `on` it no longer holds. On or before its first day it is withdrawn (None)."""
    verb = kind.end or kind.correct
    require(actor, kind, verb, fact)
    after = facts.end(fact, on, now=now)
    line(actor, verb, after or fact, now=now, was=str(fact.uid), on=on.isoformat())
    return after


@transaction.atomic
def withdraw_fact(actor: Actor, kind: FactKind[F_], fact: F_, *, now: datetime) -> F_:
    """Withdraw a fact that was recorded wrongly, without a successor. Raises `NotAllowed`, `Overtaken`."""
    require(actor, kind, kind.withdraw, fact)
    facts.withdraw(fact, now=now)
    if kind.gives_way:
        room.close(fact, now=now)
    line(actor, kind.withdraw, fact, now=now)
    return fact


@transaction.atomic
def open_fact(actor: Actor, kind: FactKind[F_], fact: F_, *, now: datetime) -> None:
    """Leave the line of a look at one fact, where its kind is watched. Raises `NotAllowed`."""
    if kind.open is None:
        return
    require(actor, kind, kind.open, fact)
    trail.record(
        actor,
        kind.open,
        entity_id(fact),
        at=now,
        about=getattr(fact, "about_person_id", None),
        fact=str(fact.uid),
    )


@contextmanager
def as_if_withdrawn(kind: FactKind[F_], fact: F_, *, now: datetime) -> Iterator[None]:
    """Let what is read inside be read as if `fact` had been withdrawn; nothing is kept of it.

    It is really withdrawn, with all that then closes over it, in a transaction that is rolled back.
    Asks no leave and leaves no line: what is found is shown to an actor by whoever asks.
    """
    with transaction.atomic():
        facts.withdraw(fact, now=now)
        if kind.gives_way:
            room.close(fact, now=now)
        yield
        transaction.set_rollback(True)
    fact.withdrawn_at = None


def require(actor: Actor, kind: FactKind[F_], verb: Verb, fact: F_) -> None:
    """Raise `NotAllowed` unless the kind gives `actor` this verb where `fact` lies."""
    if not kind.may(actor, verb, fact):  # type: ignore[arg-type]  # every kind is scoped
        raise NotAllowed(verb.name)


def line(actor: Actor, verb: Verb, fact: Fact, *, now: datetime, **detail: Any) -> None:
    """Write the one line of an action on a fact, and ring whoever watches standings once it is done."""
    about = getattr(fact, "about_person_id", None)
    trail.record(
        actor,
        verb,
        entity_id(fact),
        at=now,
        about=about,
        place=fact,  # type: ignore[arg-type]  # every kind is scoped
        fact=str(fact.uid),
        **detail,
    )
    live.ring("standing")


def differs(fact: Fact, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return, by column, what of `changes` is not what the fact says."""
    said = as_columns(type(fact), changes)
    return {name: value for name, value in said.items() if getattr(fact, name) != value}


def as_columns(model: type[models.Model], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return `values` by column: a row given for a foreign key becomes its key."""
    found = {}
    for name, value in values.items():
        field = model._meta.get_field(name)
        column = getattr(field, "attname", name)
        found[column] = value.pk if isinstance(value, models.Model) else value
    return found
