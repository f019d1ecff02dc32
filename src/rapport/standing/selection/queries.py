"""Questions about selections and evaluations. Each names its asker first."""

from collections.abc import Iterable

from django.db.models import Q

from rapport.foundation import access as wall
from rapport.foundation.access import Actor, RecordClass, Right, Role
from rapport.organizations.people.models import Person, RoleHeld
from rapport.organizations.places.models import Agency


def deciders(actor: Actor, agencies: Iterable[Agency], *, also: int | None = None) -> list[Person]:
    """Return who has ever led or supervised these agencies, and `also` a person named already, by name.

    The agencies are those at which `actor` may record a selection; of their people, those of whose
    roles the actor may read.
    """
    seen = wall.visible(RoleHeld.objects.known(), actor, Right.READ, RecordClass.PROGRAM)
    held = seen.filter(agency__in=list(agencies), role__in=[Role.AGENCY_HEAD, Role.SUPERVISOR])
    known = Person.objects.filter(Q(pk__in=held.values("person_id")) | Q(pk=also))
    return list(known.order_by("name", "pk"))
