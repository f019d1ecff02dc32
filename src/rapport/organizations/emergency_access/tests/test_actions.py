"""Taking, ending, reading and reviewing: what it gives, for how long, and what stands in the trail."""

import json
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from rapport.foundation import access as wall
from rapport.foundation.access import (
    SYSTEM,
    Actor,
    Channel,
    NotAllowed,
    Place,
    RecordClass,
    Right,
    Role,
    Scope,
    emergencies,
)
from rapport.foundation.audit.access import visible_lines
from rapport.foundation.audit.models import Line, Side
from rapport.foundation.facts import Overtaken, Refused
from rapport.foundation.files import actions as file_actions
from rapport.foundation.files.tests.build import a_sample
from rapport.foundation.outbox import outbox
from rapport.organizations.emergency_access import access, actions, queries
from rapport.organizations.emergency_access.models import Emergency, Outcome, Review
from rapport.organizations.emergency_access.tests.build import REASON, Town
from rapport.organizations.people import actions as people_actions
from rapport.organizations.people.models import RoleHeld
from rapport.organizations.people.queries import At
from rapport.organizations.people.tests.build import NOON, TODAY, a_person

pytestmark = pytest.mark.django_db
JOB = replace(SYSTEM, channel=Channel.JOB)
EDUCATION, SECURITY, THREAT = RecordClass.EDUCATION, RecordClass.SECURITY, RecordClass.THREAT


def after(minutes: float) -> Any:
    return NOON + timedelta(minutes=minutes)


def reads(actor: Actor, record_class: RecordClass, **at: int | None) -> bool:
    return wall.gives(actor, Right.READ, record_class, Place(**at))


def lines(verb: str) -> list[dict[str, Any]]:
    rows = Line.objects.filter(verb=f"emergency_access.{verb}").order_by("pk")
    return [json.loads(line.detail) for line in rows]


# What it gives


def test_it_opens_one_class_at_one_place_to_read_at_once() -> None:
    town = Town()
    before = town.actor("officer")
    assert not reads(before, EDUCATION, school_id=town.high.pk)

    town.take()

    actor = town.actor("officer", after(1))
    assert reads(actor, EDUCATION, school_id=town.high.pk)
    assert not reads(actor, EDUCATION, school_id=town.far.pk)
    assert not reads(actor, EDUCATION, district_id=town.city.pk)
    assert not reads(actor, THREAT, school_id=town.high.pk)
    for right in (Right.WRITE, Right.DISCLOSE):
        assert not wall.gives(actor, right, EDUCATION, Place(school_id=town.high.pk))


@pytest.mark.parametrize(("role", "record_class"), list(product(Role, RecordClass)))
def test_who_may_open_what_is_what_the_table_says(role: Role, record_class: RecordClass) -> None:
    if role in (Role.PUBLIC, Role.LINK_HOLDER):
        return
    town = Town(staffed=False)
    places: dict[Scope, At] = {
        Scope.AGENCY: town.maple,
        Scope.SCHOOL: town.high,
        Scope.DISTRICT: town.city,
    }
    at: At = next((at for scope, at in places.items() if scope in wall.HELD_AT[role]), None)
    town.add("somebody", role, at)
    there = town.oak if record_class in (RecordClass.LAW_UNIT,) else town.far
    minutes = emergencies().get((role, record_class))

    if minutes is None:
        with pytest.raises((Refused, NotAllowed)):
            town.take("somebody", record_class, there)
        assert not Emergency.objects.exists()
    else:
        emergency = town.take("somebody", record_class, there)
        assert emergency.until - emergency.taken_at == minutes
        actor = town.actor("somebody", after(1))
        assert reads(actor, record_class, **{f"{emergency.scope}_id": there.pk})


def test_it_ends_by_the_clock() -> None:
    town = Town()
    town.take()

    assert reads(town.actor("officer", after(29.9)), EDUCATION, school_id=town.high.pk)
    assert not reads(town.actor("officer", after(30)), EDUCATION, school_id=town.high.pk)
    assert town.actor("officer", after(30)).emergencies == frozenset()


