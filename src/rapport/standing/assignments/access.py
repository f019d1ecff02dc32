"""Who may see and do what with assignments and standings."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from rapport.foundation import access, registry
from rapport.foundation.access import Actor, Place, RecordClass, Right
from rapport.standing.assignments.models import Assigned
from rapport.standing.assignments.rules.shown import Reader

READ_ALL = registry.verb(
    "standing.read_all",
    "standing",
    RecordClass.PROGRAM,
    Right.READ,
    _("listed the standing of all"),
)
READ_ONE = registry.verb(
    "standing.read", "officer", RecordClass.PROGRAM, Right.READ, _("asked for a standing")
)
PRINT_FACTS = registry.verb(
    "standing.print_facts",
    "standing",
    RecordClass.PERSONNEL,
    Right.READ,
    _("printed the facts behind the standings"),
)


def visible_assigned(actor: Actor) -> QuerySet[Assigned]:
    """Return the assignment facts this actor may read; withdrawn ones too."""
    rows: QuerySet[Assigned] = Assigned.objects.all()
    return access.visible(rows, actor, Right.READ, RecordClass.PROGRAM)


def reader(actor: Actor, place: Place) -> Reader:
    """Return what the sharing rules give `actor` at the place of an assignment."""
    return Reader(
        access.gives(actor, Right.READ, RecordClass.PROGRAM, place),
        access.gives(
            actor,
            Right.READ,
            RecordClass.PERSONNEL,
            place._replace(district_id=None, school_id=None),
        ),
    )
