"""Who may see and do what with officers and the facts that make them sworn."""

from functools import partial
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from rapport.foundation import access, registry
from rapport.foundation.access import (
    Actor,
    NotAllowed,
    Place,
    RecordClass,
    Right,
    Role,
    Scoped,
    Verb,
)
from rapport.foundation.facts import FactQuerySet
from rapport.foundation.kinds.kind import FactKind
from rapport.organizations.places.models import Agency
from rapport.standing.officers import rules
from rapport.standing.officers.models import Certification, DutyStatus, Employment, Officer

PROGRAM, PERSONNEL, WRITE = RecordClass.PROGRAM, RecordClass.PERSONNEL, Right.WRITE

ADD = registry.verb("officers.add", "officer", PROGRAM, WRITE, _("added an officer"))
OPEN = registry.verb(
    "officers.open_records",
    "officer",
    PERSONNEL,
    Right.READ,
    _("opened the personnel records of an officer"),
)
RECORD_EMPLOYMENT = registry.verb(
    "officers.record_employment", "officer", PROGRAM, WRITE, _("recorded an employment")
)
CORRECT_EMPLOYMENT = registry.verb(
    "officers.correct_employment", "officer", PROGRAM, WRITE, _("corrected an employment")
)
END_EMPLOYMENT = registry.verb(
    "officers.end_employment", "officer", PROGRAM, WRITE, _("ended an employment")
)
WITHDRAW_EMPLOYMENT = registry.verb(
    "officers.withdraw_employment", "officer", PROGRAM, WRITE, _("withdrew an employment")
)
RECORD_CERTIFICATION = registry.verb(
    "officers.record_certification", "officer", PERSONNEL, WRITE, _("recorded a certification")
)
CORRECT_CERTIFICATION = registry.verb(
    "officers.correct_certification", "officer", PERSONNEL, WRITE, _("corrected a certification")
)
WITHDRAW_CERTIFICATION = registry.verb(
    "officers.withdraw_certification", "officer", PERSONNEL, WRITE, _("withdrew a certification")
)
RECORD_DUTY = registry.verb(
    "officers.record_duty_status", "officer", PERSONNEL, WRITE, _("recorded a duty status")
)
CORRECT_DUTY = registry.verb(
    "officers.correct_duty_status", "officer", PERSONNEL, WRITE, _("corrected a duty status")
)
WITHDRAW_DUTY = registry.verb(
    "officers.withdraw_duty_status", "officer", PERSONNEL, WRITE, _("withdrew a duty status")
)

AGENCY_SIDE: Final = frozenset({Role.SUPERVISOR, Role.AGENCY_HEAD})
# What judges somebody is recorded by somebody else.
OF_OTHERS: Final = frozenset({RECORD_DUTY, CORRECT_DUTY, WITHDRAW_DUTY})


def may(actor: Actor, verb: Verb, at: Scoped) -> bool:
    """Tell what the wall gives, narrowed: the roster is the agency's, and nobody rules on own duty."""
    if verb.right is Right.READ:
        return access.may(actor, verb, at)
    if verb in OF_OTHERS and actor.is_about(at):
        return False
    return access.may(actor.only(*AGENCY_SIDE), verb, at)


def require(actor: Actor, verb: Verb, at: Scoped) -> None:
    """Raise `NotAllowed` unless `may`."""
    if not may(actor, verb, at):
        raise NotAllowed(verb.name)


def knows_of_officers(actor: Actor) -> bool:
    """Tell whether the actor may know of program records somewhere: then there is a roster to see."""
    return access.reads_somewhere(actor, PROGRAM)


def visible_employments(actor: Actor) -> FactQuerySet:
    """Return the employments this actor may read, also those withdrawn since.

    By the agency's scope, about oneself, or through an assignment that the actor may know of.
    """
    seen = access.within(actor, Right.READ, PROGRAM)
    seen |= Q(about_person_id__in=actor.persons)
    for known in registry.officer_sights:
        pair = {"officer_id": OuterRef("officer_id"), "agency_id": OuterRef("agency_id")}
        seen |= Q(Exists(known(actor).filter(**pair)))
    return Employment.objects.filter(seen)


def visible_officers(actor: Actor) -> QuerySet[Officer]:
    """Return the officers this actor may know of: by employment or assignment in scope, or oneself."""
    seen = Q(pk__in=visible_employments(actor).values("officer_id"))
    seen |= Q(person_id__in=actor.persons)
    for known in registry.officer_sights:
        seen |= Q(pk__in=known(actor).values("officer_id"))
    return Officer.objects.filter(seen)


EMPLOYMENT: Final = FactKind(
    model=Employment,
    title=_("Employment"),
    record=RECORD_EMPLOYMENT,
    correct=CORRECT_EMPLOYMENT,
    end=END_EMPLOYMENT,
    withdraw=WITHDRAW_EMPLOYMENT,
    words=lambda e: str(_("{agency}, badge {badge}")).format(agency=e.agency, badge=e.badge),
    related=("agency",),
    may=may,
    ensure=lambda e, today: rules.ensure_badge(e.badge),
    rows_for=visible_employments,
)
CERTIFICATION: Final = FactKind(
    model=Certification,
    title=_("Certification"),
    record=RECORD_CERTIFICATION,
    correct=CORRECT_CERTIFICATION,
    withdraw=WITHDRAW_CERTIFICATION,
    open=OPEN,
    words=lambda c: f"{c.state}: {c.get_status_display()}",
    related=("agency",),
    may=may,
    gives_way=True,
    ensure=lambda c, today: rules.ensure_certification(c.state, c.valid_from, today),
)
DUTY: Final = FactKind(
    model=DutyStatus,
    title=_("Duty status"),
    record=RECORD_DUTY,
    correct=CORRECT_DUTY,
    withdraw=WITHDRAW_DUTY,
    open=OPEN,
    words=lambda d: f"{d.agency}: {d.get_status_display()}",
    related=("agency",),
    may=may,
    gives_way=True,
)
KINDS: Final[tuple[FactKind[Employment] | FactKind[Certification] | FactKind[DutyStatus], ...]] = (
    EMPLOYMENT,
    CERTIFICATION,
    DUTY,
)


def may_record(actor: Actor, officer: Officer, *, kind: FactKind[Any]) -> bool:
    """Tell whether `actor` may record this kind of fact of an officer, at some agency."""
    agencies = Agency.objects.values_list("pk", flat=True)
    places = (Place(agency_id=pk, about_person_id=officer.person_id) for pk in agencies)
    return any(kind.may(actor, kind.record, at) for at in places)


def on_pages(kind: FactKind[Any]) -> dict[str, Any]:
    """Return what the pages of every kind of fact about officers share: about whom, who may, the way back."""
    return {
        "kind": kind,
        "owners": visible_officers,
        "owner_of": lambda fact: fact.officer,
        "may_record": partial(may_record, kind=kind),
        "back": Officer.get_absolute_url,
        "called": lambda officer: str(officer.person),
    }
