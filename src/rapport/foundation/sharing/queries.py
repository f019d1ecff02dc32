"""What the sharing rules say, and what they come to for one person. Nothing here decides."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from rapport.foundation import registry
from rapport.foundation.access import (
    NOT_ABOUT_ONESELF,
    SIDES,
    Actor,
    Reach,
    RecordClass,
    Right,
    Role,
    RoleAt,
    Scope,
    reach,
    reach_of,
)
from rapport.foundation.disclosure import queries as disclosures
from rapport.foundation.disclosure.queries import Shown
from rapport.foundation.registry import Someone
from rapport.foundation.sharing import access


class Rule(NamedTuple):
    """One row of the table: how far each right of a role goes on a class."""

    role: Role
    record_class: RecordClass
    reaches: tuple[Reach, ...]  # in the order of `Right`


def table(roles: Iterable[Role] = Role) -> list[Rule]:
    """Return the sharing rules of these roles, class by class."""
    return [
        Rule(role, c, tuple(reach(role, c, right) for right in Right))
        for role in roles
        for c in RecordClass
    ]


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


def person(uid: UUID) -> Someone | None:
    """Return the person with this uid."""
    return next((s for d in registry.directories if (s := d.by_uid(uid))), None)


def who(someone: Someone, *, now: datetime) -> Actor:
    """Return who a person is at a moment."""
    for directory in registry.directories:
        return directory.actor(someone.id, now)
    return Actor(someone.id)


def sees(asker: Actor, someone: Someone, other: Actor, *, day: date, now: datetime) -> Sees:
    """Return what `other` can see, as far as `asker` may be told. The caller has asked `may_look`."""
    with_counts = access.may_count(asker, other, day=day)
    held = sorted(other.every_role, key=lambda r: (str(r.scope), r.scope_id or 0, str(r.role)))
    where = scope_names(held)
    schools = registry.names.get("school")
    official = dict(schools(other.official_schools)) if schools else {}
    rows = list(disclosures.open_to(other, now=now)) if with_counts else []
    return Sees(
        someone,
        other,
        tuple(line(other, c, held, where, with_counts=with_counts) for c in RecordClass),
        tuple((r, where[r]) for r in held),
        tuple(sorted(official.values())),
        tuple(disclosures.shown(asker, rows, now=now)),
        with_counts,
    )


def line(
    actor: Actor,
    record_class: RecordClass,
    held: Iterable[RoleAt],
    where: dict[RoleAt, str],
    *,
    with_counts: bool,
) -> Line:
    """Return what the actor is given on a class, each right with its reasons."""
    given = tuple(Given(right, reasons(actor, record_class, right, held, where)) for right in Right)
    counts = tuple(
        (str(sight.name), sight.right, sight.count(actor))
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


def scope_names(held: Iterable[RoleAt]) -> dict[RoleAt, str]:
    """Return for each role held the name of the place where it is held; empty for the program."""
    wanted = list(held)
    names: dict[tuple[Scope, int], str] = {}
    for scope in {r.scope for r in wanted} - {Scope.PROGRAM}:
        ask = registry.names.get(scope)
        ids = {r.scope_id for r in wanted if r.scope is scope and r.scope_id is not None}
        for key, name in (ask(ids) if ask else {}).items():
            names[scope, key] = name
    return {r: names.get((r.scope, r.scope_id or 0), "") for r in wanted}


def kept_by(record_class: RecordClass) -> tuple[bool, bool]:
    """Return whether agencies, and whether schools and districts, reach a class along their own columns."""
    sides = SIDES[record_class]
    return Scope.AGENCY in sides, Scope.SCHOOL in sides
