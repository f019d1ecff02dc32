"""Who may see and do what with selections and evaluations."""

from datetime import date
from typing import Final

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from rapport.foundation import access, registry
from rapport.foundation.access import Actor, NotAllowed, RecordClass, Right, Scoped, Verb
from rapport.foundation.kinds.kind import FactKind
from rapport.organizations.people.models import Person
from rapport.organizations.people.queries import same_as
from rapport.standing.officers import rules as officers
from rapport.standing.selection import rules
from rapport.standing.selection.models import Evaluation, Selection

PERSONNEL, WRITE = RecordClass.PERSONNEL, Right.WRITE

RECORD_SELECTION = registry.verb(
    "selection.record_selection", "officer", PERSONNEL, WRITE, _("recorded a selection")
)
CORRECT_SELECTION = registry.verb(
    "selection.correct_selection", "officer", PERSONNEL, WRITE, _("corrected a selection")
)
END_SELECTION = registry.verb(
    "selection.end_selection", "officer", PERSONNEL, WRITE, _("ended a selection")
)
WITHDRAW_SELECTION = registry.verb(
    "selection.withdraw_selection", "officer", PERSONNEL, WRITE, _("withdrew a selection")
)
RECORD_EVALUATION = registry.verb(
    "selection.record_evaluation", "officer", PERSONNEL, WRITE, _("recorded an evaluation")
)
CORRECT_EVALUATION = registry.verb(
    "selection.correct_evaluation", "officer", PERSONNEL, WRITE, _("corrected an evaluation")
)
WITHDRAW_EVALUATION = registry.verb(
    "selection.withdraw_evaluation", "officer", PERSONNEL, WRITE, _("withdrew an evaluation")
)


OPEN = registry.verb(
    "selection.open",
    "officer",
    PERSONNEL,
    Right.READ,
    _("opened a selection or an evaluation"),
)


def may(actor: Actor, verb: Verb, at: Scoped) -> bool:
    """Tell what the wall gives, narrowed: nobody selects or evaluates themselves."""
    if verb.right is Right.READ:
        return access.may(actor, verb, at)
    return not actor.is_about(at) and access.may(actor, verb, at)


def require(actor: Actor, verb: Verb, at: Scoped) -> None:
    """Raise `NotAllowed` unless `may`."""
    if not may(actor, verb, at):
        raise NotAllowed(verb.name)


def visible_selections(actor: Actor) -> QuerySet[Selection]:
    """Return the selections this actor may read, each with the name of who decided (`decider`)."""
    name = Person.objects.filter(pk=OuterRef("decided_by_id")).values("name")
    rows = Selection.objects.annotate(decider=Subquery(name))
    return access.visible(rows, actor, Right.READ, PERSONNEL)


def _words(selection: Selection) -> str:
    said = [
        selection.get_outcome_display(),
        selection.get_method_display(),
        str(_("the district: {part}")).format(part=selection.get_district_part_display()),
    ]
    if decider := getattr(selection, "decider", None):
        said.append(str(_("decided by {name}")).format(name=decider))
    return "; ".join(str(part) for part in said)


def _ensure_selection(selection: Selection, today: date) -> None:
    officers.ensure_not_ahead(selection.valid_from, today)
    about = selection.about_person_id
    rules.ensure_by_somebody_else(selection.decided_by_id, same_as(about) if about else ())


SELECTION: Final = FactKind(
    model=Selection,
    title=_("Selection"),
    record=RECORD_SELECTION,
    correct=CORRECT_SELECTION,
    end=END_SELECTION,
    withdraw=WITHDRAW_SELECTION,
    open=OPEN,
    words=_words,
    related=("agency",),
    may=may,
    ensure=_ensure_selection,
    rows_for=visible_selections,
)
EVALUATION: Final = FactKind(
    model=Evaluation,
    title=_("Yearly evaluation"),
    record=RECORD_EVALUATION,
    correct=CORRECT_EVALUATION,
    withdraw=WITHDRAW_EVALUATION,
    open=OPEN,
    words=lambda e: str(_("{agency}; the district: {part}")).format(
        agency=e.agency, part=e.get_district_part_display()
    ),
    related=("agency",),
    may=may,
    ensure=lambda e, today: officers.ensure_not_ahead(e.valid_from, today),
    is_a_moment=True,
)
KINDS: Final = (SELECTION, EVALUATION)
