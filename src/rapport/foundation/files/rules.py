"""What is true of a kept file, whoever asks. No database, no clock, no request."""

import re
import unicodedata
from collections.abc import Set
from typing import Final, NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.foundation.access import SIDES, WATCHED, Place, RecordClass, Scope
from rapport.foundation.facts import Refused


class Kind(TextChoices):
    """What a file is, as a chosen word."""

    CERTIFICATE = "certificate", gettext_lazy("certificate")
    AGREEMENT = "agreement", gettext_lazy("agreement")
    SIGNATURE = "signature", gettext_lazy("signed page")
    LETTER = "letter", gettext_lazy("letter")
    NOTE = "note", gettext_lazy("note")
    REPORT = "report", gettext_lazy("report")
    PROCEDURE = "procedure", gettext_lazy("procedure")
    PLAN = "plan", gettext_lazy("floor plan")
    OTHER = "other", gettext_lazy("other")


class Custodian(TextChoices):
    """Who keeps a record and answers for it."""

    AGENCY = "agency", gettext_lazy("the agency")
    DISTRICT = "district", gettext_lazy("the district")
    SCHOOL = "school", gettext_lazy("the school")
    PROGRAM = "program", gettext_lazy("the program")


# Words about people that the vault seals (DESIGN, settled once, 11).
SEALED: Final = frozenset(
    {
        RecordClass.MENTORING,
        RecordClass.TIP,
        RecordClass.THREAT,
        RecordClass.INTERNAL_AFFAIRS,
    }
)


def is_watched(record_class: str, *, about_minor: bool) -> bool:
    """Tell whether reading such a record leaves a line."""
    return about_minor or record_class in WATCHED


# Where a file lies


def custodian_of(record_class: RecordClass, at: Place) -> Custodian:
    """Return who keeps a record of this class that lies `at`."""
    if Scope.AGENCY not in SIDES[record_class] or at.agency_id is None:
        if at.school_id is not None:
            return Custodian.SCHOOL
        return Custodian.DISTRICT if at.district_id is not None else Custodian.PROGRAM
    is_shared = Scope.SCHOOL in SIDES[record_class] and (at.district_id or at.school_id)
    return Custodian.PROGRAM if is_shared else Custodian.AGENCY


def ensure_place(record_class: RecordClass, at: Place) -> None:
    """Raise `Refused` unless a record of this class can lie `at`: its custodian must be named."""
    sides = SIDES[record_class]
    if Scope.SCHOOL not in sides and at.agency_id is None:
        raise Refused(_("A record of this class is kept by an agency. Choose one."), field="at")
    if Scope.AGENCY not in sides and not (at.district_id or at.school_id):
        raise Refused(
            _("A record of this class is kept by a school or a district. Choose one."), field="at"
        )


def ensure_not_shared(record_class: str, *, about_minor: bool) -> None:
    """Raise `Refused` for what is about a student in a class that both sides or everybody may read."""
    if about_minor and record_class in {RecordClass.PROGRAM, RecordClass.PUBLIC}:
        raise Refused(
            _(
                "What says something about a student is not kept where both sides read it. Choose "
                "another class, or give it to somebody who keeps education records."
            ),
            field="record_class",
        )


# What a file is


class Media(NamedTuple):
    """A kind of content that is accepted: its media type and the ending of its name."""

    type: str
    ending: str


PDF: Final = Media("application/pdf", ".pdf")
PNG: Final = Media("image/png", ".png")
JPEG: Final = Media("image/jpeg", ".jpg")
CSV: Final = Media("text/csv", ".csv")
TEXT: Final = Media("text/plain", ".txt")
ACCEPTED: Final = (PDF, PNG, JPEG, CSV, TEXT)

_CONTROL: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def media_of(data: bytes, name: str) -> Media:
    """Return what the content is, by its own first bytes; the name only tells a table from a text.

    Raises `Refused` for what is empty or of another kind.
    """
    if not data:
        raise Refused(_("This file is empty. Choose the right one."), field="file")
    if data.startswith(b"%PDF-"):
        return PDF
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if _is_text(data):
        return CSV if name.lower().endswith(".csv") else TEXT
    raise Refused(
        _("Files can be PDF, PNG, JPEG, plain text or CSV. Save this one as a PDF and try again."),
        field="file",
    )


def _is_text(data: bytes) -> bool:
    if _CONTROL.search(data):
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def ensure_size(size: int, limit: int) -> None:
    """Raise `Refused` where a file is larger than `limit` bytes."""
    if size > limit:
        raise Refused(
            _("This file is larger than %(limit)s MB. Make it smaller or split it.")
            % {"limit": limit // (1024 * 1024)},
            field="file",
        )


_NOT_IN_NAMES: Final = re.compile(r'[\\/:*?"<>|]+')
LONGEST_NAME: Final = 120


def clean_name(name: str, media: Media) -> str:
    """Return a name that no system reads as a path, a command or another kind of file."""
    last = re.split(r"[\\/]", name)[-1]
    seen = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in last)
    stem = _NOT_IN_NAMES.sub(" ", seen)
    stem = re.sub(r"\.[A-Za-z0-9]{1,8}$", "", stem.strip())
    stem = " ".join(stem.split()).strip(". ")[: LONGEST_NAME - len(media.ending)]
    return (stem or "file") + media.ending


# A class changes only by reclassification


class Decision(TextChoices):
    """What became of a proposal to change a record's class."""

    PROPOSED = "proposed", gettext_lazy("proposed")
    APPROVED = "approved", gettext_lazy("approved")
    REFUSED = "refused", gettext_lazy("refused")


class Reason(TextChoices):
    """Why a class is changed. The words beside it lie in a row that can be shredded."""

    WRONG_CLASS = "wrong_class", gettext_lazy("it was given the wrong class when it was kept")
    CUSTODY = "custody", gettext_lazy("another custodian took it over")
    COURT = "court", gettext_lazy("a court or a law asks for it")
    PUBLISHED = "published", gettext_lazy("it is to be published")
    OTHER = "other", gettext_lazy("other")


def ensure_new_class(before: str, after: str) -> None:
    """Raise `Refused` where a reclassification would change nothing."""
    if before == after:
        raise Refused(_("It is of that class already. Choose another."), field="to_class")


def ensure_second_person(proposed_by: int | None, deciding: Set[int]) -> None:
    """Raise `Refused` unless a known second person decides. `deciding` are the ids of whoever decides."""
    if not deciding or proposed_by in deciding:
        raise Refused(_("Somebody else than who proposed it must decide."))
