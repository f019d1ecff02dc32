"""What lets somebody in: one verb, one function, one line in the trail."""

from .clearing import CLEAR, clear_ended, plan_clearing
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
from .invitations import (
    Sent,
    approve,
    end_links,
    end_own_link,
    invite,
    join_with_passkey,
    join_with_password,
    prove,
)
from .proofs import (
    check_address_and_password,
    check_code,
    check_passkey,
    check_password_of,
    check_with_recovery_code,
    record_sign_in,
    record_sign_out,
    record_unlock,
)

__all__ = [
    "CLEAR",
    "Sent",
    "add_passkey",
    "approve",
    "be_somebody",
    "begin_app",
    "check_address_and_password",
    "check_code",
    "check_passkey",
    "check_password_of",
    "check_with_recovery_code",
    "clear_ended",
    "confirm_app",
    "end_links",
    "end_other_sessions",
    "end_own_link",
    "hold",
    "invite",
    "join_with_passkey",
    "join_with_password",
    "let_go",
    "make_recovery_codes",
    "plan_clearing",
    "prove",
    "record_sign_in",
    "record_sign_out",
    "record_unlock",
    "remove_app",
    "remove_passkey",
    "set_password",
]
