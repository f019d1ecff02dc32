from datetime import UTC, date, datetime

import pytest

from rapport.foundation.access import SYSTEM
from rapport.foundation.demo import Town, build, months_before, next_working_day, working_day
from rapport.foundation.registry import DemoPart

TODAY = date(2026, 12, 2)


def test_acts_are_done_in_the_order_of_time_whichever_part_entered_them_first() -> None:
    done: list[tuple[str, datetime]] = []
    late = DemoPart(
        1,
        "late",
        lambda t: t.on(date(2026, 5, 4), 9, lambda now: done.append(("late", now)), minute=0),
    )
    early = DemoPart(
        2,
        "early",
        lambda t: t.on(date(2025, 7, 1), 9, lambda now: done.append(("early", now)), minute=0),
    )

    count = build(Town(1, TODAY), [late, early], lambda name: None)

    assert count == 2
    assert done == [
        ("early", datetime(2025, 7, 1, 13, tzinfo=UTC)),
        ("late", datetime(2026, 5, 4, 13, tzinfo=UTC)),
    ]


def test_two_acts_never_share_a_moment() -> None:
    town, moments = Town(1, TODAY), list[datetime]()
    for _ in range(3):
        town.on(date(2026, 3, 2), 9, moments.append)

    town.live()

    assert len(set(moments)) == 3
    assert moments == sorted(moments)


def test_an_act_may_enter_another_in_the_diary() -> None:
    town, moments = Town(1, TODAY), list[datetime]()
    town.on(
        date(2026, 3, 2), 9, lambda now: town.on(date(2026, 3, 3), 10, moments.append, minute=0)
    )

    town.live()

    assert moments == [datetime(2026, 3, 3, 15, tzinfo=UTC)]


def test_nothing_happens_in_the_town_today_or_later() -> None:
    with pytest.raises(ValueError, match="2026-12-02"):
        Town(1, TODAY).at(TODAY)


def test_the_town_begins_eighteen_months_before_today() -> None:
    assert Town(1, date(2026, 8, 31)).start == date(2025, 2, 28)
    assert months_before(date(2026, 1, 31), 11) == date(2025, 2, 28)
    assert months_before(date(2024, 3, 31), 1) == date(2024, 2, 29)


def test_a_day_so_long_ago_is_a_working_day() -> None:
    assert working_day(date(2026, 11, 29)) == date(2026, 11, 27)  # a Sunday
    assert next_working_day(date(2026, 11, 27)) == date(2026, 11, 30)
    assert next_working_day(date(2026, 11, 29)) == date(2026, 11, 30)
    assert next_working_day(date(2026, 11, 30)) == date(2026, 12, 1)
    assert Town(1, TODAY).ago(months=1) == date(2026, 11, 2)


def test_the_same_seed_gives_the_same_moments_and_another_seed_others() -> None:
    def moments(seed: int) -> list[datetime]:
        town, found = Town(seed, TODAY), list[datetime]()
        for _ in range(5):
            town.on(date(2026, 3, 2), 9, found.append)
        town.live()
        return found

    assert moments(7) == moments(7)
    assert moments(7) != moments(8)


def test_somebody_not_cast_acts_as_the_system() -> None:
    assert Town(1, TODAY).actor("mayor", datetime(2026, 3, 2, tzinfo=UTC)) is SYSTEM