def test_it_ends_when_its_person_ends_it_and_only_once() -> None:
    town = Town()
    emergency = town.take()

    actions.end(town.actor("officer", after(5)), emergency, now=after(5))

    assert not reads(town.actor("officer", after(6)), EDUCATION, school_id=town.high.pk)
    with pytest.raises(Overtaken):
        actions.end(town.actor("officer", after(7)), emergency, now=after(7))
    assert [line["how"] for line in lines("end")] == ["person"]


def test_it_ends_with_the_role_by_which_it_was_taken() -> None:
    town = Town()
    town.take()
    held = RoleHeld.objects.get(person=town.people["officer"])

    people_actions.withdraw_role(SYSTEM, held, now=after(2))
    town.add("officer", Role.DISPATCHER, town.maple)

    actor = town.actor("officer", after(3))
    assert actor.holds(Role.DISPATCHER)
    assert not reads(actor, EDUCATION, school_id=town.high.pk)


def test_the_same_role_elsewhere_does_not_keep_it_open() -> None:
    town = Town()
    town.take()
    held = RoleHeld.objects.get(person=town.people["officer"])

    people_actions.withdraw_role(SYSTEM, held, now=after(2))
    town.add("officer", Role.OFFICER, town.oak)

    assert not reads(town.actor("officer", after(3)), EDUCATION, school_id=town.high.pk)


def test_two_at_once_are_two_each_with_its_own_end() -> None:
    town = Town()
    town.take()
    town.take("officer", SECURITY, town.far, now=after(10))

    both = town.actor("officer", after(11))
    assert len(both.emergencies) == 2
    assert reads(both, EDUCATION, school_id=town.high.pk)
    assert reads(both, SECURITY, school_id=town.far.pk)
    assert not reads(both, EDUCATION, school_id=town.far.pk)
    later = town.actor("officer", after(31))
    assert not reads(later, EDUCATION, school_id=town.high.pk)
    assert reads(later, SECURITY, school_id=town.far.pk)


def test_the_same_is_not_opened_twice_and_what_is_read_anyway_is_not_opened() -> None:
    town = Town()
    town.take()

    with pytest.raises(Refused, match="may read these records there already"):
        town.take(now=after(5))
    with pytest.raises(Refused, match="may read these records there already"):
        town.take("officer", SECURITY, town.maple)
    town.take(now=after(30))  # over: with a reason of its own it may be taken anew
    assert Emergency.objects.count() == 2


def test_whoever_a_threat_case_is_about_does_not_read_it_in_an_emergency_either() -> None:
    town = Town()
    town.take("officer", THREAT)
    actor = town.actor("officer", after(1))
    me = town.people["officer"].pk

    assert reads(actor, THREAT, school_id=town.high.pk)
    assert not reads(actor, THREAT, school_id=town.high.pk, about_person_id=me)


def test_a_merged_person_keeps_what_was_opened_under_the_other_record() -> None:
    town = Town()
    town.take()
    kept = a_person("Olive Officer")

    people_actions.merge_persons(SYSTEM, kept, town.people["officer"], reason="twice", now=after(1))
    town.people["kept"] = kept

    assert reads(town.actor("kept", after(2)), EDUCATION, school_id=town.high.pk)


@pytest.mark.parametrize("reason", ["", "urgent", "x" * 2001, "  \n "])
def test_without_a_reason_nothing_is_opened_and_nothing_is_written(reason: str) -> None:
    town = Town()
    before = Line.objects.count()

    with pytest.raises(Refused):
        town.take(reason=reason)

    assert not Emergency.objects.exists()
    assert Line.objects.count() == before


def test_nobody_opens_what_no_agency_or_school_keeps_there() -> None:
    town = Town()

    with pytest.raises(Refused, match="Such records are kept at"):
        town.take("officer", EDUCATION, town.oak)


def test_the_system_and_a_stranger_take_nothing() -> None:
    town = Town()
    ask = actions.Ask(EDUCATION, town.high, REASON)

    for actor in (SYSTEM, wall.STRANGER, Actor()):
        with pytest.raises(NotAllowed):
            actions.take(actor, ask, now=NOON)


# The trail


