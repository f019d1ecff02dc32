"""Who may see and do what with agencies, districts and schools."""

from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from rapport.foundation import access, registry
from rapport.foundation.access import Actor, NotAllowed, Place, RecordClass, Right, Role, Verb
from rapport.foundation.facts import FactQuerySet
from rapport.foundation.kinds.kind import FactKind
from rapport.organizations.places import rules
from rapport.organizations.places.models import (
    Agency,
    AgencyStart,
    District,
    Enrollment,
    IdClaim,
    School,
    SchoolInDistrict,
)

PROGRAM, PUBLIC = RecordClass.PROGRAM, RecordClass.PUBLIC
# An administrator sets up the whole program; those who answer for a district add schools to it.
ADDERS: Final = frozenset({Role.ADMINISTRATOR, Role.SAFETY_DIRECTOR, Role.SUPERINTENDENT})


def _verb(name: str, about: str, of: RecordClass, sentence: Any) -> Verb:
    """Declare a verb of this app. Which places there are is public; what is said of them is of the program."""
    return registry.verb(f"places.{name}", about, of, Right.WRITE, sentence)


IMPORT = _verb("import_schools", "school_list", PUBLIC, _("imported a list of schools"))
SETTLE = _verb("settle_claim", "school", PROGRAM, _("chose which school has an NCES id"))
ADD_AGENCY = _verb("add_agency", "agency", PUBLIC, _("added an agency"))
ADD_DISTRICT = _verb("add_district", "district", PUBLIC, _("added a district"))
ADD_SCHOOL = _verb("add_school", "school", PUBLIC, _("added a school"))
MOVE = _verb("move_school", "school", PROGRAM, _("put a school into another district"))
START: Final = FactKind(
    model=AgencyStart,
    title=_("Start in the program"),
    record=_verb("start_agency", "agency", PROGRAM, _("recorded an agency's start in the program")),
    correct=_verb(
        "correct_start", "agency", PROGRAM, _("corrected an agency's start in the program")
    ),
    withdraw=_verb(
        "withdraw_start", "agency", PROGRAM, _("withdrew an agency's start in the program")
    ),
    words=lambda start: str(start.agency),
    related=("agency",),
    ensure=lambda start, today: rules.ensure_begun(start.valid_from, today),
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


def may_add(actor: Actor, verb: Verb, at: Place = Place()) -> bool:  # noqa: B008  a value, never changed
    """Tell whether `actor` may add an agency, a district or a list of schools; or a school `at` a district."""
    if actor.is_system:
        return True
    return access.may(actor.only(*ADDERS), verb, at)


def require_add(actor: Actor, verb: Verb, at: Place = Place()) -> None:  # noqa: B008
    """Raise `NotAllowed` unless `may_add`."""
    if not may_add(actor, verb, at):
        raise NotAllowed(verb.name, at)


def may_move(actor: Actor, district: District) -> bool:
    """Tell whether `actor` may put a school of this district elsewhere."""
    return access.may(actor, MOVE, Place(district_id=district.pk))


def may_start(actor: Actor, agency: Agency) -> bool:
    """Tell whether `actor` may record when an agency starts; it starts once."""
    if not access.may(actor, START.record, Place(agency_id=agency.pk)):
        return False
    return not AgencyStart.objects.known().filter(agency=agency).exists()


def is_inside(actor: Actor) -> bool:
    """Tell whether `actor` takes part in the program at all: whom the menu shows places to."""
    return actor.person_id is not None and bool(actor.roles)
