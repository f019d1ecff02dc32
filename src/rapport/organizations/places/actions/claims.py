"""Choose which school has an NCES id that more than one was given."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from rapport.foundation import clock
from rapport.foundation.access import SYSTEM, Actor, Place, require
from rapport.foundation.audit import trail
from rapport.foundation.facts import Overtaken
from rapport.organizations.places import access, queries
from rapport.organizations.places.models import IdClaim, School


@transaction.atomic
def settle_claim(actor: Actor, claim: IdClaim, *, is_given: bool, now: datetime) -> IdClaim:
    """Choose: the school of this claim has the id (`is_given`), or it has not.

    Given to one school, the id is taken from whichever had it, and the other claims on it are
    closed. A choice can be made anew; the one before stays in the history. Returns the claim.
    Raises `NotAllowed`, also where another school that this concerns is not the actor's to decide
    on, or `Overtaken` when somebody else chose first.
    """
    concerned = [claim]
    if is_given:
        concerned += IdClaim.objects.filter(nces_id=claim.nces_id).exclude(pk=claim.pk)
        concerned += _of_the_holder(claim, concerned, now)
    for each in concerned:
        require(actor, access.SETTLE, Place(district_id=each.district_id))
    moved = IdClaim.objects.filter(pk=claim.pk, settled_at=claim.settled_at).update(
        settled_at=now, settled_by_id=actor.person_id, is_given=is_given
    )
    if not moved:
        raise Overtaken(_("Somebody else has just chosen. Look again."))
    _close([c for c in concerned if c is not claim], actor, now)
    School.objects.filter(nces_id=claim.nces_id).update(nces_id=None)
    if is_given:
        School.objects.filter(pk=claim.school_id).update(nces_id=claim.nces_id)
    trail.record(
        actor,
        access.SETTLE,
        claim.school_id,
        at=now,
        place=Place(district_id=claim.district_id),
        nces_id=claim.nces_id,
        given=is_given,
    )
    claim.refresh_from_db()
    return claim


def _of_the_holder(claim: IdClaim, known: list[IdClaim], now: datetime) -> list[IdClaim]:
    """Return a claim, not saved, of a school that has the id without ever having claimed it."""
    there = {c.school_id for c in known}
    holder = School.objects.filter(nces_id=claim.nces_id).exclude(pk__in=there).first()
    if holder is None:
        return []
    district = queries.districts_on(SYSTEM, clock.today(now, holder.zone), schools=[holder.pk])
    return [
        IdClaim(
            school=holder,
            nces_id=claim.nces_id,
            claimed_at=now,
            district_id=district.get(holder.pk),
        )
    ]


def _close(claims: list[IdClaim], actor: Actor, now: datetime) -> None:
    """Note of these claims that the id is another school's."""
    for each in claims:
        if each.is_given is not False:
            each.settled_at, each.settled_by_id, each.is_given = now, actor.person_id, False
            each.save()
