"""Builders of kept files: the smallest true thing, and only what the test cares about is said."""

from datetime import UTC, datetime

from rapport.foundation.access import SYSTEM, Actor, Place, RecordClass, Role, RoleAt, Scope
from rapport.foundation.files import actions
from rapport.foundation.files.actions import New
from rapport.foundation.files.models import StoredFile
from rapport.foundation.files.rules import Kind

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
PDF = b"%PDF-1.7\n%%EOF\n"

# A town of numbers: foundation knows no app, so its tests need no rows for places.
AGENCY, OTHER_AGENCY = 11, 12
DISTRICT, OTHER_DISTRICT = 21, 22
SCHOOL, SECOND_SCHOOL, OTHER_SCHOOL = 31, 32, 33
HERE = Place(AGENCY, DISTRICT, SCHOOL)
SECOND = Place(AGENCY, DISTRICT, SECOND_SCHOOL)
ELSEWHERE = Place(OTHER_AGENCY, OTHER_DISTRICT, OTHER_SCHOOL)


def an_actor(
    role: Role,
    scope: Scope = Scope.PROGRAM,
    scope_id: int | None = None,
    *,
    person: int = 1,
    official: tuple[int, ...] = (),
) -> Actor:
    """Return somebody who holds one role."""
    roles = frozenset({RoleAt(role, scope, scope_id)})
    return Actor(person, roles, official_schools=frozenset(official), name=f"Person {person}")


def a_file(
    record_class: RecordClass = RecordClass.PROGRAM,
    at: Place = HERE,
    *,
    name: str = "letter.pdf",
    data: bytes = PDF,
    about_minor: bool = False,
    now: datetime = NOW,
) -> StoredFile:
    """Keep a file as the system does."""
    new = New(
        data=data,
        name=name,
        record_class=record_class,
        at=at,
        kind=Kind.LETTER,
        about_minor=about_minor,
    )
    return actions.keep_file(SYSTEM, new, now=now)


def a_sample(record_class: RecordClass, at: Place, marker: str) -> StoredFile:
    """Keep a sample record of a class: the marker is a word of its name and of its content."""
    return a_file(record_class, at, name=f"{marker}.txt", data=f"It says {marker}.\n".encode())
