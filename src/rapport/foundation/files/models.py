import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from rapport.foundation.access import Place, RecordClass
from rapport.foundation.files.rules import Custodian, Decision, Kind, Reason

CLASSES = [(c.value, c.value) for c in RecordClass]


class Lies(models.Model):
    """Where a record belongs: the columns that the wall reads."""

    agency_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    district_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    school_id = models.BigIntegerField(null=True, blank=True, db_index=True)

    class Meta:
        abstract = True


class StoredFile(Lies):
    """A file that is kept: what it is, whose it is, and the fingerprint of its bytes.

    The bytes lie in the home's files, under `stored_as`. What people typed (its name) lies in
    `FileWords`. The class changes by a `Reclassification` only; a guard in the database sees to it.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    record_class = models.CharField(max_length=20, choices=CLASSES)
    custodian = models.CharField(max_length=8, choices=Custodian)
    about_person_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    about_minor = models.BooleanField(default=False)
    kind = models.CharField(max_length=12, choices=Kind)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()  # bytes, before sealing
    sha256 = models.CharField(max_length=64)  # of the bytes before sealing
    stored_as = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # names the bytes
    is_sealed = models.BooleanField(default=False)
    of = models.CharField(
        max_length=60, blank=True
    )  # what it belongs to: a stable word, and its key
    of_id = models.BigIntegerField(null=True, blank=True)
    kept_by_id = models.BigIntegerField(null=True, blank=True)  # person; empty: the system
    kept_at = models.DateTimeField()
    shredded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(record_class__in=RecordClass), name="file_class_known"
            ),
            models.CheckConstraint(
                condition=Q(custodian=Custodian.PROGRAM)
                | Q(custodian=Custodian.AGENCY, agency_id__isnull=False)
                | Q(custodian=Custodian.DISTRICT, district_id__isnull=False)
                | Q(custodian=Custodian.SCHOOL, school_id__isnull=False),
                name="file_has_its_custodian",
            ),
        )
        indexes = (
            models.Index(fields=["record_class", "kept_at"], name="file_by_class"),
            models.Index(fields=["of", "of_id"], name="file_of"),
        )

    def __str__(self) -> str:
        return f"File {self.uid}"

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("files:about", args=[self.uid])

    @property
    def place(self) -> Place:
        """Return where it lies and whom it is about."""
        return Place(self.agency_id, self.district_id, self.school_id, self.about_person_id)


class FileWords(models.Model):
    """What people typed about a file. Can be shredded; the file's row stays."""

    file = models.OneToOneField(StoredFile, models.CASCADE, related_name="words")
    name = models.CharField(max_length=120, blank=True)  # empty where it is sealed
    sealed_name = models.BinaryField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Words of file {self.file_id}"


class Reclassification(Lies):
    """That a file should change its class: proposed by one person, decided by another. Where it would lie."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="reclassifications")
    from_class = models.CharField(max_length=20, choices=CLASSES)
    to_class = models.CharField(max_length=20, choices=CLASSES)
    reason = models.CharField(max_length=12, choices=Reason)
    proposed_by_id = models.BigIntegerField(null=True)
    proposed_at = models.DateTimeField()
    decision = models.CharField(max_length=8, choices=Decision, default=Decision.PROPOSED)
    decided_by_id = models.BigIntegerField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=["file"],
                condition=Q(decision=Decision.PROPOSED),
                name="reclassification_one_open",
            ),
            models.CheckConstraint(
                condition=~Q(from_class=F("to_class")), name="reclassification_changes"
            ),
            models.CheckConstraint(
                condition=Q(decision=Decision.PROPOSED)
                | (Q(decided_by_id__isnull=False) & ~Q(decided_by_id=F("proposed_by_id"))),
                name="reclassification_by_two",
            ),
        )

    def __str__(self) -> str:
        return f"Reclassification {self.uid}"


class ReclassificationWords(models.Model):
    """What people typed about a reclassification. Can be shredded."""

    reclassification = models.OneToOneField(Reclassification, models.CASCADE, related_name="words")
    why = models.TextField(blank=True)
    answer = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"Words of reclassification {self.reclassification_id}"
