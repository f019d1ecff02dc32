from typing import Any, NoReturn

from django.db import models


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
