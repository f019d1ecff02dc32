from datetime import UTC, datetime

from django.db import transaction

from rapport.foundation.access import SYSTEM, Verb
from rapport.foundation.audit import trail, witness
from rapport.foundation.audit.models import Line

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DID = Verb("tests.did", "test", None, None, "did a test")


def test_a_committed_line_is_noted_by_the_witness(committed: str) -> None:
    with transaction.atomic():
        number = trail.record(SYSTEM, DID, 1, at=NOON)

    noted = witness.current().path.read_text().splitlines()[-1]
    assert noted == f"{number} {bytes(Line.objects.get().mac).hex()}"
