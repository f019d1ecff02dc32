"""The kinds of facts that an agreement is made of: what each must obey, and who may."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final, TypeVar, cast

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from rapport.foundation import clock
from rapport.foundation.access import Actor, Scoped, Verb
from rapport.foundation.facts import Fact, Refused
from rapport.foundation.kinds.kind import FactKind
from rapport.organizations.places.models import SchoolInDistrict
from rapport.standing.agreements import rules
from rapport.standing.agreements.access import leave, words
from rapport.standing.agreements.models import (
    Affirmation,
    Affirmed,
    AgreementFact,
    Clause,
    Coverage,
    Party,
    Settled,
    Signature,
    Signed,
    Term,
)

F_ = TypeVar("F_", bound=Fact)


class AgreementKind(FactKind[F_]):
    """A kind of fact about an agreement: read by whoever may know of the agreement."""

    def rows(self, actor: Actor) -> QuerySet[F_]:
        """Return the facts of this kind that `actor` may read, also those withdrawn since."""
        rows = self.model._default_manager.select_related(*self.related, "agreement")  # type: ignore[misc]
        if actor.is_system:
            return rows
        return rows.filter(agreement__in=leave.visible_agreements(actor))

    def today(self, fact: Fact, now: datetime) -> date:
        """Return the date at `now` where the first party is."""
        return today(cast(AgreementFact, fact).agreement_id, now)


def today(agreement: int | None, now: datetime) -> date:
    """Return the date at `now` where an agreement's first party is."""
    rows = Party.objects.known().filter(agreement_id=agreement).order_by("pk")
    zone = rows.values_list("agency__zone", "district__zone").first() or (None, None)
    return clock.today(now, zone[0] or zone[1] or settings.RAPPORT_ZONE)


def may(actor: Actor, verb: Verb, at: Scoped) -> bool:
    """Tell whether the actor speaks for a party of the agreement that a fact is about.

    A signature given here is nobody's to correct: it is withdrawn and given again.
    """
    if verb is leave.CORRECT and isinstance(at, Signature) and at.how == Signed.SIGNED_IN:
        return False
    return leave.may(actor, verb, cast(AgreementFact, at).agreement)


# What each kind must obey


def ensure_party_stays(fact: Fact, today: date) -> None:
    """Raise `Refused` for a party that is neither an agency nor a district, or both."""
    party = cast(Party, fact)
    if (party.agency_id is None) == (party.district_id is None):
        raise Refused(_("Name one agency or one district."), field="party")


def ensure_coverage(fact: Fact, today: date) -> None:
    """Raise `Refused` unless a party's district is covered, and a school in it."""
    coverage = cast(Coverage, fact)
    same = Party.objects.known().filter(agreement_id=coverage.agreement_id)
    if not same.filter(district_id=coverage.district_id).exists():
        raise Refused(
            _("%(district)s is not a party to this agreement. Add it as a party first.")
            % {"district": coverage.district},
            field="covers",
        )
    if coverage.school_id is not None and not _belongs(coverage):
        raise Refused(
            _("%(school)s does not belong to %(district)s in that time.")
            % {"school": coverage.school, "district": coverage.district},
            field="covers",
        )


def _belongs(coverage: Coverage) -> bool:
    rows = SchoolInDistrict.objects.known().filter(
        school_id=coverage.school_id, district_id=coverage.district_id
    )
    if coverage.valid_until is not None:
        rows = rows.filter(valid_from__lt=coverage.valid_until)
    return rows.exclude(valid_until__lte=coverage.valid_from).exists()


def ensure_clause(fact: Fact, today: date) -> None:
    """Raise `Refused` for a number that is not in the library."""
    if cast(Clause, fact).number not in rules.clauses():
        raise Refused(
            _("The clauses of the library are numbered 1 to %(last)s.")
            % {"last": len(rules.clauses())},
            field="number",
        )


def ensure_settled(fact: Fact, today: date) -> None:
    """Raise `Refused` for a term, or a word for it, that the program does not know."""
    term = cast(Settled, fact)
    if not rules.is_allowed(term.key, term.value):
        raise Refused(_("Choose what the agreement says from the list."), field="value")


def ensure_signature(fact: Fact, today: date) -> None:
    """Raise `Refused` where somebody signs who is no party, or on a day to come."""
    signature = cast(Signature, fact)
    ensure_past(signature, today)
    parties = Party.objects.known().filter(
        agreement_id=signature.agreement_id,
        agency_id=signature.agency_id,
        district_id=signature.district_id,
    )
    if not parties.exists():
        raise Refused(
            _("%(name)s is not a party to this agreement. Add it as a party first.")
            % {"name": signature.agency or signature.district},
            field="party",
        )


def ensure_past(fact: Fact, today: date) -> None:
    """Raise `Refused` for what cannot have happened yet."""
    if fact.valid_from > today:
        raise Refused(
            _("This date has not come yet. Record it once it has happened."), field="valid_from"
        )


def _part(model: type[F_], title: Any, says: Callable[[F_], str], **more: Any) -> AgreementKind[F_]:
    """Return a kind of part: with the verbs that parts have, unless `more` says otherwise."""
    verbs = {"record": leave.RECORD, "correct": leave.CORRECT, "withdraw": leave.WITHDRAW}
    said: dict[str, Any] = verbs | {"end": leave.END, "may": may} | more
    return AgreementKind(model=model, title=title, words=says, **said)


TERM: Final = _part(Term, _lazy("Term"), lambda term: _("The agreement runs"))
PARTY: Final = _part(
    Party,
    _lazy("Party"),
    words.side,
    ensure=ensure_party_stays,
    related=("agency", "district"),
)
COVERAGE: Final = _part(
    Coverage,
    _lazy("Coverage"),
    words.coverage,
    ensure=ensure_coverage,
    related=("district", "school"),
)
CLAUSE: Final = _part(Clause, _lazy("Clause"), words.clause, ensure=ensure_clause)
SETTLED: Final = _part(Settled, _lazy("Settled term"), words.settled, ensure=ensure_settled)
SIGNATURE: Final = _part(
    Signature,
    _lazy("Signature"),
    words.signature,
    record=leave.SIGN,
    ensure=ensure_signature,
    related=("agency", "district"),
    is_a_moment=True,
)
AFFIRMATION: Final = _part(
    Affirmation,
    _lazy("Review"),
    lambda review: str(Affirmed(review.outcome).label),
    record=leave.AFFIRM,
    end=None,
    ensure=ensure_past,
    is_a_moment=True,
)
KINDS: Final[tuple[AgreementKind[Any], ...]] = (
    TERM,
    PARTY,
    COVERAGE,
    SIGNATURE,
    AFFIRMATION,
    SETTLED,
    CLAUSE,
)

HEADINGS: Final = {
    TERM.name: _lazy("When it runs"),
    PARTY.name: _lazy("Who the parties are"),
    COVERAGE.name: _lazy("Which schools it covers"),
    SIGNATURE.name: _lazy("Who has signed"),
    AFFIRMATION.name: _lazy("Reviews"),
    SETTLED.name: _lazy("What it settles"),
    CLAUSE.name: _lazy("Which clauses it holds"),
}
