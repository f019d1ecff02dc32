"""The demo town's two officers: one was there before the program began, one was hired since."""

from datetime import date, datetime, timedelta
from typing import Final

from rapport.foundation.demo import Town, months_before
from rapport.foundation.facts import Source
from rapport.standing.officers import actions
from rapport.standing.officers.actions import NewOfficer

BADGES: Final = {1: "1142", 2: "1157"}
NAMES: Final = {1: "Dana Whitlock", 2: "Marcus Oyelaran"}  # where the town has no people
SERVED_YEARS: Final = 6  # the first officer, before the program began
HIRED_MONTHS_AGO: Final = 12  # the second


def build(town: Town) -> None:
    """Enter in the diary who joins the roster, and when."""
    if "agency" not in town.cast:  # a town without places is empty
        return
    long_ago = months_before(town.ago(months=18), 12 * SERVED_YEARS)
    town.on(town.ago(months=18), 9, lambda now: _join(town, 1, long_ago, now))
    hired = town.ago(months=HIRED_MONTHS_AGO)
    town.on(hired, 9, lambda now: _join(town, 2, hired, now))


def _join(town: Town, number: int, employed_from: date, now: datetime) -> None:
    """The sergeant adds the officer, from the agency's own file."""
    town.cast[f"roster_{number}"] = actions.add_officer(
        town.actor("sergeant", now),
        NewOfficer(
            agency=town.cast["agency"],
            badge=BADGES[number],
            employed_from=employed_from,
            certified_from=employed_from - timedelta(days=120),
            is_on_duty=True,
            source=Source.RECORD,
            person=town.cast.get(f"officer_{number}"),
            name=NAMES[number],
            title="Ofc.",
        ),
        now=now,
    )
