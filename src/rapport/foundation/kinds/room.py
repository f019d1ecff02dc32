"""Facts that give way: a leave cuts into what held before, and lets it close again when it is withdrawn."""

from datetime import datetime, timedelta
from typing import Any

from rapport.foundation import facts
from rapport.foundation.facts import Fact
from rapport.foundation.kinds.kind import F_


def make(draft: F_, *, now: datetime) -> list[str]:
    """Cut the fact that holds as `draft` begins, and go on with it after `draft` ends.

    Returns the uid of what was cut. Only a fact that began earlier gives way; any other overlap is
    refused where `draft` is recorded.
    """
    model = type(draft)
    day_before = draft.valid_from - timedelta(days=1)
    old = alike(draft).as_of(day_before).exclude(valid_until=draft.valid_from).first()
    if old is None:
        return []
    facts.correct(old, now=now, valid_until=draft.valid_from)
    after = draft.valid_until
    if after is not None and (old.valid_until is None or old.valid_until > after):
        facts.record(
            model, now=now, **(columns(old) | {"valid_from": after, "replaces_id": old.pk})
        )
    return [str(old.uid)]


def close(gone: F_, *, now: datetime) -> None:
    """Let what `gone` had cut hold again on its days; `gone` has just been withdrawn.

    What says the same on both sides of the gap becomes one; where nothing follows, what was cut
    short goes on as far as it did.
    """
    before = alike(gone).filter(valid_until=gone.valid_from).select_related("replaces").first()
    if before is None:
        return
    after = alike(gone).filter(valid_from=gone.valid_until).first()
    if after is not None and says(after) == says(before):
        facts.withdraw(after, now=now)
        facts.correct(before, now=now, valid_until=after.valid_until)
    elif after is None and before.replaces and before.replaces.valid_until == gone.valid_until:
        facts.correct(before, now=now, valid_until=gone.valid_until)


def says(fact: Fact) -> dict[str, Any]:
    """Return what a fact says, whenever it holds and however it is known."""
    left = ("valid_from", "valid_until", "source")
    return {name: value for name, value in columns(fact).items() if name not in left}


def alike(fact: Fact) -> Any:
    """Return the facts known now that may not overlap `fact`."""
    return type(fact).objects.known().filter(**{c: getattr(fact, c) for c in fact.alone_by})


def columns(fact: Fact) -> dict[str, Any]:
    """Return what a successor of `fact` takes over, by column."""
    left = ("id", "uid", "recorded_at", "withdrawn_at", "replaces")
    return {
        f.attname: getattr(fact, f.attname)
        for f in fact._meta.concrete_fields
        if f.name not in left
    }
