"""What a name and an id of a place must be, and what comes near one that is not there."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final
from uuid import UUID

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


def near(ref: str, rows: Iterable[tuple[str | None, UUID, str]]) -> str:
    """Return a sentence that names up to three of `rows` (id, uid, name) that are written much like `ref`."""
    named = {number or str(uid): name for number, uid, name in rows}
    written = {key.casefold(): key for key in named}
    written |= {name.casefold(): key for key, name in named.items()}
    asked = ref.strip().casefold()
    within = [said for said in written if len(asked) > 3 and asked in said]
    close = [*within[:3], *get_close_matches(asked, written, 3, 0.8)]
    near = [f"{key} ({named[key]})" for key in dict.fromkeys(written[said] for said in close)][:3]
    if not near:
        return _("Nothing here is written like it.")
    return _("Do you mean {near}?").format(near=_(" or ").join(near))
