import uuid

from django.db import models
from django.db.models import Q

from rapport.foundation.access import RecordClass
from rapport.foundation.vault import Row
from rapport.organizations.people.models import Account, Person


class Invitation(models.Model):
    """A single-use link that lets a person in, for the first time or again. The token is kept as its hash."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    email = models.EmailField()
    token_hash = models.CharField(max_length=64, unique=True)
    by_person_id = models.BigIntegerField(null=True)  # empty: the system
    approved_by_id = models.BigIntegerField(null=True)  # the second person, where one was needed
    proof_hash = models.CharField(
        max_length=64, blank=True
    )  # of what its browser got for an old proof
    wrong_proofs = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(withdrawn_at=None), name="invitation_ends_once"
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(used_at=None, withdrawn_at=None),
                name="invitation_one_open",
            ),
        )

    def __str__(self) -> str:
        return f"Invitation {self.uid}"


class Passkey(models.Model):
    """The public half of a passkey (WebAuthn). It proves the device and who unlocked it."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    credential_id = models.CharField(max_length=1400, unique=True)  # base64url, as browsers give it
    public = models.BinaryField()  # attested credential data, as the authenticator gave it
    site = models.CharField(max_length=255)  # the host name it was made for (relying party)
    name = models.CharField(max_length=60)
    sign_count = models.BigIntegerField(default=0)
    made_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Passkey {self.uid}"


class Totp(models.Model):
    """The secret of an authenticator app, sealed for this row. It counts once a code has confirmed it."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    sealed = models.BinaryField()
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_step = models.BigIntegerField(default=0)  # of the newest code taken: none is taken twice

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["account"], condition=~Q(confirmed_at=None), name="totp_one_confirmed"
            ),
        )

    def __str__(self) -> str:
        return f"Authenticator {self.uid}"

    @property
    def row(self) -> Row:
        """Return what the vault binds the secret to."""
        return Row(RecordClass.SECURITY, "totp", self.uid)


class RecoveryCode(models.Model):
    """A code for the day on which the second factor is lost. Kept as its hash, used once."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    code_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Recovery code {self.pk}"


class Tries(models.Model):
    """Wrong passwords or codes in a row, under a key that names account and device. See `rules.tries`."""

    key = models.CharField(max_length=64, unique=True)
    count = models.PositiveSmallIntegerField(default=0)
    last_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Tries {self.pk}"


class Held(models.Model):
    """What was sent while the session was locked: sealed for this row, until its person sends it again."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    path = models.CharField(max_length=1000)
    sealed = models.BinaryField()
    held_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["account", "held_at"], name="held_by_account"),)

    def __str__(self) -> str:
        return f"Held {self.uid}"

    @property
    def row(self) -> Row:
        """Return what the vault binds the words to. They may be of any class; the strictest holds."""
        return Row(RecordClass.THREAT, "held", self.uid)
