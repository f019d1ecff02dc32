from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.foundation.facts import ScopedFact
from rapport.organizations.places.models import Agency, District, Entity, School
from rapport.standing.officers.models import Officer


class Ground(models.TextChoices):
    """The four grounds of a standing."""

    SWORN = "sworn", _("sworn")
    SELECTED = "selected", _("selected")
    TRAINED = "trained", _("trained")
    AGREED = "agreed", _("agreed")


class Assignment(Entity):
    """One officer's service at one school for one agency."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"Assignment {self.pk}"


class Assigned(ScopedFact):
    """That an officer is assigned to a school by an agency, with hours a week."""

    kind, owner = "assignment", "assignment_id"
    alone_by = ("officer_id", "school_id", "agency_id")
    terms = ("assignment", "officer", "school", "agency", "hours_per_week")

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="+")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    district = models.ForeignKey(District, models.PROTECT, null=True, blank=True, related_name="+")
    hours_per_week = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)

    class Meta(ScopedFact.Meta):
        pass


class Excepted(ScopedFact):
    """A dated exception: one ground of one assignment is excepted until its end."""

    kind, owner, alone_by = "exception", "assignment_id", ("assignment_id", "ground")
    terms = ("assignment", "ground")

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="+")
    ground = models.CharField(max_length=8, choices=Ground)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    district = models.ForeignKey(District, models.PROTECT, null=True, blank=True, related_name="+")
    school = models.ForeignKey(School, models.PROTECT, related_name="+")

    class Meta(ScopedFact.Meta):
        constraints = (
            *ScopedFact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(valid_until__isnull=False), name="exception_has_an_end"
            ),
        )
