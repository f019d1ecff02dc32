"""Who may do what with kept files. The wall gives by the file's own class; a disclosure opens one file."""

from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from rapport.foundation import access, registry
from rapport.foundation.access import Actor, Place, RecordClass, Right, Role
from rapport.foundation.disclosure.access import opened
from rapport.foundation.files.models import Reclassification, StoredFile

WORD = "file"
KEEP = registry.verb(
    "files.keep", WORD, None, Right.WRITE, _("kept a file"), shreds="the file and its words"
)
LOOK = registry.verb("files.look", WORD, None, Right.READ, _("looked at what is known of a file"))
OPEN = registry.verb("files.open", WORD, None, Right.READ, _("opened a file"))
LIST = registry.verb("files.list", WORD, None, None, _("listed files"))
EXPORT = registry.verb("files.export", WORD, None, None, _("exported a list of files"))
PROPOSE = registry.verb(
    "files.propose_class",
    WORD,
    None,
    Right.WRITE,
    _("proposed another class for a file"),
    shreds="the proposal's words",
)
APPROVE = registry.verb(
    "files.reclassify", WORD, None, Right.DISCLOSE, _("approved another class for a file")
)
DECLINE = registry.verb(
    "files.keep_class", WORD, None, Right.DISCLOSE, _("refused another class for a file")
)
# An administrator sets up public places and keeps no papers.
KEEPERS: Final = frozenset(Role) - {Role.ADMINISTRATOR}
SHRED = registry.verb("files.shred", WORD, None, None, _("shredded a file"))


def visible_files(actor: Actor, *, now: datetime) -> QuerySet[StoredFile]:
    """Return the files that the actor may know of, shredded ones too."""
    return StoredFile.objects.filter(_given(actor, Right.KNOW) | Q(opened(actor, WORD, now=now)))


def is_readable(actor: Actor, *, now: datetime) -> Q:
    """Return the filter on files that the actor may read: by a role, or by a disclosure that still holds."""
    given = _given(actor, Right.READ) | Q(opened(actor, WORD, now=now))
    return given & Q(shredded_at=None)


def readable_files(actor: Actor, *, now: datetime) -> QuerySet[StoredFile]:
    """Return the files that the actor may read now."""
    return StoredFile.objects.filter(is_readable(actor, now=now))


def given_files(actor: Actor, right: Right) -> QuerySet[StoredFile]:
    """Return the files on which the actor has a right by a role alone."""
    return StoredFile.objects.filter(_given(actor, right), shredded_at=None)


def _given(actor: Actor, right: Right) -> Q:
    found = Q(pk__in=())
    for record_class in RecordClass:
        found |= Q(record_class=record_class) & access.within(actor, right, record_class)
    return found


def may_read(actor: Actor, file: StoredFile, *, now: datetime) -> bool:
    """Tell whether the actor may read this file now."""
    return readable_files(actor, now=now).filter(pk=file.pk).exists()


def may_decide(actor: Actor, proposal: Reclassification) -> bool:
    """Tell whether the actor may decide this proposal: another person, who may disclose the old class."""
    if not actor.persons or proposal.proposed_by_id in actor.persons:
        return False
    file = proposal.file
    return access.gives(actor, Right.DISCLOSE, RecordClass(proposal.from_class), file.place)


def may_keep(actor: Actor, record_class: RecordClass, place: Place) -> bool:
    """Tell whether the actor may keep a file of this class there."""
    return access.gives(actor.only(*KEEPERS), Right.WRITE, record_class, place)


def may_propose(actor: Actor, file: StoredFile) -> bool:
    """Tell whether the actor may propose another class for this file."""
    return access.gives(
        actor.only(*KEEPERS), Right.WRITE, RecordClass(file.record_class), file.place
    )


def may_disclose(actor: Actor, file: StoredFile) -> bool:
    """Tell whether the actor may disclose this file."""
    return access.gives(actor, Right.DISCLOSE, RecordClass(file.record_class), file.place)
