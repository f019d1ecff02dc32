import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from rapport.foundation.access import RecordClass
from rapport.foundation.vault import Row
from rapport.organizations.places.models import Agency, District, School

from .persons import AT_ONE_SCOPE, Person


class Outcome(models.TextChoices):
    """What whoever looked at an emergency access found."""

    RIGHT = "right", _("it was right")
    ASK = "ask", _("to be talked about")
    WRONG = "wrong", _("it was not an emergency")


class Emergency(models.Model):
    """That a person took emergency access at a scope: until when, why (sealed), and who looked at it after."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    district = models.ForeignKey(District, models.PROTECT, null=True, blank=True, related_name="+")
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="+")
    taken_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    sealed_reason = models.BinaryField(null=True)  # emptied when it is shredded
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by_id = models.BigIntegerField(null=True, blank=True)
    outcome = models.CharField(max_length=6, choices=Outcome, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=AT_ONE_SCOPE, name="emergency_at_one_scope"),
            models.CheckConstraint(
                condition=Q(until__gt=F("taken_at")), name="emergency_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at=None, reviewed_by_id=None, outcome="")
                | Q(reviewed_at__isnull=False, outcome__in=Outcome.values),
                name="emergency_review_is_whole",
            ),
        )
        indexes = (models.Index(fields=["person", "until"], name="emergency_of_person"),)

    def __str__(self) -> str:
        return f"Emergency access {self.uid}"

    @property
    def row(self) -> Row:
        """Return what the vault binds the reason to."""
        return Row(RecordClass.SECURITY, "emergency", self.uid)
