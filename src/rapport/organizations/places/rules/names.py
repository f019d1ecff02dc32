"""What a name and an id of an agency must be."""

import re
from typing import Final

from django.utils.translation import gettext as _

from rapport.foundation.facts import Refused
from rapport.organizations.places.rules.states import STATES

ORI: Final = re.compile(r"[A-Z]{2}[A-Z0-9]{7}")


def ori(text: str) -> str | None:
    """Return an originating agency identifier as it is kept; None for none. Raises `Refused`."""
    found = text.strip().upper()
    if not found:
        return None
    if not ORI.fullmatch(found) or found[:2] not in STATES:
        raise Refused(
            _("An ORI is the state and seven letters or digits, such as VA0990100."), field="ori"
        )
    return found


def nces_id(text: str, length: int) -> str | None:
    """Return an NCES id of so many digits as it is kept; None for none. Raises `Refused`."""
    found = text.strip()
    if not found:
        return None
    if not (found.isascii() and found.isdigit() and len(found) == length):
        raise Refused(
            _("This NCES id has {count} digits. Leave it empty if it is not known.").format(
                count=length
            ),
            field="nces_id",
        )
    return found
