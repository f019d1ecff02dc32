"""Giving, correcting, ending and withdrawing roles. A role is a fact; nobody gives one to himself."""

from datetime import date, datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from rapport.foundation.access import Actor, Role, Scope
from rapport.foundation.facts import Refused
from rapport.foundation.kinds import deeds
from rapport.foundation.kinds.kind import Span, SpanChanges
from rapport.organizations.people import queries
from rapport.organizations.people.access import ROLE
from rapport.organizations.people.models import Person, RoleHeld
from rapport.organizations.people.queries import At
from rapport.organizations.people.rules import roles
from rapport.organizations.places.models import Agency, District, School


class RoleTerms(Span):
    """What a role is given with: `at` is an agency, a district, a school, or None for the program."""

    role: str
    at: At


class RoleChanges(SpanChanges, total=False):
    """The same where a correction may change any of it."""

    role: str
    at: At


class _Columns(TypedDict):
    scope: str
    agency: Agency | None
    district: District | None
    school: School | None


@transaction.atomic
def give_role(
    actor: Actor, person: Person, *, now: datetime, **terms: Unpack[RoleTerms]
) -> RoleHeld:
    """Give a person a role at a scope and return the fact. Raises `NotAllowed`, `Refused`."""
    _ensure_another(actor, person.pk)
    said = {k: v for k, v in terms.items() if k != "at"} | columns(terms["at"])
    roles.ensure_can_be_held(terms["role"], str(said["scope"]))
    return deeds.record_fact(actor, ROLE, now=now, person=person, about_person_id=person.pk, **said)


@transaction.atomic
def correct_role(
    actor: Actor, held: RoleHeld, *, now: datetime, **changes: Unpack[RoleChanges]
) -> RoleHeld:
    """Put a corrected fact in a role's place. Raises `NotAllowed`, `Refused`, `Overtaken`."""
    _ensure_another(actor, held.person_id)
    said = {k: v for k, v in changes.items() if k != "at"}
    if "at" in changes:
        said |= columns(changes["at"])
    if Role(held.role) is Role.ADMINISTRATOR:
        _ensure_not_the_last(held)
    return deeds.correct_fact(actor, ROLE, held, now=now, **said)


@transaction.atomic
def end_role(actor: Actor, held: RoleHeld, on: date, *, now: datetime) -> RoleHeld | None:
    """End a role: from `on` it is no longer held. Raises `NotAllowed`, `Refused`, `Overtaken`."""
    _ensure_not_the_last(held)
    return deeds.end_fact(actor, ROLE, held, on, now=now)


@transaction.atomic
def withdraw_role(actor: Actor, held: RoleHeld, *, now: datetime) -> RoleHeld:
    """Withdraw a role that was given by mistake. Raises `NotAllowed`, `Refused`, `Overtaken`."""
    _ensure_not_the_last(held)
    return deeds.withdraw_fact(actor, ROLE, held, now=now)


def columns(at: At) -> _Columns:
    """Return the scope columns of a role held `at` a place; None is the whole program."""
    scopes = {Agency: Scope.AGENCY, District: Scope.DISTRICT, School: Scope.SCHOOL}
    return {
        "scope": scopes[type(at)] if at is not None else Scope.PROGRAM,
        "agency": at if isinstance(at, Agency) else None,
        "district": at if isinstance(at, District) else None,
        "school": at if isinstance(at, School) else None,
    }


def _ensure_another(actor: Actor, person_id: int) -> None:
    if actor.persons & queries.same_as(person_id):
        raise Refused(_("Nobody gives himself a role. Ask another administrator, or the head."))


def _ensure_not_the_last(held: RoleHeld) -> None:
    if Role(held.role) is not Role.ADMINISTRATOR or queries.has_other_administrator(held):
        return
    raise Refused(
        _(
            "This is the last administrator who can sign in. Make somebody else administrator first, "
            "and let them sign in once."
        )
    )
