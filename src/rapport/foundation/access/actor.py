"""Who is asking, what can be done, and where a record lies. Plain values; no database."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple, Protocol
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from rapport.foundation.access.words import RecordClass, Right, Role, Scope


class Channel(StrEnum):
    """By which way someone came."""

    PAGE = "page"
    API = "api"
    COMMAND = "command"
    JOB = "job"
    OFFLINE = "offline"
    LINK = "link"
    PUBLIC = "public"


class RoleAt(NamedTuple):
    """A role held at a scope. `scope_id` is the key of the agency, district or school; None for the program."""

    role: Role
    scope: Scope
    scope_id: int | None = None


class Place(NamedTuple):
    """Where a record belongs, and whom it is about: what a verb is checked against before a row exists."""

    agency_id: int | None = None
    district_id: int | None = None
    school_id: int | None = None
    about_person_id: int | None = None


class Scoped(Protocol):
    """Whatever carries the scope columns."""

    @property
    def agency_id(self) -> int | None:
        """The agency it belongs to."""

    @property
    def district_id(self) -> int | None:
        """The district it belongs to."""

    @property
    def school_id(self) -> int | None:
        """The school it belongs to."""


class Opened(NamedTuple):
    """What emergency access has opened: one class of records at one place, to read, until a moment."""

    record_class: RecordClass
    scope: Scope
    scope_id: int
    until: datetime
    id: int = 0  # of the emergency
    where: str = ""  # what the place is called
    end_url: str = ""  # where it is ended before its time

    def gives(self, right: Right, record_class: RecordClass) -> bool:
        """Tell whether it gives this right on this class, at its place."""
        return right in (Right.KNOW, Right.READ) and record_class is self.record_class


EVERYBODY: Final = RoleAt(Role.PUBLIC, Scope.PROGRAM)


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever is asking, and what they are entrusted with at this moment."""

    person_id: int | None = None
    roles: frozenset[RoleAt] = frozenset()
    channel: Channel = Channel.PAGE
    is_system: bool = False
    # Schools that the actor serves under an agreement that calls officers school officials.
    official_schools: frozenset[int] = frozenset()
    emergencies: frozenset[Opened] = frozenset()  # emergency access that is open at this moment
    also: frozenset[int] = frozenset()  # persons that were merged into this one
    name: str = field(default="", compare=False)

    def by(self, channel: Channel) -> "Actor":
        """Return the same actor coming another way."""
        return replace(self, channel=channel)

    def only(self, *roles: Role) -> "Actor":
        """Return the actor with these of its roles alone: to narrow, never to widen."""
        return replace(self, roles=frozenset(held for held in self.roles if held.role in roles))

    def holds(self, *roles: Role) -> bool:
        """Tell whether one of `roles` is held, at any scope."""
        return any(held.role in roles for held in self.roles)

    @property
    def persons(self) -> frozenset[int]:
        """Return every id under which the actor is known; empty for the system and a stranger."""
        return self.also | {self.person_id} if self.person_id is not None else frozenset()

    def is_about(self, at: Scoped) -> bool:
        """Tell whether a record lies about the actor's own person, by whichever of their ids."""
        return getattr(at, "about_person_id", None) in self.persons

    def without_emergency(self) -> "Actor":
        """Return the same actor with nothing but what the roles give."""
        return replace(self, emergencies=frozenset()) if self.emergencies else self

    @property
    def every_role(self) -> frozenset[RoleAt]:
        """Return the roles held, and the public's: nobody sees less signed in than a stranger does."""
        return self.roles | {EVERYBODY}

    @property
    def is_of_agency(self) -> bool:
        """Tell whether some role is held at an agency: then schools' records need a basis."""
        return any(held.scope is Scope.AGENCY for held in self.roles)


SYSTEM: Final = Actor(channel=Channel.COMMAND, is_system=True)
STRANGER: Final = Actor(roles=frozenset({EVERYBODY}), channel=Channel.PUBLIC)


@dataclass(frozen=True, slots=True)
class Verb:
    """Something that can be done. It declares the class it touches and the right it needs."""

    name: str  # app.verb, such as "assignments.begin"
    object: str  # the stable word for what the line is about
    record_class: RecordClass | None  # None, with a right: the class that the record itself has
    right: Right | None  # None: checked by the action itself (sign-in, the system's own work)
    sentence: str  # lazily translated; reads after a name: "began an assignment"
    shreds: str = "ids only"  # what retention must empty elsewhere so that the line says nothing

    def __str__(self) -> str:
        return self.name


class NotAllowed(PermissionDenied):
    """The sharing rules do not give the actor this. Pages answer 404: what one may not see is not there."""


class Request(HttpRequest):
    """A request whose actor has been seated by the middleware."""

    actor: Actor
    now: datetime
    htmx: HtmxDetails
    once: UUID  # the mark of the form on this page, where the form makes something
