import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from rapport.foundation.access import Role, Scope
from rapport.foundation.facts import ScopedFact
from rapport.foundation.tracked import Tracked
from rapport.organizations.people.rules.roles import LABELS
from rapport.organizations.places.models import Agency, District, Entity, School


class Person(Entity):
    """Someone the program knows. Never deleted, only emptied. Never a student.

    `agency` or `district` says which side keeps this record of them; neither: the program.
    """

    name = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=60, blank=True)  # "Sgt.", "Principal"
    work_email = models.EmailField(blank=True)
    work_phone = models.CharField(max_length=30, blank=True)
    emptied_at = models.DateTimeField(null=True, blank=True)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    district = models.ForeignKey(District, models.PROTECT, null=True, blank=True, related_name="+")

    school_id: ClassVar[None] = None

    def __str__(self) -> str:
        return " ".join(part for part in (self.title, self.name) if part) or f"Person {self.pk}"

    @property
    def about_person_id(self) -> int:
        """Return whom this row is about."""
        return self.pk


class AccountManager(BaseUserManager["Account"]):
    """Looks accounts up by e-mail address, in any case of letters; each comes with its person."""

    def get_queryset(self) -> "models.QuerySet[Account]":
        """Return accounts with their persons, so that a request costs one query and not two."""
        return super().get_queryset().select_related("person")

    def get_by_natural_key(self, username: str | None) -> "Account":
        """Return the account with this address."""
        return self.get(email__iexact=username or "")


class Account(AbstractBaseUser):
    """What lets one person in. `uid` is the handle that passkeys carry; it says nothing about anybody."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(unique=True)
    person = models.OneToOneField(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    epoch = models.PositiveIntegerField(default=0)  # one more ends every session

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = AccountManager()

    class Meta:
        constraints = (models.UniqueConstraint(Lower("email"), name="account_address_once"),)

    def __str__(self) -> str:
        return f"Account {self.pk}"

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Return what a session must carry: another password or epoch ends it."""
        what = f"{self.password}|{self.epoch}"
        return salted_hmac("people.session", what, secret=secret, algorithm="sha256").hexdigest()

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Tell whether the account still lets its person in."""
        return self.closed_at is None


class RoleHeld(ScopedFact):
    """That a person holds a role, at a scope and from a day to a day."""

    kind, owner = "role", "person_id"
    alone_by = ("person_id", "role", "scope", "agency_id", "district_id", "school_id")
    terms = ("person", "role", "scope", "agency", "district", "school")

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=[(r.value, r.value) for r in LABELS])
    scope = models.CharField(max_length=8, choices=[(s.value, s.value) for s in Scope])
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    district = models.ForeignKey(District, models.PROTECT, null=True, blank=True, related_name="+")
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(ScopedFact.Meta):
        constraints = (
            *ScopedFact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(scope="program", agency=None, district=None, school=None)
                | Q(scope="agency", agency__isnull=False, district=None, school=None)
                | Q(scope="district", agency=None, district__isnull=False, school=None)
                | Q(scope="school", agency=None, district=None, school__isnull=False),
                name="role_at_one_scope",
            ),
        )

    @property
    def in_words(self) -> str:
        """Return the role with its place, such as "Principal, Charlottesville High"."""
        place = self.agency or self.district or self.school
        label = capfirst(str(LABELS.get(Role(self.role), self.role)))
        return f"{label}, {place}" if place else label


class MergeReason(models.TextChoices):
    """Why two records of a person are one."""

    TWICE = "twice", _("the same person was entered twice")
    NAME = "name", _("the person's name changed")
    MOVED = "moved", _("the person moved to another agency or school")


class Merge(Tracked):
    """That two persons are one. Reads resolve it; no key is rewritten, so it can be undone."""

    kept = models.ForeignKey(Person, models.PROTECT, related_name="+")
    absorbed = models.ForeignKey(Person, models.PROTECT, related_name="+")
    by_person_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=20, choices=MergeReason)
    set_aside = models.ForeignKey(  # the sign-in that does not count while the two are one
        Account, models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    kind = "merge"
    ends = "undone_at"

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["absorbed"], condition=Q(undone_at=None), name="person_absorbed_once"
            ),
            models.CheckConstraint(condition=~Q(kept=models.F("absorbed")), name="merge_of_two"),
        )

    def __str__(self) -> str:
        return f"Merge {self.uid}"
