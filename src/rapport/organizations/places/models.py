import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from rapport.foundation.access import RecordClass
from rapport.foundation.facts import Fact, ScopedFact


class Entity(models.Model):
    """What a URL names: a row whose `uid` outlives every correction of the facts about it."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


class District(Entity):
    """A school district (in Virginia: a division)."""

    record_class = RecordClass.PUBLIC  # that there is one

    name = models.CharField(max_length=120)
    state = models.CharField(max_length=2)
    nces_id = models.CharField(max_length=7, null=True, blank=True, unique=True)
    state_id = models.CharField(max_length=30, blank=True)
    zone = models.CharField(max_length=40, default="America/New_York")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["state", "name"], name="district_named_once"),
        )

    def __str__(self) -> str:
        return self.name


class Agency(Entity):
    """A law enforcement agency. Where a district employs its own officers, `own_district` names it."""

    record_class = RecordClass.PUBLIC  # that there is one

    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=2)
    ori = models.CharField(max_length=9, null=True, blank=True, unique=True)
    zone = models.CharField(max_length=40, default="America/New_York")
    own_district = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, related_name="+"
    )

    def __str__(self) -> str:
        return self.name


class School(Entity):
    """A school. Which district it belongs to is a fact."""

    record_class = RecordClass.PUBLIC  # that there is one

    name = models.CharField(max_length=120)
    state = models.CharField(max_length=2)
    nces_id = models.CharField(max_length=12, null=True, blank=True, unique=True)
    state_id = models.CharField(max_length=30, blank=True)
    low_grade = models.CharField(max_length=2, blank=True)
    high_grade = models.CharField(max_length=2, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    street = models.CharField(max_length=120, blank=True)
    city = models.CharField(max_length=60, blank=True)
    zip_code = models.CharField(max_length=10, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    zone = models.CharField(max_length=40, default="America/New_York")
    source = models.CharField(
        max_length=12, blank=True
    )  # "", "nces", "state": which layout it came by

    class Meta:
        indexes = (models.Index(fields=["state", "name"], name="school_by_name"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="school_lies_somewhere",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the school's page, which an app above this one serves."""
        return reverse("assignments:school", args=[self.uid])


class IdClaim(Entity):
    """That a file gave a school an NCES id which another school has, or is given too.

    The school stands without the id until a person chooses.
    """

    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    nces_id = models.CharField(max_length=12)
    claimed_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by_id = models.BigIntegerField(null=True, blank=True)  # a person; empty: the system
    is_given = models.BooleanField(null=True, blank=True)
    district = models.ForeignKey(District, models.PROTECT, null=True, related_name="+")
    agency_id = models.BigIntegerField(null=True, blank=True)
    about_person_id = models.BigIntegerField(null=True, blank=True)  # nobody; the wall asks for it

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["school", "nces_id"], name="id_claimed_once"),
            models.CheckConstraint(
                condition=Q(settled_at=None, is_given=None)
                | Q(settled_at__isnull=False, is_given__isnull=False),
                name="id_claim_settled_with_a_choice",
            ),
        )

    def __str__(self) -> str:
        return f"{self.school} claims {self.nces_id}"


class SchoolInDistrict(ScopedFact):
    """That a school belongs to a district."""

    kind, owner, alone_by = "school_in_district", "school_id", ("school_id",)
    terms = ("school", "district")
    record_class = RecordClass.PUBLIC

    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    district = models.ForeignKey(District, models.PROTECT, related_name="+")
    agency_id = models.BigIntegerField(null=True, blank=True)

    class Meta(ScopedFact.Meta):
        pass


class AgencyStart(ScopedFact):
    """An agency's start in the program: its day one."""

    record_class = RecordClass.PUBLIC
    kind, owner, alone_by = "agency_start", "agency_id", ("agency_id",)
    terms = ("agency",)

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    district_id = models.BigIntegerField(null=True, blank=True)
    school_id = models.BigIntegerField(null=True, blank=True)

    class Meta(ScopedFact.Meta):
        pass


class Group(models.TextChoices):
    """Whom an enrollment counts. Sex and race as the federal collection names them."""

    ALL = "all", _("all students")
    MALE = "m", _("male")
    FEMALE = "f", _("female")
    BLACK_MALE = "bl_m", _("Black, male")
    BLACK_FEMALE = "bl_f", _("Black, female")
    WHITE_MALE = "wh_m", _("White, male")
    WHITE_FEMALE = "wh_f", _("White, female")
    HISPANIC_MALE = "hi_m", _("Hispanic, male")
    HISPANIC_FEMALE = "hi_f", _("Hispanic, female")


class Enrollment(Fact):
    """How many students of a group a school had. Blank is not zero: an empty count was not taken."""

    kind, owner, alone_by = "enrollment", "school_id", ("school_id", "group")
    terms = ("school", "group", "count")
    record_class = RecordClass.PUBLIC

    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    group = models.CharField(max_length=6, choices=Group)
    count = models.PositiveIntegerField(null=True, blank=True)

    class Meta(Fact.Meta):
        pass
