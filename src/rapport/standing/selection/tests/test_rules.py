from datetime import date

import pytest

from rapport.foundation.facts import Refused
from rapport.standing.selection import rules


def test_nobody_selects_themselves() -> None:
    rules.ensure_by_somebody_else(None, {7})
    rules.ensure_by_somebody_else(8, {7})

    with pytest.raises(Refused, match="Nobody selects themselves") as refused:
        rules.ensure_by_somebody_else(7, {6, 7})

    assert refused.value.field == "decided_by"


def test_an_evaluation_lies_on_or_after_the_first_day_of_employment() -> None:
    rules.ensure_employed_by_then(date(2025, 6, 2), date(2025, 6, 2), "Alder Police")
    rules.ensure_employed_by_then(date(2025, 6, 2), None, "Alder Police")

    with pytest.raises(Refused, match="only since 2025-06-03") as refused:
        rules.ensure_employed_by_then(date(2025, 6, 2), date(2025, 6, 3), "Alder Police")

    assert refused.value.field == "valid_from"
