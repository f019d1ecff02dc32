from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.foundation.access import Place
from rapport.foundation.facts import ScopedFact
from rapport.organizations.places.models import Agency, District, Entity, School


class Agreement(Entity):
    """An agreement between agencies and districts, under the name that the program gives it."""

    title = models.CharField(max_length=120)

    kept_places: list[Place] | None = None  # where its parties are, once a page has asked

    def __str__(self) -> str:
        return self.title


class AgreementFact(ScopedFact):
    """A fact about an agreement."""

    owner = "agreement_id"

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")

    class Meta(ScopedFact.Meta):
        abstract = True


class Term(AgreementFact):
    """That an agreement runs: its first day, and the day after its last."""

    kind, alone_by, terms = "agreement", ("agreement_id",), ("agreement",)

    agency_id = models.BigIntegerField(null=True, blank=True)
    district_id = models.BigIntegerField(null=True, blank=True)
    school_id = models.BigIntegerField(null=True, blank=True)

    class Meta(AgreementFact.Meta):
        pass


ONE_SIDE = Q(agency__isnull=False, district=None) | Q(agency=None, district__isnull=False)


class Party(AgreementFact):
    """That an agency or a district is a party."""

    kind = "party"
    alone_by, terms = (
        ("agreement_id", "agency_id", "district_id"),
        ("agreement", "agency", "district"),
    )

    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    district = models.ForeignKey(District, models.PROTECT, null=True, blank=True, related_name="+")
    school_id = models.BigIntegerField(null=True, blank=True)

    class Meta(AgreementFact.Meta):
        constraints = (
            *AgreementFact.Meta.constraints,
            models.CheckConstraint(condition=ONE_SIDE, name="party_of_one_side"),
        )


class Signed(models.TextChoices):
    """How a signature was given."""

    SIGNED_IN = "signed_in", _("signed in")
    LINK = "link", _("by single-use link")
    PAPER = "paper", _("on paper")


class Signature(AgreementFact):
    """That a party signed, on its first day."""

    kind = "signature"
    alone_by, terms = (
        ("agreement_id", "agency_id", "district_id"),
        ("agreement", "agency", "district", "how"),
    )

    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    district = models.ForeignKey(District, models.PROTECT, null=True, blank=True, related_name="+")
    how = models.CharField(max_length=10, choices=Signed)
    signer_id = models.BigIntegerField(null=True, blank=True)  # person
    school_id = models.BigIntegerField(null=True, blank=True)

    class Meta(AgreementFact.Meta):
        constraints = (
            *AgreementFact.Meta.constraints,
            models.CheckConstraint(condition=ONE_SIDE, name="signature_of_one_side"),
        )


class Coverage(AgreementFact):
    """That an agreement covers a district as a whole, or one of its schools by name."""

    kind = "coverage"
    alone_by, terms = (
        ("agreement_id", "district_id", "school_id"),
        ("agreement", "district", "school"),
    )

    district = models.ForeignKey(District, models.PROTECT, related_name="+")
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="+")
    agency_id = models.BigIntegerField(null=True, blank=True)

    class Meta(AgreementFact.Meta):
        pass


class Clause(AgreementFact):
    """That an agreement holds a clause of the library, by its number (FIELD 2.3), and on which page."""

    kind = "clause"
    alone_by, terms = ("agreement_id", "number"), ("agreement", "number", "page")

    number = models.PositiveSmallIntegerField()
    page = models.PositiveSmallIntegerField(null=True, blank=True)
    agency_id = models.BigIntegerField(null=True, blank=True)
    district_id = models.BigIntegerField(null=True, blank=True)
    school_id = models.BigIntegerField(null=True, blank=True)

    class Meta(AgreementFact.Meta):
        pass


class Settled(AgreementFact):
    """A term the program acts on, as a chosen word: who is a school official, who may cover."""

    kind = "term"
    alone_by, terms = ("agreement_id", "key"), ("agreement", "key", "value")

    key = models.CharField(max_length=30)
    value = models.CharField(max_length=30)
    agency_id = models.BigIntegerField(null=True, blank=True)
    district_id = models.BigIntegerField(null=True, blank=True)
    school_id = models.BigIntegerField(null=True, blank=True)

    class Meta(AgreementFact.Meta):
        pass


class Affirmed(models.TextChoices):
    """What a review came to."""

    ADOPTED = "adopted", _("adopted")
    UNCHANGED = "unchanged", _("affirmed unchanged")
    AMENDED = "amended", _("amended")


class Affirmation(AgreementFact):
    """That the parties reviewed the agreement, on its first day."""

    kind, terms = "affirmation", ("agreement", "outcome")

    outcome = models.CharField(max_length=10, choices=Affirmed)
    agency_id = models.BigIntegerField(null=True, blank=True)
    district_id = models.BigIntegerField(null=True, blank=True)
    school_id = models.BigIntegerField(null=True, blank=True)

    class Meta(AgreementFact.Meta):
        pass
