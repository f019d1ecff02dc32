"""Who may see and do what with agencies, districts and schools."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from rapport.foundation import access, registry
from rapport.foundation.access import Actor, Place, RecordClass, Right
from rapport.foundation.facts import FactQuerySet
from rapport.organizations.places.models import Agency, District, IdClaim, School, SchoolInDistrict

IMPORT = registry.verb(
    "places.import_schools",
    "school_list",
    RecordClass.PROGRAM,
    Right.WRITE,
    _("imported a list of schools"),
)
SETTLE = registry.verb(
    "places.settle_claim",
    "school",
    RecordClass.PROGRAM,
    Right.WRITE,
    _("chose which school has an NCES id"),
)
MOVE = registry.verb(
    "places.move_school",
    "school",
    RecordClass.PROGRAM,
    Right.WRITE,
    _("put a school into another district"),
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


def visible_claims(actor: Actor) -> QuerySet[IdClaim]:
    """Return the claims on NCES ids that this actor may read."""
    rows: QuerySet[IdClaim] = IdClaim.objects.all()
    return access.visible(rows, actor, Right.READ, RecordClass.PROGRAM)


def may_settle(actor: Actor, claim: IdClaim) -> bool:
    """Tell whether `actor` may choose about this claim."""
    return access.may(
        actor, SETTLE, Place(district_id=claim.district_id, school_id=claim.school_id)
    )
