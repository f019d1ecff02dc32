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
from .persons import (
    PersonRow,
    has_other_administrator,
    person_rows,
    persons,
    roles_to_come,
)

__all__ = [
    "PersonRow",
    "actor_for",
    "actor_of",
    "find",
    "has_other_administrator",
    "kept_person",
    "merged",
    "names",
    "official_schools",
    "person_rows",
    "persons",
    "roles_to_come",
    "same_as",
    "someone",
]
