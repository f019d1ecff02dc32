"""Roles: what they are called, where they are held, which side gives them, and what they ask of a sign-in."""

from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext as _

from rapport.foundation.access import HELD_AT, Reach, RecordClass, Right, Role, Scope, reach
from rapport.foundation.facts import Refused
from rapport.foundation.ui.words import ROLES

HELD_BY_NOBODY: Final = frozenset({Role.LINK_HOLDER, Role.PUBLIC})

LABELS: Final = {role: words for role, words in ROLES.items() if role not in HELD_BY_NOBODY}

OF_AGENCY: Final = frozenset(
    {Role.OFFICER, Role.SUPERVISOR, Role.AGENCY_HEAD, Role.INVESTIGATOR, Role.DISPATCHER}
)
OF_DISTRICT: Final = frozenset(
    {
        Role.PRINCIPAL,
        Role.FRONT_OFFICE,
        Role.SCHOOL_STAFF,
        Role.COUNSELOR,
        Role.TEAM_MEMBER,
        Role.SAFETY_DIRECTOR,
        Role.SUPERINTENDENT,
        Role.PRIVACY_OFFICER,
    }
)
# Whoever adds people of a side may correct the address of those who hold no other roles than these.
PLAIN: Final = frozenset(
    {
        Role.OFFICER,
        Role.DISPATCHER,
        Role.PRINCIPAL,
        Role.FRONT_OFFICE,
        Role.SCHOOL_STAFF,
        Role.COUNSELOR,
        Role.TEAM_MEMBER,
    }
)
# Records of officers' persons, of children, or about them: whoever reads these proves more than a password.
GUARDED: Final = frozenset(
    {
        RecordClass.PERSONNEL,
        RecordClass.INTERNAL_AFFAIRS,
        RecordClass.EDUCATION,
        RecordClass.LAW_UNIT,
        RecordClass.MENTORING,
        RecordClass.TIP,
        RecordClass.THREAT,
    }
)
EARLIEST: Final = date(1950, 1, 1)


def needs_second_factor(role: Role) -> bool:
    """Tell whether `role` reads personnel or children's records of others, or gives roles (FIELD 11: MFA)."""
    if role is Role.ADMINISTRATOR:
        return True
    return any(reach(role, c, Right.READ) not in (Reach.NONE, Reach.OWN) for c in GUARDED)


def ensure_can_be_held(role: str, scope: str) -> None:
    """Raise `Refused` unless this role is one that people hold, at such a scope."""
    if role not in LABELS:
        raise Refused(_("There is no role called {role}.").format(role=role), field="role")
    if Scope(scope) not in HELD_AT[Role(role)]:
        raise Refused(
            _("The role “{role}” is not held there. It is held at: {scopes}.").format(
                role=LABELS[Role(role)], scopes=scopes_in_words(Role(role))
            ),
            field="where",
        )


def scopes_in_words(role: Role) -> str:
    """Return where a role can be held, such as "a school, a district"."""
    words = {
        Scope.PROGRAM: _("the whole program"),
        Scope.AGENCY: _("an agency"),
        Scope.DISTRICT: _("a district"),
        Scope.SCHOOL: _("a school"),
    }
    return ", ".join(words[scope] for scope in Scope if scope in HELD_AT[role])


def ensure_dates(valid_from: date, today: date) -> None:
    """Raise `Refused` where a role would begin at no sensible day."""
    if not EARLIEST <= valid_from <= today + timedelta(days=366):
        raise Refused(
            _("A role begins between {first} and a year from now.").format(
                first=EARLIEST.isoformat()
            ),
            field="valid_from",
        )
