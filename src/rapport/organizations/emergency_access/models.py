import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from rapport.foundation.access import Place, RecordClass, Role, Scope
from rapport.foundation.audit.models import Side
from rapport.foundation.vault import Row
from rapport.organizations.emergency_access import rules
from rapport.organizations.people.models import Person
from rapport.organizations.places.models import Agency, District, School

AT_ONE_PLACE = (
    Q(agency__isnull=False, district=None, school=None)
    | Q(agency=None, district__isnull=False, school=None)
    | Q(agency=None, district=None, school__isnull=False)
)


class Emergency(models.Model):
    """That a person opened one class of records at one place to read, until when, and why (sealed).

    `role` with its scope is that by which it was opened: it must still be held. `for_agency` and
    `for_district` say on whose side its person stood then; `in_district` where a school lay.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    record_class = models.CharField(
        max_length=20, choices=[(c.value, c.value) for c in RecordClass]
    )
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    district = models.ForeignKey(District, models.PROTECT, null=True, blank=True, related_name="+")
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="+")
    in_district_id = models.BigIntegerField(null=True, blank=True)
    role = models.CharField(max_length=20, choices=[(r.value, r.value) for r in Role])
    role_scope = models.CharField(max_length=8, choices=[(s.value, s.value) for s in Scope])
    role_scope_id = models.BigIntegerField(null=True, blank=True)
    for_agency_id = models.BigIntegerField(null=True, blank=True)
    for_district_id = models.BigIntegerField(null=True, blank=True)
    taken_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    sealed = models.BinaryField(null=True)  # the reason; emptied when it is shredded

    class Meta:
        constraints = (
            models.CheckConstraint(condition=AT_ONE_PLACE, name="emergency_at_one_place"),
            models.CheckConstraint(
                condition=Q(until__gt=F("taken_at")), name="emergency_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("taken_at")),
                name="emergency_ended_after_it_started",
            ),
            models.CheckConstraint(
                condition=Q(record_class__in=RecordClass), name="emergency_class_known"
            ),
        )
        indexes = (
            models.Index(fields=["person", "until"], name="emergency_of_person"),
            models.Index(fields=["taken_at"], name="emergency_by_time"),
        )

    def __str__(self) -> str:
        return f"Emergency access {self.uid}"

    @property
    def row(self) -> Row:
        """Return what the vault binds the reason to."""
        return Row(RecordClass.SECURITY, "emergency", self.uid)

    @property
    def at(self) -> Agency | District | School:
        """Return the place whose records were opened."""
        found = self.agency or self.district or self.school
        assert found is not None
        return found

    @property
    def scope(self) -> Scope:
        """Return what kind of place that is."""
        if self.agency_id is not None:
            return Scope.AGENCY
        return Scope.DISTRICT if self.district_id is not None else Scope.SCHOOL

    @property
    def lies(self) -> Place:
        """Return where its lines lie, so that both sides read them."""
        return Place(
            self.agency_id or self.for_agency_id,
            self.district_id or self.in_district_id or self.for_district_id,
            self.school_id,
            self.person_id,
        )

    @property
    def ended(self) -> datetime:
        """Return the moment from which it gave, or will give, nothing."""
        return self.ended_at or self.until

    def is_over(self, now: datetime) -> bool:
        """Tell whether it gives nothing any more."""
        return rules.is_over(self.until, self.ended_at, now)


class Outcome(models.TextChoices):
    """What whoever looked at an emergency access found."""

    RIGHT = "right", _("it was right")
    ASK = "ask", _("to be talked about")
    WRONG = "wrong", _("it was not an emergency")


class Review(models.Model):
    """What one side found when it looked at an emergency access: once, and by somebody else."""

    emergency = models.ForeignKey(Emergency, models.PROTECT, related_name="reviews")
    side = models.CharField(max_length=8, choices=Side)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=6, choices=Outcome)
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["emergency", "side"], name="emergency_side_once"),
            models.UniqueConstraint(fields=["emergency", "by"], name="emergency_reviewer_once"),
            models.CheckConstraint(condition=Q(side__in=Side), name="emergency_side_known"),
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome), name="emergency_outcome_known"
            ),
        )

    def __str__(self) -> str:
        return f"Review {self.pk}"
