"""The words of the sharing rules: roles, classes of records, rights, how far they reach, and where."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


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
