"""Who assigns and who excepts, what both must obey, and what their forms offer."""

from datetime import date
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from rapport.foundation import access, registry
from rapport.foundation.access import (
    Actor,
    NotAllowed,
    RecordClass,
    Right,
    Role,
    Scope,
    Scoped,
    Verb,
)
from rapport.foundation.facts import Refused
from rapport.foundation.kinds.kind import FactKind
from rapport.organizations.places.models import Agency, School, SchoolInDistrict
from rapport.standing.agreements.access import visible_agreements
from rapport.standing.agreements.models import Coverage, Party
from rapport.standing.assignments.access.reading import beside_officer, visible_assigned
from rapport.standing.assignments.models import Assigned, Assignment, Excepted, Ground
from rapport.standing.officers.access import visible_officers
from rapport.standing.officers.models import Officer


def _verb(name: str, object: str, sentence: Any) -> Verb:
    return registry.verb(f"assignments.{name}", object, RecordClass.PROGRAM, Right.WRITE, sentence)


BEGIN = _verb("begin", "assignment", _lazy("began an assignment"))
CORRECT = _verb("correct", "assignment", _lazy("corrected an assignment"))
END = _verb("end", "assignment", _lazy("ended an assignment"))
WITHDRAW = _verb(
    "withdraw", "assignment", _lazy("withdrew an assignment that was recorded wrongly")
)
FOLLOW = _verb(
    "follow_school",
    "assignment",
    _lazy("moved an assignment to the district that its school belongs to"),
)
EXCEPT = _verb("except", "assignment", _lazy("granted an exception"))
CORRECT_EXCEPTION = _verb("correct_exception", "assignment", _lazy("corrected an exception"))
END_EXCEPTION = _verb("end_exception", "assignment", _lazy("ended an exception"))
WITHDRAW_EXCEPTION = _verb(
    "withdraw_exception", "assignment", _lazy("withdrew an exception that was recorded wrongly")
)

# Assigning is the agency's act; where an agency keeps no records here, its district does.
ASSIGNERS: Final = frozenset(
    {Role.SUPERVISOR, Role.AGENCY_HEAD, Role.SAFETY_DIRECTOR, Role.SUPERINTENDENT}
)
# An exception sets a ground aside, so it takes those who answer for a side.
EXCEPTERS: Final = frozenset({Role.AGENCY_HEAD, Role.SAFETY_DIRECTOR, Role.SUPERINTENDENT})
OF_EXCEPTIONS: Final = frozenset({EXCEPT, CORRECT_EXCEPTION, END_EXCEPTION, WITHDRAW_EXCEPTION})


def may(actor: Actor, verb: Verb, at: Scoped) -> bool:
    """Tell what the wall gives, narrowed to those who assign; nobody excepts oneself."""
    if actor.is_system:
        return True
    roles = ASSIGNERS
    if verb in OF_EXCEPTIONS:
        roles = EXCEPTERS
        if actor.is_about(at):
            return False
    return access.may(actor.only(*roles), verb, at)


def require(actor: Actor, verb: Verb, at: Scoped) -> None:
    """Raise `NotAllowed` unless `may`."""
    if not may(actor, verb, at):
        raise NotAllowed(verb.name)


def may_begin_any(actor: Actor) -> bool:
    """Tell whether `actor` can begin assignments at all, at some agency or district."""
    return actor.is_system or any(
        held.role in ASSIGNERS and held.scope is not Scope.SCHOOL for held in actor.roles
    )


def may_except(actor: Actor, assignment: Assignment) -> bool:
    """Tell whether `actor` may grant an exception for an assignment, where it lies now or lay last."""
    rows = Assigned.objects.known().filter(assignment=assignment).order_by("-valid_from")
    fact = rows.first()
    return fact is not None and may(actor, EXCEPT, fact)


def side_of(actor: Actor) -> str:
    """Return for which side the actor speaks: "agency", "district", or "" for the system."""
    return next((str(h.scope) for h in sorted(actor.roles) if h.role in EXCEPTERS), "")


def visible_assignments(actor: Actor) -> QuerySet[Assignment]:
    """Return the assignments this actor may know of, also those withdrawn since."""
    rows = visible_assigned(actor).filter(assignment=OuterRef("pk"))
    return Assignment.objects.filter(Exists(rows))


