from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from rapport.foundation.access import Actor, Role
from rapport.foundation.audit.models import Line
from rapport.foundation.demo import Town
from rapport.organizations.people.models import Person
from rapport.organizations.places.models import Agency
from rapport.standing.officers import demo as officers
from rapport.standing.officers.tests.build import a_person, an_actor, an_agency
from rapport.standing.selection import demo as selection
from rapport.standing.selection.models import Evaluation, Selection
from rapport.standing.training import demo
from rapport.standing.training.models import Completed, Verified
from rapport.standing.training.tests.build import a_course

pytestmark = pytest.mark.django_db


def lived(today: date) -> Town:
    """Return a town with an agency, its people and courses, after eighteen months."""
    a_course()
    agency = an_agency()
    people = {"chief": a_person("Ada Quill", "Chief"), "sergeant": a_person("Robin Vale", "Sgt.")}
    town = Town(seed=15, today=today, cast={"agency": agency, **people})
    town.actors = {
        "chief": as_now(Role.AGENCY_HEAD, agency, people["chief"]),
        "sergeant": as_now(Role.SUPERVISOR, agency, people["sergeant"]),
    }
    for part in (officers, selection, demo):
        part.build(town)
    town.live()
    return town


def as_now(role: Role, agency: Agency, person: Person) -> Callable[[datetime], Actor]:
    def give(now: datetime) -> Actor:
        return an_actor(role, agency, person=person)

    return give


@pytest.mark.parametrize("today", [date(2026, 3, 2), date(2026, 7, 5), date(2024, 2, 29)])
def test_the_towns_papers_tell_their_story_on_any_day(today: date) -> None:
    town = lived(today)
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


def test_both_were_selected_before_the_second_was_assigned_and_the_first_is_evaluated_yearly() -> (
    None
):
    town = lived(date(2026, 3, 2))

    by_officer = {s.officer_id: s for s in Selection.objects.known()}
    assert by_officer[town.cast["roster_2"].pk].valid_from < town.ago(months=10)
    assert {s.decided_by_id for s in by_officer.values()} == {town.cast["chief"].pk}
    evaluations = Evaluation.objects.order_by("valid_from")
    assert [e.district_part for e in evaluations] == ["informed", "concurred"]


def test_every_act_leaves_one_line_and_time_runs_forward() -> None:
    lived(date(2026, 3, 2))

    lines = list(Line.objects.exclude(verb="training.load_courses").order_by("pk"))
    assert len(lines) == 2 + 2 + 2 + 6 + 1 + 5
    assert [line.at for line in lines] == sorted(line.at for line in lines)
    assert all(line.actor_id for line in lines)
