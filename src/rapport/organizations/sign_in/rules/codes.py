"""Secrets that people type or follow: single-use links, one-time codes, recovery codes."""

import base64
import hashlib
import hmac
import re
from datetime import datetime, timedelta
from typing import Final

import pyotp
from django.utils.translation import gettext as _

from rapport.foundation.facts import Refused

INVITATION_FOR: Final = timedelta(days=7)
PROOF_FOR: Final = timedelta(minutes=30)  # how long an old proof given beside a link holds
WRONG_PROOFS: Final = 10  # then the link ends
RECOVERY_CODES: Final = 10
RECOVERY_BYTES: Final = 10  # 80 bits: sixteen letters and digits
STEP: Final = 30  # seconds (RFC 6238)
DRIFT: Final = 1  # steps by which the clock of a telephone may be off


def fingerprint(secret: str) -> str:
    """Return the SHA-256 of a secret that is too long to be guessed; kept in its place."""
    return hashlib.sha256(secret.encode()).hexdigest()


def recovery_code(chance: bytes) -> str:
    """Return ten random bytes as a recovery code, such as `K7QF-2MXA-…`."""
    text = base64.b32encode(chance).decode()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def as_kept(typed: str) -> str:
    """Return a typed code without spaces and dashes, in capitals."""
    return "".join(c for c in typed.upper() if c.isalnum())[:40]


def is_totp(typed: str) -> bool:
    """Tell whether this is six digits, as an authenticator app shows them."""
    return len(as_kept(typed)) == 6 and as_kept(typed).isascii() and as_kept(typed).isdigit()


def is_recovery(typed: str) -> bool:
    """Tell whether this has the form of a recovery code: sixteen letters and digits."""
    return (
        re.fullmatch(r"[A-Za-z2-7]{4}([- ][A-Za-z2-7]{4}){3}|[A-Z2-7]{16}", typed.strip())
        is not None
    )


def totp_step(secret: str, typed: str, *, now: datetime, after: int) -> int | None:
    """Return the step whose code was typed, later than step `after`; None where the code is wrong or old.

    RFC 6238, 5.2: a code is taken once. One step to either side is taken for a telephone's clock.
    """
    right = None
    current = int(now.timestamp()) // STEP
    for step in range(current - DRIFT, current + DRIFT + 1):
        code = pyotp.TOTP(secret).at(step * STEP)
        if hmac.compare_digest(code.encode(), as_kept(typed).encode()) and step > after:
            right = step
    return right


def totp_uri(secret: str, address: str, program: str) -> str:
    """Return what the QR code of an authenticator secret says."""
    return pyotp.TOTP(secret).provisioning_uri(name=address, issuer_name=program)


def proof(chance: str, now: datetime) -> str:
    """Return what a browser shows for an old proof: until when it holds, and what nobody guesses."""
    return f"{int((now + PROOF_FOR).timestamp())}.{chance}"


def proof_print(shown: str, bound_to: str) -> str:
    """Return what is kept of `shown`: it fits only while the account's password and epoch are these."""
    return fingerprint(f"{shown}|{bound_to}")


def is_proof(shown: str, bound_to: str, kept: str, *, now: datetime) -> bool:
    """Tell whether `shown` is what `kept` was made of, with nothing changed and its time not over."""
    if not kept or not hmac.compare_digest(kept, proof_print(shown, bound_to)):
        return False
    return now.timestamp() < int(shown.partition(".")[0])


def ensure_open(*, used: bool, withdrawn: bool, ends_at: datetime, now: datetime) -> None:
    """Raise `Refused` where a single-use link can no longer be used; the words say what to do."""
    if used:
        raise Refused(
            _("This link was used already. If it was you, sign in. If not, tell whoever sent it.")
        )
    if withdrawn:
        raise Refused(
            _(
                "A newer link took the place of this one, or it was ended, also by ten wrong proofs. "
                "Use the newest you were sent, or ask for a new one."
            )
        )
    if now >= ends_at:
        raise Refused(
            _("This link ended on {day}. Ask whoever sent it for a new one.").format(
                day=f"{ends_at:%Y-%m-%d}"
            )
        )
