"""Builders: the smallest true thing; a test says only what it cares about."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from rapport.foundation.access import SYSTEM, Actor
from rapport.foundation.facts import Source
from rapport.organizations.places.models import Agency
from rapport.standing.officers.models import Officer
from rapport.standing.officers.tests.build import NOON
from rapport.standing.training import actions
from rapport.standing.training.models import Completed, Course


def a_course(code: str = "nasro-basic") -> Course:
    """Return a course that this release ships."""
    actions.load_courses(SYSTEM, now=NOON)
    return Course.objects.get(code=code)


def a_completion(
    officer: Officer, agency: Agency, by: Actor = SYSTEM, *, now: datetime = NOON, **said: Any
) -> Completed:
    """Return a completion of the basic course of October 2024, 40 hours."""
    terms: dict[str, Any] = {
        "agency": agency,
        "course": said.pop("course", None) or a_course(),
        "hours": Decimal(40),
        "valid_from": date(2024, 10, 4),
        "source": Source.CERTIFICATE,
    }
    return actions.record_completion(by, officer, now=now, **(terms | said))
