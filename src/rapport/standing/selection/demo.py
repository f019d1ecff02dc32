"""How the demo town's officers were selected, and what became of the yearly evaluations."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from rapport.foundation.demo import Town, months_before, working_day
from rapport.foundation.facts import Source
from rapport.standing.selection import actions
from rapport.standing.selection.models import DistrictPart, Method, Outcome


def build(town: Town) -> None:
    """Enter selections and evaluations in the diary."""
    if "agency" not in town.cast:  # a town without places is empty
        return
    long_ago = working_day(months_before(town.ago(months=18), 26))
    recorded = working_day(town.ago(months=18) + timedelta(days=9))
    before = {"method": Method.SERVED_BEFORE, "district_part": DistrictPart.CONCURRED}
    town.on(recorded, 10, lambda now: _selected(town, 1, long_ago, now, before))

    decided = town.ago(months=10, days=16)
    panel = {"method": Method.PANEL, "district_part": DistrictPart.ON_PANEL}
    town.on(decided, 16, lambda now: _selected(town, 2, decided, now, panel))

    for months, part in ((14, DistrictPart.INFORMED), (3, DistrictPart.CONCURRED)):
        day = town.ago(months=months)
        town.on(day, 14, partial(_evaluated, town, day, part))


def _selected(town: Town, number: int, day: date, now: datetime, said: dict[str, Any]) -> None:
    """The sergeant records the chief's decision."""
    chief = town.cast.get("chief")
    actions.record_selection(
        town.actor("sergeant", now),
        town.cast[f"roster_{number}"],
        now=now,
        agency=town.cast["agency"],
        outcome=Outcome.SELECTED,
        decided_by_id=chief.pk if chief else None,
        valid_from=day,
        source=Source.RECORD,
        **said,
    )


def _evaluated(town: Town, day: date, part: DistrictPart, now: datetime) -> None:
    """The first officer is evaluated; the school only hears of it at first, and has its say a year later."""
    actions.record_evaluation(
        town.actor("chief", now),
        town.cast["roster_1"],
        now=now,
        agency=town.cast["agency"],
        district_part=part,
        valid_from=day,
        source=Source.RECORD,
    )
