from typing import Any, NoReturn

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler


class FromDetail(models.Func):
    """A number kept in a line's `detail` under a fixed key."""

    def __init__(self, detail: str, key: str) -> None:
        super().__init__(detail, key=key)

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
        template = "(((%(expressions)s)::jsonb ->> '%(key)s')::bigint)"
        return super().as_sql(compiler, connection, template=template, **extra)


def _scope(key: str) -> "models.GeneratedField":
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
    # Where the line lies: made by the database from `detail`, which the MAC covers.
    agency_id = _scope("agency")
    district_id = _scope("district")
    school_id = _scope("school")

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
