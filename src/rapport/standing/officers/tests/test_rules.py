from datetime import date

import pytest

from rapport.foundation.facts import Refused
from rapport.standing.officers import rules

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize("badge", ["1", "142", "S-7", "ABCDEFGHIJ12"])
def test_a_badge_of_letters_digits_and_hyphens_is_taken(badge: str) -> None:
    rules.ensure_badge(badge)


@pytest.mark.parametrize("badge", ["", " 142", "-7", "1234567890123", "14/2", "142\n", "é"])
def test_any_other_badge_is_refused_at_its_field(badge: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.ensure_badge(badge)

    assert refused.value.field == "badge"


def test_a_certificate_dated_today_is_taken() -> None:
    rules.ensure_certification("VA", TODAY, TODAY)


def test_a_certificate_dated_in_the_future_is_refused_in_words() -> None:
    with pytest.raises(Refused, match="2026-03-03 is still to come") as refused:
        rules.ensure_certification("VA", date(2026, 3, 3), TODAY)

    assert refused.value.field == "valid_from"


@pytest.mark.parametrize("state", ["", "va", "XX", "Virginia", "A "])
def test_a_state_that_is_none_is_refused(state: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.ensure_certification(state, TODAY, TODAY)

    assert refused.value.field == "state"


def test_an_officer_without_a_name_is_refused() -> None:
    with pytest.raises(Refused, match="name"):
        rules.ensure_named("  ")
