"""Names and addresses as people type them."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from rapport.foundation.facts import Refused


def name(typed: str) -> str:
    """Return a name without superfluous spaces. Raises `Refused` where nothing is left or it is too long."""
    kept = " ".join(typed.split())
    if not kept:
        raise Refused(_("Give the person's name."), field="name")
    if len(kept) > 120:
        raise Refused(_("A name has at most 120 letters."), field="name")
    return kept


def address(typed: str) -> str:
    """Return an e-mail address in small letters. Raises `Refused` where it is none."""
    kept = typed.strip().lower()
    try:
        validate_email(kept)
    except ValidationError as problem:
        raise Refused(
            _("“{typed}” is not an e-mail address.").format(typed=kept[:100]), field="email"
        ) from problem
    if len(kept) > 254:
        raise Refused(_("An e-mail address has at most 254 letters."), field="email")
    return kept
