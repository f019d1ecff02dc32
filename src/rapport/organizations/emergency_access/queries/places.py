"""What somebody may open and where: the choices of the form, and the place that was meant."""

from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from rapport.foundation.access import Actor, RecordClass
from rapport.foundation.facts import Refused
from rapport.foundation.ui.words import class_word
from rapport.organizations.emergency_access import access, rules
from rapport.organizations.emergency_access.models import Emergency
from rapport.organizations.people import queries as people
from rapport.organizations.places.models import Agency, District, School

from .pages import emergencies

MOST_PLACES: Final = 500  # names that the form offers; of more, one types the name or the id
FEW: Final = 8
Place = Agency | District | School


def places_offered(actor: Actor) -> list[str]:
    """Return the names of places that the form offers; none where they are too many, or nothing is opened."""
    if not access.may_take(actor):
        return []
    rows = [kind.model._default_manager.all() for kind in people.KINDS.values()]
    if sum(found.count() for found in rows) > MOST_PLACES:
        return []
    return sorted({name for found in rows for name in found.values_list("name", flat=True)})


def place_named(actor: Actor, record_class: RecordClass, typed: str) -> Place:
    """Return the place that was meant, where such records are kept. Raises `Refused` on none or several."""
    words = " ".join(typed.split())
    if not words or not access.may_take(actor):
        raise Refused(_("Say where: a school, a district or an agency."), field="where")
    found = [row for kind in people.KINDS.values() for row in _named(kind, words)]
    kept_at = rules.scopes_of(record_class)
    fitting = [row for row in found if people.scope_of(row) in kept_at]
    if len(fitting) == 1:
        place: Place = fitting[0]
        return place
    if len(fitting) > 1:
        ids = ", ".join(
            str(getattr(r, people.KINDS[people.scope_of(r)].outside_id)) for r in fitting
        )
        raise Refused(
            _("Several places are called “{name}”. Type one of these ids: {ids}.").format(
                name=words, ids=ids
            ),
            field="where",
        )
    if found:
        rules.ensure_scope(record_class, people.scope_of(found[0]))
    raise Refused(_not_there(words), field="where")


def _named(kind: Any, words: str) -> list[Any]:
    rows = kind.model._default_manager
    exact = list(rows.filter(**{f"{kind.outside_id}__iexact": words})[:2])
    return exact or list(rows.filter(name__iexact=words)[:FEW])


def _not_there(words: str) -> str:
    said = _("There is no place called “{name}”.").format(name=words[:80])
    near = [
        row.name
        for kind in people.KINDS.values()
        for row in kind.model._default_manager.filter(name__icontains=words[:80])[:FEW]
    ][:FEW]
    return said + " " + _("Did you mean: {some}?").format(some=", ".join(near)) if near else said


def openable(actor: Actor) -> list[tuple[str, str]]:
    """Return the classes that `actor` may open, each with for how long, as choices of the form."""
    spans = rules.openable(actor.roles)
    return [
        (
            c.value,
            _("{records}, for {minutes} minutes").format(
                records=class_word(c), minutes=int(span.total_seconds() // 60)
            ),
        )
        for c, span in spans.items()
    ]


def open_now(actor: Actor, *, now: datetime) -> list[Emergency]:
    """Return what is open for the actor himself, what ends first in front."""
    ids = {o.id for o in actor.emergencies}
    return list(emergencies(actor).filter(pk__in=ids).order_by("until", "pk"))
