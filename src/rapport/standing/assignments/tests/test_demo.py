"""The demo town's agreement and assignments, on places and officers made for this test."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import override_settings

from rapport.foundation import demo
from rapport.foundation.access import STRANGER, SYSTEM
from rapport.foundation.audit.models import Line
from rapport.foundation.demo import Town
from rapport.foundation.registry import DemoPart
from rapport.foundation.rulesets.actions import load_shipped
from rapport.organizations.calendars import demo as calendars
from rapport.organizations.places.models import District
from rapport.standing.agreements import demo as agreements
from rapport.standing.assignments import demo as assignments
from rapport.standing.assignments import queries
from rapport.standing.assignments.models import Assignment
from rapport.standing.assignments.rules import Word
from rapport.standing.assignments.tests import program

pytestmark = pytest.mark.django_db
DAYS = [
    date(2026, 12, 2),
    date(2026, 7, 12),
    date(2026, 3, 31),
    date(2024, 2, 29),
    date(2026, 8, 11),
]


def a_town(today: date) -> Town:
    """Return a demo town that was lived through, with two officers in standing."""
    town = Town(15, today)
    start = town.last

    def ground(town: Town) -> None:
        load_shipped(SYSTEM, now=start)
        made = program.a_town(signed=False, agreed=False, start=town.ago(months=18))
        two, three = (
            program.a_school(made.district, "Two"),
            program.a_school(made.district, "Three"),
        )
        one, other = program.an_officer(made, badge="1"), program.an_officer(made, badge="2")
        program.a_course(made, one)
        town.cast |= {
            "agency": made.agency,
            "district": made.district,
            "high_school": made.school,
            "second_school": two,
            "schools": {"one": made.school, "two": two, "three": three},
            "roster_1": one,
            "roster_2": other,
        }

    parts = [
        DemoPart(1, "ground", ground),
        DemoPart(33, "agreements", agreements.build),
        DemoPart(34, "assignments", assignments.build),
    ]
    demo.build(town, parts, lambda name: None)
    return town


def words(town: Town, key: str, *, known: datetime | None = None) -> list[tuple[date, Word]]:
    """Return from when an assignment's standing had which word."""
    assignment: Assignment = town.cast[key]
    pieces = queries.timeline_of(
        SYSTEM, assignment, first=town.start, last=town.today + timedelta(days=1), known=known
    )
    found: list[tuple[date, Word]] = []
    for piece in pieces:
        if not found or found[-1][1] is not piece.standing.word:
            found.append((piece.since, piece.standing.word))
    return found


@pytest.mark.parametrize("today", DAYS)
def test_over_eighteen_months_the_first_officer_had_all_three_words(today: date) -> None:
    town = a_town(today)

    found = words(town, "assignment_1")

    assert [w for _, w in found] == [
        Word.PROVISIONAL,  # until the second signature
        Word.CLEARED,
        Word.NOT_CLEARED,  # on leave
        Word.CLEARED,
    ]
    assert found[0][0] == town.start


@pytest.mark.parametrize("today", DAYS)
def test_today_nobody_is_red_and_the_second_officer_needs_a_course_within_90_days(
    today: date,
) -> None:
    town = a_town(today)

    now = list(queries.all_standings(SYSTEM, day=today))

    assert sorted(f.standing.word for f in now) == ["cleared", "cleared", "provisional"]
    (second,) = [f for f in now if f.standing.word is Word.PROVISIONAL]
    until = second.standing.until
    assert until is not None
    assert today < until <= today + timedelta(days=90)
    assert [w for _, w in words(town, "assignment_2")][-1] is Word.PROVISIONAL


def test_what_was_known_of_the_leave_and_of_the_signature_came_later() -> None:
    today = DAYS[0]
    town = a_town(today)
    leave = words(town, "assignment_1")[2][0]
    signed = words(town, "assignment_1")[1][0]

    on_the_day = words(town, "assignment_1", known=town.at(leave, 20))
    after_the_slip = words(town, "assignment_1", known=town.at(town.ago(months=16), 20))

    assert Word.NOT_CLEARED not in [w for _, w in on_the_day]
    assert after_the_slip[1][1] is Word.CLEARED
    assert after_the_slip[1][0] < signed


def test_the_injury_was_bridged_by_an_exception_that_has_ended() -> None:
    town = a_town(DAYS[0])
    hurt = town.ago(months=4)
    pair = (town.cast["roster_2"].pk, town.cast["second_school"].pk, town.cast["agency"].pk)

    then = queries.standing_of(SYSTEM, *pair, day=hurt + timedelta(days=5))
    now = queries.standing_of(SYSTEM, *pair, day=town.today)

    assert then is not None
    assert now is not None
    assert then.standing.grounds["sworn"].is_excepted
    assert not now.standing.grounds["sworn"].is_excepted


def test_the_lines_of_the_town_run_forward_in_time() -> None:
    a_town(DAYS[0])

    moments = list(Line.objects.order_by("pk").values_list("at", flat=True))

    assert moments == sorted(moments)
    assert moments[-1].date() < DAYS[0]


# On a Sunday or in July the board opens on the last school day.


@pytest.mark.parametrize(
    ("today", "opens"),
    [
        (date(2026, 11, 24), date(2026, 11, 24)),  # a Tuesday of school
        (date(2026, 11, 29), date(2026, 11, 24)),  # the Sunday after Thanksgiving
        (date(2026, 7, 12), date(2026, 6, 5)),  # the summer
    ],
)
def test_a_demo_opens_on_its_last_school_day(today: date, opens: date) -> None:
    district = District.objects.create(name="Alder Schools", state="VA")
    town = Town(15, date(2026, 12, 2), cast={"district": district})
    calendars.build(town)
    town.live()
    noon = datetime(today.year, today.month, today.day, 17, tzinfo=UTC)

    with override_settings(RAPPORT_IS_DEMO=True):
        assert queries.opening_day(STRANGER, now=noon) == opens
    assert queries.opening_day(STRANGER, now=noon) == today


@override_settings(RAPPORT_IS_DEMO=True)
def test_without_a_calendar_a_demo_opens_on_its_last_working_day() -> None:
    sunday = datetime(2026, 11, 29, 17, tzinfo=UTC)

    assert queries.opening_day(STRANGER, now=sunday) == date(2026, 11, 27)
