"""The pages of selections and evaluations, shown by `foundation.kinds`."""

from functools import partial
from typing import Final

from django.utils.translation import gettext_lazy as _

from rapport.foundation.kinds.pages import FactPages
from rapport.standing.officers import queries as officers
from rapport.standing.officers.access import ON_PAGES
from rapport.standing.selection import access, actions
from rapport.standing.selection.forms import EvaluationForm, SelectionForm

FACTS: Final = (
    FactPages(
        kind=access.SELECTION,
        form=SelectionForm,
        may_record=partial(officers.may_record, kind=access.SELECTION),
        record=actions.record_selection,
        correct=actions.correct_selection,
        end=actions.end_selection,
        withdraw=actions.withdraw_selection,
        ask=_("How was this officer selected?"),
        **ON_PAGES,
    ),
    FactPages(
        kind=access.EVALUATION,
        form=EvaluationForm,
        may_record=partial(officers.may_record, kind=access.EVALUATION),
        record=actions.record_evaluation,
        correct=actions.correct_evaluation,
        withdraw=actions.withdraw_evaluation,
        ask=_("When was this officer evaluated?"),
        **ON_PAGES,
    ),
)
