"""What the sharing rules say, and what they come to for one person. Nothing here decides."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from rapport.foundation import registry
from rapport.foundation.access import (
    NOT_ABOUT_ONESELF,
    Actor,
    Reach,
    RecordClass,
    Right,
    RoleAt,
    Scope,
    reach_of,
)
from rapport.foundation.disclosure import queries as disclosures
from rapport.foundation.disclosure.queries import Shown
from rapport.foundation.registry import Someone
from rapport.foundation.sharing import access


class Why(NamedTuple):
    """One reason for a right: the role held, where, and how far it reaches."""

    held: RoleAt
    where: str
    reach: Reach


class Given(NamedTuple):
    """A right on a class, with every reason for it; none where it is not given."""

    right: Right
    why: tuple[Why, ...]


class Line(NamedTuple):
    """A class of records, what the person is given on it, and what of it there is."""

    record_class: RecordClass
    given: tuple[Given, ...]
    never_about_oneself: bool
    counts: tuple[tuple[str, Right, int], ...]  # what is counted, by which right, how many

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is given."""
        return not any(g.why for g in self.given)


class Sees(NamedTuple):
    """What one person can see, and why."""

    person: Someone
    actor: Actor
    lines: tuple[Line, ...]
    roles: tuple[tuple[RoleAt, str], ...]
    official_at: tuple[str, ...]
    disclosures: tuple[Shown, ...]
    with_counts: bool


def looked_at(actor: Actor, uid: UUID, *, day: date, now: datetime) -> tuple[Someone, Actor] | None:
    """Return a person and who that is at the moment, if the actor may look at what they see."""
    for directory in registry.directories:
        if someone := directory.by_uid(actor, uid):
            other = directory.actor(someone.id, now)
            return (someone, other) if access.may_look(actor, other, day=day) else None
    return None


def sees(actor: Actor, someone: Someone, other: Actor, *, day: date, now: datetime) -> Sees:
    """Return what `other` can see, as far as the actor may be told. The caller has asked `may_look`."""
    with_counts = access.may_count(actor, other, day=day)
    held = sorted(other.every_role, key=lambda r: (str(r.scope), r.scope_id or 0, str(r.role)))
    where = _scope_names(held)
    schools = registry.names.get("school")
    official = dict(schools(other.official_schools)) if schools else {}
    rows = list(disclosures.open_to(actor, other, now=now)) if with_counts else []
    return Sees(
        someone,
        other,
        tuple(line(actor, other, c, held, where, with_counts=with_counts) for c in RecordClass),
        tuple((r, where[r]) for r in held),
        tuple(sorted(official.values())),
        tuple(disclosures.shown(actor, rows, now=now)),
        with_counts,
    )


def line(
    actor: Actor,
    other: Actor,
    record_class: RecordClass,
    held: Iterable[RoleAt],
    where: dict[RoleAt, str],
    *,
    with_counts: bool,
) -> Line:
    """Return what `other` is given on a class, each right with its reasons; counted for the actor."""
    given = tuple(Given(right, reasons(other, record_class, right, held, where)) for right in Right)
    counts = tuple(
        (str(sight.name), sight.right, sight.count(actor, other))
        for sight in registry.sights
        if with_counts and sight.record_class is record_class
    )
    return Line(record_class, given, record_class in NOT_ABOUT_ONESELF, counts)


def reasons(
    actor: Actor,
    record_class: RecordClass,
    right: Right,
    held: Iterable[RoleAt],
    where: dict[RoleAt, str],
) -> tuple[Why, ...]:
    """Return which of the roles held give a right on a class, and how far. By the function that decides it."""
    found = []
    for role_at in held:
        far = reach_of(actor, role_at, record_class, right)
        if far is Reach.NONE or (far is Reach.OFFICIAL and not actor.official_schools):
            continue
        found.append(Why(role_at, where[role_at], far))
    return tuple(found)


def _scope_names(held: Iterable[RoleAt]) -> dict[RoleAt, str]:
    """Return for each role held the name of the place where it is held; empty for the program."""
    wanted = list(held)
    names: dict[tuple[Scope, int], str] = {}
    for scope in {r.scope for r in wanted} - {Scope.PROGRAM}:
        ask = registry.names.get(scope)
        ids = {r.scope_id for r in wanted if r.scope is scope and r.scope_id is not None}
        for key, name in (ask(ids) if ask else {}).items():
            names[scope, key] = name
    return {r: names.get((r.scope, r.scope_id or 0), "") for r in wanted}
