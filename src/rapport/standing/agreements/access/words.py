"""How an agreement's parts, its settled terms and its states read."""

from typing import Any, Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from rapport.standing.agreements import rules
from rapport.standing.agreements.models import Clause, Coverage, Settled, Signature, Signed

STATES: Final = {
    rules.State.IN_FORCE: _lazy("in force"),
    rules.State.SIGNED: _lazy("signed, not begun"),
    rules.State.DRAFT: _lazy("not in force yet"),
    rules.State.ENDED: _lazy("ended"),
}
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


def side(fact: Any) -> str:
    """Return the name of the side that a party or a signature is of."""
    return str(fact.agency or fact.district)


def clause(row: Clause) -> str:
    """Return a clause as "8. no part in school discipline (page 4)"."""
    there = rules.clauses().get(row.number)
    title = there.title(get_language() or "en") if there else ""
    page = _(" (page %(page)s)") % {"page": row.page} if row.page else ""
    return f"{row.number}. {title}{page}"


def settled(term: Settled) -> str:
    """Return a settled term as "who may cover for a day: any sworn officer"."""
    key = KEYS[rules.Key(term.key)] if term.key in set(rules.Key) else term.key
    return f"{key}: {word(term.value)}"


def coverage(row: Coverage) -> str:
    """Return what is covered: a school, or a district as a whole."""
    if row.school is not None:
        return str(row.school)
    return _("%(district)s as a whole") % {"district": row.district}


def signature(row: Signature) -> str:
    """Return who signed, and how."""
    return f"{side(row)}, {Signed(row.how).label}"
