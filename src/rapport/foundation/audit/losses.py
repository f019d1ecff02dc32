"""What the history lacks, as it is put before people and as they accept it. No database, no files."""

import hashlib
import json
from collections.abc import Iterable
from typing import Final, NamedTuple

from rapport.foundation.audit import rows
from rapport.foundation.audit.rules import Acceptance, Finding, Kind

FEW: Final = 100  # lines that a crash leaves unnoted, which one person may accept


def kept(accepted: Iterable[Acceptance]) -> str:
    """Return what is put before people as text: kind, first and last line and pin of each finding."""
    return json.dumps([[a.kind, a.first, a.last, a.pin] for a in accepted])


def digest_of(uid: str, found: str) -> str:
    """Return what stands in the line of a consent for the loss that was accepted: which, and what of it."""
    return hashlib.sha256(f"{uid}\x1f{found}".encode()).hexdigest()[:32]


def needs_both(found: str) -> bool:
    """Tell whether one person is not enough: for all but a few last lines that went unnoted."""
    items = findings(found)
    lines = sum(one.last - one.first + 1 for one in items if one.kind is Kind.UNSEEN)
    return lines > FEW or any(one.kind not in (Kind.UNSEEN, Kind.WITNESS) for one in items)


class Consented(NamedTuple):
    """What a signed line says of a consent: by whom, for which side, to what (its digest)."""

    person: int
    side: str
    digest: str


def unsigned(accepted: Iterable[Acceptance], consents: Iterable[Consented]) -> frozenset[str]:
    """Return the losses (uids) that a witness says were accepted, and that nobody's signed line bears out."""
    by_uid: dict[str, list[Acceptance]] = {}
    for one in accepted:
        by_uid.setdefault(one.uid, []).append(one)
    said = list(consents)
    doubted = set()
    for uid, ones in by_uid.items():
        found = kept(ones)
        those = [c for c in said if c.digest == digest_of(uid, found)]
        wanted = 2 if needs_both(found) else 1
        if min(len({c.person for c in those}), len({c.side for c in those})) < wanted:
            doubted.add(uid)
    return frozenset(doubted)


def findings(text: str) -> list[Finding]:
    """Return what `kept` has written."""
    found = [Finding(Kind(k), first, last, pin) for k, first, last, pin in json.loads(text)]
    return [f._replace(text=in_words(f.kind, f.pin)) for f in found]


def in_words(kind: Kind, pin: str) -> str:
    """Say what was found that concerns no line; empty for what concerns lines."""
    if kind is Kind.WITNESS:
        return "the witness has a note that cannot be read"
    return rows.in_words(pin) if kind is Kind.FACT else ""
