"""Who may see and do what with courses, completions and their verification."""

from datetime import date
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet
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
from rapport.foundation.kinds.kind import FactKind
from rapport.standing.officers import rules as officers
from rapport.standing.training import rules
from rapport.standing.training.models import Completed, Completion, Verified

PERSONNEL, PROGRAM, WRITE = RecordClass.PERSONNEL, RecordClass.PROGRAM, Right.WRITE
WORDS = "the words of the completion are emptied"

RECORD_COMPLETION = registry.verb(
    "training.record_completion",
    "completion",
    PERSONNEL,
    WRITE,
    _("recorded a completion"),
    shreds=WORDS,
)
CORRECT_COMPLETION = registry.verb(
    "training.correct_completion",
    "completion",
    PERSONNEL,
    WRITE,
    _("corrected a completion"),
    shreds=WORDS,
)
WITHDRAW_COMPLETION = registry.verb(
    "training.withdraw_completion",
    "completion",
    PERSONNEL,
    WRITE,
    _("withdrew a completion"),
    shreds=WORDS,
)
VERIFY = registry.verb(
    "training.verify_completion", "completion", PERSONNEL, WRITE, _("verified a completion")
)
WITHDRAW_VERIFICATION = registry.verb(
    "training.withdraw_verification",
    "completion",
    PERSONNEL,
    WRITE,
    _("withdrew the verification of a completion"),
)
OPEN = registry.verb(
    "training.open_completion", "completion", PERSONNEL, Right.READ, _("opened a completion")
)
ADD_COURSE = registry.verb("training.add_course", "course", PROGRAM, WRITE, _("added a course"))
EDIT_COURSE = registry.verb("training.edit_course", "course", PROGRAM, WRITE, _("edited a course"))
LOAD_COURSES = registry.verb(
    "training.load_courses", "course", None, None, _("loaded the courses of a release")
)

# Courses are the whole program's: those who answer for one of its sides keep them.
KEEPERS: Final = frozenset(
    {Role.SUPERVISOR, Role.AGENCY_HEAD, Role.SAFETY_DIRECTOR, Role.SUPERINTENDENT}
)


def may(actor: Actor, verb: Verb, at: Scoped) -> bool:
    """Tell what the wall gives, narrowed: nobody verifies the own completion, few keep the courses."""
    if verb in (ADD_COURSE, EDIT_COURSE):
        return access.may(actor.only(*KEEPERS), verb, at)
    return not (verb is VERIFY and actor.is_about(at)) and access.may(actor, verb, at)


def require(actor: Actor, verb: Verb, at: Scoped) -> None:
    """Raise `NotAllowed` unless `may`."""
    if not may(actor, verb, at):
        raise NotAllowed(verb.name)


def where_courses_are_kept(actor: Actor) -> Place:
    """Return a place at which `actor` writes program records: courses are the whole program's."""
    for held in actor.roles:
        at = Place(**{f"{held.scope}_id": held.scope_id}) if held.scope_id else Place()
        if may(actor, EDIT_COURSE, at):
            return at
    return Place()


def may_keep_courses(actor: Actor) -> bool:
    """Tell whether `actor` may add and edit courses."""
    return may(actor, EDIT_COURSE, where_courses_are_kept(actor))


def visible_completions(actor: Actor) -> QuerySet[Completion]:
    """Return the completions of which this actor may read a fact."""
    rows = access.visible(Completed.objects.all(), actor, Right.READ, PERSONNEL)
    return Completion.objects.filter(pk__in=rows.values("completion_id"))


def visible_completed(actor: Actor) -> QuerySet[Completed]:
    """Return the completions' facts this actor may read, each with `has_proof`: it is verified now."""
    proofs = Verified.objects.filter(completion_id=OuterRef("completion_id"), withdrawn_at=None)
    rows = Completed.objects.annotate(has_proof=Exists(proofs))
    return access.visible(rows, actor, Right.READ, PERSONNEL)


def _words(fact: Completed) -> str:
    said = [str(fact.course)]
    if fact.hours is not None:
        said.append(str(_("{hours} h")).format(hours=f"{fact.hours.normalize():f}"))
    said.append(str(fact.get_result_display()))
    if words := getattr(fact.completion, "words", None):
        said += filter(None, (words.provider, words.certificate_number))
    return ", ".join(said)


def _ensure_completed(fact: Completed, today: date) -> None:
    officers.ensure_not_ahead(fact.valid_from, today)
    rules.ensure_hours(fact.hours)


COMPLETION: Final = FactKind(
    model=Completed,
    title=_("Completion"),
    record=RECORD_COMPLETION,
    correct=CORRECT_COMPLETION,
    withdraw=WITHDRAW_COMPLETION,
    open=OPEN,
    words=_words,
    related=("course", "completion__words"),
    may=may,
    ensure=_ensure_completed,
    rows_for=visible_completed,
)
VERIFICATION: Final = FactKind(
    model=Verified,
    title=_("Verification"),
    record=VERIFY,
    correct=VERIFY,
    withdraw=WITHDRAW_VERIFICATION,
    open=OPEN,
    words=lambda v: str(_("{course}: verified")).format(course=v.completion.course),
    related=("completion__course",),
    may=may,
    ensure=lambda v, today: officers.ensure_not_ahead(v.valid_from, today),
    is_a_moment=True,
)
KINDS: Final = (COMPLETION, VERIFICATION)
