from django.db import models


class Sent(models.Model):
    """A form that was sent and made something: pressed again, it leads to what it made. Kept for a day."""

    once = models.UUIDField(unique=True)  # what the form carries
    person_id = models.BigIntegerField()
    sent_at = models.DateTimeField(db_index=True)
    said = models.CharField(max_length=64)  # a digest: where it was sent, and what
    url = models.CharField(max_length=500)

    def __str__(self) -> str:
        return f"Sent form {self.once}"
