"""Schools for the search of the whole program."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from rapport.foundation.access import Actor
from rapport.foundation.registry import Hit
from rapport.organizations.places import access as places
from rapport.standing.assignments import access

MOST = 50


def find_schools(actor: Actor, words: str, *, day: date) -> Iterator[Hit]:
    """Yield schools by part of the name or the beginning of the NCES id: public, so found by everybody.

    A school outside of the actor's part of the program leads to its district's page.
    """
    named = Q(school__name__icontains=words) | Q(school__nces_id__istartswith=words)
    own = access.visible_schools(actor, day=day).filter(pk=OuterRef("school_id"))
    rows = places.visible_belongings(actor).as_of(day).filter(named)
    rows = rows.annotate(is_own=Exists(own))
    for row in rows.select_related("school", "district").order_by("school__name", "pk")[:MOST]:
        there = reverse("places:district", args=[row.district.uid])
        url = row.school.get_absolute_url() if row.is_own else there
        note = ", ".join(filter(None, [row.district.name, row.school.nces_id]))
        yield Hit(_("Schools"), row.school.name, url, note)
