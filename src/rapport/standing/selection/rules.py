"""What must be true of a selection and an evaluation, whoever records them. No database, clock or request."""

from collections.abc import Collection
from datetime import date

from django.utils.translation import gettext as _

from rapport.foundation.facts import Refused


def ensure_by_somebody_else(decided_by: int | None, about: Collection[int]) -> None:
    """Raise `Refused` where an officer, by whichever id, is said to have selected themselves."""
    if decided_by in about:
        raise Refused(
            _("Nobody selects themselves. Name who made the decision, or leave it empty."),
            field="decided_by",
        )


def ensure_employed_by_then(day: date, first_employed: date | None, agency: str) -> None:
    """Raise `Refused` where an evaluation lies before the first day of a recorded employment.

    Where no employment is recorded (None), nothing is known against it.
    """
    if first_employed is not None and day < first_employed:
        raise Refused(
            _(
                "{agency} has employed this officer only since {first}. Correct that first, or look at "
                "the date of the evaluation again."
            ).format(agency=agency, first=first_employed.isoformat()),
            field="valid_from",
        )
