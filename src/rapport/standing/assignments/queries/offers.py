"""What an actor may do about an officer's assignments, as links."""

from collections.abc import Iterable
from datetime import date, datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from rapport.foundation.access import Actor
from rapport.foundation.kinds import queries as facts
from rapport.foundation.kinds.pages import new_url
from rapport.foundation.kinds.queries import FactRow
from rapport.organizations.places.models import Agency, School
from rapport.standing.assignments import access
from rapport.standing.assignments.models import Assigned, Assignment
from rapport.standing.officers.models import Officer


def begin_url(
    actor: Actor,
    officer: Officer,
    school: School | None = None,
    agency: Agency | None = None,
) -> str:
    """Return where `actor` may assign this officer; empty where they assign nobody."""
    if not access.may_begin_any(actor):
        return ""
    said = {"officer": officer, "school": school, "agency": agency}
    named = {name: str(row.uid) for name, row in said.items() if row is not None}
    return f"{reverse('assignments:begin')}?{urlencode(named)}"


def offers(actor: Actor, officer: Officer, *, day: date) -> list[tuple[str, str]]:
    """Return what `actor` may do about this officer's assignments: assign, except each that holds."""
    found = []
    if begin := begin_url(actor, officer):
        found.append((_("Assign to a school"), begin))
    rows = access.visible_assigned(actor).as_of(day).filter(officer=officer)
    for fact in rows.select_related("assignment", "school").order_by("pk"):
        if access.may(actor, access.EXCEPT, fact):
            title = _("Exception for {school}").format(school=fact.school)
            found.append((title, new_url("exception", fact.assignment)))
    return found


def exceptions(actor: Actor, officer: Officer, *, known: datetime | None = None) -> list[FactRow]:
    """Return the exceptions of an officer's assignments, also those withdrawn; or those known then."""
    return facts.rows(actor, [access.EXCEPTED], known=known, assignment__officer=officer)


def names(ids: Iterable[int]) -> dict[int, str]:
    """Return the names of assignments, by id: for lines of the history, which decides who reads them."""
    rows = Assignment.objects.filter(pk__in=list(ids)).select_related("officer__person", "school")
    return {a.pk: f"{a.officer.person}, {a.school}" for a in rows}


def count(actor: Actor, other: Actor) -> int:
    """Return how many assignments `other` may read, of those that the actor may read."""
    rows = Assigned.objects.known()
    for reader in (actor, other):
        rows = rows.filter(pk__in=access.visible_assigned(reader).values("pk"))
    return rows.count()
