"""What is done with people, roles, accounts and sign-in: one verb, one function, one line in the trail."""

from .accounts import close_account, reopen_account
from .demo import be_somebody
from .factors import (
    add_passkey,
    begin_app,
    confirm_app,
    end_other_sessions,
    make_recovery_codes,
    remove_app,
    remove_passkey,
    set_password,
)
from .held import hold, let_go
from .invitations import Sent, invite, join_with_passkey, join_with_password
from .merges import merge_persons, undo_merge
from .persons import add_person, correct_person
from .roles import correct_role, end_role, give_role, withdraw_role
from .sign_in import (
    check_address_and_password,
    check_code,
    check_passkey,
    check_password_of,
    record_sign_in,
    record_sign_out,
    record_unlock,
)

__all__ = [
    "be_somebody",
    "Sent",
    "add_passkey",
    "add_person",
    "begin_app",
    "check_address_and_password",
    "check_code",
    "check_passkey",
    "check_password_of",
    "close_account",
    "confirm_app",
    "correct_person",
    "correct_role",
    "end_other_sessions",
    "end_role",
    "give_role",
    "hold",
    "invite",
    "join_with_passkey",
    "join_with_password",
    "let_go",
    "make_recovery_codes",
    "merge_persons",
    "record_sign_in",
    "record_sign_out",
    "record_unlock",
    "remove_app",
    "remove_passkey",
    "reopen_account",
    "set_password",
    "undo_merge",
    "withdraw_role",
]
