"""Who may see and do what with school calendars. Who may read them: everybody, they are public."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from rapport.foundation import access, registry
from rapport.foundation.access import Actor, Place, RecordClass, Right
from rapport.foundation.facts import Refused
from rapport.foundation.kinds.kind import FactKind
from rapport.foundation.school_days import Span
from rapport.organizations.calendars import rules
from rapport.organizations.calendars.models import NoSchool, SchoolYear, Why
from rapport.organizations.places.models import District

SET = registry.verb(
    "calendars.set",
    "district",
    RecordClass.PROGRAM,
    Right.WRITE,
    _("recorded school days of a district"),
)
CORRECT = registry.verb(
    "calendars.correct",
    "district",
    RecordClass.PROGRAM,
    Right.WRITE,
    _("corrected school days of a district"),
)
WITHDRAW = registry.verb(
    "calendars.withdraw",
    "district",
    RecordClass.PROGRAM,
    Right.WRITE,
    _("withdrew school days of a district"),
)


def _span(fact: SchoolYear | NoSchool) -> Span:
    if fact.valid_until is None:
        raise Refused(str(_("Give a last day.")), field="valid_until")
    return Span(fact.valid_from, fact.valid_until)


YEAR: Final = FactKind(
    model=SchoolYear,
    title=_("School year"),
    record=SET,
    correct=CORRECT,
    withdraw=WITHDRAW,
    words=lambda year: str(year.district),
    ensure=lambda year, today: rules.ensure_year(_span(year)),
    related=("district",),
)
OFF: Final = FactKind(
    model=NoSchool,
    title=_("Days without school"),
    record=SET,
    correct=CORRECT,
    withdraw=WITHDRAW,
    words=lambda off: str(Why(off.why).label),
    ensure=lambda off, today: rules.ensure_break(_span(off)),
    related=("district",),
)


def may_set(actor: Actor, district: District) -> bool:
    """Tell whether `actor` may record the school days of a district."""
    return access.may(actor, SET, Place(district_id=district.pk))
