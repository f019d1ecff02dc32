"""What emergency access opens, to whom, and what must be said. No database, no clock."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from rapport.foundation.access import SIDES, RecordClass, RoleAt, Scope, emergencies
from rapport.foundation.facts import Refused

SHORTEST, LONGEST = 20, 2000  # letters of a reason
PLACES: Final = (Scope.SCHOOL, Scope.DISTRICT, Scope.AGENCY)


def openable(roles: Iterable[RoleAt]) -> dict[RecordClass, timedelta]:
    """Return what somebody with these roles may open, and for how long at a time."""
    table, found = emergencies(), dict[RecordClass, timedelta]()
    held = list(roles)
    for record_class in RecordClass:
        spans = [table[r.role, record_class] for r in held if (r.role, record_class) in table]
        if spans:
            found[record_class] = max(spans)
    return found


def opening(roles: Iterable[RoleAt], record_class: RecordClass) -> RoleAt:
    """Return the role by which somebody opens a class: the one that opens it longest.

    Raises `Refused` where none of the roles opens it.
    """
    table = emergencies()
    fitting = [r for r in roles if (r.role, record_class) in table]
    if not fitting:
        raise Refused(
            _(
                "No emergency opens such records for the roles that you hold. Ask whoever keeps them."
            ),
            field="record_class",
        )
    return max(fitting, key=lambda r: (table[r.role, record_class], r.role, r.scope_id or 0))


def scopes_of(record_class: RecordClass) -> tuple[Scope, ...]:
    """Return the kinds of places at which records of a class are kept."""
    return tuple(scope for scope in PLACES if scope in SIDES[record_class])


def ensure_scope(record_class: RecordClass, scope: Scope) -> None:
    """Raise `Refused` where no record of this class is kept at such a place."""
    if scope not in scopes_of(record_class):
        words = {
            Scope.AGENCY: _("an agency"),
            Scope.DISTRICT: _("a district"),
            Scope.SCHOOL: _("a school"),
        }
        kept = ", ".join(words[one] for one in scopes_of(record_class))
        raise Refused(_("Such records are kept at: {places}.").format(places=kept), field="where")


def reason(typed: str) -> str:
    """Return the reason without superfluous spaces. Raises `Refused` where it says too little or too much."""
    kept = " ".join(typed.split())
    if len(kept) < SHORTEST:
        raise Refused(
            _("Say in a sentence what has happened, to whom, and why it cannot wait."),
            field="reason",
        )
    if len(kept) > LONGEST:
        raise Refused(
            _("At most {most} letters. Say the rest afterwards.").format(most=LONGEST),
            field="reason",
        )
    return kept


def is_over(until: datetime, ended_at: datetime | None, now: datetime) -> bool:
    """Tell whether it gives nothing any more: its time has passed, or somebody ended it."""
    return ended_at is not None or now >= until
