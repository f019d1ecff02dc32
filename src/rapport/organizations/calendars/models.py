from django.db import models

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


class NoSchool(ScopedFact):
    """Days within a school year on which a district has no school."""

    kind, owner, alone_by = "no_school", "district_id", ("district_id",)
    terms = ("district",)
    record_class = RecordClass.PUBLIC

    district = models.ForeignKey(District, models.PROTECT, related_name="+")
    agency_id = models.BigIntegerField(null=True, blank=True)
    school_id = models.BigIntegerField(null=True, blank=True)

    class Meta(ScopedFact.Meta):
        pass
