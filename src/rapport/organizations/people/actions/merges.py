"""Joining two records of one person, and parting them again. No key is rewritten."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from rapport.foundation import registry
from rapport.foundation.access import Actor
from rapport.foundation.audit import trail
from rapport.foundation.facts import Overtaken, Refused
from rapport.foundation.tracked import tell_ended
from rapport.organizations.people import access, queries
from rapport.organizations.people.models import Account, Merge, MergeReason, Person


@transaction.atomic
def merge_persons(
    actor: Actor, kept: Person, absorbed: Person, *, reason: str, now: datetime
) -> Merge:
    """Record that `absorbed` is `kept`, and return the merge. Raises `NotAllowed`, `Refused`, `Overtaken`.

    Of two sign-ins that of the record with roles stays as it is, else the older; the other is closed.
    Links that wait are ended.
    """
    access.require_that(access.is_over_all(actor), access.MERGE)
    if reason not in MergeReason.values:
        raise Refused(_("Choose why the two are one."), field="reason")
    _ensure_can_be_one(actor, kept, absorbed)
    aside = _the_lesser(kept, absorbed)
    try:
        with transaction.atomic():
            merge = Merge.objects.create(
                kept=kept,
                absorbed=absorbed,
                by_person_id=actor.person_id,
                reason=reason,
                set_aside=aside,
                made_at=now,
            )
    except IntegrityError as problem:
        raise Overtaken() from problem
    closed = _close(aside, now)
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
    """Part two persons again, each with what it had: also the sign-in that joining closed.

    Raises `NotAllowed`, `Refused`, `Overtaken`.
    """
    access.require_that(access.is_over_all(actor), access.UNMERGE)
    _ensure_newest(merge)
    led = queries.has_administrator()
    if not Merge.objects.filter(pk=merge.pk, undone_at=None).update(undone_at=now):
        raise Overtaken()
    tell_ended(merge.kind, [merge.pk], now)
    by_join = Account.objects.filter(pk=merge.set_aside_id or 0, closed_at=merge.made_at)
    opened = sorted(by_join.values_list("pk", flat=True))
    by_join.update(closed_at=None)
    if led and not queries.has_administrator():
        raise Refused(
            _("This would leave no administrator who can sign in. Make another one first.")
        )
    _follow(actor, (merge.kept_id, merge.absorbed_id), now)
    trail.record(
        actor,
        access.UNMERGE,
        merge.kept_id,
        at=now,
        about=merge.kept_id,
        absorbed=merge.absorbed_id,
        opened=opened,
    )
    merge.undone_at = now
    return merge


def _the_lesser(kept: Person, absorbed: Person) -> Account | None:
    """Return which of two sign-ins ends by a join: nobody comes in as somebody by a record he made.

    Ended and withdrawn roles count, and closed sign-ins: else whoever joins would first take them away.
    """
    both = [one for p in (kept, absorbed) if (one := queries.account_of(p.pk)) is not None]
    if len(both) < 2:
        return None
    entrusted = [one for one in both if queries.was_entrusted(one.person_id)]
    if len(entrusted) > 1:
        raise Refused(
            _(
                "Both have a sign-in and roles, now or before, so nobody can tell whose sign-in should "
                "stay. Leave them apart: give the roles on the record that is used, and end the roles "
                "and close the sign-in of the other."
            )
        )
    stays = entrusted[0] if entrusted else min(both, key=lambda one: (one.created_at, one.pk))
    return next(one for one in both if one != stays)


def _close(account: Account | None, now: datetime) -> list[int]:
    if account is None or not account.is_active:
        return []
    Account.objects.filter(pk=account.pk).update(closed_at=now, epoch=F("epoch") + 1)
    return [account.pk]


def _ensure_newest(merge: Merge) -> None:
    """Refuse to part what a later join built on: each sign-in opens again in its turn."""
    if merge.set_aside_id is None:
        return
    ids = queries.same_as(merge.kept_id)
    later = Merge.objects.filter(kept_id__in=ids, undone_at=None, pk__gt=merge.pk)
    last = later.exclude(set_aside=None).select_related("absorbed").order_by("pk").last()
    if last is not None:
        raise Refused(_("{name} was joined later. Part that first.").format(name=last.absorbed))


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
