"""Questions about courses and completions. Each names its asker first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from rapport.foundation import registry
from rapport.foundation.access import Actor
from rapport.foundation.kinds import pages
from rapport.foundation.kinds import queries as facts
from rapport.foundation.kinds.queries import FactRow
from rapport.standing.officers.models import Officer
from rapport.standing.training import access
from rapport.standing.training.models import Completed, Completion, Course, Verified


@dataclass(frozen=True, slots=True)
class CompletionRow:
    """One completion as an officer's page shows it, with its verification or the way to it."""

    fact: FactRow
    course: str
    code: str
    provider: str
    certificate_number: str
    verified: FactRow | None
    verify_url: str  # empty where this actor may not, or somebody has


def training_card(actor: Actor, officer: Officer) -> tuple[CompletionRow, ...]:
    """Return the completions known now that `actor` may read, newest first, in two queries."""
    kind = access.COMPLETION
    found = list(
        kind.rows(actor).filter(officer=officer, withdrawn_at=None).order_by("-valid_from", "-pk")
    )
    proofs = {
        v.completion_id: v
        for v in access.VERIFICATION.rows(actor).filter(officer=officer, withdrawn_at=None)
    }
    return tuple(_row(actor, c, proofs.get(c.completion_id)) for c in found)


def _row(actor: Actor, fact: Completed, proof: Verified | None) -> CompletionRow:
    words = getattr(fact.completion, "words", None)
    return CompletionRow(
        facts.row(actor, access.COMPLETION, fact),
        str(fact.course),
        fact.course.code,
        words.provider if words else "",
        words.certificate_number if words else "",
        facts.row(actor, access.VERIFICATION, proof) if proof else None,
        "" if proof else verify_url(actor, fact),
    )


def verify_url(actor: Actor, fact: Completed) -> str:
    """Return where `actor` verifies a completion; empty for who entered it, the officer, or who may not."""
    may = access.may(actor, access.VERIFY, fact) and actor.person_id != fact.entered_by_id
    there = registry.fact_pages.get(access.VERIFICATION.name)
    return pages.new_url(access.VERIFICATION.name, fact.completion) if may and there else ""


def may_verify(actor: Actor, completion: Completion) -> bool:
    """Tell whether `actor` may verify a completion that nobody has verified yet."""
    fact = Completed.objects.known().filter(completion=completion).first()
    if fact is None or Verified.objects.known().filter(completion=completion).exists():
        return False
    return bool(verify_url(actor, fact))


def facts_of(actor: Actor, officer: Officer) -> list[FactRow]:
    """Return every completion and verification that `actor` may read, also those withdrawn since."""
    return facts.rows(actor, access.KINDS, officer=officer)


def courses(actor: Actor) -> QuerySet[Course]:
    """Return the courses that can be recorded, by name. They are public."""
    return Course.objects.order_by("name", "code")


def jurisdictions(actor: Actor) -> Sequence[tuple[str, Any]]:
    """Return the jurisdictions that have courses, as choices."""
    found = (
        Course.objects.order_by("jurisdiction").values_list("jurisdiction", flat=True).distinct()
    )
    return [(j, j) for j in found]
