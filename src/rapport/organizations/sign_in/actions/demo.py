"""Being somebody of the demo town. It exists in a home that `rapport demo` made, and nowhere else."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from rapport.foundation.access import Actor, NotAllowed
from rapport.foundation.audit import trail
from rapport.organizations.people.access import require_that
from rapport.organizations.people.models import Account, Person
from rapport.organizations.sign_in import access, queries


@transaction.atomic
def be_somebody(actor: Actor, person: Person, *, now: datetime) -> Account:
    """Return the account of one of the demo's people, made at the first time. Raises `NotAllowed`."""
    is_of_the_demo = queries.demo_rows(actor).filter(pk=person.pk).exists()
    require_that(settings.RAPPORT_IS_DEMO and is_of_the_demo, access.BE)
    address = f"person-{person.pk}{queries.DEMO_ADDRESS}"
    account, made = Account.objects.get_or_create(
        person=person, defaults={"email": address, "created_at": now}
    )
    if account.closed_at is not None:
        raise NotAllowed(access.BE.name)
    if made:
        account.set_unusable_password()
        account.save(update_fields=["password"])
    trail.record(actor, access.BE, account, at=now, about=person.pk)
    return account
