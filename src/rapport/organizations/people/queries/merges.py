"""Which records of people are one, and two of them side by side."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from rapport.foundation.access import Actor
from rapport.organizations.people import access
from rapport.organizations.people.models import Merge, Person
from rapport.organizations.people.rules import merges

from .actors import merged, names
from .listed import Entrusted, Listed, SignIn, entrusted, listed, people, sign_in_of


@dataclass(frozen=True, slots=True)
class Compared:
    """One of two records that may be one person."""

    person: Person
    roles: Entrusted
    sign_in: SignIn


def compared(actor: Actor, person: Person, *, day: date, now: datetime) -> Compared:
    """Return a record as it stands beside another."""
    return Compared(
        person,
        entrusted(actor, person, day=day),
        sign_in_of(actor, person, day=day, now=now),
    )


def others(actor: Actor, person: Person, words: str, *, day: date, now: datetime) -> list[Listed]:
    """Return up to twenty others whose name has all these words; without words, those of a like name or address."""
    rows = people(actor).exclude(pk=person.pk)
    if words:
        for word in words.split():
            rows = rows.filter(name__icontains=word)
    else:
        like = Q(pk__in=())
        for word in person.name.split():
            like |= Q(name__icontains=word) if len(word) > 2 else Q(pk__in=())
        if person.work_email:
            like |= Q(work_email__iexact=person.work_email)
        rows = rows.filter(like)
    return listed(actor, list(rows[:20]), day=day, now=now)


@dataclass(frozen=True, slots=True)
class Joined:
    """A record that was joined with the one shown."""

    merge: Merge
    by: str


def merges_of(actor: Actor, person: Person) -> list[Joined]:
    """Return the records that were joined with this person, newest first; for whoever may part them."""
    if not access.is_over_all(actor):
        return []
    ids = merges.all_of(merged(), person.pk)
    rows = Merge.objects.filter(absorbed_id__in=ids, undone_at=None).order_by("-made_at", "-pk")
    found = list(rows.select_related("absorbed"))
    known = names(m.by_person_id for m in found if m.by_person_id is not None)
    return [Joined(m, known.get(m.by_person_id or 0, "")) for m in found]


def merge_at(actor: Actor, uid: UUID) -> Merge | None:
    """Return a merge, also one undone since, for whoever may part the two again."""
    rows = Merge.objects.select_related("kept", "absorbed")
    return rows.filter(uid=uid).first() if access.is_over_all(actor) else None
