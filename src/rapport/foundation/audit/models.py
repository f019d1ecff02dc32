import uuid
from typing import Any, NoReturn

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler
from django.utils.translation import gettext_lazy as _


class FromDetail(models.Func):
    """What a line's `detail` keeps under a fixed key."""

    def __init__(self, detail: str, key: str, kind: str = "bigint") -> None:
        super().__init__(detail, key=key, kind=kind)

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, Any]:
        """Return the SQL on SQLite."""
        template = "json_extract(%(expressions)s, '$.%(key)s')"
        return super().as_sql(compiler, connection, template=template, **extra)

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, Any]:
        """Return the SQL on PostgreSQL."""
        template = "(((%(expressions)s)::jsonb ->> '%(key)s')::%(kind)s)"
        return super().as_sql(compiler, connection, template=template, **extra)


def _scope(key: str) -> models.GeneratedField:
    return models.GeneratedField(
        expression=FromDetail("detail", key),
        output_field=models.BigIntegerField(null=True),
        db_persist=True,
    )


class Line(models.Model):
    """One line of the trail: who did what to which thing, and when. Never edited, never deleted.

    `id` is `lane << 40 | n`; `n` counts without a gap within its lane. See docs/decisions/0003.
    """

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    verb = models.CharField(max_length=60)
    object = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    subject_id = models.BigIntegerField(null=True)
    channel = models.CharField(max_length=8)
    detail = models.TextField()
    prev = models.BinaryField()
    mac = models.BinaryField()
    # Where the line lies, and the class of its thing where the verb names none: made by the
    # database from `detail`, which the MAC covers.
    agency_id = _scope("agency")
    district_id = _scope("district")
    school_id = _scope("school")
    record_class = models.GeneratedField(
        expression=FromDetail("detail", "class", "text"),
        output_field=models.TextField(null=True),
        db_persist=True,
    )

    class Meta:
        db_table = "trail"
        indexes = (
            models.Index(fields=["object", "object_id"], name="trail_object"),
            models.Index(fields=["at"], name="trail_at"),
            models.Index(
                fields=["subject_id", "at"],
                name="trail_subject",
                condition=models.Q(subject_id__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.id >> 40}-{self.id & (1 << 40) - 1}"

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: `trail.record` is the one way in."""
        raise TypeError("The trail is written by trail.record alone.")

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise TypeError("The trail is never deleted.")


class Reason(models.TextChoices):
    """Why something is missing from the trail, or stands in it that the witness did not see."""

    RESTORED_BACKUP = "restored_backup", _("a backup was put back")
    POWER_CUT = "power_cut", _("the power failed, or the machine stopped")
    DISK = "disk", _("a disk was full or failed")
    TAMPERED = "tampered", _("somebody changed it")
    UNKNOWN = "unknown", _("not known")


class Side(models.TextChoices):
    """The two sides of a program."""

    AGENCY = "agency", _("the agency")
    DISTRICT = "district", _("the district")


class Loss(models.Model):
    """What a check of the trail found, put before people to accept. The witness has the last word."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reason = models.CharField(max_length=20, choices=Reason)
    found = models.TextField()  # JSON: kind, first, last and pin of each finding
    needs_both = models.BooleanField()  # else one person of either side is enough
    proposed_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Loss {self.uid}"


class Consent(models.Model):
    """That one person of one side accepts a loss."""

    loss = models.ForeignKey(Loss, models.PROTECT, related_name="consents")
    side = models.CharField(max_length=8, choices=Side)
    person_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["loss", "side"], name="consent_once_a_side"),
            models.UniqueConstraint(fields=["loss", "person_id"], name="consent_of_two_people"),
        )

    def __str__(self) -> str:
        return f"Consent {self.pk} to loss {self.loss_id}"
