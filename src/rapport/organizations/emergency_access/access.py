"""Who takes emergency access, who is told of it, and who looks at it afterwards; and every verb of it.

What it opens, and to which roles, is said by `foundation/emergencies.csv`.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from rapport.foundation import registry
from rapport.foundation.access import Actor, NotAllowed, Role, RoleAt, Scope, Verb
from rapport.foundation.audit.models import Side
from rapport.organizations.emergency_access import rules
from rapport.organizations.emergency_access.models import Emergency, Review
from rapport.organizations.people.access import agencies_of, districts_of

WORD: Final = "emergency"


def _verb(name: str, sentence: Any, *, shreds: str = "ids only") -> Verb:
    return registry.verb(f"emergency_access.{name}", WORD, None, None, sentence, shreds=shreds)


TAKE: Final = _verb("take", _("took emergency access"), shreds="the reason")
READ: Final = _verb("read", _("opened a page during emergency access"))
END: Final = _verb("end", _("ended emergency access"))
LOOK: Final = _verb("look", _("looked at why emergency access was taken"))
REVIEW: Final = _verb("review", _("said whether emergency access was right"))

# Who looks at it afterwards, for each side: who answers for the people there, or for the records.
REVIEWERS: Final = {
    Side.AGENCY: (Role.AGENCY_HEAD,),
    Side.DISTRICT: (Role.PRIVACY_OFFICER, Role.SUPERINTENDENT),
}
OF_PROGRAM: Final = RoleAt(Role.PRIVACY_OFFICER, Scope.PROGRAM)


def may_take(actor: Actor) -> bool:
    """Tell whether some role of the actor opens something in an emergency."""
    return actor.person_id is not None and bool(rules.openable(actor.roles))


def reviews_some(actor: Actor) -> bool:
    """Tell whether the actor looks at what others took."""
    return actor.holds(*(role for roles in REVIEWERS.values() for role in roles))


def is_here(actor: Actor) -> bool:
    """Tell whether the pages are there for the actor."""
    return may_take(actor) or reviews_some(actor)


def of_side(actor: Actor, side: Side) -> Q:
    """Return the filter on what the actor looks at for one side: where the records or their reader belong to it."""
    if side is Side.AGENCY:
        mine = agencies_of(actor, *REVIEWERS[side])
        return Q(agency_id__in=mine) | Q(for_agency_id__in=mine)
    if OF_PROGRAM in actor.roles:
        return ~Q(pk__in=())
    mine = districts_of(actor, *REVIEWERS[side])
    return Q(district_id__in=mine) | Q(in_district_id__in=mine) | Q(for_district_id__in=mine)


def visible_emergencies(actor: Actor) -> QuerySet[Emergency]:
    """Return the emergency access that the actor may know of: the own, and that of both sides' people."""
    seen = Q(person_id__in=actor.persons)
    if reviews_some(actor):
        for side in Side:
            seen |= of_side(actor, side)
    return Emergency.objects.filter(seen)


def own(actor: Actor) -> QuerySet[Emergency]:
    """Return what the actor took himself."""
    return Emergency.objects.filter(person_id__in=actor.persons)


def over(now: datetime) -> Q:
    """Return the filter on what gives nothing any more."""
    return Q(ended_at__isnull=False) | Q(until__lte=now)


def to_review(actor: Actor, *, now: datetime) -> QuerySet[Emergency]:
    """Return what waits for the actor: over, taken by another, and his side has not said anything yet."""
    said = Review.objects.filter(emergency=OuterRef("pk"))
    waiting = Q(pk__in=())
    for side in Side:
        waiting |= of_side(actor, side) & ~Q(Exists(said.filter(side=side)))
    mine = Q(Exists(said.filter(by_id__in=actor.persons)))
    rows = Emergency.objects.filter(over(now)).exclude(person_id__in=actor.persons)
    return rows.filter(waiting).exclude(mine)


def free_sides(actor: Actor, emergency: Emergency, *, now: datetime) -> list[Side]:
    """Return the sides for which the actor may say now whether it was right."""
    here = to_review(actor, now=now).filter(pk=emergency.pk)
    done = set(Review.objects.filter(emergency=emergency).values_list("side", flat=True))
    return [s for s in Side if s not in done and here.filter(of_side(actor, s)).exists()]


def may_end(actor: Actor, emergency: Emergency) -> bool:
    """Tell whether the actor may end it: its own person, and whoever looks at it afterwards."""
    if emergency.person_id in actor.persons:
        return True
    rows = Emergency.objects.filter(pk=emergency.pk)
    return any(rows.filter(of_side(actor, side)).exists() for side in Side)


def still_held(emergency: Emergency, roles: Iterable[RoleAt]) -> bool:
    """Tell whether the role by which it was opened is held, and opens such records, to this day."""
    at = (emergency.role, emergency.role_scope, emergency.role_scope_id)
    held = [r for r in roles if (r.role, r.scope, r.scope_id) == at]
    return emergency.record_class in rules.openable(held)


def require_that(allowed: bool, verb: Verb) -> None:  # noqa: FBT001  the answer of one of the above
    """Raise `NotAllowed` unless it is allowed."""
    if not allowed:
        raise NotAllowed(verb.name)
