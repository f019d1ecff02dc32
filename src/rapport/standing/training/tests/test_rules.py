from datetime import date
from decimal import Decimal

import pytest

from rapport.foundation.facts import Refused
from rapport.standing.training import rules


@pytest.mark.parametrize("hours", [None, Decimal("0.5"), Decimal(40), 2000])
def test_hours_are_above_none_or_not_known(hours: Decimal | None) -> None:
    rules.ensure_hours(hours)


@pytest.mark.parametrize("hours", [Decimal(0), Decimal(-1), 2001])
def test_hours_of_zero_or_less_or_of_more_than_a_year_are_refused(hours: Decimal) -> None:
    with pytest.raises(Refused) as refused:
        rules.ensure_hours(hours)

    assert refused.value.field == "hours"


def test_a_completion_is_verified_by_somebody_else() -> None:
    rules.ensure_another({1, 5}, 2, 3)
    rules.ensure_another({1}, None, 3)

    with pytest.raises(Refused, match="entered this completion yourself"):
        rules.ensure_another({5, 2}, 2, 3)
    with pytest.raises(Refused, match="the own completion"):
        rules.ensure_another({5, 3}, 2, 3)
    with pytest.raises(Refused, match="A person verifies"):
        rules.ensure_another((), 2, 3)


def test_nothing_is_verified_before_it_was_issued() -> None:
    rules.ensure_not_before_issue(date(2024, 10, 4), date(2024, 10, 4))

    with pytest.raises(Refused, match="issued on 2024-10-05"):
        rules.ensure_not_before_issue(date(2024, 10, 4), date(2024, 10, 5))


@pytest.mark.parametrize("code", ["", "A", "a", "Über", "with space", "-x", "x" * 41])
def test_a_course_has_a_code_that_rules_can_name(code: str) -> None:
    rules.ensure_course("county-sro-40", "County SRO course", 40)

    with pytest.raises(Refused) as refused:
        rules.ensure_course(code, "County SRO course", 40)

    assert refused.value.field == "code"


def test_a_course_has_a_name() -> None:
    with pytest.raises(Refused, match="name"):
        rules.ensure_course("county-sro-40", " ", None)
