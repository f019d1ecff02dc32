"""The one place where words about people are sealed, and the only importer of `cryptography`.

A blob is an algorithm byte, a key byte and an HPKE message (RFC 9180, one shot). Its `info` names
the class, the kind and the id of the row, so that a blob moved to another row does not open. Keys
lie in the home's `keys/`, never in the database. HPKE proves no sender.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)
from django.conf import settings

from rapport.foundation.access import RecordClass
from rapport.foundation.audit import keys

AT_REST: Final = 1  # X25519 with ML-KEM-768, HKDF-SHA256, AES-256-GCM
_SUITE: Final = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
FEW: Final = 3  # blobs that are tried, to see whether the keys are those of the home
_MLKEM, _X25519 = 64, 32  # bytes of the two halves of a private key


class VaultTrouble(RuntimeError):
    """Something sealed cannot be opened, or nothing can be sealed; the message says what to do."""


class Row(NamedTuple):
    """The row that a blob belongs to: its class, a stable word for its kind, and its id or uid."""

    record_class: RecordClass
    kind: str
    id: object

    def info(self) -> bytes:
        """Return what binds a blob to this row."""
        parts = ("rapport", str(self.record_class), self.kind, str(self.id))
        return "\x1f".join(parts).encode()


class _Key(NamedTuple):
    private: MLKEM768X25519PrivateKey
    public: MLKEM768X25519PublicKey


class _Ring(NamedTuple):
    keys: dict[int, _Key]
    current: int


def seal(words: bytes, row: Row) -> bytes:
    """Return `words` sealed for `row` under the newest key: 1,138 bytes longer. Raises `VaultTrouble`."""
    ring = _ring()
    return bytes((AT_REST, ring.current)) + _SUITE.encrypt(
        words, ring.keys[ring.current].public, row.info()
    )


def open(blob: bytes, row: Row) -> bytes:
    """Return the words that were sealed for `row`.

    Raises `VaultTrouble` where the blob was changed or belongs to another row, and where its key is
    missing or another.
    """
    algorithm, number = _head(blob)
    if algorithm != AT_REST:
        raise VaultTrouble(
            f"This was sealed in a way ({algorithm}) that this version of Rapport does not know. "
            "Use the version that sealed it, or a newer one."
        )
    key = _ring().keys.get(number)
    if key is None:
        raise VaultTrouble(
            f"This was sealed with vault key {number}, which is not in {folder()}. "
            f"Put back vault-{number}.key of this home."
        )
    try:
        return _SUITE.decrypt(blob[2:], key.private, row.info())
    except InvalidTag as problem:
        raise VaultTrouble(
            f"This does not open: it was changed, it was moved here from another row, or vault-{number}.key "
            f"in {folder()} is not the key of this home."
        ) from problem


def rotate(blob: bytes, row: Row) -> bytes:
    """Return the blob sealed anew under the newest key; itself where it already is."""
    if _head(blob) == (AT_REST, _ring().current):
        return blob
    return seal(open(blob, row), row)


def seal_anew(rows: Iterable[Any]) -> int:
    """Seal rows (each with `sealed` and `row`) under the newest key; return how many were not yet.

    A row that somebody writes at the same time is left to them. Raises `VaultTrouble`.
    """
    count = 0
    for one in rows:
        was = bytes(one.sealed)
        if (blob := rotate(was, one.row)) != was:
            count += type(one).objects.filter(pk=one.pk, sealed=was).update(sealed=blob)
    return count


class Sealed(NamedTuple):
    """What an app keeps sealed: how all of it is sealed anew (and counted), and how some is opened."""

    anew: Callable[[], int]
    some: Callable[[], Iterable[tuple[bytes, Row]]]  # the newest few blobs, with their rows


def sealed_rows(rows: Callable[[], Any]) -> Sealed:
    """Return the same for a query of rows that have `sealed` and `row`."""
    return Sealed(
        lambda: seal_anew(rows()),
        lambda: [(bytes(one.sealed), one.row) for one in rows().order_by("-pk")[:FEW]],
    )


def ensure_opens(blobs: Iterable[tuple[bytes, Row]]) -> None:
    """Raise `VaultTrouble` where none of these opens: one may be damaged, not all of them."""
    trouble = None
    for blob, row in blobs:
        try:
            open(blob, row)
        except VaultTrouble as problem:
            trouble = problem
        else:
            return
    if trouble is not None:
        raise trouble


def _head(blob: bytes) -> tuple[int, int]:
    if len(blob) < 2:
        raise VaultTrouble("This does not open: it was cut short.")
    return blob[0], blob[1]


# Keys: one file each, `vault-1.key` and so on, 96 bytes in hexadecimal digits.


def folder() -> Path:
    """Return the folder of keys of this home."""
    return Path(settings.RAPPORT_KEYS)


def make_keys() -> bool:
    """Make the first vault key and the key of sessions unless they are there; tell whether one was made."""
    place = folder()
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = not any(place.glob("vault-*.key"))
    if made:
        new_key()
    session = place / "session.key"
    if not session.exists():
        with keys.put(session, secrets.token_hex(32)):
            made = True
    return made


def new_key() -> int:
    """Make a further vault key, which seals from now on, and return its number. Old keys still open."""
    with renewed() as number:
        return number


@contextmanager
def renewed() -> Iterator[int]:
    """Yield the number of the next key, which seals once the block is done, and not where it fails."""
    place = folder()
    number = max((n for n, _ in _files(place)), default=0) + 1
    if number > 255:
        raise VaultTrouble("There are 255 vault keys, and no blob can name another.")
    halves = (MLKEM768PrivateKey.generate(), X25519PrivateKey.generate())
    text = b"".join(half.private_bytes_raw() for half in halves).hex()
    with keys.put(place / f"vault-{number}.key", text):
        yield number
    forget()


def ensure_keys() -> None:
    """Raise `VaultTrouble` where the keys are missing or damaged."""
    _ring()


def trouble() -> str | None:
    """Return what is wrong with the keys, in words; None where they can be used."""
    try:
        ensure_keys()
    except VaultTrouble as problem:
        return str(problem)
    return None


def forget() -> None:
    """Read the keys anew at the next use."""
    _read.cache_clear()


def _files(place: Path) -> list[tuple[int, Path]]:
    found = []
    for path in place.glob("vault-*.key"):
        number = path.stem.removeprefix("vault-")
        if not number.isdecimal() or not 0 < int(number) < 256:
            raise VaultTrouble(f"{path} is not a vault key of this home. Take it away.")
        found.append((int(number), path))
    return sorted(found)


def _ring() -> _Ring:
    place = folder()
    try:
        changed = place.stat().st_mtime_ns  # every process sees a new key when it seals next
    except OSError:
        changed = 0
    return _read(str(place), changed)


@lru_cache(maxsize=8)
def _read(place: str, _changed: int) -> _Ring:
    found = {number: _key(path) for number, path in _files(Path(place))}
    if not found:
        raise VaultTrouble(
            f"There is no vault key in {place}. Put back the keys of this home; "
            "without them nothing sealed can be opened."
        )
    return _Ring(found, max(found))


def _key(path: Path) -> _Key:
    try:
        raw = bytes.fromhex(path.read_text(encoding="ascii").strip())
        if len(raw) != _MLKEM + _X25519:
            raise ValueError("not 96 bytes")
        private = MLKEM768X25519PrivateKey(
            MLKEM768PrivateKey.from_seed_bytes(raw[:_MLKEM]),
            X25519PrivateKey.from_private_bytes(raw[_MLKEM:]),
        )
    except (ValueError, OSError) as problem:
        raise VaultTrouble(
            f"The vault key {path} cannot be read. Put back the one that was made with this home."
        ) from problem
    return _Key(private, private.public_key())
