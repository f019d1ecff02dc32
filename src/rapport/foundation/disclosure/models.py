import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from rapport.foundation.access import Place, RecordClass
from rapport.foundation.disclosure.rules import Basis


class Disclosure(models.Model):
    """That one record crosses the wall: on which basis, to whom, until when.

    It names its record by a stable word and its key, and carries where that record lies. What people
    typed lies in `DisclosureWords`.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    record_class = models.CharField(
        max_length=20, choices=[(c.value, c.value) for c in RecordClass]
    )
    object = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    agency_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    district_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    school_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    about_person_id = models.BigIntegerField(null=True, blank=True)
    basis = models.CharField(max_length=16, choices=Basis)
    by_id = models.BigIntegerField(null=True)  # person
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = (
            models.CheckConstraint(condition=Q(basis__in=Basis), name="disclosure_basis_known"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("at")), name="disclosure_has_an_end"
            ),
        )
        indexes = (models.Index(fields=["object", "object_id"], name="disclosure_of"),)

    def __str__(self) -> str:
        return f"Disclosure {self.uid}"

    @property
    def place(self) -> Place:
        """Return where the record lies and whom it is about."""
        return Place(self.agency_id, self.district_id, self.school_id, self.about_person_id)


class Recipient(models.Model):
    """A person who receives a disclosure."""

    disclosure = models.ForeignKey(Disclosure, models.CASCADE, related_name="recipients")
    person_id = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["disclosure", "person_id"], name="recipient_named_once"
            ),
        )

    def __str__(self) -> str:
        return f"Recipient {self.person_id} of disclosure {self.disclosure_id}"


class DisclosureWords(models.Model):
    """What people typed about a disclosure. Can be shredded; the row stays."""

    disclosure = models.OneToOneField(Disclosure, models.CASCADE, related_name="words")
    purpose = models.TextField(blank=True)
    threat = models.TextField(blank=True)
    others = models.TextField(blank=True)  # recipients whom the program does not know

    def __str__(self) -> str:
        return f"Words of disclosure {self.disclosure_id}"
