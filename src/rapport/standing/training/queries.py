"""Questions about courses and completions. Each names its asker first."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from rapport.foundation.access import Actor
from rapport.foundation.kinds import pages
from rapport.standing.training import access
from rapport.standing.training.models import Completed, Completion, Course


def further_steps(actor: Actor, fact: Completed) -> list[tuple[str, str]]:
    """Return the step that a completion of `COMPLETION.rows` still needs of `actor`: to verify it."""
    if getattr(fact, "has_proof", False) or not _may_verify(actor, fact):
        return []
    return [(str(_("Verify")), pages.new_url(access.VERIFICATION.name, fact.completion))]


def may_verify(actor: Actor, completion: Completion) -> bool:
    """Tell whether `actor` may verify a completion that is recorded and that nobody has verified yet."""
    rows = access.COMPLETION.rows(actor).filter(completion=completion, withdrawn_at=None)
    fact = rows.first()
    return fact is not None and bool(further_steps(actor, fact))


def _may_verify(actor: Actor, fact: Completed) -> bool:
    return access.may(actor, access.VERIFY, fact) and fact.entered_by_id not in actor.persons


def courses(actor: Actor) -> QuerySet[Course]:
    """Return the courses that can be recorded, by name. They are public."""
    return Course.objects.order_by("name", "code")


def jurisdictions(actor: Actor) -> list[tuple[str, Any]]:
    """Return the jurisdictions that have courses, as choices."""
    found = (
        Course.objects.order_by("jurisdiction").values_list("jurisdiction", flat=True).distinct()
    )
    return [(j, j) for j in found]
