"""The demo's people, for the page on which one of them is chosen. Empty where there is no demo."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from rapport.foundation.access import Actor, Role
from rapport.organizations.people.models import Person, RoleHeld

WORK = {
    Role.SUPERVISOR: _("supervises the officers and keeps their papers in order"),
    Role.AGENCY_HEAD: _("heads the agency and answers for its officers"),
    Role.OFFICER: _("serves at schools"),
    Role.INVESTIGATOR: _("investigates complaints about officers"),
    Role.DISPATCHER: _("takes the calls and sends help"),
    Role.PRINCIPAL: _("leads a school and wants to know who is in the building"),
    Role.FRONT_OFFICE: _("sits at the front desk of a school"),
    Role.COUNSELOR: _("counsels students"),
    Role.TEAM_MEMBER: _("sits on the threat assessment team"),
    Role.SAFETY_DIRECTOR: _("answers for the safety of the district's schools"),
    Role.SUPERINTENDENT: _("heads the district and signs its agreements"),
    Role.PRIVACY_OFFICER: _("watches over the district's records"),
    Role.BOARD_MEMBER: _("sits on the oversight board"),
    Role.ADMINISTRATOR: _("runs the machine and reads no content"),
}


@dataclass(frozen=True, slots=True)
class Member:
    """One of the demo's people."""

    uid: UUID
    name: str
    work: object
    at: str


def cast_rows(actor: Actor) -> QuerySet[Person]:
    """Return the demo's people who hold a role; nobody where there is no demo."""
    if not settings.RAPPORT_IS_DEMO:
        return Person.objects.none()
    return Person.objects.filter(pk__in=RoleHeld.objects.known().values("person_id"))


def cast(actor: Actor) -> list[Member]:
    """Return the demo's people in the order in which the town was made, each with their first role."""
    held = RoleHeld.objects.known().filter(person__in=cast_rows(actor)).order_by("pk")
    found: dict[int, Member] = {}
    for one in held.select_related("person", "agency", "district", "school"):
        place = one.agency or one.district or one.school
        member = Member(
            one.person.uid, str(one.person), WORK.get(Role(one.role), one.role), str(place or "")
        )
        found.setdefault(one.person_id, member)
    return list(found.values())
