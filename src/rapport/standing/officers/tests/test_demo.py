from datetime import date

import pytest

from rapport.foundation.audit.models import Line
from rapport.foundation.demo import Town
from rapport.standing.officers import demo
from rapport.standing.officers.models import Employment
from rapport.standing.officers.tests.build import an_agency

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("today", [date(2026, 3, 2), date(2026, 7, 5), date(2024, 2, 29)])
def test_two_officers_join_the_town_with_a_line_each_and_the_same_ones_every_time(
    today: date,
) -> None:
    town = Town(seed=15, today=today, cast={"agency": an_agency()})

    demo.build(town)
    acts = town.live()

    assert acts == 2
    assert [line.verb for line in Line.objects.order_by("pk")] == ["officers.add"] * 2
    assert list(Employment.objects.order_by("pk").values_list("badge", flat=True)) == [
        "1142",
        "1157",
    ]
    assert town.cast["roster_1"].person.name == "Dana Whitlock"
    first = Line.objects.order_by("pk")[0]
    assert first.at.date() == town.ago(months=18)


def test_a_town_without_places_stays_empty() -> None:
    town = Town(seed=15, today=date(2026, 3, 2))

    demo.build(town)

    assert town.live() == 0
