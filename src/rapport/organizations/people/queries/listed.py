"""The list of people and the page of one: what they hold, how they are reached, whether they sign in."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from rapport.foundation import registry
from rapport.foundation.access import Actor
from rapport.foundation.kinds import queries as kinds
from rapport.foundation.kinds.queries import FactRow
from rapport.foundation.registry import Hit
from rapport.organizations.people import access
from rapport.organizations.people.models import Account, Merge, Person
from rapport.organizations.people.rules import merges
from rapport.organizations.places.models import Agency, District

from .actors import kept_person, merged
from .persons import account_of, roles_to_come

NONE: Final = "none"  # the value of a filter that asks for people without one
OPEN, INVITED, CLOSED = "open", "invited", "closed"  # how a sign-in stands; `NONE` beside them


@dataclass(frozen=True, slots=True)
class Listed:
    """A person as the list shows one: only roles that the actor may know of."""

    uid: UUID
    name: str
    title: str
    roles: tuple[str, ...]
    work_email: str
    work_phone: str
    sign_in: str  # OPEN, INVITED, CLOSED or NONE
    last_seen_at: datetime | None

    @property
    def url(self) -> str:
        """Return the address of the person's page."""
        return reverse("people:person", args=[self.uid])


def people(actor: Actor) -> QuerySet[Person]:
    """Return the persons whom `actor` may see, each once: not those joined with another, whom they show."""
    gone = merged()
    seen = access.visible_persons(actor)
    absorbed = seen.filter(pk__in=gone).values_list("pk", flat=True) if gone else ()
    roots = {merges.kept(gone, one) for one in absorbed}
    rows = Person.objects.filter(Q(pk__in=seen.values("pk")) | Q(pk__in=roots), emptied_at=None)
    last = Account.objects.filter(person=OuterRef("pk")).values("last_seen_at")[:1]
    return rows.exclude(pk__in=gone).annotate(last_seen_at=Subquery(last)).order_by("name", "pk")


def person_at_uid(actor: Actor, uid: UUID) -> Person | None:
    """Return the person with this uid, or the one kept where they were joined, if `actor` may see them."""
    found = Person.objects.filter(uid=uid).first()
    return people(actor).filter(pk=kept_person(found).pk).first() if found else None


def with_role(actor: Actor, rows: QuerySet[Person], role: str, *, day: date) -> QuerySet[Person]:
    """Return those who hold `role` on `day`; `NONE`: those who hold none. Only roles that `actor` may know of."""
    held = access.visible_roles(actor).as_of(day)
    if role == NONE:
        return rows.exclude(_persons_of(held))
    return rows.filter(_persons_of(held.filter(role=role)))


def at_place(actor: Actor, rows: QuerySet[Person], uid: str, *, day: date) -> QuerySet[Person]:
    """Return those who hold a role on `day` at the agency or district with this uid, or at its schools."""
    districts = set(District.objects.filter(uid=uid).values_list("pk", flat=True))
    there = Q(agency__uid=uid) | Q(district__in=districts)
    there |= Q(school_id__in=access.schools_of(districts))
    return rows.filter(_persons_of(access.visible_roles(actor).as_of(day).filter(there)))


def with_sign_in(rows: QuerySet[Person], state: str, *, now: datetime) -> QuerySet[Person]:
    """Return those whose sign-in is `OPEN`, `INVITED` (a link waits), `CLOSED`, or who have `NONE`."""
    accounts = Account.objects.all()
    open_ones = _persons_of(accounts.filter(closed_at=None))
    if state == OPEN:
        return rows.filter(open_ones)
    waiting = Q(pk__in=_waiting(Person.objects.values_list("pk", flat=True), merged(), now))
    if state == INVITED:
        return rows.filter(waiting).exclude(open_ones)
    has_one = _persons_of(accounts)
    rest = rows.exclude(open_ones).exclude(waiting)
    return rest.filter(has_one) if state == CLOSED else rest.exclude(has_one)


def _waiting(ids: Iterable[int], gone: Mapping[int, int], now: datetime) -> set[int]:
    """Return those of these persons, as the ones kept, for whom a link waits that lets them in."""
    return {merges.kept(gone, one) for sent in registry.invited for one in sent(ids, now)}


def _persons_of(rows: QuerySet[Any]) -> Q:
    """Return the filter on persons to whom these rows belong, under whatever id."""
    gone = merged()
    absorbed = rows.filter(person_id__in=gone).values_list("person_id", flat=True) if gone else ()
    roots = {merges.kept(gone, one) for one in absorbed}
    return Q(pk__in=rows.values("person_id")) | Q(pk__in=roots)


def places_of_roles(actor: Actor) -> list[tuple[str, str]]:
    """Return uid and name of the agencies and districts where `actor` may know of roles, as choices."""
    held = access.visible_roles(actor).known()
    agencies = Agency.objects.filter(pk__in=held.values("agency_id"))
    above = access.districts_with(held.values("school_id"))
    districts = District.objects.filter(Q(pk__in=held.values("district_id")) | Q(pk__in=above))
    found = [*agencies.values_list("uid", "name"), *districts.values_list("uid", "name")]
    return sorted(((str(uid), name) for uid, name in found), key=lambda c: c[1].casefold())


