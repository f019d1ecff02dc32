"""What must be true of courses and completions, whoever records them. No database, clock or request."""

import re
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from rapport.foundation.facts import Refused

CODE: Final = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")
MOST_HOURS: Final = 2000
LONG_COURSE: Final = (
    400  # hours beyond which one asks again where a course says no hours of its own
)


def ensure_hours(hours: Decimal | int | None, field: str = "hours") -> None:
    """Raise `Refused` unless hours are more than none; None is not known, and never zero."""
    if hours is not None and hours <= 0:
        raise Refused(
            _("Hours are more than 0. Leave them empty where they are not known."), field=field
        )
    if hours is not None and hours > MOST_HOURS:
        raise Refused(
            _("{hours} hours are more than a year's work. Look at the figure again.").format(
                hours=hours
            ),
            field=field,
        )


def are_many(hours: Decimal | int | None, usual: int | None) -> bool:
    """Tell whether hours are far more than a course has: over twice as many, or ten weeks."""
    return hours is not None and hours > (2 * usual if usual else LONG_COURSE)


def ensure_another(verifier: Collection[int], entered_by: int | None, about: int | None) -> None:
    """Raise `Refused` unless a completion is verified by a person who neither entered it nor took the course.

    `verifier` is every id under which the person is known; empty for the program itself.
    """
    if not verifier:
        raise Refused(_("A person verifies a completion; the program cannot."))
    if about in verifier:
        raise Refused(_("Nobody verifies the own completion. Ask somebody else of the agency."))
    if entered_by in verifier:
        raise Refused(
            _("You entered this completion yourself. Ask somebody else of the agency to verify it.")
        )


def ensure_not_before_issue(verified_on: date, issued: date) -> None:
    """Raise `Refused` where a completion would be verified before it was issued."""
    if verified_on < issued:
        raise Refused(
            _(
                "The certificate was issued on {issued}; it cannot have been verified before."
            ).format(issued=issued.isoformat()),
            field="valid_from",
        )


def ensure_course(code: str, name: str, hours: int | None) -> None:
    """Raise `Refused` unless a course has a code that rules can name, a name, and hours above 0 or none."""
    if not CODE.fullmatch(code):
        raise Refused(
            _("A code is 2 to 40 small letters, digits and hyphens, such as county-sro-40."),
            field="code",
        )
    if not name.strip():
        raise Refused(_("Give the course a name."), field="name")
    ensure_hours(hours)


def code_is_taken(code: str) -> Refused:
    """Return the refusal where another course has this code."""
    return Refused(
        _("There is a course with the code {code} already.").format(code=code), field="code"
    )


def is_verified_already() -> Refused:
    """Return the refusal where a completion has been verified."""
    return Refused(_("This completion is verified already."))


def nothing_changed() -> Refused:
    """Return the refusal where nothing would change."""
    return Refused(_("Nothing was changed, so nothing was saved."))
