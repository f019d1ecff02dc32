"""Who may see people, give roles, close accounts and take emergency access; and every verb of it.

Roles and accounts are no class of records: the wall's table says nothing of them. An administrator
manages them everywhere and reads no content; the head of an agency and a superintendent manage
the roles of their own side. Who adds people on a side, and who watches over its records, reads which
roles are held there.
"""

from datetime import date
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from rapport.foundation import registry
from rapport.foundation.access import Actor, NotAllowed, Role, RoleAt, Scope, Verb
from rapport.foundation.facts import FactQuerySet
from rapport.foundation.kinds.kind import FactKind
from rapport.organizations.people.models import Account, Person, RoleHeld
from rapport.organizations.people.rules import roles
from rapport.organizations.places.models import SchoolInDistrict


def _verb(name: str, of: str, sentence: Any, *, shreds: str = "ids only") -> Verb:
    return registry.verb(f"people.{name}", of, None, None, sentence, shreds=shreds)


ADD: Final = _verb("add", "person", _("added a person"))
CORRECT: Final = _verb("correct", "person", _("corrected a person's name or work address"))
MERGE: Final = _verb("merge", "person", _("joined two records of one person"))
UNMERGE: Final = _verb("unmerge", "person", _("parted two records of a person again"))
GIVE: Final = _verb("give_role", "person", _("gave a role"))
CORRECT_ROLE: Final = _verb("correct_role", "person", _("corrected a role"))
END_ROLE: Final = _verb("end_role", "person", _("ended a role"))
WITHDRAW_ROLE: Final = _verb("withdraw_role", "person", _("withdrew a role"))

CLOSE: Final = _verb("close_account", "account", _("closed a sign-in"))
REOPEN: Final = _verb("reopen_account", "account", _("opened a closed sign-in again"))

MANAGERS: Final = (Role.ADMINISTRATOR, Role.AGENCY_HEAD, Role.SUPERINTENDENT)
ADDERS: Final = (*MANAGERS, Role.SUPERVISOR, Role.SAFETY_DIRECTOR)
# Who reads which roles are held, on each side.
AGENCY_READERS: Final = (Role.AGENCY_HEAD, Role.SUPERVISOR)
DISTRICT_READERS: Final = (Role.SUPERINTENDENT, Role.SAFETY_DIRECTOR, Role.PRIVACY_OFFICER)


def sees_people(actor: Actor) -> bool:
    """Tell whether the list of people and roles is there for `actor`."""
    return manages(actor) or actor.holds(*AGENCY_READERS, *DISTRICT_READERS)


def manages(actor: Actor) -> bool:
    """Tell whether `actor` gives some roles and lets people in."""
    return actor.is_system or actor.holds(*MANAGERS)


def is_over_all(actor: Actor) -> bool:
    """Tell whether `actor` manages accounts and roles everywhere."""
    return actor.is_system or actor.holds(Role.ADMINISTRATOR)


def _sees_all(actor: Actor) -> bool:
    of_program = RoleAt(Role.PRIVACY_OFFICER, Scope.PROGRAM)
    return is_over_all(actor) or of_program in actor.roles


def agencies_of(actor: Actor, *held: Role) -> set[int]:
    """Return the agencies at which `actor` holds one of these roles."""
    return _scopes(actor, held, Scope.AGENCY)


def districts_of(actor: Actor, *held: Role) -> set[int]:
    """Return the districts at which `actor` holds one of these roles."""
    return _scopes(actor, held, Scope.DISTRICT)


def _scopes(actor: Actor, held: tuple[Role, ...], scope: Scope) -> set[int]:
    found = (r.scope_id for r in actor.roles if r.role in held and r.scope is scope)
    return {one for one in found if one is not None}


def schools_of(districts: set[int]) -> QuerySet[Any, Any]:
    """Return the keys of the schools that belong to these districts, for a subquery."""
    rows = SchoolInDistrict.objects.known().filter(district_id__in=districts, valid_until=None)
    return rows.values("school_id")


