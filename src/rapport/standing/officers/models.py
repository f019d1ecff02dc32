from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from rapport.foundation.access import RecordClass
from rapport.foundation.facts import ScopedFact
from rapport.organizations.people.models import Person
from rapport.organizations.places.models import Agency, Entity


class Officer(Entity):
    """A sworn officer on the roster. Badge and employer belong to agency and person together."""

    person = models.OneToOneField(Person, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"Officer {self.pk}"

    def get_absolute_url(self) -> str:
        """Return the address of the officer's page, which an app above this one serves."""
        return reverse("assignments:officer", args=[self.uid])


class Employment(ScopedFact):
    """That an agency employs an officer, under a badge."""

    kind, owner, alone_by = "employment", "officer_id", ("officer_id", "agency_id")
    alone_too = ("agency_id", "badge")  # one badge, one officer at a time
    terms = ("officer", "agency", "badge")

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    badge = models.CharField(max_length=12)
    district_id = models.BigIntegerField(null=True, blank=True)
    school_id = models.BigIntegerField(null=True, blank=True)

    class Meta(ScopedFact.Meta):
        indexes = (models.Index(fields=["agency", "badge"], name="employment_by_badge"),)


class Certified(models.TextChoices):
    """What a state says of an officer's certification."""

    CERTIFIED = "certified", _("certified")
    SUSPENDED = "suspended", _("suspended")
    REVOKED = "revoked", _("revoked")


class Certification(ScopedFact):
    """What a state says of an officer's certification as an officer."""

    kind, owner, alone_by = "certification", "officer_id", ("officer_id", "state")
    terms = ("officer", "state", "status")
    record_class = RecordClass.PERSONNEL

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    state = models.CharField(max_length=2)
    status = models.CharField(max_length=10, choices=Certified)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")  # who keeps the record
    district_id = models.BigIntegerField(null=True, blank=True)
    school_id = models.BigIntegerField(null=True, blank=True)

    class Meta(ScopedFact.Meta):
        pass


class Duty(models.TextChoices):
    """Whether an officer is on duty for an agency."""

    ON_DUTY = "on_duty", _("on duty")
    LEAVE = "leave", _("on leave")
    RESTRICTED = "restricted", _("on restricted duty")
    SUSPENDED = "suspended", _("suspended from duty")


class DutyStatus(ScopedFact):
    """An officer's duty status with an agency."""

    kind, owner, alone_by = "duty_status", "officer_id", ("officer_id", "agency_id")
    terms = ("officer", "agency", "status")
    record_class = RecordClass.PERSONNEL

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Duty)
    district_id = models.BigIntegerField(null=True, blank=True)
    school_id = models.BigIntegerField(null=True, blank=True)

    class Meta(ScopedFact.Meta):
        pass
