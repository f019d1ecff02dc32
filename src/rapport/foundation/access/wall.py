"""What the sharing rules (the wall) give: one table, one function on a record, one filter on many."""

import csv
from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import Final, TypeVar

from django.db.models import Model, Q, QuerySet

from rapport.foundation.access.actor import Actor, NotAllowed, RoleAt, Scoped, Verb
from rapport.foundation.access.words import (
    NOT_ABOUT_ONESELF,
    SIDES,
    Reach,
    RecordClass,
    Right,
    Role,
    Scope,
)


@cache
def wall() -> Mapping[tuple[Role, RecordClass], Mapping[Right, Reach]]:
    """Return the sharing rules as read from wall.csv: role and class → right → reach."""
    text = files("rapport.foundation").joinpath("wall.csv").read_text(encoding="utf-8")
    return {
        (Role(row["role"]), RecordClass(row["class"])): {r: Reach(row[r]) for r in Right}
        for row in csv.DictReader(text.splitlines())
    }


def reach(role: Role, record_class: RecordClass, right: Right) -> Reach:
    """Return how far `role` may go; `Reach.NONE` where the table has no row."""
    return wall().get((role, record_class), {}).get(right, Reach.NONE)


@cache
def emergencies() -> Mapping[tuple[Role, RecordClass], timedelta]:
    """Return emergencies.csv: which role may open which class to read, and for how long at a time."""
    text = files("rapport.foundation").joinpath("emergencies.csv").read_text(encoding="utf-8")
    return {
        (Role(row["role"]), RecordClass(row["class"])): timedelta(minutes=int(row["minutes"]))
        for row in csv.DictReader(text.splitlines())
    }


def gives(actor: Actor, right: Right, record_class: RecordClass, at: Scoped) -> bool:
    """Tell whether the wall gives `actor` this right on a record of `record_class` that lies `at`."""
    if actor.is_system:
        return True
    own = actor.is_about(at)
    if own and record_class in NOT_ABOUT_ONESELF:
        return False
    for held in actor.every_role:
        match reach_of(actor, held, record_class, right):
            case Reach.ALL:
                return True
            case Reach.OWN if own:
                return True
            case Reach.HELD if _covers(held, at):
                return True
            case Reach.OFFICIAL if at.school_id in actor.official_schools:
                return True
            case _:
                continue
    return any(
        opened.gives(right, record_class) and opened.scope_id == getattr(at, f"{opened.scope}_id")
        for opened in actor.emergencies
    )


def reach_of(actor: Actor, held: RoleAt, record_class: RecordClass, right: Right) -> Reach:
    """Return how far one of the actor's roles takes it: what the table says, held to the custodian's side."""
    far = reach(held.role, record_class, right)
    if far is Reach.OFFICIAL and not actor.is_of_agency:
        far = Reach.HELD  # an employee of the school or the district is its official
    if far is Reach.HELD and held.scope not in SIDES[record_class]:
        return Reach.NONE
    return far


def _covers(held: RoleAt, at: Scoped) -> bool:
    if held.scope is Scope.PROGRAM:
        return True
    return held.scope_id is not None and held.scope_id == getattr(at, f"{held.scope}_id")


M = TypeVar("M", bound=Model)
# Not `Q()`: that is no filter at all, and `Q() | x` would narrow to x what was given whole.
EVERYTHING: Final = ~Q(pk__in=())


def within(actor: Actor, right: Right, record_class: RecordClass, *, prefix: str = "") -> Q:
    """Return the filter on scope columns that the wall's table and the actor's roles come to.

    The only place where such a filter is built. `prefix` is a lookup path that leads to the columns,
    such as "assignment__". Rows need `about_person_id` where the class has an "own" reach, or is
    never read about oneself.
    """
    found = _within(actor, right, record_class, prefix)
    if record_class not in NOT_ABOUT_ONESELF or actor.is_system or not actor.persons:
        return found
    about = f"{prefix}about_person_id"
    return found & (Q(**{about: None}) | ~Q(**{f"{about}__in": actor.persons}))


def _within(actor: Actor, right: Right, record_class: RecordClass, prefix: str) -> Q:
    if actor.is_system:
        return EVERYTHING
    found = Q(pk__in=())
    for held in actor.every_role:
        far = reach_of(actor, held, record_class, right)
        if far is Reach.ALL or (far is Reach.HELD and held.scope is Scope.PROGRAM):
            return EVERYTHING
        if far is Reach.OWN and actor.person_id is not None:
            found |= Q(**{f"{prefix}about_person_id__in": actor.persons})
        if far is Reach.HELD and held.scope_id is not None:
            found |= Q(**{f"{prefix}{held.scope}_id": held.scope_id})
        if far is Reach.OFFICIAL:
            found |= Q(**{f"{prefix}school_id__in": actor.official_schools})
    return found | _opened(actor, right, record_class, prefix) if actor.emergencies else found


def _opened(actor: Actor, right: Right, record_class: RecordClass, prefix: str) -> Q:
    found = Q(pk__in=())
    for opened in actor.emergencies:
        if opened.gives(right, record_class):
            found |= Q(**{f"{prefix}{opened.scope}_id": opened.scope_id})
    return found


def visible(
    rows: QuerySet[M], actor: Actor, right: Right, record_class: RecordClass
) -> QuerySet[M]:
    """Return the rows that the wall gives `actor`."""
    return rows.filter(within(actor, right, record_class))


def may(actor: Actor, verb: Verb, at: Scoped) -> bool:
    """Tell whether the wall gives `actor` what `verb` needs at this place."""
    record_class = verb.record_class or getattr(at, "record_class", None)
    if record_class is None or verb.right is None:
        return actor.is_system
    return gives(actor, verb.right, RecordClass(record_class), at)


def require(actor: Actor, verb: Verb, at: Scoped) -> None:
    """Raise `NotAllowed` unless `may`."""
    if not may(actor, verb, at):
        raise NotAllowed(verb.name, at)


def reads_somewhere(actor: Actor, record_class: RecordClass) -> bool:
    """Tell whether some role of the actor reads this class at all, wherever it is held.

    The public's role is left out: what everybody reads opens no page of the program.
    """
    readers = roles_with(Right.READ, record_class)
    return actor.is_system or any(held.role in readers for held in actor.roles)


def roles_with(right: Right, record_class: RecordClass, roles: Iterable[Role] = Role) -> set[Role]:
    """Return the roles that the wall gives this right on this class, at whatever reach."""
    return {role for role in roles if reach(role, record_class, right) is not Reach.NONE}