def visible_exceptions(actor: Actor) -> QuerySet[Excepted]:
    """Return the exceptions this actor may read, of a colleague none; withdrawn ones too."""
    rows: QuerySet[Excepted] = Excepted.objects.all()
    rows = access.visible(rows, actor, Right.READ, RecordClass.PROGRAM)
    if not actor.holds(Role.OFFICER):
        return rows
    entrusted = access.within(beside_officer(actor), Right.READ, RecordClass.PROGRAM)
    return rows.filter(entrusted | Q(about_person_id__in=actor.persons))


def ensure_hours(fact: Assigned, today: date) -> None:
    """Raise `Refused` for hours that no week has. Empty hours are not known; zero is none."""
    if fact.hours_per_week is not None and not 0 <= fact.hours_per_week <= 80:
        raise Refused(
            _("Give the hours a week as a number from 0 to 80, or leave them empty."),
            field="hours_per_week",
        )


def ensure_exception(fact: Excepted, today: date) -> None:
    """Raise `Refused` for an exception without an end, or of something that is no ground."""
    if fact.valid_until is None:
        raise Refused(
            _("An exception must have a last day. Name the day by which it is mended."),
            field="valid_until",
        )
    if fact.ground not in Ground.values:
        raise Refused(_("Choose one of the four grounds."), field="ground")


def assigned_words(fact: Assigned) -> str:
    """Return an assignment as "Charlottesville High for Charlottesville Police, 40 hours a week"."""
    said = _("%(school)s for %(agency)s") % {"school": fact.school, "agency": fact.agency}
    if fact.hours_per_week is None:
        return said
    hours = f"{fact.hours_per_week.normalize():f}"
    return _("%(said)s, %(hours)s hours a week") % {"said": said, "hours": hours}


ASSIGNED: Final = FactKind(
    model=Assigned,
    title=_lazy("Assignment"),
    record=BEGIN,
    correct=CORRECT,
    end=END,
    withdraw=WITHDRAW,
    words=assigned_words,
    ensure=ensure_hours,
    may=may,
    related=("school", "agency", "district"),
)
EXCEPTED: Final = FactKind(
    model=Excepted,
    title=_lazy("Exception"),
    record=EXCEPT,
    correct=CORRECT_EXCEPTION,
    end=END_EXCEPTION,
    withdraw=WITHDRAW_EXCEPTION,
    words=lambda e: str(Ground(e.ground).label),
    rows_for=visible_exceptions,
    ensure=ensure_exception,
    may=may,
    related=("school", "agency"),
)
KINDS: Final[tuple[FactKind[Assigned] | FactKind[Excepted], ...]] = (ASSIGNED, EXCEPTED)


# Whom and what a form offers


def officers_to_assign(actor: Actor) -> QuerySet[Officer]:
    """Return the officers this actor may know of, by name."""
    return visible_officers(actor).select_related("person").order_by("person__name", "pk")


def agencies_to_assign(actor: Actor) -> QuerySet[Agency]:
    """Return the agencies for which this actor may begin assignments, or whose agreements they may read."""
    if actor.is_system:
        return Agency.objects.order_by("name", "pk")
    own = _held_at(actor, Scope.AGENCY)
    parties = Party.objects.known().filter(agreement__in=visible_agreements(actor))
    theirs = parties.exclude(agency=None).values("agency_id")
    return Agency.objects.filter(Q(pk__in=own) | Q(pk__in=theirs)).order_by("name", "pk")


def schools_to_assign(actor: Actor) -> QuerySet[School]:
    """Return the schools of this actor's districts, and of those their agencies have agreements with."""
    if actor.is_system:
        return School.objects.order_by("name", "pk")
    districts = _held_at(actor, Scope.DISTRICT)
    agencies = _held_at(actor, Scope.AGENCY)
    own = Agency.objects.filter(pk__in=agencies).values("own_district_id")
    covered = Coverage.objects.known().filter(agreement__in=visible_agreements(actor))
    belonging = SchoolInDistrict.objects.known().filter(
        Q(district_id__in=districts)
        | Q(district_id__in=own)
        | Q(district_id__in=covered.values("district_id"))
    )
    return School.objects.filter(pk__in=belonging.values("school_id")).order_by("name", "pk")


def _held_at(actor: Actor, scope: Scope) -> list[int]:
    return [h.scope_id for h in actor.roles if h.scope is scope and h.scope_id is not None]
