"""How often somebody may be wrong. What closes is the password or the app's code, never the person.

Wrong tries are counted by account and device. A device that an account signed in from before is
counted by itself; all others together. So a stranger who guesses cannot close the password on the
owner's own telephone; and an address of the network is never counted, for a school has but one.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from rapport.foundation.facts import Refused

MOST: Final = 5  # FIELD.md 11: lock after at most five failed attempts
CLOSED_FOR: Final = timedelta(minutes=15)
NOTED: Final = 10  # lines in a quarter of an hour about tries at no known account
COUNTED: Final = 30_000  # from then on they are not even counted
KNOWN: Final = 20  # accounts that a device remembers


class Device(NamedTuple):
    """A browser: its own random id, and the accounts (by uid) that signed in from it, oldest first."""

    id: str
    accounts: tuple[str, ...] = ()

    def knows(self, account_uid: object) -> bool:
        """Tell whether this account has signed in from here before."""
        return str(account_uid) in self.accounts

    def with_account(self, account_uid: object) -> "Device":
        """Return the device as it is once this account has signed in from it."""
        others = tuple(one for one in self.accounts if one != str(account_uid))
        return self._replace(accounts=(*others, str(account_uid))[-KNOWN:])


def is_noted(number: int) -> bool:
    """Tell whether this one of the tries at no known account leaves a line: the first few, then one in a thousand."""
    return number <= NOTED or number % 1000 == 0


def counted_under(what: str, who: str, device: Device, account_uids: Iterable[object]) -> str:
    """Return the words whose keyed hash counts tries at `what` (password, app, recovery) of `who`."""
    known = any(device.knows(uid) for uid in account_uids)
    return "\x1f".join((what, who, device.id if known else "stranger"))


def closed(what: str, until: datetime) -> Refused:
    """Return the refusal where the password or the code is closed."""
    words = {
        "password": _(
            "The password is closed until {time} UTC, after five wrong tries. "
            "A passkey still opens, and so does a recovery code with the password."
        ),
        "app": _(
            "Codes of the app are closed until {time} UTC, after five wrong ones. "
            "A recovery code or a passkey still opens."
        ),
        "recovery": _(
            "Recovery codes are closed until {time} UTC, after five wrong ones. "
            "A code of the app or a passkey still opens."
        ),
    }
    return Refused(words[what].format(time=f"{until:%H:%M}"))


def wrong(what: str) -> Refused:
    """Return the refusal of a wrong password or code; it says the same whether the address is known."""
    words = {
        "password": _(
            "This address and this password do not belong together. "
            "After five wrong tries the password closes for 15 minutes."
        ),
        "code": _(
            "This code is not right, or was used already. Wait for the next one, or use a recovery code."
        ),
        "both": _(
            "These three do not belong together, or the code was used already. "
            "With no code left, ask your administrator for a new link."
        ),
    }
    return Refused(words[what])
