from datetime import date, timedelta

import pytest

from rapport.foundation.audit.models import Line
from rapport.standing.officers.tests.build import a_lived_town
from rapport.standing.training import demo
from rapport.standing.training.models import Completed, Verified
from rapport.standing.training.tests.build import a_course

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("today", [date(2026, 3, 2), date(2026, 7, 5), date(2024, 2, 29)])
def test_the_towns_papers_tell_their_story_on_any_day(today: date) -> None:
    a_course()
    town = a_lived_town(today, demo.build)
    one, two = town.cast["roster_1"], town.cast["roster_2"]

    basic = Completed.objects.known().get(course__code="nasro-basic")
    assert basic.officer == one
    assert basic.valid_until is not None
    assert today < basic.valid_until <= today + timedelta(days=90)
    assert basic.replaces is not None
    assert basic.replaces.withdrawn_at - basic.replaces.recorded_at > timedelta(days=27)
    assert Verified.objects.known().filter(completion=basic.completion).exists()
    assert not Completed.objects.filter(officer=two, course__code="nasro-basic").exists()
    unproven = Completed.objects.known().exclude(
        completion__in=Verified.objects.known().values("completion")
    )
    assert [(c.officer, c.course.code) for c in unproven] == [(two, "in-service")]


def test_every_act_leaves_one_line_and_time_runs_forward() -> None:
    a_course()
    a_lived_town(date(2026, 3, 2), demo.build)

    lines = list(Line.objects.exclude(verb="training.load_courses").order_by("pk"))
    assert len(lines) == 2 + 6 + 1 + 5
    assert [line.at for line in lines] == sorted(line.at for line in lines)
    assert all(line.actor_id for line in lines)
