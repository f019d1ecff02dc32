from datetime import date

import pytest

from rapport.foundation.audit.models import Line
from rapport.standing.officers.tests.build import a_lived_town
from rapport.standing.selection import demo
from rapport.standing.selection.models import Evaluation, Selection

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("today", [date(2026, 3, 2), date(2026, 7, 5), date(2024, 2, 29)])
def test_both_were_selected_before_they_were_assigned_and_one_is_evaluated_yearly(
    today: date,
) -> None:
    town = a_lived_town(today, demo.build)

    first, second = Selection.objects.known().order_by("officer_id")
    assert first.valid_from < town.start
    assert second.valid_from < town.ago(months=10)
    assert {first.decided_by_id, second.decided_by_id} == {town.cast["chief"].pk}
    evaluations = Evaluation.objects.order_by("valid_from")
    assert [e.district_part for e in evaluations] == ["informed", "concurred"]
    assert Line.objects.filter(verb__startswith="selection.").count() == 4
