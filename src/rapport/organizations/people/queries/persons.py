"""Lists and pages of people: who there is, what they hold, and whether they can sign in."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from rapport.foundation import registry
from rapport.foundation.access import Actor, Role
from rapport.organizations.people import access
from rapport.organizations.people.models import Account, Merge, Person, RoleHeld
from rapport.organizations.people.rules import merges

from .actors import merged, same_as


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as the list shows one: only roles that the actor may know of."""

    uid: UUID
    name: str
    roles: tuple[str, ...]
    state: str  # "open", "closed", "invited", or empty: no account
    last_seen_at: datetime | None


def persons(actor: Actor) -> QuerySet[Person]:
    """Return the persons that `actor` may see, each once: not those merged into another."""
    rows = access.visible_persons(actor).filter(emptied_at=None).order_by("name", "pk")
    return rows.exclude(pk__in=Merge.objects.filter(undone_at=None).values("absorbed_id"))


def person_rows(
    actor: Actor, found: Sequence[Person], *, day: date, now: datetime
) -> list[PersonRow]:
    """Return these persons with what they hold on `day` and how they sign in: four queries."""
    gone = merged()
    ids = {p.pk: merges.all_of(gone, p.pk) for p in found}
    everyone = {one for several in ids.values() for one in several}
    held: dict[int, list[str]] = defaultdict(list)
    rows = access.visible_roles(actor).filter(person_id__in=everyone)
    for role in rows.as_of(day).select_related("agency", "district", "school").order_by("pk"):  # type: ignore[attr-defined]
        held[role.person_id].append(role.in_words)
    accounts = {a.person_id: a for a in Account.objects.filter(person_id__in=everyone)}
    invited = {one for sent in registry.invited for one in sent(everyone, now)}
    return [
        PersonRow(
            p.uid,
            str(p),
            tuple(word for one in sorted(ids[p.pk]) for word in held[one]),
            _state(
                [accounts[one] for one in ids[p.pk] if one in accounts], bool(ids[p.pk] & invited)
            ),
            max(
                (s for one in ids[p.pk] if one in accounts and (s := accounts[one].last_seen_at)),
                default=None,
            ),
        )
        for p in found
    ]


def _state(accounts: Sequence[Account], invited: bool) -> str:  # noqa: FBT001
    if any(a.is_active for a in accounts):
        return "open"
    if invited:
        return "invited"
    return "closed" if accounts else ""


def roles_to_come(person: Person, day: date) -> QuerySet[RoleHeld]:
    """Return every role that the person, under whatever id, holds on `day` or will hold after it."""
    ids = same_as(person.pk)
    rows: QuerySet[RoleHeld] = RoleHeld.objects.known().filter(person_id__in=ids)
    return rows.filter(Q(valid_until=None) | Q(valid_until__gt=day))


def has_other_administrator(held: RoleHeld) -> bool:
    """Tell whether, without this role, somebody with an open account is administrator without an end.

    Locks every such role in one order, so that of two who end each other the slower one is refused.
    """
    rows = RoleHeld.objects.known().filter(role=Role.ADMINISTRATOR, valid_until=None)
    locked = rows.order_by("pk").select_for_update(of=("self",))
    mine = same_as(held.person_id)
    gone = merged()
    holders = {merges.kept(gone, r.person_id) for r in locked if r.person_id not in mine}
    everyone = {one for root in holders for one in merges.all_of(gone, root)}
    return Account.objects.filter(person_id__in=everyone, closed_at=None).exists()
