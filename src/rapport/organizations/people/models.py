import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from rapport.foundation.access import Role, Scope
from rapport.foundation.facts import ScopedFact
from rapport.organizations.places.models import Agency, District, Entity, School


class Person(Entity):
    """Someone the program knows. Never deleted, only emptied. Never a student."""

    name = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=60, blank=True)  # "Sgt.", "Principal"
    work_email = models.EmailField(blank=True)
    work_phone = models.CharField(max_length=30, blank=True)
    emptied_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return " ".join(part for part in (self.title, self.name) if part) or f"Person {self.pk}"


class AccountManager(BaseUserManager["Account"]):
    """Looks accounts up by e-mail address, in any case of letters."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        """Return the account with this address."""
        return self.get(email__iexact=username or "")


class Account(AbstractBaseUser):
    """What lets one person in."""

    email = models.EmailField(unique=True)
    person = models.OneToOneField(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = AccountManager()

    def __str__(self) -> str:
        return f"Account {self.pk}"

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
    role = models.CharField(max_length=20, choices=[(r.value, r.value) for r in Role])
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


class Merge(models.Model):
    """That two persons are one. Reads resolve it; no key is rewritten, so it can be undone."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kept = models.ForeignKey(Person, models.PROTECT, related_name="+")
    absorbed = models.ForeignKey(Person, models.PROTECT, related_name="+")
    by_person_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=20)
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["absorbed"], condition=Q(undone_at=None), name="person_absorbed_once"
            ),
            models.CheckConstraint(condition=~Q(kept=models.F("absorbed")), name="merge_of_two"),
        )

    def __str__(self) -> str:
        return f"Merge {self.uid}"
