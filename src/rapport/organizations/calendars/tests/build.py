"""Plain builders: a district with a school year."""

from datetime import UTC, date, datetime

from rapport.foundation.access import SYSTEM, Actor, Role, RoleAt, Scope
from rapport.organizations.calendars import actions
from rapport.organizations.calendars.actions import NewYear
from rapport.organizations.calendars.models import SchoolYear
from rapport.organizations.calendars.rules import DaysOff
from rapport.organizations.places.models import District

NOW = datetime(2026, 10, 5, 16, tzinfo=UTC)
LATER = datetime(2026, 11, 30, 16, tzinfo=UTC)
THANKSGIVING = DaysOff(date(2026, 11, 25), date(2026, 11, 27), "break")


def a_district(name: str = "Elm County") -> District:
    return District.objects.create(name=name, state="VA")


def new_year(*off: DaysOff) -> NewYear:
    return NewYear(first_day=date(2026, 8, 19), last_day=date(2027, 6, 4), off=off)


def a_year(district: District, *off: DaysOff) -> SchoolYear:
    return actions.set_school_year(SYSTEM, district, new_year(*off), now=NOW)


def at_district(role: Role, district: District) -> Actor:
    return Actor(person_id=7, roles=frozenset({RoleAt(role, Scope.DISTRICT, district.pk)}))
