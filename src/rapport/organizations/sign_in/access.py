"""Who may change how an account signs in, and every verb of it. Whom one may invite, `people.access` says.

What everybody may do with their own sign-in asks for no role.
"""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from rapport.foundation import registry
from rapport.foundation.access import Actor, Verb
from rapport.organizations.people.access import is_own
from rapport.organizations.people.models import Account


def _verb(name: str, of: str, sentence: Any) -> Verb:
    return registry.verb(f"sign_in.{name}", of, None, None, sentence)


INVITE: Final = _verb("invite", "person", _("invited a person to sign in"))
APPROVE: Final = _verb("approve", "person", _("approved a link that replaces a sign-in"))
END_LINK: Final = _verb("end_link", "person", _("ended a link that was not used"))
JOIN: Final = _verb("join", "account", _("used the link and made a sign-in"))
RETURN: Final = _verb("return", "account", _("used the link and made the sign-in anew"))
BE: Final = _verb("be", "account", _("looked at the demo as somebody"))
SIGN_IN: Final = _verb("enter", "account", _("signed in"))
WRONG: Final = _verb("wrong", "account", _("gave a wrong password or code"))
UNLOCK: Final = _verb("unlock", "account", _("opened a locked session"))
SIGN_OUT: Final = _verb("leave", "account", _("signed out"))
SET_PASSWORD: Final = _verb("set_password", "account", _("changed the password"))
ADD_PASSKEY: Final = _verb("add_passkey", "account", _("added a passkey"))
REMOVE_PASSKEY: Final = _verb("remove_passkey", "account", _("removed a passkey"))
SET_APP: Final = _verb("set_app", "account", _("set up an authenticator app"))
REMOVE_APP: Final = _verb("remove_app", "account", _("removed the authenticator app"))
MAKE_CODES: Final = _verb("make_codes", "account", _("made new recovery codes"))
END_SESSIONS: Final = _verb("end_sessions", "account", _("signed out everywhere else"))


def may_use(actor: Actor, account: Account) -> bool:
    """Tell whether `actor` may change how this account signs in: only its own person."""
    return is_own(actor, account)
