"""What a person holds from a day on, whoever may know of it, and whether another administrator is left."""

from datetime import date

from django.db.models import Q, QuerySet

from rapport.foundation.access import Role
from rapport.organizations.people.models import Account, Merge, Person, RoleHeld
from rapport.organizations.people.rules import merges

from .actors import merged, same_as


def roles_to_come(person: Person, day: date) -> QuerySet[RoleHeld]:
    """Return every role that the person, under whatever id, holds on `day` or will hold after it."""
    ids = same_as(person.pk)
    rows: QuerySet[RoleHeld] = RoleHeld.objects.known().filter(person_id__in=ids)
    return rows.filter(Q(valid_until=None) | Q(valid_until__gt=day))


def account_of(person_id: int) -> Account | None:
    """Return the account that a person, under whatever id, signs in with; it may be closed.

    Of the accounts of joined records it is the one that no join has set aside.
    """
    ids = same_as(person_id)
    aside = Merge.objects.filter(kept_id__in=ids, undone_at=None).exclude(set_aside=None)
    rows = Account.objects.filter(person_id__in=ids).exclude(pk__in=aside.values("set_aside_id"))
    return rows.order_by("created_at", "pk").first()


def was_entrusted(person_id: int) -> bool:
    """Tell whether a person, under whatever id, was ever given a role; one withdrawn counts."""
    return RoleHeld.objects.filter(person_id__in=same_as(person_id)).exists()


def has_other_administrator(held: RoleHeld) -> bool:
    """Tell whether, without this role, somebody with an open account is administrator without an end.

    Locks every such role in one order, so that of two who end each other the slower one is refused.
    """
    return _can_sign_in(without=same_as(held.person_id))


def has_administrator() -> bool:
    """Tell whether somebody with an open account is administrator without an end. Locks as above."""
    return _can_sign_in(without=frozenset())


def _can_sign_in(*, without: frozenset[int]) -> bool:
    rows = RoleHeld.objects.known().filter(role=Role.ADMINISTRATOR, valid_until=None)
    locked = rows.order_by("pk").select_for_update(of=("self",))
    gone = merged()
    holders = {merges.kept(gone, r.person_id) for r in locked if r.person_id not in without}
    everyone = {one for root in holders for one in merges.all_of(gone, root)}
    return Account.objects.filter(person_id__in=everyone, closed_at=None).exists()