def listed(actor: Actor, found: Sequence[Person], *, day: date, now: datetime) -> list[Listed]:
    """Return these persons with what they hold on `day` and how they sign in: four queries."""
    gone = merged()
    ids = {p.pk: sorted(merges.all_of(gone, p.pk)) for p in found}
    everyone = {one for several in ids.values() for one in several}
    held: dict[int, list[str]] = defaultdict(list)
    rows = access.visible_roles(actor).as_of(day).filter(person_id__in=everyone)
    for role in rows.select_related("agency", "district", "school").order_by("pk"):
        held[role.person_id].append(role.in_words)
    accounts = {a.person_id: a for a in Account.objects.filter(person_id__in=everyone)}
    waiting = _waiting(everyone, gone, now)

    def one_listed(person: Person) -> Listed:
        mine = [accounts[one] for one in ids[person.pk] if one in accounts]
        words = tuple(word for one in ids[person.pk] for word in held[one])
        return _listed(person, words, mine, is_invited=person.pk in waiting)

    return [one_listed(person) for person in found]


def _listed(
    person: Person, roles: tuple[str, ...], accounts: Collection[Account], *, is_invited: bool
) -> Listed:
    seen = (a.last_seen_at for a in accounts if a.last_seen_at is not None)
    return Listed(
        uid=person.uid,
        name=person.name or str(person),
        title=person.title,
        roles=roles,
        work_email=person.work_email,
        work_phone=person.work_phone,
        sign_in=_state(accounts, is_invited=is_invited),
        last_seen_at=max(seen, default=None),
    )


def _state(accounts: Collection[Account], *, is_invited: bool) -> str:
    if any(a.is_active for a in accounts):
        return OPEN
    if is_invited:
        return INVITED
    return CLOSED if accounts else NONE


def alike(actor: Actor, name: str, email: str, *, day: date, now: datetime) -> list[Listed]:
    """Return the people whom `actor` may see and who bear this name or this work address."""
    same = Q(name__iexact=" ".join(name.split()))
    if email:
        same |= Q(work_email__iexact=email)
    return listed(actor, list(people(actor).filter(same)[:20]), day=day, now=now)


def find_people(actor: Actor, words: str) -> Iterator[Hit]:
    """Yield the people whom `actor` may see, by part of the name or of the work address."""
    if not access.sees_people(actor):
        return
    named = Q(name__icontains=words) | Q(work_email__icontains=words)
    for person in people(actor).filter(named):
        note = person.title or person.work_email
        yield Hit(_("People"), person.name, reverse("people:person", args=[person.uid]), note)


def people_named(actor: Actor, ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return name and page of persons by id, as far as `actor` may see them; for lines of the history.

    One query; a few more where one of them was joined with another, under whose name they go.
    """
    wanted = set(ids)
    absorbed_by = Merge.objects.filter(absorbed=OuterRef("pk"), undone_at=None)
    rows = Person.objects.filter(pk__in=wanted)
    rows = rows.annotate(kept_id=Subquery(absorbed_by.values("kept_id")[:1]))
    rows = rows.annotate(is_seen=Q(pk__in=access.visible_persons(actor).values("pk")))
    found = list(rows)
    named: dict[int, Person] = {
        p.pk: p for p in found if p.is_seen and p.kept_id is None and p.emptied_at is None
    }
    if any(p.kept_id is not None for p in found):
        gone = merged()
        roots = {one: merges.kept(gone, one) for one in wanted & gone.keys()}
        kept = {p.pk: p for p in people(actor).filter(pk__in=set(roots.values()))}
        named |= {one: kept[root] for one, root in roots.items() if root in kept}
    return {one: (str(p), reverse("people:person", args=[p.uid])) for one, p in named.items()}


@dataclass(frozen=True, slots=True)
class Entrusted:
    """What a person was, is and will be entrusted with, as far as an actor may know of it."""

    now: tuple[FactRow, ...]
    to_come: tuple[FactRow, ...]
    before: tuple[FactRow, ...]
    in_error: tuple[FactRow, ...]  # withdrawn, or replaced by a correction


def entrusted(actor: Actor, person: Person, *, day: date) -> Entrusted:
    """Return the roles of a person, under whatever id, sorted by how they stand on `day`; newest first."""
    ids = merges.all_of(merged(), person.pk)
    rows = kinds.rows(actor, [access.ROLE], person_id__in=ids)
    known = [row for row in rows if row.withdrawn_at is None]
    return Entrusted(
        now=tuple(r for r in known if r.valid_from <= day and not _is_over(r, day)),
        to_come=tuple(r for r in known if r.valid_from > day),
        before=tuple(r for r in known if _is_over(r, day)),
        in_error=tuple(r for r in rows if r.withdrawn_at is not None),
    )


def _is_over(row: FactRow, day: date) -> bool:
    return row.valid_until is not None and row.valid_until <= day


@dataclass(frozen=True, slots=True)
class SignIn:
    """How a person signs in; the address, and what may be done, only for whoever may invite them."""

    state: str  # OPEN, INVITED, CLOSED or NONE
    account: Account | None = None
    is_told: bool = False  # the address
    may_close: bool = False
    may_reopen: bool = False
    closed_by_join: bool = False  # the other sign-in of a joined record is closed


def sign_in_of(actor: Actor, person: Person, *, day: date, now: datetime) -> SignIn:
    """Return how a person, under whatever id, signs in, as far as `actor` may be told."""
    gone = merged()
    ids = merges.all_of(gone, person.pk)
    accounts = list(Account.objects.filter(person_id__in=ids).order_by("created_at", "pk"))
    state = _state(accounts, is_invited=person.pk in _waiting(ids, gone, now))
    if not accounts:
        return SignIn(state)
    first, own = account_of(person.pk) or accounts[0], bool(actor.persons & ids)
    may = access.may_let_in(actor, person, roles_to_come(person, day))
    return SignIn(
        state,
        first,
        is_told=own or may,
        may_close=may and not own and first.is_active,
        may_reopen=may and not first.is_active,
        closed_by_join=len(accounts) > 1,
    )
