"""Builders: the smallest true thing; a test says only what it cares about."""

from datetime import date, datetime
from typing import Any

from rapport.foundation.access import SYSTEM
from rapport.foundation.facts import Source
from rapport.organizations.places.models import Agency
from rapport.standing.officers.models import Officer
from rapport.standing.officers.tests.build import NOON
from rapport.standing.selection import actions
from rapport.standing.selection.models import Evaluation, Selection


def a_selection(
    officer: Officer, agency: Agency, *, now: datetime = NOON, **said: Any
) -> Selection:
    """Return a selection by a panel on which the district sat, of May 2024."""
    terms: dict[str, Any] = {
        "agency": agency,
        "method": "panel",
        "outcome": "selected",
        "district_part": "on_panel",
        "valid_from": date(2024, 5, 6),
        "source": Source.RECORD,
    }
    return actions.record_selection(SYSTEM, officer, now=now, **(terms | said))


def an_evaluation(
    officer: Officer, agency: Agency, *, now: datetime = NOON, **said: Any
) -> Evaluation:
    """Return an evaluation of June 2025 with the school's part."""
    terms: dict[str, Any] = {
        "agency": agency,
        "district_part": "concurred",
        "valid_from": date(2025, 6, 2),
        "source": Source.RECORD,
    }
    return actions.record_evaluation(SYSTEM, officer, now=now, **(terms | said))
