"""People, accounts, roles and merges."""

from .persons import Account, Merge, MergeReason, Person, RoleHeld

__all__ = [
    "Account",
    "Merge",
    "MergeReason",
    "Person",
    "RoleHeld",
]
