"""Questions about kept files. Each names its asker first."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from django.db.models import Case, F, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _

from rapport.foundation import registry
from rapport.foundation.access import (
    WATCHED,
    Actor,
    NotAllowed,
    Place,
    RecordClass,
    Right,
    Scope,
    roles_with,
)
from rapport.foundation.files import access, kept, rules, store
from rapport.foundation.files.models import (
    Reclassification,
    ReclassificationWords,
    StoredFile,
)
from rapport.foundation.registry import Hit, Record
from rapport.foundation.ui.words import class_word

AT_ONCE = 200


class Shown(NamedTuple):
    """A file as a list shows it."""

    file: StoredFile
    name: str  # empty where the asker may only know that it is there
    where: str
    is_open: bool


def listed(actor: Actor, *, now: datetime) -> QuerySet[StoredFile]:
    """Return the files that the actor may know of, the newest first.

    `shown_name` is empty where the actor may not read the file: a name is content, and neither a
    search nor an order may give it away.
    """
    readable = access.is_readable(actor, now=now)
    shown_name = Case(When(readable, then=F("words__name")), default=Value(""))
    rows = access.visible_files(actor, now=now).annotate(shown_name=shown_name)
    return rows.order_by("-kept_at", "-pk")


def shown(actor: Actor, files: Sequence[StoredFile], *, now: datetime) -> list[Shown]:
    """Return these files as a list shows them; a fixed number of queries."""
    keys = [f.pk for f in files]
    readable = access.readable_files(actor, now=now).filter(pk__in=keys)
    may_open = set(readable.values_list("pk", flat=True))
    names = kept.names(f for f in files if f.pk in may_open)
    where = _places(files)
    return [Shown(f, names.get(f.pk, ""), where[f.pk], f.pk in may_open) for f in files]


def _places(files: Sequence[StoredFile | Reclassification]) -> dict[int, str]:
    """Return in words where each file lies, by key."""
    columns = {"school": "school_id", "district": "district_id", "agency": "agency_id"}
    names = {
        word: _names(word, {getattr(f, column) for f in files} - {None})
        for word, column in columns.items()
    }
    found = {}
    for f in files:
        parts = [names["school"].get(f.school_id or 0) or names["district"].get(f.district_id or 0)]
        parts.append(names["agency"].get(f.agency_id or 0))
        found[f.pk] = ", ".join(filter(None, parts)) or _("the program")
    return found


def _names(word: str, ids: Iterable[int]) -> dict[int, str]:
    known = registry.names.get(word)
    wanted = list(ids)
    return dict(known(wanted)) if known and wanted else {}


def find(actor: Actor, uid: UUID, *, now: datetime) -> StoredFile | None:
    """Return the file with this uid, if the actor may read it."""
    return access.readable_files(actor, now=now).filter(uid=uid).first()


class Change(NamedTuple):
    """A proposal to change a file's class, as its page shows it."""

    row: Reclassification
    was: str
    to: str
    why: str
    where: str


def proposals(actor: Actor, file: StoredFile) -> list[Change]:
    """Return what was proposed and decided about the class of a file that the actor may read."""
    rows = list(file.reclassifications.order_by("-proposed_at", "-pk"))
    words = {
        w.reclassification_id: w.why
        for w in ReclassificationWords.objects.filter(reclassification__in=rows)
    }
    where = _places(rows)
    return [
        Change(
            r, class_word(r.from_class), class_word(r.to_class), words.get(r.pk, ""), where[r.pk]
        )
        for r in rows
    ]


def to_decide(actor: Actor, file: StoredFile) -> Reclassification | None:
    """Return the open proposal about this file, if the actor may decide it."""
    proposal = _open_proposal(file)
    return proposal if proposal and access.may_decide(actor, proposal) else None


def _open_proposal(file: StoredFile) -> Reclassification | None:
    return file.reclassifications.filter(decision=rules.Decision.PROPOSED).first()


class May(NamedTuple):
    """What the asker may do with a file that he may read."""

    propose: bool
    decide: bool
    disclose: bool


def what_may(actor: Actor, file: StoredFile) -> May:
    """Return what the asker may do with a file."""
    proposal = _open_proposal(file)
    return May(
        proposal is None and access.may_propose(actor, file),
        proposal is not None and access.may_decide(actor, proposal),
        access.may_disclose(actor, file),
    )


def may_keep(actor: Actor, record_class: RecordClass, place: Place) -> bool:
    """Tell whether the actor may keep a file of this class there."""
    return access.may_keep(actor, record_class, place)


# Where an actor may keep something


