"""What a disclosure must say before it opens a record. No database, no clock, no request."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final, NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.foundation.access import SIDES, RecordClass, Scope
from rapport.foundation.facts import Refused


class Basis(TextChoices):
    """Why a record may cross the wall. The first five are those of FERPA (34 CFR 99.31, 99.36, 99.37)."""

    SCHOOL_OFFICIAL = "school_official", gettext_lazy("school official")
    EMERGENCY = "emergency", gettext_lazy("health or safety emergency")
    CONSENT = "consent", gettext_lazy("consent")
    SUBPOENA = "subpoena", gettext_lazy("subpoena or court order")
    DIRECTORY = "directory", gettext_lazy("directory information")
    REQUIRED = "required", gettext_lazy("a law or an agency's own rule requires it")


LONGEST: Final = timedelta(days=366)


class Terms(NamedTuple):
    """What is said about a disclosure."""

    basis: Basis
    purpose: str
    threat: str  # the articulable threat; only with the emergency basis
    persons: tuple[int, ...]  # recipients who are known to the program
    others: str  # recipients who are not, in words
    last_day: date  # the last day on which it holds


def kept_by_schools(record_class: RecordClass) -> bool:
    """Tell whether schools and districts keep records of this class."""
    return Scope.AGENCY not in SIDES[record_class]


def bases(record_class: RecordClass) -> list[Basis]:
    """Return the bases on which a record of this class can be disclosed."""
    if record_class is RecordClass.EDUCATION:
        return [b for b in Basis if b is not Basis.REQUIRED]
    if kept_by_schools(record_class) or record_class is RecordClass.MENTORING:
        return [b for b in Basis if b is not Basis.DIRECTORY]
    return [Basis.EMERGENCY, Basis.CONSENT, Basis.SUBPOENA, Basis.REQUIRED]


def ensure_terms(terms: Terms, record_class: RecordClass, today: date) -> None:
    """Raise `Refused` unless a disclosure says all that it must (FIELD 14, rule 16)."""
    if terms.basis not in bases(record_class):
        raise Refused(_("This basis does not open a record of this class."), field="basis")
    if not terms.purpose.strip():
        raise Refused(_("Say what it is for."), field="purpose")
    if terms.basis is Basis.EMERGENCY and not terms.threat.strip():
        raise Refused(
            _("An emergency needs the threat in words: what, to whom, and how that is known."),
            field="threat",
        )
    if not terms.persons and not terms.others.strip():
        raise Refused(_("Say who receives it."), field="persons")
    if terms.last_day < today:
        raise Refused(_("The last day must not lie in the past."), field="last_day")
    if terms.last_day > today + LONGEST:
        raise Refused(_("A disclosure holds for a year at most."), field="last_day")


def ensure_officials(names: Iterable[str]) -> None:
    """Raise `Refused` naming the recipients whom no agreement makes a school official there."""
    if outside := ", ".join(names):
        raise Refused(
            _(
                "No agreement in force makes %(names)s a school official at this school. "
                "Choose another basis, or another recipient."
            )
            % {"names": outside},
            field="basis",
        )
