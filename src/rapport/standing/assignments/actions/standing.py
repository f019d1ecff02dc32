"""Nobody is assigned without a standing. Who may not see why is not told why."""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext as _

from rapport.foundation.access import SYSTEM, Actor
from rapport.foundation.facts import Refused
from rapport.standing.assignments import queries
from rapport.standing.assignments.models import Assigned
from rapport.standing.assignments.rules import Standing, Why, Word, sentences


class Missing(NamedTuple):
    """What stands in the way of an assignment: the ground, what it needs, and what would mend it."""

    ground: str
    needs: str  # what sort of fact is missing, a word of the rules; "" where the asker may not know
    text: str
    mend: str


class NotCleared(Refused):
    """The officer would not be cleared; `missing` says what is needed, as far as the asker may know."""

    def __init__(self, message: str, missing: tuple[Missing, ...]) -> None:
        super().__init__(message)
        self.missing = missing


def ensure_standing(actor: Actor, draft: Assigned) -> Word:
    """Raise `NotCleared` unless the officer would be cleared, if only provisionally, on the first day."""
    pair = (draft.officer_id, draft.school_id, draft.agency_id)
    facts = queries.load_facts(SYSTEM, at=pair)
    full = queries.standing_of(SYSTEM, *pair, day=draft.valid_from, known=facts)
    assert full is not None  # the system may know of everybody
    if full.standing.word is not Word.NOT_CLEARED:
        return full.standing.word
    seen = queries.standing_of(actor, *pair, day=draft.valid_from, known=facts)
    missing = tuple(_missing(seen.standing)) if seen else ()
    raise NotCleared(
        _("%(officer)s cannot be assigned to %(school)s from %(day)s: %(needs)s.")
        % {
            "officer": draft.officer.person,
            "school": draft.school,
            "day": sentences.through(draft.valid_from + sentences.ONE),
            "needs": "; ".join(dict.fromkeys(m.text for m in missing)) or _("not cleared"),
        },
        missing,
    )


def _missing(found: Standing) -> Iterable[Missing]:
    for name, ground in found.grounds.items():
        if ground.holds:
            continue
        reasons = [r for r in ground.reasons if r.why is Why.STOPS]
        for reason in reasons:
            yield Missing(name, reason.rule.needs, sentences.text(reason), sentences.mend(reason))
        if not reasons:  # this asker is told whether a ground holds, never why
            yield Missing(
                name, "", _("the officer is not available"), _("Ask the officer's agency.")
            )
