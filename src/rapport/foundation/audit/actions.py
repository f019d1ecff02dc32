"""What people do with the trail itself: a new key, accepting that something is lost; and the line of a list taken."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rapport.foundation import access as wall
from rapport.foundation import clock
from rapport.foundation.access import Actor, NotAllowed, Place
from rapport.foundation.audit import access, keys, losses, rules, testimony, trail, verify, witness
from rapport.foundation.audit.models import Consent, Loss, Reason, Side
from rapport.foundation.audit.queries import Asked
from rapport.foundation.audit.rules import LANE, Acceptance, Finding, Kind
from rapport.foundation.audit.testimony import Testimony
from rapport.foundation.facts import Overtaken, Refused
from rapport.foundation.tables import export
from rapport.foundation.tables.listing import Listing

MOST: Final = 10_000  # findings that a proposal can hold
# One line of these kinds says nothing about its neighbors; the others stand for all up to the last.
ONE_BY_ONE: Final = frozenset({Kind.FOLLOWS, Kind.CHANGED, Kind.RETIRED, Kind.ACCEPTED})


def rotate_key(actor: Actor, *, now: datetime) -> int:
    """Make a new key, which signs once its line is committed, and return its number."""
    wall.require(actor, access.ROTATE, Place())
    with keys.rotated() as number, transaction.atomic():
        trail.record(actor, access.ROTATE, number, at=now)
    return number


def propose(actor: Actor, witnesses: Sequence[Path], *, reason: Reason, now: datetime) -> Loss:
    """Put before people what a check finds, so that the trail can go on; return what was put.

    Where lines are lost at the end of a lane, the lane first goes on beyond them: no id is ever used
    again. Raises `Refused` where nothing is to be accepted, or something is to be put right instead.
    """
    wall.require(actor, access.PROPOSE, Place())
    seen = verify.heard(testimony.read(witnesses))
    _ensure_ours(seen)
    _resume(actor, seen, now=now)
    seen.more()
    found = _everything(seen)
    open_ = Loss.objects.filter(found=found, accepted_at=None).first()
    if open_ is not None:
        return open_
    with transaction.atomic():
        loss = Loss.objects.create(
            reason=reason,
            found=found,
            needs_both=losses.needs_both(found),
            proposed_at=now,
        )
        trail.record(actor, access.PROPOSE, loss, at=now, reason=reason.value)
    return loss


def _ensure_ours(seen: Testimony) -> None:
    """Refuse a witness that is not this home's, or not whole: its word would lead the trail astray."""
    for problem in seen.problems(keys.ring().home):
        if not problem.pin:
            raise _is_to_be_put_right(problem)


def _is_to_be_put_right(finding: Finding) -> Refused:
    return Refused(_("This cannot be accepted; put it right first: {what}.").format(what=finding))


def _resume(actor: Actor, seen: Testimony, *, now: datetime) -> None:
    ends = {number >> LANE: number for number, _mac in verify.heads()}
    with transaction.atomic():
        for lane, head in sorted(seen.heads().items()):
            if head > ends.get(lane, 0):
                lost = {"first": ends.get(lane, lane << LANE) + 1, "last": head}
                trail.resume(actor, access.RESUME, lane, at=now, lost=lost)


def _everything(seen: Testimony) -> str:
    """Return as JSON what a check finds, and what it finds once that is accepted."""
    items: list[Acceptance] = []
    while found := list(_acceptable(_supposing(seen, items))):
        items += found
        if len(items) > MOST:
            raise Refused(
                _(
                    "There are more than {most} findings. Are keys and witness those of this home?"
                ).format(most=MOST)
            )
    if not items:
        raise Refused(_("The history is whole; there is nothing to accept."))
    return losses.kept(items)


def _supposing(seen: Testimony, more: Iterable[Acceptance]) -> Testimony:
    """Return the testimony as it would be if `more` had been accepted."""
    return replace(seen, supposed=tuple(more))


