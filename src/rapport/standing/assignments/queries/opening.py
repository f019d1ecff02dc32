"""On which day the board opens."""

from datetime import date, datetime

from django.conf import settings

from rapport.foundation import clock
from rapport.foundation.access import Actor
from rapport.foundation.demo import working_day
from rapport.organizations.calendars.queries import calendars
from rapport.organizations.places.models import District


def opening_day(actor: Actor, *, now: datetime) -> date:
    """Return the day on which the board opens: today; in a demo the last school day on or before it.

    So on a Sunday or in July a demo shows what a school day shows. Where no district has a calendar
    it is the last working day.
    """
    today = clock.today(now, settings.RAPPORT_ZONE)
    return last_school_day(actor, today) if settings.RAPPORT_IS_DEMO else today


def last_school_day(actor: Actor, today: date) -> date:
    """Return the last day on or before `today` on which a district had school, as far as calendars say."""
    districts = District.objects.values_list("pk", flat=True)
    known = calendars(actor, districts).values()
    days = [d for c in known if (d := c.last_on_or_before(today)) is not None]
    return max(days, default=working_day(today))
