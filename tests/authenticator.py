"""A passkey in software, for tests: it answers as a browser with an authenticator would (WebAuthn, ES256)."""

import json
import os
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestedCredentialData

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One device. `verified` says whether its person unlocked it; `count` is what it says of itself."""

    origin: str = "http://localhost"
    site: str = "localhost"
    verified: bool = True
    count: int = 0
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    credential_id: bytes = field(default_factory=lambda: os.urandom(32))
    handle: bytes = b""

    def make(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer a question for a new passkey."""
        asked = options["publicKey"]
        self.handle = asked["user"]["id"].encode()
        public_key: Any = ES256.from_cryptography_key(self.key.public_key())  # type: ignore[no-untyped-call]
        public = AttestedCredentialData.create(b"\0" * 16, self.credential_id, public_key)
        data = self._data(HAS_KEY) + public
        attested = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", asked["challenge"])
        return self._answer(
            {
                "clientDataJSON": websafe_encode(client),
                "attestationObject": websafe_encode(attested),
            }
        )

    def show(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer a question for a passkey that is there."""
        if self.count:
            self.count += 1
        client = self._client("webauthn.get", options["publicKey"]["challenge"])
        data = self._data(0)
        signed = self.key.sign(data + sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            {
                "clientDataJSON": websafe_encode(client),
                "authenticatorData": websafe_encode(data),
                "signature": websafe_encode(signed),
                "userHandle": self.handle.decode(),
            }
        )

    def _data(self, more: int) -> bytes:
        flags = PRESENT | (VERIFIED if self.verified else 0) | more
        return sha256(self.site.encode()).digest() + bytes((flags,)) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, response: dict[str, str]) -> dict[str, Any]:
        own = websafe_encode(self.credential_id)
        return {"id": own, "rawId": own, "type": "public-key", "response": response}
