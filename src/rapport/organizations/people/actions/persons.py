"""Adding people and correcting what they are called."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from rapport.foundation.access import Actor
from rapport.foundation.audit import trail
from rapport.foundation.facts import Refused
from rapport.organizations.people import access
from rapport.organizations.people.models import Person
from rapport.organizations.people.rules import words
from rapport.organizations.places.models import Agency, District


@transaction.atomic
def add_person(
    actor: Actor,
    *,
    name: str,
    now: datetime,
    kept_by: Agency | District | None = None,
    **also: str,
) -> Person:
    """Add a person and return the row. `kept_by` says whose record it is; none: the program's.

    `also` may give title, work_email and work_phone. Raises `NotAllowed` or `Refused`.
    """
    agency = kept_by if isinstance(kept_by, Agency) else None
    district = kept_by if isinstance(kept_by, District) else None
    allowed = access.may_add(
        actor, agency.pk if agency else None, district.pk if district else None
    )
    access.require_that(allowed, access.ADD)
    said = _said(name=name, **also)
    person = Person.objects.create(agency=agency, district=district, **said)
    trail.record(actor, access.ADD, person, at=now, about=person.pk)
    return person


@transaction.atomic
def correct_person(actor: Actor, person: Person, *, now: datetime, **said: str) -> Person:
    """Correct name, title, work_email or work_phone. Raises `NotAllowed` or `Refused`.

    These words are not facts: the old ones are not kept, and the line names which were changed.
    """
    access.require_that(access.may_correct(actor, person), access.CORRECT)
    changed = {k: v for k, v in _said(**said).items() if getattr(person, k) != v}
    if not changed:
        raise Refused(_("Nothing was changed, so nothing was saved."))
    for field, value in changed.items():
        setattr(person, field, value)
    person.save(update_fields=list(changed))
    trail.record(actor, access.CORRECT, person, at=now, about=person.pk, changed=sorted(changed))
    return person


def _said(**given: str) -> dict[str, str]:
    said = {key: " ".join(value.split()) for key, value in given.items()}
    if "name" in said:
        said["name"] = words.name(said["name"])
    for field in ("title", "work_phone"):
        words.ensure_plain(said.get(field, ""), field)
    if said.get("work_email"):
        said["work_email"] = words.address(said["work_email"], field="work_email")
    return said
