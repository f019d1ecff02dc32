"""Passkeys (WebAuthn, by the library fido2): what is asked of a browser, and whether its answer is right.

A passkey counts as both factors: the device, and whoever unlocked it (user verification is required).
Challenges come in as arguments.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext as _
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestationConveyancePreference,
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from rapport.foundation.facts import Refused

LONGEST: Final = 1023  # bytes of a credential id (WebAuthn Level 3, 4)
VERIFIED: Final = UserVerificationRequirement.REQUIRED
State = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Site:
    """Where the pages are: the host name (the relying party) and the origins they may come from."""

    host: str
    origins: frozenset[str]

    @property
    def server(self) -> Fido2Server:
        """Return the library's server for this site."""
        party = PublicKeyCredentialRpEntity(id=self.host, name="Rapport")
        return Fido2Server(
            party,
            attestation=AttestationConveyancePreference.NONE,
            verify_origin=lambda origin: origin in self.origins,
        )


class Question(NamedTuple):
    """What a browser is asked, and what must be kept until it answers."""

    options: dict[str, Any]
    state: dict[str, Any]


class NewKey(NamedTuple):
    """A passkey that a browser has made."""

    credential_id: str  # base64url
    public: bytes
    sign_count: int


class Shown(NamedTuple):
    """A passkey that a browser says it has: which one, and whose it says it is."""

    credential_id: str
    handle: bytes | None


def ask_for_new(
    site: Site, *, handle: bytes, address: str, name: str, has: Iterable[str], challenge: bytes
) -> Question:
    """Ask a browser to make a passkey that can be found without an address."""
    user = PublicKeyCredentialUserEntity(id=handle, name=address, display_name=name)
    options, state = site.server.register_begin(
        user,
        [_descriptor(one) for one in has],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=VERIFIED,
        challenge=challenge,
    )
    return Question(dict(options), dict(state))


def made(site: Site, state: State, answer: Mapping[str, Any]) -> NewKey:
    """Return the passkey that a browser made. Raises `Refused` unless the answer is to this question."""
    try:
        data = site.server.register_complete(dict(state), answer)
        credential = data.credential_data
        assert credential is not None
        assert len(credential.credential_id) <= LONGEST
    except Exception as problem:  # a stranger may send anything, and the parsers raise anything
        raise refused() from problem
    return NewKey(websafe_encode(credential.credential_id), bytes(credential), data.counter)


def ask(site: Site, *, challenge: bytes) -> Question:
    """Ask a browser to show any passkey of this site."""
    options, state = site.server.authenticate_begin(user_verification=VERIFIED, challenge=challenge)
    return Question(dict(options), dict(state))


def shown(answer: Mapping[str, Any]) -> Shown:
    """Return which passkey an answer is about; nothing is proven yet. Raises `Refused`."""
    try:
        read = AuthenticationResponse.from_dict(answer)
        return Shown(websafe_encode(read.raw_id), read.response.user_handle or None)
    except Exception as problem:
        raise refused() from problem


def proven(site: Site, state: State, public: bytes, answer: Mapping[str, Any]) -> int:
    """Return the signature count of an answer that this passkey gave. Raises `Refused` where it did not."""
    try:
        site.server.authenticate_complete(dict(state), [AttestedCredentialData(public)], answer)
        return AuthenticationResponse.from_dict(answer).response.authenticator_data.counter
    except Exception as problem:
        raise refused() from problem


def named(typed: str) -> str:
    """Return what a passkey is called, as far as it can be shown; empty where nothing is left."""
    shown = "".join(c for c in typed if c.isprintable() or c.isspace())
    return " ".join(shown.split())[:60]


def ensure_counts_up(before: int, after: int) -> None:
    """Raise `Refused` where a passkey that counts did not count up: somebody may have copied it."""
    if before and after <= before:
        raise Refused(
            _("This passkey seems to have been copied. Sign in another way, and remove it.")
        )


def refused() -> Refused:
    """Return the refusal of an answer that proves nothing."""
    return Refused(_("That passkey did not open. Try again, or sign in with your password."))


def _descriptor(credential_id: str) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(
        type=PublicKeyCredentialType.PUBLIC_KEY, id=websafe_decode(credential_id)
    )