class Spot(NamedTuple):
    """A place that a form offers: its key in the form, its words, and where it is."""

    key: str
    words: str
    place: Place


def all_spots(actor: Actor, *, day: date) -> list[Spot]:
    """Return the places of the actor's roles, and those in them."""
    held = {(r.scope, r.scope_id) for r in actor.roles if r.scope is not Scope.PROGRAM}
    found: dict[Place, None] = {}
    for scope, scope_id in sorted(held, key=str):
        for atlas in registry.atlases:
            found |= dict.fromkeys(atlas.under(scope, scope_id, day))
    return _spots(found)


def _spots(found: Iterable[Place]) -> list[Spot]:
    wanted = list(found)
    names = {
        word: _names(word, {getattr(p, f"{word}_id") for p in wanted} - {None})
        for word in ("agency", "district", "school")
    }
    spots = []
    for place in wanted:
        for word in ("school", "district", "agency"):
            number = getattr(place, f"{word}_id")
            if number is not None:
                spots.append(Spot(f"{word}-{number}", names[word].get(number, ""), place))
                break
    return spots


def keepable(actor: Actor) -> list[RecordClass]:
    """Return the classes of which the actor may keep a file somewhere."""
    held = {r.role for r in actor.only(*access.KEEPERS).roles}
    return [c for c in RecordClass if roles_with(Right.WRITE, c, held)]


def elsewhere(actor: Actor, file: StoredFile, scope: Scope) -> list[Spot]:
    """Return every agency, or every district, that this file can move to; none that the actor may not move."""
    if not access.may_propose(actor, file):
        return []
    return _spots(p for atlas in registry.atlases for p in atlas.every(scope))


class Checked(NamedTuple):
    """What comparing rows and bytes found."""

    files: int
    damaged: list[UUID]
    left_over: list[Path]


def check(actor: Actor) -> Checked:
    """Compare every file's row with its bytes. For the system alone: it opens everything."""
    if not actor.is_system:
        raise NotAllowed("files.check")
    damaged, count = [], 0
    names = set()
    for file in StoredFile.objects.filter(shredded_at=None).iterator(chunk_size=AT_ONCE):
        count += 1
        names.add(file.stored_as)
        if not kept.is_whole(file):
            damaged.append(file.uid)
    left_over = [path for path, name in store.there() if name not in names]
    return Checked(count, damaged, left_over)


# For the registries


def search(actor: Actor, words: str) -> Iterator[Hit]:
    """Yield files by name, of the classes whose reading leaves no line; the others are found in their list."""
    given = access.given_files(actor, Right.READ).exclude(record_class__in=WATCHED)
    found = given.filter(about_minor=False, words__name__icontains=words).order_by("-kept_at")
    for file in found.select_related("words")[:AT_ONCE]:
        yield Hit(_("File"), file.words.name, file.get_absolute_url(), str(file.get_kind_display()))


def count(actor: Actor, other: Actor, *, record_class: RecordClass) -> int:
    """Return how many files of a class `other` may read by a role, of those that the actor may know of."""
    known = access.given_files(actor, Right.KNOW).values("pk")
    rows = access.given_files(other, Right.READ).filter(record_class=record_class)
    return rows.filter(pk__in=known).count()


def to_disclose(actor: Actor, uid: UUID, now: datetime) -> Record | None:
    """Return a file that the actor may read, as a disclosure names it."""
    file = find(actor, uid, now=now)
    return _record(file, kept.names([file]).get(file.pk, "")) if file else None


def seen(actor: Actor, ids: Iterable[int], now: datetime) -> dict[int, Record]:
    """Return those of these files that the actor may read, as disclosures name them."""
    files = list(access.readable_files(actor, now=now).filter(pk__in=list(ids)))
    names = kept.names(files)
    return {f.pk: _record(f, names.get(f.pk, "")) for f in files}


def named(actor: Actor, ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return words and page of those files that the actor may read by a role, for lines of the history.

    Reading the name of a file of a watched class, or about a minor, would leave a line: it is named by
    its class and kind.
    """
    files = list(access.given_files(actor, Right.READ).filter(pk__in=set(ids)))
    names = kept.names([f for f in files if not _is_watched(f)])
    return {
        f.pk: (
            names.get(f.pk) or f"{class_word(f.record_class)}: {f.get_kind_display()}",
            reverse("files:about", args=[f.uid]),
        )
        for f in files
    }


def _is_watched(file: StoredFile) -> bool:
    return file.record_class in WATCHED or file.about_minor


def _record(file: StoredFile, name: str) -> Record:
    record_class = RecordClass(file.record_class)
    return Record(access.WORD, file.pk, record_class, file.place, name, file.get_absolute_url())
