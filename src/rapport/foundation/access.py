"""Who is asking, and what the sharing rules (the wall) give. Plain values; no database."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple, Protocol, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class Role(StrEnum):
    """What a person is entrusted with, at a scope. The last two are held by nobody signed in."""

    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    AGENCY_HEAD = "agency_head"
    INVESTIGATOR = "investigator"
    DISPATCHER = "dispatcher"
    PRINCIPAL = "principal"
    FRONT_OFFICE = "front_office"
    SCHOOL_STAFF = "school_staff"
    COUNSELOR = "counselor"
    TEAM_MEMBER = "team_member"
    SAFETY_DIRECTOR = "safety_director"
    SUPERINTENDENT = "superintendent"
    PRIVACY_OFFICER = "privacy_officer"
    BOARD_MEMBER = "board_member"
    ADMINISTRATOR = "administrator"
    LINK_HOLDER = "link_holder"
    PUBLIC = "public"


class RecordClass(StrEnum):
    """The ten classes of records. Each has a custodian; a class changes only by reclassification."""

    PROGRAM = "program"
    EDUCATION = "education"
    LAW_UNIT = "law_unit"
    MENTORING = "mentoring"
    TIP = "tip"
    THREAT = "threat"
    PERSONNEL = "personnel"
    INTERNAL_AFFAIRS = "internal_affairs"
    SECURITY = "security"
    PUBLIC = "public"


class Right(StrEnum):
    """What the wall gives or withholds."""

    KNOW = "know"
    READ = "read"
    WRITE = "write"
    DISCLOSE = "disclose"


class Reach(StrEnum):
    """How far a right goes."""

    NONE = "-"
    OWN = "own"  # about oneself only
    HELD = "held"  # within the scope at which the role is held
    OFFICIAL = "official"  # as held; for agency people only where they serve as school officials
    ALL = "all"  # the whole program


class Scope(StrEnum):
    """Where a role can be held."""

    PROGRAM = "program"
    AGENCY = "agency"
    DISTRICT = "district"
    SCHOOL = "school"


_SCHOOLS: Final = frozenset({Scope.PROGRAM, Scope.DISTRICT, Scope.SCHOOL})
_AGENCIES: Final = frozenset({Scope.PROGRAM, Scope.AGENCY})

# The scopes along which a role reaches a class. A class of one custodian is not reached from the
# other side, whatever columns its row fills: an agency's file about a school stays the agency's.
SIDES: Final[Mapping[RecordClass, frozenset[Scope]]] = {
    RecordClass.PROGRAM: frozenset(Scope),
    RecordClass.EDUCATION: _SCHOOLS,
    RecordClass.LAW_UNIT: _AGENCIES,
    RecordClass.MENTORING: frozenset(Scope),  # kept by the school; the agency knows that it goes on
    RecordClass.TIP: _SCHOOLS,
    RecordClass.THREAT: _SCHOOLS,
    RecordClass.PERSONNEL: _AGENCIES,
    RecordClass.INTERNAL_AFFAIRS: _AGENCIES,
    RecordClass.SECURITY: frozenset(Scope),
    RecordClass.PUBLIC: frozenset(Scope),
}

# Nobody reads these about himself by a role; what he is given of them is a disclosure.
NOT_ABOUT_ONESELF: Final = frozenset(
    {RecordClass.INTERNAL_AFFAIRS, RecordClass.TIP, RecordClass.THREAT}
)

# Reading one of these, or anything about a minor, leaves a line; so does a list of such.
WATCHED: Final = frozenset(
    {
        RecordClass.EDUCATION,
        RecordClass.MENTORING,
        RecordClass.TIP,
        RecordClass.THREAT,
        RecordClass.PERSONNEL,
        RecordClass.INTERNAL_AFFAIRS,
    }
)

# Where a role can be held. A rank of one school is not held over a program by mistake.
HELD_AT: Final[Mapping[Role, frozenset[Scope]]] = {
    Role.OFFICER: frozenset({Scope.AGENCY}),
    Role.SUPERVISOR: frozenset({Scope.AGENCY}),
    Role.AGENCY_HEAD: frozenset({Scope.AGENCY}),
    Role.INVESTIGATOR: frozenset({Scope.AGENCY}),
    Role.DISPATCHER: frozenset({Scope.AGENCY}),
    Role.PRINCIPAL: frozenset({Scope.SCHOOL}),
    Role.FRONT_OFFICE: frozenset({Scope.SCHOOL}),
    Role.SCHOOL_STAFF: frozenset({Scope.SCHOOL}),
    Role.COUNSELOR: frozenset({Scope.SCHOOL, Scope.DISTRICT}),
    Role.TEAM_MEMBER: frozenset({Scope.SCHOOL, Scope.DISTRICT}),
    Role.SAFETY_DIRECTOR: frozenset({Scope.DISTRICT}),
    Role.SUPERINTENDENT: frozenset({Scope.DISTRICT}),
    Role.PRIVACY_OFFICER: frozenset({Scope.DISTRICT, Scope.PROGRAM}),
    Role.BOARD_MEMBER: frozenset({Scope.PROGRAM, Scope.AGENCY, Scope.DISTRICT}),
    Role.ADMINISTRATOR: frozenset({Scope.PROGRAM}),
    Role.LINK_HOLDER: frozenset({Scope.PROGRAM}),
    Role.PUBLIC: frozenset({Scope.PROGRAM}),
}


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
    emergency_until: datetime | None = None
    also: frozenset[int] = frozenset()  # persons that were merged into this one
    name: str = field(default="", compare=False)

    def by(self, channel: Channel) -> "Actor":
        """Return the same actor coming another way."""
        return replace(self, channel=channel)

    def holds(self, *roles: Role) -> bool:
        """Tell whether one of `roles` is held, at any scope."""
        return any(held.role in roles for held in self.roles)

    @property
    def persons(self) -> frozenset[int]:
        """Return every id under which the actor is known; empty for the system and a stranger."""
        return self.also | {self.person_id} if self.person_id is not None else frozenset()

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


def gives(actor: Actor, right: Right, record_class: RecordClass, at: Scoped) -> bool:
    """Tell whether the wall gives `actor` this right on a record of `record_class` that lies `at`."""
    if actor.is_system:
        return True
    own = getattr(at, "about_person_id", None) in actor.persons
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
    return False


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
        return Q()
    found = Q(pk__in=())
    for held in actor.every_role:
        far = reach_of(actor, held, record_class, right)
        if far is Reach.ALL or (far is Reach.HELD and held.scope is Scope.PROGRAM):
            return Q()
        if far is Reach.OWN and actor.person_id is not None:
            found |= Q(**{f"{prefix}about_person_id__in": actor.persons})
        if far is Reach.HELD and held.scope_id is not None:
            found |= Q(**{f"{prefix}{held.scope}_id": held.scope_id})
        if far is Reach.OFFICIAL:
            found |= Q(**{f"{prefix}school_id__in": actor.official_schools})
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


def roles_with(right: Right, record_class: RecordClass, roles: Iterable[Role] = Role) -> set[Role]:
    """Return the roles that the wall gives this right on this class, at whatever reach."""
    return {role for role in roles if reach(role, record_class, right) is not Reach.NONE}
