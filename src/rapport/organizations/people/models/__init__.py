"""People, accounts, what lets an account in, roles, merges and emergency access."""

from .emergencies import Emergency, Outcome
from .persons import Account, Merge, MergeReason, Person, RoleHeld
from .sign_in import Held, Invitation, Passkey, RecoveryCode, Totp, Tries

__all__ = [
    "Account",
    "Emergency",
    "Held",
    "Invitation",
    "Merge",
    "MergeReason",
    "Outcome",
    "Passkey",
    "Person",
    "RecoveryCode",
    "RoleHeld",
    "Totp",
    "Tries",
]
