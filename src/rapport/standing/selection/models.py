from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.foundation.access import RecordClass
from rapport.foundation.facts import ScopedFact
from rapport.organizations.places.models import Agency
from rapport.standing.officers.models import Officer


class Method(models.TextChoices):
    """How an officer was chosen."""

    PANEL = "panel", _("by a panel")
    INTERVIEW = "interview", _("by interview")
    APPOINTED = "appointed", _("appointed by the agency head")
    SERVED_BEFORE = "served_before", _("served before the program began")
    UNKNOWN = "unknown", _("not known")


class Outcome(models.TextChoices):
    """What was decided."""

    SELECTED = "selected", _("selected")
    NOT_SELECTED = "not_selected", _("not selected")


class DistrictPart(models.TextChoices):
    """The district's part in a selection."""

    ON_PANEL = "on_panel", _("sat on the panel")
    CONCURRED = "concurred", _("agreed to the choice")
    INFORMED = "informed", _("was told of the choice")
    NONE = "none", _("took no part")
    UNKNOWN = "unknown", _("not known")


class Selection(ScopedFact):
    """That an officer was, or was not, selected to serve schools. Its first day is the day of the decision."""

    kind, owner = "selection", "officer_id"
    terms = ("officer", "agency", "method", "outcome", "district_part", "decided_by")
    record_class = RecordClass.PERSONNEL

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    method = models.CharField(max_length=14, choices=Method)
    outcome = models.CharField(max_length=12, choices=Outcome)
    district_part = models.CharField(max_length=10, choices=DistrictPart)
    decided_by_id = models.BigIntegerField(null=True, blank=True)  # person
    district_id = models.BigIntegerField(null=True, blank=True)
    school_id = models.BigIntegerField(null=True, blank=True)

    class Meta(ScopedFact.Meta):
        pass


class Evaluation(ScopedFact):
    """That an officer's yearly evaluation was done, on its first day."""

    kind, owner = "evaluation", "officer_id"
    terms = ("officer", "agency", "district_part")
    record_class = RecordClass.PERSONNEL

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    district_part = models.CharField(max_length=10, choices=DistrictPart)
    district_id = models.BigIntegerField(null=True, blank=True)
    school_id = models.BigIntegerField(null=True, blank=True)

    class Meta(ScopedFact.Meta):
        pass
