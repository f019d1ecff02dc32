"""Joining two records of one person, and parting them again. No key is rewritten."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rapport.foundation.access import Actor
from rapport.foundation.audit import trail
from rapport.foundation.facts import Overtaken, Refused
from rapport.organizations.people import access, queries
from rapport.organizations.people.models import Merge, MergeReason, Person


@transaction.atomic
def merge_persons(
    actor: Actor, kept: Person, absorbed: Person, *, reason: str, now: datetime
) -> Merge:
    """Record that `absorbed` is `kept`, and return the merge. Raises `NotAllowed`, `Refused`, `Overtaken`."""
    access.require_that(access.is_over_all(actor), access.MERGE)
    if reason not in MergeReason.values:
        raise Refused(_("Choose why the two are one."), field="reason")
    _ensure_can_be_one(actor, kept, absorbed)
    try:
        with transaction.atomic():
            merge = Merge.objects.create(
                kept=kept,
                absorbed=absorbed,
                by_person_id=actor.person_id,
                reason=reason,
                made_at=now,
            )
    except IntegrityError as problem:
        raise Overtaken() from problem
    trail.record(
        actor, access.MERGE, kept, at=now, about=kept.pk, absorbed=absorbed.pk, reason=reason
    )
    return merge


@transaction.atomic
def undo_merge(actor: Actor, merge: Merge, *, now: datetime) -> Merge:
    """Part two persons again; everything each had stays theirs. Raises `NotAllowed`, `Overtaken`."""
    access.require_that(access.is_over_all(actor), access.UNMERGE)
    if not Merge.objects.filter(pk=merge.pk, undone_at=None).update(undone_at=now):
        raise Overtaken()
    trail.record(
        actor,
        access.UNMERGE,
        merge.kept_id,
        at=now,
        about=merge.kept_id,
        absorbed=merge.absorbed_id,
    )
    merge.undone_at = now
    return merge


def _ensure_can_be_one(actor: Actor, kept: Person, absorbed: Person) -> None:
    # Both rows are locked, in one order: of two merges that cross, the slower sees the quicker.
    both = Person.objects.filter(pk__in=(kept.pk, absorbed.pk)).order_by("pk")
    if len(both.select_for_update()) < 2:
        raise Refused(_("A person cannot be joined with itself."))
    gone = queries.merged()
    for one in (kept, absorbed):
        if one.pk in gone:
            raise Refused(
                _("{name} is joined with another record already. Use that one.").format(name=one)
            )
    if queries.same_as(kept.pk) & actor.persons or queries.same_as(absorbed.pk) & actor.persons:
        raise Refused(
            _("Joining would give you the other's roles. Ask another administrator to do it.")
        )