def districts_with(schools: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """Return the keys of the districts to which these schools belong, for a subquery."""
    rows = SchoolInDistrict.objects.known().filter(school_id__in=schools, valid_until=None)
    return rows.values("district_id")


def visible_roles(actor: Actor) -> FactQuerySet:
    """Return the roles, also those ended or withdrawn, that `actor` may know of."""
    rows: FactQuerySet = RoleHeld.objects.all()
    if _sees_all(actor):
        return rows
    # A role that was given in error opens no sight of its person, so neither of itself.
    right = Q(withdrawn_at=None) | Q(person_id__in=visible_persons(actor).values("pk"))
    return rows.filter(_in_reach(actor)).filter(right)


def _in_reach(actor: Actor) -> Q:
    """Return the filter on roles of the actor's own, and at the places where he reads roles."""
    agencies = agencies_of(actor, *AGENCY_READERS)
    districts = districts_of(actor, *DISTRICT_READERS)
    seen = Q(person_id__in=actor.persons)
    if agencies:
        seen |= Q(agency_id__in=agencies)
    if districts:
        seen |= Q(district_id__in=districts) | Q(school_id__in=schools_of(districts))
    return seen


def visible_persons(actor: Actor) -> QuerySet[Person]:
    """Return the persons whose page `actor` may open; the actor among them."""
    rows = Person.objects.all()
    if _sees_all(actor):
        return rows
    seen = Q(pk__in=actor.persons)
    if sees_people(actor):
        held = RoleHeld.objects.known().filter(_in_reach(actor))
        seen |= Q(pk__in=held.values("person_id"))
        seen |= Q(agency_id__in=agencies_of(actor, *AGENCY_READERS))
        seen |= Q(district_id__in=districts_of(actor, *DISTRICT_READERS))
    return rows.filter(seen)


def may_role(actor: Actor, verb: Verb, at: Any) -> bool:
    """Tell whether `actor` may give, correct, end or withdraw the role `at` (a `RoleHeld`, also unsaved)."""
    if is_over_all(actor):
        return True
    if at.role in roles.OF_AGENCY:
        return at.agency_id in agencies_of(actor, Role.AGENCY_HEAD)
    if at.role not in roles.OF_DISTRICT:
        return False
    districts = districts_of(actor, Role.SUPERINTENDENT)
    if at.school_id is None:
        return at.district_id in districts
    return bool(districts) and schools_of(districts).filter(school_id=at.school_id).exists()


def may_change(actor: Actor, verb: Verb, at: Any) -> bool:
    """Tell the same of the pages: nobody is offered to give or to prolong a role of his own."""
    own = verb in (GIVE, CORRECT_ROLE) and at.person_id in actor.persons
    return not own and may_role(actor, verb, at)


def may_give_to(actor: Actor, person: Person) -> bool:
    """Tell whether `actor` may give this person some role: nobody gives one to himself."""
    return manages(actor) and person.pk not in actor.persons


def adds_people(actor: Actor) -> bool:
    """Tell whether `actor` may add people whose record some side keeps."""
    return is_over_all(actor) or actor.holds(*ADDERS)


def may_add(actor: Actor, agency_id: int | None, district_id: int | None) -> bool:
    """Tell whether `actor` may add a person whose record this agency or district keeps."""
    if is_over_all(actor):
        return True
    if agency_id is not None:
        return agency_id in agencies_of(actor, *ADDERS)
    return district_id is not None and district_id in districts_of(actor, *ADDERS)


def may_correct(actor: Actor, person: Person) -> bool:
    """Tell whether `actor` may correct a name or work address: whoever's side keeps the record."""
    return may_add(actor, person.agency_id, person.district_id)


def may_correct_address(actor: Actor, person: Person, held: QuerySet[RoleHeld]) -> bool:
    """Tell whether `actor` may correct a work address: links to sign in go to it, and are made for it.

    The address of somebody who reads or gives more than those that a supervisor adds (`held`, now
    or to come) is corrected only by whoever may let this person in.
    """
    if not may_correct(actor, person):
        return False
    plain = all(Role(one.role) in roles.PLAIN for one in held)
    return plain or may_let_in(actor, person, held)


def may_let_in(actor: Actor, person: Person, held: QuerySet[RoleHeld]) -> bool:
    """Tell whether `actor` may invite `person`, or close the account.

    Whoever hands out a link could use it; so a head invites only those whose every role, now or to
    come (`held`), is one that this head could give.
    """
    if is_over_all(actor):
        return True
    if not manages(actor):
        return False
    known = list(held)
    return bool(known or may_correct(actor, person)) and all(
        may_role(actor, GIVE, role) for role in known
    )


def require_that(allowed: bool, verb: Verb) -> None:  # noqa: FBT001  the answer of one of the above
    """Raise `NotAllowed` unless it is allowed."""
    if not allowed:
        raise NotAllowed(verb.name)


def is_own(actor: Actor, account: Account) -> bool:
    """Tell whether this is the actor's own account."""
    return account.person_id in actor.persons


def ensure_role(held: RoleHeld, today: date) -> None:
    """Raise `Refused` unless people hold such a role, at such a scope, from such a day."""
    roles.ensure_can_be_held(held.role, held.scope)
    roles.ensure_dates(held.valid_from, today)


ROLE: Final = FactKind(
    model=RoleHeld,
    title=_("Role"),
    record=GIVE,
    correct=CORRECT_ROLE,
    withdraw=WITHDRAW_ROLE,
    end=END_ROLE,
    words=lambda held: held.in_words,
    ensure=ensure_role,
    may=may_change,
    related=("agency", "district", "school"),
    rows_for=visible_roles,
)
