"""Who may see and do what with assignments and standings."""

from dataclasses import replace
from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from rapport.foundation import access, registry
from rapport.foundation.access import Actor, Place, RecordClass, Right, Role, Scope
from rapport.foundation.facts import FactQuerySet
from rapport.organizations.places.models import School, SchoolInDistrict
from rapport.standing.agreements.access import visible_agreements
from rapport.standing.agreements.models import Agreement, Coverage
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


def visible_assigned(actor: Actor) -> FactQuerySet:
    """Return the assignment facts this actor may read; withdrawn ones too."""
    return Assigned.objects.filter(access.within(actor, Right.READ, RecordClass.PROGRAM))


def known_assigned(actor: Actor) -> FactQuerySet:
    """Return the assignment facts known now through which this actor knows of officers."""
    return visible_assigned(actor).known()


def reader(actor: Actor, place: Place) -> Reader:
    """Return what the sharing rules give `actor` at the place of an assignment."""
    theirs = place._replace(district_id=None, school_id=None)
    return Reader(
        access.gives(actor, Right.READ, RecordClass.PROGRAM, place),
        access.gives(actor, Right.READ, RecordClass.PERSONNEL, theirs),
        is_peer=actor.holds(Role.OFFICER)
        and not access.gives(beside_officer(actor), Right.READ, RecordClass.PROGRAM, place),
    )


def beside_officer(actor: Actor) -> Actor:
    """Return the actor with what they are entrusted with beside being an officer."""
    return actor.only(*(role for role in Role if role is not Role.OFFICER))


def reads_program(actor: Actor) -> bool:
    """Tell whether the actor reads records of the program somewhere: then there is a board to see."""
    return access.reads_somewhere(actor, RecordClass.PROGRAM)


def visible_schools(actor: Actor, *, day: date) -> QuerySet[School]:
    """Return the schools of an actor's part of the program: in the role's scope, or served from it.

    An agency's are also those of the districts that its agreements cover: there it may serve next.

    That a school exists is public; the list is narrowed to what concerns the reader. Each has
    `in_district`, the uid of its district on `day`.
    """
    here = access.within(actor, Right.READ, RecordClass.PROGRAM)
    places = SchoolInDistrict.objects.as_of(day).filter(here)
    district = SchoolInDistrict.objects.as_of(day).filter(school=OuterRef("pk"))
    covered = Coverage.objects.known().filter(agreement__in=_agreements_of_agencies(actor))
    near = SchoolInDistrict.objects.as_of(day).filter(district_id__in=covered.values("district_id"))
    seen = (
        Q(pk__in=places.values("school_id"))
        | Q(pk__in=visible_assigned(actor).values("school_id"))
        | Q(pk__in=near.values("school_id"))
    )
    return School.objects.filter(seen).annotate(
        in_district=Subquery(district.values("district__uid")[:1])
    )


def _agreements_of_agencies(actor: Actor) -> QuerySet[Agreement]:
    at_agencies = frozenset(h for h in actor.roles if h.scope is Scope.AGENCY)
    return visible_agreements(replace(actor, roles=at_agencies))
