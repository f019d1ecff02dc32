"""Joining two records of one person, and parting them again. No key is rewritten."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from rapport.foundation import registry
from rapport.foundation.access import Actor
from rapport.foundation.audit import trail
from rapport.foundation.facts import Overtaken, Refused
from rapport.organizations.people import access, queries
from rapport.organizations.people.models import Account, Merge, MergeReason, Person


@transaction.atomic
def merge_persons(
    actor: Actor, kept: Person, absorbed: Person, *, reason: str, now: datetime
) -> Merge:
    """Record that `absorbed` is `kept`, and return the merge. Raises `NotAllowed`, `Refused`, `Overtaken`.

    Of two sign-ins the older stays as it is and the newer is closed; links that wait are ended.
    """
    access.require_that(access.is_over_all(actor), access.MERGE)
    if reason not in MergeReason.values:
        raise Refused(_("Choose why the two are one."), field="reason")
    _ensure_can_be_one(actor, kept, absorbed)
    led = queries.has_administrator()
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
    closed = _close_the_newer(kept, now)
    _ensure_still_led(before=led)
    _follow(actor, (kept.pk, absorbed.pk), now)
    trail.record(
        actor,
        access.MERGE,
        kept,
        at=now,
        about=kept.pk,
        absorbed=absorbed.pk,
        reason=reason,
        closed=closed,
    )
    return merge


@transaction.atomic
def undo_merge(actor: Actor, merge: Merge, *, now: datetime) -> Merge:
    """Part two persons again; everything each had stays theirs. Raises `NotAllowed`, `Refused`, `Overtaken`."""
    access.require_that(access.is_over_all(actor), access.UNMERGE)
    led = queries.has_administrator()
    if not Merge.objects.filter(pk=merge.pk, undone_at=None).update(undone_at=now):
        raise Overtaken()
    _ensure_still_led(before=led)
    _follow(actor, (merge.kept_id, merge.absorbed_id), now)
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


def _close_the_newer(kept: Person, now: datetime) -> list[int]:
    """Close all sign-ins of one person but the oldest: nobody comes in as somebody by a join. Return which."""
    rows = Account.objects.filter(person_id__in=queries.same_as(kept.pk))
    newer = list(rows.order_by("created_at", "pk").values_list("pk", flat=True)[1:])
    still = Account.objects.filter(pk__in=newer, closed_at=None)
    closed = sorted(still.values_list("pk", flat=True))
    still.update(closed_at=now, epoch=F("epoch") + 1)
    return closed


def _ensure_still_led(*, before: bool) -> None:
    """Refuse what would leave no administrator who can sign in, where there was one."""
    if before and not queries.has_administrator():
        raise Refused(
            _("This would leave no administrator who can sign in. Make another one first.")
        )


def _follow(actor: Actor, ids: tuple[int, int], now: datetime) -> None:
    for changed in registry.name_changes:
        changed(actor, ids, now=now)


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