def test_start_each_reading_and_end_leave_a_line_that_both_sides_read() -> None:
    town = Town()
    emergency = town.take()
    actor = town.actor("officer", after(1))
    actions.note_reading(actor, page="files:file", thing="a-uid", now=after(1))
    actions.note_reading(actor, page="files:index", thing="", now=after(2))
    actions.end(actor, emergency, now=after(3))

    assert [(d["opens"], d["minutes"]) for d in lines("take")] == [("education", 30)]
    assert [(d["page"], d["thing"]) for d in lines("read")] == [
        ("files:file", "a-uid"),
        ("files:index", ""),
    ]
    rows = Line.objects.filter(verb__startswith="emergency_access.")
    assert {(r.agency_id, r.district_id, r.school_id) for r in rows} == {
        (town.maple.pk, town.city.pk, town.high.pk)
    }
    assert {r.subject_id for r in rows} == {town.people["officer"].pk}
    assert {r.record_class for r in rows} == {None}
    for reader in ("chief", "superintendent", "privacy", "administrator"):
        seen = visible_lines(town.actor(reader)).filter(verb__startswith="emergency_access.")
        assert seen.count() == 4, reader
    assert "knife" not in "".join(rows.values_list("detail", flat=True))


def test_a_page_read_with_two_open_leaves_a_line_for_each() -> None:
    town = Town()
    town.take()
    town.take("officer", SECURITY, town.far)

    actions.note_reading(town.actor("officer", after(1)), page="x:y", thing="", now=after(1))

    assert len(lines("read")) == 2


def test_the_end_by_the_clock_leaves_its_line_once_by_the_worker() -> None:
    town = Town()
    emergency = town.take()

    assert outbox.do_due(after(29)) == 0
    assert outbox.do_due(after(31)) == 1
    outbox.do_due(after(40))
    actions.finish(JOB, emergency.pk, now=after(41))

    assert [line["how"] for line in lines("end")] == ["time"]
    emergency.refresh_from_db()
    assert emergency.ended_at == emergency.until
    assert Line.objects.get(verb="emergency_access.end").channel == "job"


def test_what_its_person_ended_has_no_second_end() -> None:
    town = Town()
    emergency = town.take()
    actions.end(town.actor("officer", after(5)), emergency, now=after(5))

    outbox.do_due(after(31))

    assert [line["how"] for line in lines("end")] == ["person"]


@pytest.mark.parametrize("record_class", [EDUCATION, RecordClass.PROGRAM])
def test_history_is_not_opened_with_the_records(
    record_class: RecordClass, tmp_path: Any, settings: Any
) -> None:
    settings.RAPPORT_FILES = str(tmp_path)
    town = Town()
    ends = town.take(
        "oak_officer", SECURITY, town.far
    )  # a line of the county, which bears no class
    file = a_sample(EDUCATION, Place(None, town.county.pk, town.far.pk), "call-list")
    file_actions.open_file(town.actor("county_privacy"), file, now=NOON)

    def seen(minutes: float) -> set[int]:
        rows = visible_lines(town.actor("chief", after(minutes)))
        return set(rows.exclude(actor_id=town.people["chief"].pk).values_list("pk", flat=True))

    before = seen(0)
    assert not Line.objects.filter(pk__in=before, object_id=ends.pk, verb=access.TAKE.name).exists()
    town.take("chief", record_class, town.far)

    assert seen(1) == before
    assert town.actor("chief", after(1)).emergencies


# Who looks at it


def test_the_reason_is_sealed_and_read_by_its_person_and_both_sides_alone() -> None:
    town = Town()
    emergency = town.take()

    assert b"knife" not in bytes(emergency.sealed or b"")
    for key in ("officer", "chief", "privacy", "superintendent"):
        assert actions.look(town.actor(key), emergency, now=after(1)) == REASON
    assert len(lines("look")) == 3  # not one's own
    for key in ("oak_officer", "oak_chief", "front_office", "county_privacy", "administrator"):
        with pytest.raises(NotAllowed):
            actions.look(town.actor(key), emergency, now=after(1))


