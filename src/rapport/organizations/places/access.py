"""Who may see and do what with agencies, districts and schools."""

from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from rapport.foundation import access, registry
from rapport.foundation.access import Actor, Place, RecordClass, Right, Verb
from rapport.foundation.facts import FactQuerySet
from rapport.foundation.kinds.kind import FactKind
from rapport.organizations.places.models import (
    Agency,
    AgencyStart,
    District,
    Enrollment,
    IdClaim,
    School,
    SchoolInDistrict,
)


def _verb(name: str, about: str, sentence: Any) -> Verb:
    """Declare a verb of this app: all change what both sides share."""
    return registry.verb(f"places.{name}", about, RecordClass.PROGRAM, Right.WRITE, sentence)


IMPORT = _verb("import_schools", "school_list", _("imported a list of schools"))
SETTLE = _verb("settle_claim", "school", _("chose which school has an NCES id"))
ADD_AGENCY = _verb("add_agency", "agency", _("added an agency"))
ADD_DISTRICT = _verb("add_district", "district", _("added a district"))
ADD_SCHOOL = _verb("add_school", "school", _("added a school"))
MOVE = _verb("move_school", "school", _("put a school into another district"))
START: Final = FactKind(
    model=AgencyStart,
    title=_("Start in the program"),
    record=_verb("start_agency", "agency", _("recorded an agency's start in the program")),
    correct=_verb("correct_start", "agency", _("corrected an agency's start in the program")),
    withdraw=_verb("withdraw_start", "agency", _("withdrew an agency's start in the program")),
    words=lambda start: str(start.agency),
    related=("agency",),
)


def _may_look(actor: Actor) -> bool:
    return access.gives(actor, Right.READ, RecordClass.PUBLIC, Place())


def visible_agencies(actor: Actor) -> QuerySet[Agency]:
    """Return the agencies: where there are any is public."""
    rows: QuerySet[Agency] = Agency.objects.all()
    return rows if _may_look(actor) else rows.none()


def visible_districts(actor: Actor) -> QuerySet[District]:
    """Return the districts: where there are any is public."""
    rows: QuerySet[District] = District.objects.all()
    return rows if _may_look(actor) else rows.none()


def visible_schools(actor: Actor) -> QuerySet[School]:
    """Return the schools: where there are any is public."""
    rows: QuerySet[School] = School.objects.all()
    return rows if _may_look(actor) else rows.none()


def visible_belongings(actor: Actor) -> FactQuerySet:
    """Return the facts that say which district a school belongs to: public like the schools."""
    rows = SchoolInDistrict.objects.all()
    return rows if _may_look(actor) else rows.none()


def visible_enrollments(actor: Actor) -> FactQuerySet:
    """Return the counts of schools' students: public like the schools."""
    rows = Enrollment.objects.all()
    return rows if _may_look(actor) else rows.none()


def visible_claims(actor: Actor) -> QuerySet[IdClaim]:
    """Return the claims on NCES ids that this actor may read."""
    rows: QuerySet[IdClaim] = IdClaim.objects.all()
    return access.visible(rows, actor, Right.READ, RecordClass.PROGRAM)


def may_settle(actor: Actor, claim: IdClaim) -> bool:
    """Tell whether `actor` may choose about this claim."""
    return access.may(actor, SETTLE, Place(district_id=claim.district_id))


def may_add(actor: Actor, verb: Verb) -> bool:
    """Tell whether `actor` may add to the whole program: an agency, a district, a list of schools."""
    return access.may(actor, verb, Place())


def may_change(actor: Actor, verb: Verb, district: District) -> bool:
    """Tell whether `actor` may do this in a district: add a school to it, or put one elsewhere."""
    return access.may(actor, verb, Place(district_id=district.pk))


def may_start(actor: Actor, agency: Agency) -> bool:
    """Tell whether `actor` may record when an agency starts; it starts once."""
    if not access.may(actor, START.record, Place(agency_id=agency.pk)):
        return False
    return not AgencyStart.objects.known().filter(agency=agency).exists()


def is_inside(actor: Actor) -> bool:
    """Tell whether `actor` takes part in the program at all: whom the menu shows places to."""
    return actor.person_id is not None and bool(actor.roles)
