from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.foundation.access import RecordClass
from rapport.foundation.facts import ScopedFact
from rapport.organizations.places.models import District


class SchoolYear(ScopedFact):
    """A district's school year: the first day of school, and the day after the last."""

    kind, owner, alone_by = "school_year", "district_id", ("district_id",)
    terms = ("district",)
    record_class = RecordClass.PUBLIC

    district = models.ForeignKey(District, models.PROTECT, related_name="+")
    agency_id = models.BigIntegerField(null=True, blank=True)
    school_id = models.BigIntegerField(null=True, blank=True)

    class Meta(ScopedFact.Meta):
        pass


class Why(models.TextChoices):
    """Why there is no school."""

    HOLIDAY = "holiday", _("holiday")
    BREAK = "break", _("break")
    STAFF = "staff", _("staff day, no students")
    CLOSED = "closed", _("closed: weather, health, repairs")
    OTHER = "other", _("another reason")
    UNKNOWN = "unknown", _("not recorded")


class NoSchool(ScopedFact):
    """Days within a school year on which a district has no school."""

    kind, owner, alone_by = "no_school", "district_id", ("district_id",)
    terms = ("district", "why")
    record_class = RecordClass.PUBLIC

    district = models.ForeignKey(District, models.PROTECT, related_name="+")
    why = models.CharField(max_length=8, choices=Why, default=Why.UNKNOWN)
    agency_id = models.BigIntegerField(null=True, blank=True)
    school_id = models.BigIntegerField(null=True, blank=True)

    class Meta(ScopedFact.Meta):
        pass
