"""When a school moves to another district, the records at it follow."""

from datetime import date, datetime

from django.db import transaction

from rapport.foundation import facts
from rapport.foundation.access import Actor
from rapport.foundation.kinds.deeds import line
from rapport.organizations.places.models import School, SchoolInDistrict
from rapport.standing.assignments import access
from rapport.standing.assignments.actions.writing import changed, values_of
from rapport.standing.assignments.models import Assigned, Excepted


@transaction.atomic
def follow_school(actor: Actor, school: School, *, now: datetime) -> int:
    """Put the assignments and exceptions at a school in the district it belongs to; return how many moved.

    Called in the action that moves a school, by whoever may move it: the scope of a record follows
    from where its school lies, and is nobody's to choose. One line an assignment.
    """
    moved = 0
    for fact in [
        *Assigned.objects.known().filter(school=school).select_related("officer"),
        *Excepted.objects.known().filter(school=school),
    ]:
        pieces = _pieces(fact)
        if [p[2] for p in pieces] == [fact.district_id]:
            continue
        facts.withdraw(fact, now=now)
        for since, until, district in pieces:
            values = values_of(changed(fact, valid_from=since, valid_until=until))
            values |= {"district_id": district, "replaces_id": fact.pk}
            after = facts.record(type(fact), now=now, **values)
        line(actor, access.FOLLOW, after, now=now, was=str(fact.uid), district=district)
        moved += 1
    return moved


def _pieces(fact: Assigned | Excepted) -> list[tuple[date, date | None, int | None]]:
    """Return the stretches of a fact with the district that its school belongs to in each."""
    rows = SchoolInDistrict.objects.known().filter(school_id=fact.school_id)
    spans = rows.values_list("valid_from", "valid_until", "district_id")
    last = fact.valid_until or date.max
    cuts = {fact.valid_from}
    for since, until, _district_id in spans:
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
