"""The parts of an agreement, one by one: record, correct, end, withdraw."""

from datetime import date, datetime
from typing import Any, Final, NotRequired, TypeVar, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from rapport.foundation.access import Actor, Place
from rapport.foundation.facts import Fact, Refused
from rapport.foundation.kinds.deeds import (
    correct_fact,
    end_fact,
    record_fact,
    require,
    withdraw_fact,
)
from rapport.foundation.kinds.kind import Span
from rapport.organizations.places.models import Agency, District, School
from rapport.standing.agreements import access
from rapport.standing.agreements.models import (
    Affirmation,
    Affirmed,
    Agreement,
    AgreementFact,
    Clause,
    Coverage,
    Party,
    Settled,
    Signature,
    Signed,
    Term,
)

F_ = TypeVar("F_", bound=AgreementFact)


class PartyTerms(Span):
    """Which agency, or which district, is a party."""

    agency: NotRequired[Agency | None]
    district: NotRequired[District | None]


class CoverageTerms(Span):
    """Which district is covered: as a whole, or one of its schools by name."""

    district: District
    school: NotRequired[School | None]


class ClauseTerms(Span):
    """Which clause of the library is in the text, and on which page."""

    number: int
    page: NotRequired[int | None]


class SettledTerms(Span):
    """What the program acts on, and the chosen word for it."""

    key: str
    value: str


class AffirmationTerms(Span):
    """What came of a review."""

    outcome: Affirmed | str


def record_term(actor: Actor, agreement: Agreement, *, now: datetime, **said: Unpack[Span]) -> Term:
    """Record from when until when an agreement runs. Raises `NotAllowed` or `Refused`."""
    return record_fact(actor, access.TERM, now=now, agreement=agreement, **said)


def record_party(
    actor: Actor, agreement: Agreement, *, now: datetime, **said: Unpack[PartyTerms]
) -> Party:
    """Record an agency or a district as a party. Raises `NotAllowed` or `Refused`."""
    return record_fact(actor, access.PARTY, now=now, agreement=agreement, **said)


def record_coverage(
    actor: Actor, agreement: Agreement, *, now: datetime, **said: Unpack[CoverageTerms]
) -> Coverage:
    """Record what an agreement covers. Raises `NotAllowed` or `Refused`."""
    return record_fact(actor, access.COVERAGE, now=now, agreement=agreement, **said)


def record_clause(
    actor: Actor, agreement: Agreement, *, now: datetime, **said: Unpack[ClauseTerms]
) -> Clause:
    """Record that a clause of the library is in the text. Raises `NotAllowed` or `Refused`."""
    return record_fact(actor, access.CLAUSE, now=now, agreement=agreement, **said)


def record_settled(
    actor: Actor, agreement: Agreement, *, now: datetime, **said: Unpack[SettledTerms]
) -> Settled:
    """Record a term that the program acts on. Raises `NotAllowed` or `Refused`."""
    return record_fact(actor, access.SETTLED, now=now, agreement=agreement, **said)


def record_affirmation(
    actor: Actor, agreement: Agreement, *, now: datetime, **said: Unpack[AffirmationTerms]
) -> Affirmation:
    """Record that the parties reviewed the agreement. Raises `NotAllowed` or `Refused`."""
    return record_fact(actor, access.AFFIRMATION, now=now, agreement=agreement, **said)


@transaction.atomic
def record_signature(
    actor: Actor,
    agreement: Agreement,
    *,
    now: datetime,
    how: Signed | str,
    agency: Agency | None = None,
    district: District | None = None,
    **span: Unpack[Span],
) -> Signature:
    """Record that a party signed on a day that is past. Raises `NotAllowed` or `Refused`.

    Who signs signed in signs in person, for their own side, and today; a signature on paper may be
    recorded by either side.
    """
    signer_id = None
    if how == Signed.SIGNED_IN:
        place = Place(agency.pk if agency else None, district.pk if district else None)
        _ensure_in_person(actor, place, span["valid_from"], access.today(agreement.pk, now))
        signer_id = actor.person_id
    return record_fact(
        actor,
        access.SIGNATURE,
        now=now,
        agreement=agreement,
        agency=agency,
        district=district,
        how=how,
        signer_id=signer_id,
        **span,
    )


def _ensure_in_person(actor: Actor, place: Place, day: date, today: date) -> None:
    if not access.may_sign_for(actor, place):
        raise Refused(
            _(
                "Only the head of this party can sign signed in. If they signed on paper or by link,"
                " choose that."
            ),
            field="how",
        )
    if day != today:
        raise Refused(
            _(
                "Who signs here signs today. For a signature given earlier, choose how it was given."
            ),
            field="valid_from",
        )


# What is alike for every part


KIND_OF: Final[dict[str, access.AgreementKind[Any]]] = {k.name: k for k in access.KINDS}


def correct(actor: Actor, fact: F_, *, now: datetime, **changes: Any) -> F_:
    """Put a corrected part in the place of one. Raises `NotAllowed`, `Refused` or `Overtaken`.

    A signature given in person is not anybody's to correct.
    """
    if isinstance(fact, Signature) and Signed.SIGNED_IN in (fact.how, changes.get("how")):
        raise Refused(
            _("A signature given here cannot be corrected. Withdraw it, and let them sign again."),
            field="how",
        )
    kind: access.AgreementKind[F_] = _kind(fact)
    return correct_fact(actor, kind, fact, now=now, **changes)


def end(actor: Actor, fact: F_, on: date, *, now: datetime) -> F_ | None:
    """End a part: from `on` it no longer holds. Raises `NotAllowed`, `Refused` or `Overtaken`."""
    kind: access.AgreementKind[F_] = _kind(fact)
    return end_fact(actor, kind, fact, on, now=now)


@transaction.atomic
def withdraw(actor: Actor, fact: F_, *, now: datetime) -> F_:
    """Withdraw a part that was recorded wrongly. The last party stays, else nobody could see the rest."""
    kind: access.AgreementKind[F_] = _kind(fact)
    require(actor, kind, kind.withdraw, fact)
    if isinstance(fact, Party):
        others = Party.objects.known().filter(agreement_id=fact.agreement_id).exclude(pk=fact.pk)
        if not others.exists():
            raise Refused(
                _(
                    "This is the only party that is left. Record the right one first, then withdraw this."
                )
            )
    return withdraw_fact(actor, kind, fact, now=now)


def _kind(fact: Fact) -> access.AgreementKind[Any]:
    return KIND_OF[fact.kind]
