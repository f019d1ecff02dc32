"""Pages of a district's school calendar."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from rapport.foundation import clock
from rapport.foundation.access import Request
from rapport.foundation.kinds import pages
from rapport.foundation.kinds.pages import FactPages
from rapport.foundation.kinds.views import tried, typed
from rapport.foundation.ui.once import made_once
from rapport.organizations.calendars import access, actions, queries
from rapport.organizations.calendars.forms import NoSchoolForm, SchoolYearForm, YearForm
from rapport.organizations.places import queries as places
from rapport.organizations.places.models import District


def address(district: District) -> str:
    """Return the address of a district's calendar."""
    return reverse("calendars:calendar", args=[district.uid])


OF_A_DISTRICT: Final[dict[str, Any]] = {
    "owners": places.districts,
    "owner_of": lambda fact: fact.district,
    "back": address,
    "may_record": access.may_set,
}
FACTS: Final = (
    FactPages(
        kind=access.YEAR,
        form=SchoolYearForm,
        correct=actions.correct_school_year,
        withdraw=actions.withdraw_school_year,
        **OF_A_DISTRICT,
    ),
    FactPages(
        kind=access.OFF,
        form=NoSchoolForm,
        record=actions.record_no_school,
        correct=actions.correct_no_school,
        withdraw=actions.withdraw_no_school,
        ask=gettext_lazy("On which days is there no school?"),
        hint=gettext_lazy("For a single day, give it as the first and the last."),
        **OF_A_DISTRICT,
    ),
)


@require_safe
def calendar(request: Request, uid: UUID) -> HttpResponse:
    """Show the school years of a district with their days off."""
    district = get_object_or_404(places.districts(request.actor), uid=uid)
    today = clock.today(request.now, district.zone)
    found = queries.calendar_of(request.actor, district.pk)
    may_set = access.may_set(request.actor, district)
    page = {
        "district": district,
        "today": today,
        "is_school_day": found.is_school_day(today),
        "years": queries.years_shown(request.actor, district),
        "new_url": reverse("calendars:new", args=[district.uid]) if may_set else "",
        "off_url": pages.new_url(access.OFF.name, district) if may_set else "",
    }
    return render(request, "calendars/calendar.html", page)


@require_http_methods(["GET", "POST"])
@made_once
def new(request: Request, uid: UUID) -> HttpResponse:
    """Show the form for a school year with its days off; on POST record them all."""
    district = get_object_or_404(places.districts(request.actor), uid=uid)
    if not access.may_set(request.actor, district):
        raise Http404
    form = YearForm(typed(request))
    if form.is_valid():
        done, _year = tried(
            form,
            lambda: actions.set_school_year(
                request.actor, district, form.new_year(), now=request.now
            ),
        )
        if done:
            messages.success(request, _("The school year is recorded."))
            return redirect(address(district))
    page = {"form": form, "district": district, "back": address(district)}
    return render(request, "calendars/new.html", page, status=422 if form.errors else 200)
