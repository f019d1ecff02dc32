"""What is done with people, roles and accounts: one verb, one function, one line in the trail."""

from .accounts import close_account, reopen_account
from .merges import merge_persons, undo_merge
from .persons import add_person, correct_person
from .roles import correct_role, end_role, give_role, withdraw_role

__all__ = [
    "add_person",
    "close_account",
    "correct_person",
    "correct_role",
    "end_role",
    "give_role",
    "merge_persons",
    "reopen_account",
    "undo_merge",
    "withdraw_role",
]
