"""The sharing rules as a table that a page shows. Nothing here decides: `foundation/access/wall.py` does."""

from collections.abc import Iterable
from typing import NamedTuple

from rapport.foundation.access import SIDES, Reach, RecordClass, Right, Role, Scope, reach


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


def kept_by(record_class: RecordClass) -> tuple[bool, bool]:
    """Return whether agencies, and whether schools and districts, reach a class along their own columns."""
    sides = SIDES[record_class]
    return Scope.AGENCY in sides, Scope.SCHOOL in sides
