"""Who may disclose, and who may see what was disclosed. The wall gives; nothing here widens it."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from rapport.foundation import access, registry
from rapport.foundation.access import Actor, RecordClass, Right
from rapport.foundation.disclosure.models import Disclosure, Recipient

RECORD = registry.verb(
    "disclosure.record",
    "disclosure",
    None,
    Right.DISCLOSE,
    _("disclosed a record"),
    shreds="the disclosure's words",
)
END = registry.verb(
    "disclosure.end", "disclosure", None, Right.DISCLOSE, _("ended a disclosure before its time")
)
OPEN = registry.verb("disclosure.open", "disclosure", None, None, _("opened a disclosure"))
LIST = registry.verb("disclosure.list", "disclosure", None, None, _("listed disclosures"))
EXPORT = registry.verb("disclosure.export", "disclosure", None, None, _("exported disclosures"))


def opened(actor: Actor, word: str, *, now: datetime) -> Exists | Q:
    """Return the filter on records called `word` that are disclosed to this actor at `now`.

    The rows filtered need `record_class`: a disclosure opens a record of the class it was made for,
    and not what a reclassification has since made of it. The one place where a disclosure is read
    as a right; it gives reading, nothing else.
    """
    if not actor.persons:
        return Q(pk__in=())
    return Exists(
        Disclosure.objects.filter(
            object=word,
            object_id=OuterRef("pk"),
            record_class=OuterRef("record_class"),
            recipients__person_id__in=actor.persons,
            ended_at=None,
            expires_at__gt=now,
        )
    )


def visible_disclosures(actor: Actor) -> QuerySet[Disclosure]:
    """Return the disclosures of records that the actor may disclose, and those made to the actor."""
    found = Q(pk__in=())
    for record_class in RecordClass:
        mine = access.within(actor, Right.DISCLOSE, record_class)
        found |= Q(record_class=record_class) & mine
    if actor.persons:
        to_me = Recipient.objects.filter(person_id__in=actor.persons)
        found |= Q(pk__in=to_me.values("disclosure_id"))
    return Disclosure.objects.filter(found)


def may_disclose_any(actor: Actor) -> bool:
    """Tell whether the actor may disclose records of some class that is not public."""
    held = {r.role for r in actor.roles}
    classes = [c for c in RecordClass if c is not RecordClass.PUBLIC]
    return any(access.roles_with(Right.DISCLOSE, c, held) for c in classes)
