"""Questions about people and what they are entrusted with."""

from .actors import (
    actor_for,
    actor_of,
    find,
    kept_person,
    merged,
    names,
    official_schools,
    same_as,
    someone,
)
from .cast import Member, cast, cast_rows
from .persons import (
    PersonRow,
    has_other_administrator,
    person_rows,
    persons,
    roles_to_come,
)
from .scopes import KINDS, At, holds, known_places, place, place_named, places_for, scope_of

__all__ = [
    "Member",
    "cast",
    "cast_rows",
    "KINDS",
    "At",
    "PersonRow",
    "actor_for",
    "actor_of",
    "find",
    "has_other_administrator",
    "holds",
    "kept_person",
    "known_places",
    "merged",
    "names",
    "official_schools",
    "person_rows",
    "persons",
    "place",
    "place_named",
    "places_for",
    "roles_to_come",
    "same_as",
    "scope_of",
    "someone",
]
