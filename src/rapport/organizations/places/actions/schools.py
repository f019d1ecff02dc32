"""Add a district or a school by hand, and put a school into another district."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from rapport.foundation import facts, registry
from rapport.foundation.access import Actor, Place, require
from rapport.foundation.audit import trail
from rapport.foundation.facts import Refused, Source
from rapport.organizations.places import access, rules
from rapport.organizations.places.models import District, IdClaim, School, SchoolInDistrict


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDistrict:
    """A district to add."""

    name: str
    state: str
    nces_id: str = ""
    zone: str = ""  # empty: that of most of the state


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSchool:
    """A school to add."""

    name: str
    nces_id: str = ""
    low_grade: str = ""
    high_grade: str = ""
    street: str = ""
    city: str = ""
    zip_code: str = ""
    phone: str = ""
    since: date | None = None  # in its district; None: since before anything here was recorded


@transaction.atomic
def add_district(actor: Actor, new: NewDistrict, *, now: datetime) -> District:
    """Add a district. Raises `NotAllowed`, or `Refused` on a name or an id that is there already."""
    access.require_add(actor, access.ADD_DISTRICT)
    number = rules.nces_id(new.nces_id, 7)
    if District.objects.filter(state=new.state, name__iexact=new.name).exists():
        raise Refused(_("There is a district of this name already."), field="name")
    if number and (other := District.objects.filter(nces_id=number).first()):
        raise Refused(_("{district} has this NCES id.").format(district=other), field="nces_id")
    district = District.objects.create(
        name=new.name,
        state=new.state,
        nces_id=number,
        zone=new.zone or rules.zone_of(new.state),
    )
    trail.record(actor, access.ADD_DISTRICT, district, at=now, place=Place(district_id=district.pk))
    return district


@transaction.atomic
def add_school(actor: Actor, district: District, new: NewSchool, *, now: datetime) -> School:
    """Add a school to a district. Raises `NotAllowed`, or `Refused` on a name or an id that is there already."""
    access.require_add(actor, access.ADD_SCHOOL, Place(district_id=district.pk))
    number = rules.nces_id(new.nces_id, 12)
    namesakes = School.objects.filter(state=district.state, name__iexact=new.name)
    here = SchoolInDistrict.objects.known().filter(district=district, school__in=namesakes)
    if here.filter(valid_until=None).exists():
        raise Refused(_("There is a school of this name in this district already."), field="name")
    if number and (other := School.objects.filter(nces_id=number).first()):
        raise Refused(_("{school} has this NCES id.").format(school=other), field="nces_id")
    school = School.objects.create(
        name=new.name,
        state=district.state,
        nces_id=number,
        low_grade=new.low_grade,
        high_grade=new.high_grade,
        street=new.street,
        city=new.city,
        zip_code=new.zip_code,
        phone=new.phone,
        zone=district.zone,
    )
    facts.record(
        SchoolInDistrict,
        now=now,
        school=school,
        district=district,
        valid_from=new.since or rules.BEFORE_RECORDS,
        source=Source.RECORD,
    )
    trail.record(actor, access.ADD_SCHOOL, school, at=now, place=Place(district_id=district.pk))
    return school


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
    current = SchoolInDistrict.objects.as_of(on).filter(school=school).first()
    for place in {district.pk, current.district_id if current else district.pk}:
        require(actor, access.MOVE, Place(district_id=place))
    _ensure_can_move(school, district, current, on)
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
        place=Place(district_id=current.district_id if current else district.pk),
        fact=str(moved.uid),
        to=district.pk,
        was=str(current.uid) if current else None,
        on=on.isoformat(),
    )
    for follow in registry.school_moves:
        follow(actor, [school.pk], now=now)
    return moved


def _ensure_can_move(
    school: School, district: District, current: SchoolInDistrict | None, on: date
) -> None:
    if current and current.district_id == district.pk:
        raise Refused(_("The school belongs to this district on that day."), field="district")
    later = SchoolInDistrict.objects.known().filter(school=school, valid_from__gt=on)
    ahead = later.order_by("valid_from").first()
    if ahead is not None:
        raise Refused(
            _("A move on {day} is recorded already. Withdraw that first.").format(
                day=ahead.valid_from.isoformat()
            ),
            field="on",
        )
