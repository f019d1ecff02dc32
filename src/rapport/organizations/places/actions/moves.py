"""Put a school into another district, from a day."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from rapport.foundation import facts
from rapport.foundation.access import Actor, Place, require
from rapport.foundation.audit import trail
from rapport.foundation.facts import Refused, Source
from rapport.organizations.places import access
from rapport.organizations.places.models import District, IdClaim, School, SchoolInDistrict


@transaction.atomic
def move_school(
    actor: Actor,
    school: School,
    district: District,
    on: date,
    *,
    now: datetime,
    source: str = Source.RECORD,
) -> SchoolInDistrict:
    """Record that a school belongs to `district` from `on`; until then it stays where it was.

    Leave is asked at both districts. Raises `NotAllowed`, `Refused` where it is there already or
    where a later move is recorded, or `Overtaken`.
    """
    spans = SchoolInDistrict.objects.known().filter(school=school)
    current = spans.as_of(on).first()
    for place in {district.pk, current.district_id if current else district.pk}:
        require(actor, access.MOVE, Place(district_id=place, school_id=school.pk))
    if current and current.district_id == district.pk:
        raise Refused(_("The school belongs to this district on that day."), field="district")
    ahead = spans.filter(valid_from__gt=on).order_by("valid_from").first()
    if ahead is not None:
        raise Refused(
            _("A move on {day} is recorded already. Withdraw that first.").format(
                day=ahead.valid_from.isoformat()
            ),
            field="on",
        )
    if current:
        facts.end(current, on, now=now)
    moved = facts.record(
        SchoolInDistrict, now=now, school=school, district=district, valid_from=on, source=source
    )
    IdClaim.objects.filter(school=school).update(district=district)
    trail.record(
        actor,
        access.MOVE,
        school,
        at=now,
        fact=str(moved.uid),
        was=str(current.uid) if current else None,
        on=on.isoformat(),
    )
    return moved
