"""Adding people and correcting what they are called."""

from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from rapport.foundation import clock, registry
from rapport.foundation.access import Actor
from rapport.foundation.audit import trail
from rapport.foundation.facts import Overtaken, Refused
from rapport.organizations.people import access, queries
from rapport.organizations.people.models import Person
from rapport.organizations.people.rules import words
from rapport.organizations.places.models import Agency, District

WORDS: Final = ("name", "title", "work_email", "work_phone")


@transaction.atomic
def add_person(
    actor: Actor,
    *,
    name: str,
    now: datetime,
    kept_by: Agency | District | None = None,
    is_another: bool = True,
    **also: str,
) -> Person:
    """Add a person and return the row. `kept_by` says whose record it is; none: the program's.

    `also` may give title, work_email and work_phone. Unless `is_another`, somebody of this name or
    address whom the actor may see is asked about first, also one added at this moment. Raises
    `NotAllowed` or `Refused`.
    """
    agency = kept_by if isinstance(kept_by, Agency) else None
    district = kept_by if isinstance(kept_by, District) else None
    allowed = access.may_add(
        actor, agency.pk if agency else None, district.pk if district else None
    )
    access.require_that(allowed, access.ADD)
    said = _said(name=name, **also)
    if not is_another:
        _ensure_nobody_alike(actor, said, now)
    person = Person.objects.create(agency=agency, district=district, **said)
    trail.record(actor, access.ADD, person, at=now, about=person.pk)
    return person


def _ensure_nobody_alike(actor: Actor, said: dict[str, str], now: datetime) -> None:
    # All who add wait for the oldest row, the asker's own at least: of two who add the same person at once,
    # the slower is asked.
    Person.objects.order_by("pk").select_for_update(of=("self",)).first()
    day = clock.today(now, settings.RAPPORT_ZONE)
    if queries.alike(actor, said["name"], said.get("work_email", ""), day=day, now=now):
        raise Refused(_("Somebody of this name or address is known already."), field="is_another")


@transaction.atomic
def correct_person(actor: Actor, person: Person, *, now: datetime, **said: str) -> Person:
    """Correct name, title, work_email or work_phone. Raises `NotAllowed`, `Refused` or `Overtaken`.

    Where the row is no longer as `person` says, somebody else was quicker. With the address, a link
    that waits ends. These words are not facts: the old ones are not kept, and the line names which were changed.
    """
    access.require_that(access.may_correct(actor, person), access.CORRECT)
    there = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if any(getattr(there, n) != getattr(person, n) for n in WORDS):
        raise Overtaken()
    changed = {k: v for k, v in _said(**said).items() if getattr(there, k) != v}
    if not changed:
        raise Refused(_("Nothing was changed, so nothing was saved."))
    if "work_email" in changed:
        _ensure_may_correct_address(actor, there, now)
    for field, value in changed.items():
        setattr(person, field, value)
    person.save(update_fields=list(changed))
    if "work_email" in changed:
        for follow in registry.name_changes:
            follow(actor, queries.same_as(person.pk), now=now)
    trail.record(actor, access.CORRECT, person, at=now, about=person.pk, changed=sorted(changed))
    return person


def _ensure_may_correct_address(actor: Actor, person: Person, now: datetime) -> None:
    held = queries.roles_to_come(person, clock.today(now, settings.RAPPORT_ZONE))
    if not access.may_correct_address(actor, person, held):
        raise Refused(
            _(
                "Links to sign in are made for this address, so it is corrected by whoever may let this "
                "person in: an administrator, or the head of the agency or district."
            ),
            field="work_email",
        )


def _said(**given: str) -> dict[str, str]:
    said = {key: " ".join(value.split()) for key, value in given.items()}
    if "name" in said:
        said["name"] = words.name(said["name"])
    for field in ("title", "work_phone"):
        words.ensure_plain(said.get(field, ""), field)
    if said.get("work_email"):
        said["work_email"] = words.address(said["work_email"], field="work_email")
    return said
