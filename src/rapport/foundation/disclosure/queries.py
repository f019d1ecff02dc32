"""Questions about disclosures. Each names its asker first."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from rapport.foundation import registry
from rapport.foundation.access import Actor, RecordClass, Right, gives
from rapport.foundation.disclosure import access
from rapport.foundation.disclosure.models import Disclosure, DisclosureWords, Recipient
from rapport.foundation.registry import Record, Someone

LETTERS: Final = (
    3  # of a name, before anybody is looked for: a directory is not to be read letter by letter
)
MOST: Final = 20


class Shown(NamedTuple):
    """A disclosure as a page shows it."""

    row: Disclosure
    words: DisclosureWords | None  # none where they were shredded
    recipients: tuple[str, ...]
    by: str
    record: Record | None  # none where the asker may not read the record now
    is_open: bool


def listed(actor: Actor) -> QuerySet[Disclosure]:
    """Return the disclosures that the actor may see, the newest first."""
    return access.visible_disclosures(actor).order_by("-at", "-pk")


def shown(actor: Actor, rows: Sequence[Disclosure], *, now: datetime) -> list[Shown]:
    """Return these disclosures with what a page says of them; a fixed number of queries."""
    keys = [row.pk for row in rows]
    words = {w.disclosure_id: w for w in DisclosureWords.objects.filter(disclosure_id__in=keys)}
    to: dict[int, list[int]] = {}
    for recipient in Recipient.objects.filter(disclosure_id__in=keys).order_by("pk"):
        to.setdefault(recipient.disclosure_id, []).append(recipient.person_id)
    everyone: set[int | None] = {person for people in to.values() for person in people}
    names = _names(everyone | {row.by_id for row in rows})
    records = _records(actor, rows, now)
    return [
        Shown(
            row,
            words.get(row.pk),
            tuple(names.get(p, "") for p in to.get(row.pk, ())),
            names.get(row.by_id or 0, ""),
            records.get((row.object, row.object_id)),
            row.ended_at is None and row.expires_at > now,
        )
        for row in rows
    ]


def _records(
    actor: Actor, rows: Sequence[Disclosure], now: datetime
) -> dict[tuple[str, int], Record]:
    found: dict[tuple[str, int], Record] = {}
    for word in {row.object for row in rows}:
        kind = registry.disclosable.get(word)
        if kind is None:
            continue
        ids = {row.object_id for row in rows if row.object == word}
        for key, record in kind.seen(actor, ids, now).items():
            found[word, key] = record
    return found


def _names(ids: set[int | None]) -> dict[int, str]:
    known = registry.names.get("person")
    return dict(known([i for i in ids if i is not None])) if known else {}


def named(actor: Actor, ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return basis and page of those disclosures that the actor may see, for lines of the history."""
    rows = access.visible_disclosures(actor).filter(pk__in=set(ids))
    return {
        row.pk: (row.get_basis_display(), reverse("disclosure:disclosure", args=[row.uid]))
        for row in rows
    }


def to_disclose(actor: Actor, word: str, uid: UUID, *, now: datetime) -> Record | None:
    """Return the record that the actor is about to disclose; None where that is not theirs to do."""
    kind = registry.disclosable.get(word)
    record = kind.find(actor, uid, now) if kind else None
    if record is None or not gives(actor, Right.DISCLOSE, record.record_class, record.place):
        return None
    return record


def people_called(actor: Actor, words: str) -> list[Someone]:
    """Return whom a disclosure can be made to, by part of a name: a few, and nobody by one or two letters."""
    if len(words) < LETTERS:
        return []
    return [s for d in registry.directories for s in d.find(actor, words)][:MOST]


def people_ticked(actor: Actor, uids: Iterable[UUID]) -> list[Someone]:
    """Return those with these uids to whom a disclosure can be made."""
    return [s for uid in uids for d in registry.directories if (s := d.by_uid(actor, uid))]


def may_end(actor: Actor, row: Disclosure, *, now: datetime) -> bool:
    """Tell whether the actor may end this disclosure."""
    holds = row.ended_at is None and row.expires_at > now
    return holds and gives(actor, Right.DISCLOSE, RecordClass(row.record_class), row.place)


def open_to(actor: Actor, other: Actor, *, now: datetime) -> QuerySet[Disclosure]:
    """Return the disclosures that open a record to `other` at `now`, of those that the actor may see."""
    to_them = Recipient.objects.filter(person_id__in=other.persons)
    rows = access.visible_disclosures(actor).filter(ended_at=None, expires_at__gt=now)
    return rows.filter(pk__in=to_them.values("disclosure_id")).order_by("expires_at", "pk")
