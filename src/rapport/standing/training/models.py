from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.foundation.access import RecordClass
from rapport.foundation.facts import ScopedFact
from rapport.organizations.places.models import Agency, Entity
from rapport.standing.officers.models import Officer


class Course(models.Model):
    """A course, or another step that a rule asks for, by its code. Shipped as data and editable."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    hours = models.PositiveSmallIntegerField(null=True, blank=True)
    jurisdiction = models.CharField(max_length=10)
    source = models.CharField(max_length=300, blank=True)
    is_verified = models.BooleanField(default=False)  # its source was read, not only heard of
    edited_at = models.DateTimeField(
        null=True, blank=True
    )  # by the program; then never by a new release

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address at which the course is edited."""
        return f"/courses/{self.code}/edit/"


class Completion(Entity):
    """One officer's taking of one course: what a certificate is about."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"Completion {self.pk}"


class CompletionWords(models.Model):
    """What people typed about a completion. Can be shredded; the facts stay."""

    completion = models.OneToOneField(Completion, models.CASCADE, related_name="words")
    provider = models.CharField(max_length=120, blank=True)
    certificate_number = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return f"Words of completion {self.completion_id}"


class Result(models.TextChoices):
    """How a course ended."""

    COMPLETED = "completed", _("completed")
    NOT_COMPLETED = "not_completed", _("not completed")


class Completed(ScopedFact):
    """That an officer completed a course: from its issue, until it expires."""

    kind, owner, alone_by = "completion", "completion_id", ("completion_id",)
    terms = ("completion", "officer", "course", "hours", "result")
    record_class = RecordClass.PERSONNEL

    completion = models.ForeignKey(Completion, models.PROTECT, related_name="+")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, models.PROTECT, related_name="+")
    hours = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    result = models.CharField(max_length=14, choices=Result)
    entered_by_id = models.BigIntegerField(null=True, blank=True)  # person; never who verifies it
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")  # who keeps the record
    district_id = models.BigIntegerField(null=True, blank=True)
    school_id = models.BigIntegerField(null=True, blank=True)

    class Meta(ScopedFact.Meta):
        pass


class Verified(ScopedFact):
    """That somebody else than who entered a completion verified it."""

    kind, owner, alone_by = "verification", "completion_id", ("completion_id",)
    terms = ("completion", "officer", "verified_by")
    record_class = RecordClass.PERSONNEL

    completion = models.ForeignKey(Completion, models.PROTECT, related_name="+")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    verified_by_id = models.BigIntegerField(null=True, blank=True)  # person
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    district_id = models.BigIntegerField(null=True, blank=True)
    school_id = models.BigIntegerField(null=True, blank=True)

    class Meta(ScopedFact.Meta):
        pass
