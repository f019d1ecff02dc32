"""The pages of selections and evaluations, shown by `foundation.kinds`."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from rapport.foundation.kinds.pages import FactPages
from rapport.standing.officers.access import on_pages
from rapport.standing.selection import access, actions
from rapport.standing.selection.forms import EvaluationForm, SelectionForm

FACTS: Final = (
    FactPages(
        form=SelectionForm,
        record=actions.record_selection,
        correct=actions.correct_selection,
        end=actions.end_selection,
        withdraw=actions.withdraw_selection,
        ask=_("How was this officer selected?"),
        **on_pages(access.SELECTION),
    ),
    FactPages(
        form=EvaluationForm,
        record=actions.record_evaluation,
        correct=actions.correct_evaluation,
        withdraw=actions.withdraw_evaluation,
        ask=_("When was this officer evaluated?"),
        **on_pages(access.EVALUATION),
    ),
)
