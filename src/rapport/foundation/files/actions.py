"""What is done with kept files: keep, open, list, propose and decide another class, shred."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from rapport.foundation import access as wall
from rapport.foundation.access import WATCHED, Actor, NotAllowed, Place, RecordClass, Verb
from rapport.foundation.audit import trail
from rapport.foundation.facts import Overtaken, Refused
from rapport.foundation.files import access, kept, rules, store
from rapport.foundation.files.models import (
    FileWords,
    Reclassification,
    ReclassificationWords,
    StoredFile,
)
from rapport.foundation.files.rules import Decision, Kind, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """A file to keep: its bytes, what it was called, what it is and where it belongs."""

    data: bytes
    name: str
    record_class: RecordClass
    at: Place
    kind: Kind = Kind.OTHER
    about_minor: bool = False
    of: str = ""  # what it belongs to, by a stable word and its key
    of_id: int | None = None


@transaction.atomic
def keep_file(actor: Actor, new: New, *, now: datetime) -> StoredFile:
    """Keep a file and return its row. Raises `NotAllowed`, or `Refused` for what cannot be kept.

    The bytes are on the disk before the row is; should the transaction not commit, they are left
    over, and `rapport files check` finds them.
    """
    rules.ensure_place(new.record_class, new.at)
    file = StoredFile(
        record_class=new.record_class,
        custodian=rules.custodian_of(new.record_class, new.at),
        agency_id=new.at.agency_id,
        district_id=new.at.district_id,
        school_id=new.at.school_id,
        about_person_id=new.at.about_person_id,
        about_minor=new.about_minor,
        kind=new.kind,
        of=new.of,
        of_id=new.of_id,
        kept_by_id=actor.person_id,
        kept_at=now,
        size=len(new.data),
        sha256=sha256(new.data).hexdigest(),
        is_sealed=new.record_class in rules.SEALED,
    )
    wall.require(actor.only(*access.KEEPERS), access.KEEP, file)
    rules.ensure_not_shared(new.record_class, about_minor=new.about_minor)
    rules.ensure_size(len(new.data), settings.RAPPORT_MAX_BODY)
    media = rules.media_of(new.data, new.name)
    file.media_type = media.type
    file.save(force_insert=True)
    kept.give_name(file, rules.clean_name(new.name, media))
    kept.put_content(file, new.data)
    trail.record(actor, access.KEEP, file, at=now, about=file.about_person_id, **_said(file))
    return file


def _said(file: StoredFile) -> dict[str, Any]:
    return {"class": str(file.record_class), "kind": str(file.kind), "custodian": file.custodian}


@transaction.atomic
def open_file(actor: Actor, file: StoredFile, *, now: datetime) -> bytes:
    """Return a file's bytes. Leaves a line for what is watched. Raises `NotAllowed`, `Damaged`."""
    if not access.may_read(actor, file, now=now):
        raise NotAllowed(access.OPEN.name)
    data = kept.content(file)
    _note(actor, access.OPEN, file, now)
    return data


@transaction.atomic
def look_at_file(actor: Actor, file: StoredFile, *, now: datetime) -> None:
    """Leave the line of a look at a file's page, where it is watched: its name says much. Raises `NotAllowed`."""
    if not access.may_read(actor, file, now=now):
        raise NotAllowed(access.LOOK.name)
    _note(actor, access.LOOK, file, now)


def _note(actor: Actor, verb: Verb, file: StoredFile, now: datetime) -> None:
    if not rules.is_watched(file.record_class, about_minor=file.about_minor):
        return
    by = "role" if wall.may(actor, verb, file) else "disclosure"
    trail.record(actor, verb, file, at=now, about=file.about_person_id, by=by, **_said(file))


@transaction.atomic
def list_files(
    actor: Actor, found: Any, shown: dict[str, Any], *, count: int, as_file: bool, now: datetime
) -> None:
    """Leave the line of a list of the files `found`: its filter in chosen words, and how many it held.

    A page leaves one only where one of them is watched; a file that is taken away always does.
    """
    watched = Q(record_class__in=WATCHED) | Q(about_minor=True)
    if as_file or found.filter(watched).exists():
        verb = access.EXPORT if as_file else access.LIST
        trail.record(actor, verb, 0, at=now, count=count, **shown)