@pytest.mark.parametrize(
    ("taker", "record_class", "at", "agency", "district"),
    [
        ("officer", EDUCATION, "high", {"chief"}, {"privacy", "superintendent"}),
        ("officer", EDUCATION, "far", {"chief"}, {"county_privacy"}),
        ("front_office", EDUCATION, "high", set(), {"privacy", "superintendent"}),
        (
            "front_office",
            SECURITY,
            "far",
            set(),
            {"privacy", "superintendent", "county_privacy"},
        ),
        ("front_office", SECURITY, "oak", {"oak_chief"}, {"privacy", "superintendent"}),
        ("officer", RecordClass.LAW_UNIT, "oak", {"chief", "oak_chief"}, set()),
        ("chief", EDUCATION, "high", set(), {"privacy", "superintendent"}),
        ("superintendent", EDUCATION, "far", set(), {"privacy", "county_privacy"}),
    ],
)
def test_who_looks_at_it_afterwards_is_of_the_side_of_the_records_or_of_their_reader(
    taker: str, record_class: RecordClass, at: str, agency: set[str], district: set[str]
) -> None:
    town = Town()
    emergency = town.take(taker, record_class, getattr(town, at))
    expected = {Side.AGENCY: agency, Side.DISTRICT: district}

    for key in town.people:
        free = access.free_sides(town.actor(key), emergency, now=after(61))
        assert set(free) == {s for s in Side if key in expected[s]}, key
        assert access.free_sides(town.actor(key), emergency, now=after(1)) == []  # still open


def test_each_side_answers_once_and_by_somebody_else_than_its_person() -> None:
    town = Town()
    emergency = town.take()
    chief, privacy = town.actor("chief"), town.actor("privacy")

    actions.review(chief, emergency, side=Side.AGENCY, outcome=Outcome.RIGHT, now=after(40))
    actions.review(privacy, emergency, side=Side.DISTRICT, outcome=Outcome.ASK, now=after(50))

    for key, side in (
        ("chief", Side.AGENCY),
        ("superintendent", Side.DISTRICT),
        ("officer", Side.AGENCY),
        ("oak_chief", Side.AGENCY),
    ):
        with pytest.raises(NotAllowed):
            actions.review(
                town.actor(key), emergency, side=side, outcome=Outcome.RIGHT, now=after(60)
            )
    said = [(d["side"], d["outcome"]) for d in lines("review")]
    assert said == [("agency", "right"), ("district", "ask")]
    assert Review.objects.count() == 2


def test_one_person_with_both_hats_answers_for_one_side_alone() -> None:
    town = Town()
    emergency = town.take()
    town.add("chief", Role.PRIVACY_OFFICER, town.city)
    both = town.actor("chief")
    assert set(access.free_sides(both, emergency, now=after(40))) == set(Side)

    actions.review(both, emergency, side=Side.AGENCY, outcome=Outcome.RIGHT, now=after(40))

    assert access.free_sides(both, emergency, now=after(41)) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(
            emergency=emergency,
            side=Side.DISTRICT,
            by=town.people["chief"],
            outcome="right",
            made_at=after(42),
        )


def test_an_answer_that_is_none_is_refused() -> None:
    town = Town()
    emergency = town.take()

    with pytest.raises(Refused, match="Choose what you found"):
        actions.review(
            town.actor("chief"), emergency, side=Side.AGENCY, outcome="fine", now=after(40)
        )


def test_whoever_looks_at_it_is_told_until_they_have_and_nobody_else() -> None:
    town = Town()
    emergency = town.take()

    def told(key: str, minutes: float = 40) -> bool:
        return bool(list(queries.notices(town.actor(key), after(minutes))))

    assert {key for key in town.people if told(key)} == {"chief", "privacy", "superintendent"}
    assert not told("chief", 10)
    actions.review(
        town.actor("privacy"), emergency, side=Side.DISTRICT, outcome="right", now=after(40)
    )
    assert {key for key in town.people if told(key, 50)} == {"chief"}


def test_a_reviewer_may_end_what_is_still_open_and_nobody_beside_them() -> None:
    town = Town()
    emergency = town.take()

    for key in ("oak_chief", "front_office", "administrator", "county_privacy"):
        with pytest.raises(NotAllowed):
            actions.end(town.actor(key), emergency, now=after(2))
    actions.end(town.actor("privacy"), emergency, now=after(3))

    assert town.actor("officer", after(4)).emergencies == frozenset()


def test_a_role_that_ended_is_no_reviewers_any_more() -> None:
    town = Town()
    emergency = town.take()
    held = RoleHeld.objects.get(person=town.people["chief"])
    people_actions.end_role(SYSTEM, held, TODAY, now=after(1))

    assert access.free_sides(town.actor("chief", after(40)), emergency, now=after(40)) == []
    assert not access.visible_emergencies(town.actor("chief", after(40))).exists()
