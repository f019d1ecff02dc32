"""People, accounts, roles, merges and emergency access."""

from .emergencies import Emergency, Outcome
from .persons import Account, Merge, MergeReason, Person, RoleHeld

__all__ = [
    "Account",
    "Emergency",
    "Merge",
    "MergeReason",
    "Outcome",
    "Person",
    "RoleHeld",
]