def _acceptable(seen: Testimony) -> Iterator[Acceptance]:
    home = keys.ring().home
    for finding in [*seen.problems(home), *_lines(seen)]:
        if finding.kind not in rules.ACCEPTABLE or (
            finding.kind is Kind.WITNESS and not finding.pin
        ):
            raise Refused(
                _("This cannot be accepted; put it right first: {what}.").format(what=finding)
            )
        yield Acceptance("", "", "", finding.kind, finding.first, finding.last, finding.pin)


def _lines(seen: Testimony) -> Iterator[Finding]:
    together: list[Finding] = []
    for finding in verify.Check(seen).singly():
        if finding.kind in ONE_BY_ONE:
            yield finding
        else:
            together.append(finding)
    yield from rules.runs(together)


def consent(actor: Actor, loss: Loss, *, now: datetime) -> Loss:
    """Accept a loss for one side. With the last consent that is needed the witness notes it.

    Raises `NotAllowed`, `Overtaken` where somebody was quicker, `Refused` where the witness cannot
    be written: what it does not know is not accepted.
    """
    try:
        return _consent(actor, loss, now=now)
    except IntegrityError as trouble:
        raise Overtaken(_("Somebody else has just accepted this for your side.")) from trouble


@transaction.atomic
def _consent(actor: Actor, loss: Loss, *, now: datetime) -> Loss:
    loss = Loss.objects.select_for_update().get(pk=loss.pk)  # two sides at once must see each other
    free = access.free_sides(actor, loss)
    if not access.sides(actor) or actor.person_id is None:
        raise NotAllowed(access.CONSENT.name)
    if not free:
        raise Overtaken(_("This was accepted for your side already."))
    Consent.objects.create(loss=loss, side=free[0], person_id=actor.person_id, at=now)
    if not loss.needs_both or loss.consents.count() == len(Side):
        loss.accepted_at = now
        loss.save(update_fields=["accepted_at"])
    trail.record(
        actor,
        access.CONSENT,
        loss,
        at=now,
        side=str(free[0]),
        reason=loss.reason,
        of=losses.digest_of(loss.uid.hex, loss.found),
        accepted=loss.accepted_at is not None,
    )
    if loss.accepted_at is not None:
        _tell_the_witness(loss)
    return loss


def _tell_the_witness(loss: Loss) -> None:
    assert loss.accepted_at is not None
    when = loss.accepted_at.isoformat(timespec="seconds")
    said = [
        Acceptance(loss.uid.hex, when, loss.reason, one.kind, one.first, one.last, one.pin)
        for one in losses.findings(loss.found)
    ]
    try:
        witness.current().accept(said)
    except OSError as trouble:
        raise Refused(
            _("The witness cannot be written, so nothing was accepted. Put right its disk first.")
        ) from trouble


@transaction.atomic
def record_export(actor: Actor, asked: Asked, *, rows: int, why: str, now: datetime) -> None:
    """Write down that the history was taken as a file: what part of it, and what for."""
    trail.record(
        actor,
        access.EXPORT,
        0,
        at=now,
        rows=rows,
        why=why,
        verb=asked.verb or None,
        of=asked.word or None,
        who=sorted(asked.persons or ()),
        about_whom=sorted(asked.about or ()),
        since=_day(asked.since),
        until=_day(asked.until),
    )


@transaction.atomic
def record_list_taken(actor: Actor, listing: Listing[Any], *, now: datetime) -> None:
    """Write down that a list was taken: which, how many rows, by which filters, and what for.

    Of a search only that there was one is kept: its words are somebody's typing.
    """
    narrowed = [f"{c.filter.key}={c.value}" for c in listing.controls if c.value]
    trail.record(
        actor,
        access.TAKE_LIST,
        0,
        at=now,
        list=listing.table.name,
        rows=listing.count,
        why=export.why(listing).value,
        filters=narrowed,
        searched=bool(listing.words),
    )


def _day(at: datetime | None) -> str | None:
    return clock.today(at, settings.RAPPORT_ZONE).isoformat() if at else None
