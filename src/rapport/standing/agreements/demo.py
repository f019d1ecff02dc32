"""The demo town's agreement: signed late by one side, misread once, affirmed a year on."""

from datetime import date, datetime
from typing import Any

from rapport.foundation.demo import Town, months_before
from rapport.foundation.facts import Source
from rapport.standing.agreements import actions
from rapport.standing.agreements.actions import Draft
from rapport.standing.agreements.models import Affirmed, Signature, Signed

HELD = frozenset(
    {1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 19, 23, 26, 27, 28, 30, 32, 36, 37, 40}
)
SETTLED = {
    "school_official": "yes",
    "document": "mou",
    "review_months": "12",
    "who_may_cover": "sworn",
    "certificates_shared": "no",
}
MONTHS_AGO = 17


def build(town: Town) -> None:
    """Enter the acts about the agreement in the diary."""
    first = town.ago(months=MONTHS_AGO)
    second = town.ago(months=MONTHS_AGO, days=-12)
    town.on(first, 10, lambda now: _draft(town, first, now))
    town.on(first, 11, lambda now: _sign_for_the_agency(town, first, now))
    slip = town.ago(months=MONTHS_AGO, days=-2)
    town.on(town.ago(months=MONTHS_AGO, days=-13), 15, lambda now: _sign_on_paper(town, slip, now))
    town.on(
        town.ago(months=MONTHS_AGO, days=-13), 16, lambda now: _review(town, "adopted", second, now)
    )
    town.on(town.ago(months=15), 14, lambda now: _correct_the_signature(town, second, now))
    town.on(town.ago(months=14), 9, lambda now: _more_clauses(town, first, now))
    affirmed = town.ago(months=5)
    town.on(affirmed, 15, lambda now: _review(town, "unchanged", affirmed, now))


def _draft(town: Town, first: date, now: datetime) -> None:
    """The director of safety enters what the paper says."""
    town.cast["agreement"] = actions.draft_agreement(
        town.actor("safety_director", now),
        Draft(
            title=f"SRO agreement of {first.year}",
            agencies=(town.cast["agency"],),
            districts=(town.cast["district"],),
            valid_from=first,
            valid_until=months_before(first, -36),
            clauses=HELD,
            settled=SETTLED,
        ),
        now=now,
    )


def _sign_for_the_agency(town: Town, first: date, now: datetime) -> None:
    """The chief signs, signed in."""
    chief = town.actor("chief", now)
    _sign(town, chief, now, agency=town.cast["agency"], how=_how(chief), valid_from=first)


def _sign_on_paper(town: Town, day: date, now: datetime) -> None:
    """The board's copy comes back on paper, and its date is read wrong."""
    director = town.actor("safety_director", now)
    town.cast["paper"] = _sign(
        town, director, now, district=town.cast["district"], how=Signed.PAPER, valid_from=day
    )


def _correct_the_signature(town: Town, day: date, now: datetime) -> None:
    """Two months later somebody looks at the scan: it was signed ten days after what was typed."""
    director = town.actor("safety_director", now)
    actions.correct(director, town.cast["paper"], now=now, valid_from=day)


def _sign(town: Town, actor: Any, now: datetime, **said: Any) -> Signature:
    return actions.record_signature(
        actor, town.cast["agreement"], now=now, source=Source.RECORD, **said
    )


def _how(actor: Any) -> Signed:
    return Signed.PAPER if actor.is_system else Signed.SIGNED_IN


def _review(town: Town, outcome: str, day: date, now: datetime) -> None:
    """The parties adopt the agreement; a year later they affirm it unchanged."""
    actions.record_affirmation(
        town.actor("superintendent", now),
        town.cast["agreement"],
        now=now,
        outcome=Affirmed(outcome),
        valid_from=day,
        source=Source.RECORD,
    )


def _more_clauses(town: Town, day: date, now: datetime) -> None:
    """On a second reading two more clauses are found in the text."""
    actions.record_clauses(
        town.actor("safety_director", now),
        town.cast["agreement"],
        HELD | {31, 38},
        day=day,
        now=now,
    )
