"""The kinds of facts that an agreement is made of: how each reads, and what it must obey."""

from datetime import date, datetime
from typing import Any, Final, TypeVar, cast

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from rapport.foundation import clock
from rapport.foundation.access import Actor, Scoped, Verb
from rapport.foundation.facts import Fact, Refused
from rapport.foundation.kinds.kind import FactKind
from rapport.organizations.places.models import SchoolInDistrict
from rapport.standing.agreements import rules
from rapport.standing.agreements.access import leave
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


# How each kind reads

KEYS: Final = {
    rules.Key.SCHOOL_OFFICIAL: _lazy("officers are school officials under FERPA"),
    rules.Key.DOCUMENT: _lazy("the document is called"),
    rules.Key.REVIEW_MONTHS: _lazy("months from one review to the next"),
    rules.Key.WHO_MAY_COVER: _lazy("who may cover for a day"),
    rules.Key.CERTIFICATES_SHARED: _lazy("certificates are shared with the district"),
}
QUESTIONS: Final = {
    rules.Key.SCHOOL_OFFICIAL: _lazy("Are officers school officials under FERPA?"),
    rules.Key.DOCUMENT: _lazy("What is the document called?"),
    rules.Key.REVIEW_MONTHS: _lazy("How many months lie between two reviews?"),
    rules.Key.WHO_MAY_COVER: _lazy("Who may cover for a day?"),
    rules.Key.CERTIFICATES_SHARED: _lazy("Are certificates shared with the district?"),
}
WORDS: Final = {
    "yes": _lazy("yes"),
    "no": _lazy("no"),
    "not_said": _lazy("not said"),
    "mou": _lazy("memorandum of understanding"),
    "interlocal": _lazy("interlocal agreement"),
    "sro_agreement": _lazy("SRO agreement"),
    "sros": _lazy("another SRO only"),
    "sworn": _lazy("any sworn officer of the agency"),
    "sworn_and_guardians": _lazy("any sworn officer, or a guardian"),
}


def word(value: str) -> str:
    """Return a settled term's value in words; a number as it is."""
    return str(WORDS.get(value, value))


def side_words(fact: Any) -> str:
    """Return the name of the side that a party or a signature is of."""
    return str(fact.agency or fact.district)


def clause_words(clause: Clause) -> str:
    """Return a clause as "8: no part in school discipline (page 4)"."""
    there = rules.clauses().get(clause.number)
    title = there.title(get_language() or "en") if there else ""
    page = _(" (page %(page)s)") % {"page": clause.page} if clause.page else ""
    return f"{clause.number}: {title}{page}"


def settled_words(term: Settled) -> str:
    """Return a settled term as "who may cover for a day: any sworn officer"."""
    key = KEYS[rules.Key(term.key)] if term.key in set(rules.Key) else term.key
    return f"{key}: {word(term.value)}"


def coverage_words(coverage: Coverage) -> str:
    """Return what is covered: a school, or a district as a whole."""
    if coverage.school is not None:
        return str(coverage.school)
    return _("%(district)s as a whole") % {"district": coverage.district}


def signature_words(signature: Signature) -> str:
    """Return who signed, and how."""
    return f"{side_words(signature)}, {Signed(signature.how).label}"


TERM: Final = AgreementKind(
    model=Term,
    title=_lazy("Term"),
    record=leave.RECORD,
    correct=leave.CORRECT,
    withdraw=leave.WITHDRAW,
    end=leave.END,
    words=lambda term: _("The agreement runs"),
    may=may,
)
PARTY: Final = AgreementKind(
    model=Party,
    title=_lazy("Party"),
    record=leave.RECORD,
    correct=leave.CORRECT,
    withdraw=leave.WITHDRAW,
    end=leave.END,
    words=side_words,
    ensure=ensure_party_stays,
    may=may,
    related=("agency", "district"),
)
COVERAGE: Final = AgreementKind(
    model=Coverage,
    title=_lazy("Coverage"),
    record=leave.RECORD,
    correct=leave.CORRECT,
    withdraw=leave.WITHDRAW,
    end=leave.END,
    words=coverage_words,
    ensure=ensure_coverage,
    may=may,
    related=("district", "school"),
)
CLAUSE: Final = AgreementKind(
    model=Clause,
    title=_lazy("Clause"),
    record=leave.RECORD,
    correct=leave.CORRECT,
    withdraw=leave.WITHDRAW,
    end=leave.END,
    words=clause_words,
    ensure=ensure_clause,
    may=may,
)
SETTLED: Final = AgreementKind(
    model=Settled,
    title=_lazy("Settled term"),
    record=leave.RECORD,
    correct=leave.CORRECT,
    withdraw=leave.WITHDRAW,
    end=leave.END,
    words=settled_words,
    ensure=ensure_settled,
    may=may,
)
SIGNATURE: Final = AgreementKind(
    model=Signature,
    title=_lazy("Signature"),
    record=leave.SIGN,
    correct=leave.CORRECT,
    withdraw=leave.WITHDRAW,
    end=leave.END,
    words=signature_words,
    ensure=ensure_signature,
    may=may,
    related=("agency", "district"),
    is_a_moment=True,
)
AFFIRMATION: Final = AgreementKind(
    model=Affirmation,
    title=_lazy("Review"),
    record=leave.AFFIRM,
    correct=leave.CORRECT,
    withdraw=leave.WITHDRAW,
    words=lambda review: str(Affirmed(review.outcome).label),
    ensure=ensure_past,
    may=may,
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

STATES: Final = {
    rules.State.IN_FORCE: _lazy("in force"),
    rules.State.SIGNED: _lazy("signed, not begun"),
    rules.State.DRAFT: _lazy("not in force yet"),
    rules.State.ENDED: _lazy("ended"),
}
