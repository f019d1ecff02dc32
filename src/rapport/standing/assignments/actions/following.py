"""When a school moves to another district, the records at it follow."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from rapport.foundation import facts
from rapport.foundation.access import Actor
from rapport.foundation.kinds.deeds import line
from rapport.organizations.places.models import SchoolInDistrict
from rapport.standing.assignments import access
from rapport.standing.assignments.actions.writing import changed, values_of
from rapport.standing.assignments.models import Assigned, Excepted


@transaction.atomic
def follow_schools(actor: Actor, schools: Iterable[int], *, now: datetime) -> int:
    """Put the assignments and exceptions at schools in the districts these belong to; return how many moved.

    Called in the act that moves a school (`registry.school_moves`), by whoever may move it: the
    scope of a record follows from where its school lies, and is nobody's to choose. One line each.
    """
    keys = list(schools)
    belonging: dict[int, list[SchoolInDistrict]] = defaultdict(list)
    for row in SchoolInDistrict.objects.known().filter(school_id__in=keys):
        belonging[row.school_id].append(row)
    moved = 0
    for model in (Assigned, Excepted):
        for fact in model.objects.known().filter(school_id__in=keys).order_by("pk"):
            moved += _follow(actor, fact, belonging[fact.school_id], now)
    return moved


def _follow(
    actor: Actor, fact: Assigned | Excepted, belonging: list[SchoolInDistrict], now: datetime
) -> bool:
    pieces = _pieces(fact, belonging)
    if [p[2] for p in pieces] == [fact.district_id]:
        return False
    facts.withdraw(fact, now=now)
    for since, until, district in pieces:
        values = values_of(changed(fact, valid_from=since, valid_until=until))
        values |= {"district_id": district, "replaces_id": fact.pk}
        after = facts.record(type(fact), now=now, **values)
    line(actor, access.FOLLOW, after, now=now, was=str(fact.uid), district=district)
    return True


def _pieces(
    fact: Assigned | Excepted, belonging: list[SchoolInDistrict]
) -> list[tuple[date, date | None, int | None]]:
    """Return the stretches of a fact with the district that its school belongs to in each."""
    spans = [(b.valid_from, b.valid_until, b.district_id) for b in belonging]
    last = fact.valid_until or date.max
    cuts = {fact.valid_from}
    for since, until, _ in spans:
        cuts |= {d for d in (since, until) if d is not None and fact.valid_from < d < last}
    found: list[tuple[date, date | None, int | None]] = []
    ordered = sorted(cuts)
    for since, until in zip(ordered, [*ordered[1:], fact.valid_until], strict=True):
        district = next((d for a, b, d in spans if a <= since and (b is None or since < b)), None)
        if found and found[-1][2] == district:
            found[-1] = (found[-1][0], until, district)
        else:
            found.append((since, until, district))
    return found
