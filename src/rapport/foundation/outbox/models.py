import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """Something that others must hear. Ids and chosen words only; written in its action's transaction."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=60)  # a verb's name, such as "assignments.begin"
    object = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.object} {self.object_id}"


class State(models.TextChoices):
    """Where an attempt to tell somebody stands."""

    WAITING = "waiting", _("waiting")
    SENDING = "sending", _("being sent")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class Delivery(models.Model):
    """One attempt to tell one recipient of one event by one channel."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="+")
    recipient_id = models.BigIntegerField()  # a person
    channel = models.CharField(max_length=8)  # mail, sms, push, webhook: a sender of the registry
    attempt = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    due_at = models.DateTimeField()
    moved_at = models.DateTimeField()  # when `state` last changed
    problem = models.CharField(max_length=60, blank=True)  # the kind of error, never its words

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["event", "recipient_id", "channel", "attempt"], name="delivery_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=State.values), name="delivery_state_known"
            ),
        )
        indexes = (
            models.Index(
                fields=["due_at"],
                name="delivery_open",
                condition=models.Q(state__in=["waiting", "sending"]),
            ),
        )

    def __str__(self) -> str:
        return f"Delivery {self.pk}, attempt {self.attempt}"


class Due(models.Model):
    """A deadline: what is to be done once `due_at` has come. Done once, also after a restart."""

    kind = models.CharField(max_length=60)  # a deed of the registry
    object_id = models.BigIntegerField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    again_at = models.DateTimeField(null=True, blank=True)  # after a failure: not sooner than this
    problem = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "object_id", "due_at"], name="due_once"),
        )
        indexes = (
            models.Index(fields=["due_at"], name="due_open", condition=models.Q(done_at=None)),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class Pulse(models.Model):
    """When a worker last went round. One row a worker, rewritten."""

    name = models.CharField(max_length=60, unique=True)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
