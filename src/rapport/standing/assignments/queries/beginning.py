"""What a program without a standing still needs before it has one, and whose turn it is."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Final, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from rapport.foundation.access import Actor, Role
from rapport.foundation.kinds.pages import new_url
from rapport.foundation.registry import Notice
from rapport.foundation.rulesets.models import RuleSetVersion
from rapport.organizations.people import access as people
from rapport.organizations.places import access as places
from rapport.standing.agreements import access as agreements_access
from rapport.standing.agreements import queries as agreements
from rapport.standing.agreements.rules import State
from rapport.standing.assignments import access
from rapport.standing.assignments.models import Assigned
from rapport.standing.officers import access as roster
from rapport.standing.officers import queries as officers


class Todo(NamedTuple):
    """One step to the first standing: whether it is done, and where this actor does it (empty: others do)."""

    name: str
    is_done: bool
    url: str
    is_next: bool = False


def _has_begun() -> bool:
    """Tell whether there is a standing at all: whether anybody was ever assigned."""
    return Assigned.objects.known().exists()


def beginning(actor: Actor, *, day: date) -> list[Todo]:
    """Return the steps to the first standing as `actor` sees them; none once there is one, or for onlookers.

    What `actor` may not see counts as not done, and is others' to do.
    """
    if _has_begun():
        return []
    found = [Todo(name, *ask(actor, day)) for name, ask in STEPS]
    mine = [step for step in found if step.url and not step.is_done]
    if not any(step.url for step in found if step.name != "rules"):  # which anybody may read
        return []
    return [step._replace(is_next=bool(mine) and step is mine[0]) for step in found]


def notices(actor: Actor, now: datetime) -> Iterator[Notice]:
    """Yield the way back to these steps. For `registry.notices`: one query, for administrators alone."""
    if actor.holds(Role.ADMINISTRATOR) and not _has_begun():
        yield Notice(_("Getting started: what comes next"), reverse("assignments:start"))


Asked = tuple[bool, str]


def _schools(actor: Actor, day: date) -> Asked:
    url = reverse("places:districts") if places.may_add(actor, places.IMPORT) else ""
    return places.visible_schools(actor).exists(), url


def _agency(actor: Actor, day: date) -> Asked:
    url = reverse("places:new_agency") if places.may_add(actor, places.ADD_AGENCY) else ""
    return places.visible_agencies(actor).exists(), url


def _people(actor: Actor, day: date) -> Asked:
    held = people.visible_roles(actor).as_of(day).filter(role__in=access.ASSIGNERS)
    return held.exists(), reverse("people:people") if people.manages(actor) else ""


def _rules(actor: Actor, day: date) -> Asked:
    return RuleSetVersion.objects.known().exists(), reverse("assignments:rules")


def _start(actor: Actor, day: date) -> Asked:
    there = list(places.visible_agencies(actor).order_by("name", "pk"))
    mine = [agency for agency in there if places.may_start(actor, agency)]
    seen = places.START.rows(actor).filter(agency__in=there)
    started = seen.filter(withdrawn_at=None).exists()
    return started, new_url(places.START.name, mine[0]) if mine and not started else ""


def _agreement(actor: Actor, day: date) -> Asked:
    found = [a for a in agreements.agreements(actor, day=day) if a.state is not State.ENDED]
    if any(a.state is State.IN_FORCE for a in found):
        return True, ""
    if not agreements_access.may_draft(actor):
        return False, ""
    if not found:
        return False, reverse("agreements:new")
    return False, reverse("agreements:agreement", args=[found[0].agreement.uid])


def _officer(actor: Actor, day: date) -> Asked:
    may = officers.agencies_to_add_to(actor)
    return roster.visible_officers(actor).exists(), reverse("officers:add") if may else ""


def _assign(actor: Actor, day: date) -> Asked:
    return False, reverse("assignments:begin") if access.may_begin_any(actor) else ""


STEPS: Final[tuple[tuple[str, Callable[[Actor, date], Asked]], ...]] = (
    ("schools", _schools),
    ("agency", _agency),
    ("people", _people),
    ("rules", _rules),
    ("start", _start),
    ("agreement", _agreement),
    ("officer", _officer),
    ("assign", _assign),
)