# Another class: proposed by one, decided by another


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Another class for a file: which, where it would then lie, and why."""

    to_class: RecordClass
    at: Place
    reason: Reason
    why: str


@transaction.atomic
def propose_class(
    actor: Actor, file: StoredFile, proposal: Proposal, *, now: datetime
) -> Reclassification:
    """Propose another class for a file. Raises `NotAllowed`, `Refused`, or `Overtaken` where one is open."""
    wall.require(actor.only(*access.KEEPERS), access.PROPOSE, file)
    rules.ensure_new_class(file.record_class, proposal.to_class)
    rules.ensure_place(proposal.to_class, proposal.at)
    if not proposal.why.strip():
        raise Refused(_("Say why. Somebody else decides by what you write."), field="why")
    try:
        with transaction.atomic():
            row = Reclassification.objects.create(
                file=file,
                from_class=file.record_class,
                to_class=proposal.to_class,
                reason=proposal.reason,
                agency_id=proposal.at.agency_id,
                district_id=proposal.at.district_id,
                school_id=proposal.at.school_id,
                proposed_by_id=actor.person_id,
                proposed_at=now,
            )
    except IntegrityError as problem:
        raise Overtaken(_("Another class was proposed already. Decide that first.")) from problem
    ReclassificationWords.objects.create(reclassification=row, why=proposal.why)
    trail.record(
        actor,
        access.PROPOSE,
        file,
        at=now,
        about=file.about_person_id,
        **_change(row),
    )
    return row


def _change(row: Reclassification) -> dict[str, Any]:
    return {
        "proposal": str(row.uid),
        "was": row.from_class,
        "to": str(row.to_class),
        "reason": str(row.reason),
    }


@transaction.atomic
def decide_class(
    actor: Actor, row: Reclassification, *, approve: bool, now: datetime
) -> Reclassification:
    """Approve or refuse a proposal. Approval changes the file's class, custodian and place.

    Raises `NotAllowed` unless the actor may disclose records of the old class there, `Refused` for
    whoever proposed it, `Overtaken` where it was decided meanwhile.
    """
    verb = access.APPROVE if approve else access.DECLINE
    file = row.file
    wall.require(actor, verb, file)
    rules.ensure_second_person(row.proposed_by_id, actor.persons)
    decision = Decision.APPROVED if approve else Decision.REFUSED
    moved = Reclassification.objects.filter(
        pk=row.pk, decision=Decision.PROPOSED, from_class=file.record_class
    ).update(decision=decision, decided_by_id=actor.person_id, decided_at=now)
    if not moved:
        raise Overtaken(_("Somebody else has just decided this. Look again."))
    if approve:
        _give_class(file, row)
    trail.record(actor, verb, file, at=now, about=file.about_person_id, **_change(row))
    row.refresh_from_db()
    return row


def _give_class(file: StoredFile, row: Reclassification) -> None:
    """Put a file under its new class: columns, custodian, and the seal that its class asks for.

    Its bytes are written anew under another name, so that a rollback finds the old ones unharmed.
    """
    data, old = None if file.shredded_at else kept.content(file), file.stored_as
    name = kept.names([file]).get(file.pk, "")
    at = Place(row.agency_id, row.district_id, row.school_id)
    file.record_class = row.to_class
    file.custodian = rules.custodian_of(RecordClass(row.to_class), at)
    file.agency_id, file.district_id, file.school_id = at.agency_id, at.district_id, at.school_id
    file.is_sealed = row.to_class in rules.SEALED
    file.stored_as = uuid4()
    file.save()
    if data is not None:
        kept.give_name(file, name)
        kept.put_content(file, data)
        transaction.on_commit(lambda: store.remove(old))


@transaction.atomic
def shred_file(actor: Actor, file: StoredFile, *, reason: str, now: datetime) -> StoredFile:
    """Empty a file: its bytes and words go, its row and its lines stay. The system's own work.

    `reason` is a chosen word of the retention schedule. Raises `NotAllowed`, `Overtaken`.
    """
    if not actor.is_system:
        raise NotAllowed(access.SHRED.name)
    moved = StoredFile.objects.filter(pk=file.pk, shredded_at=None).update(shredded_at=now)
    if not moved:
        raise Overtaken(_("It was shredded already."))
    FileWords.objects.filter(file=file).delete()
    ReclassificationWords.objects.filter(reclassification__file=file).delete()
    trail.record(actor, access.SHRED, file, at=now, about=file.about_person_id, reason=reason)
    transaction.on_commit(lambda: store.remove(file.stored_as))
    file.refresh_from_db()
    return file


def remove_left_over(actor: Actor, paths: list[Path], *, before: datetime) -> list[Path]:
    """Take away files without a row that are older than `before`; return them. The system's own work."""
    if not actor.is_system:
        raise NotAllowed(access.SHRED.name)
    gone = [path for path in paths if store.is_older(path, before)]
    for path in gone:
        path.unlink(missing_ok=True)
    return gone
