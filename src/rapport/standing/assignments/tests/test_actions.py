import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from rapport.foundation import facts
from rapport.foundation.access import HELD_AT, SYSTEM, Actor, NotAllowed, Role, RoleAt, Scope
from rapport.foundation.audit.models import Line
from rapport.foundation.facts import Overtaken, Refused
from rapport.organizations.places import actions as places
from rapport.organizations.places.models import Agency, District
from rapport.standing.assignments import actions, queries
from rapport.standing.assignments.actions import NotCleared
from rapport.standing.assignments.models import Assigned, Assignment, Excepted
from rapport.standing.assignments.rules import Word
from rapport.standing.assignments.tests.program import (
    NOON,
    TODAY,
    Town,
    a_course,
    a_school,
    a_town,
    an_officer,
    sign,
)
from rapport.standing.officers.models import Employment, Officer
from rapport.standing.selection.models import Selection

db = pytest.mark.django_db


def begin(town: Town, officer: Officer, actor: Actor = SYSTEM, **said: Any) -> Assignment:
    values: dict[str, Any] = {"agency": town.agency, "valid_from": TODAY}
    return actions.begin_assignment(actor, officer, town.school, now=NOON, **(values | said))


def the_fact() -> Assigned:
    fact: Assigned = Assigned.objects.known().get()
    return fact


# Nobody is assigned without it (FIELD 14, rules 1 to 3, as far as assigning goes).


@db
def test_an_officer_in_standing_is_assigned_and_one_line_says_so() -> None:
    town = a_town()
    officer = an_officer(town)
    a_course(town, officer)

    assignment = begin(town, officer, town.chief, hours_per_week=Decimal(40))

    fact = the_fact()
    assert (fact.assignment, fact.officer, fact.school) == (assignment, officer, town.school)
    assert (fact.agency, fact.district) == (town.agency, town.district)
    assert fact.about_person_id == officer.person_id
    line = Line.objects.order_by("pk").last()
    assert line is not None
    assert (line.verb, line.object_id, line.actor_id) == ("assignments.begin", assignment.pk, 9001)
    assert line.subject_id == officer.person_id
    said = json.loads(line.detail)
    assert (said["fact"], said["standing"]) == (str(fact.uid), "cleared")
    assert (said["agency"], said["school"]) == (town.agency.pk, town.school.pk)


@db
def test_one_whose_clock_still_runs_is_assigned_provisionally() -> None:
    town = a_town()
    officer = an_officer(town)

    begin(town, officer)

    found = queries.standing_of(SYSTEM, officer.pk, town.school.pk, town.agency.pk, day=TODAY)
    assert found is not None
    assert (found.standing.word, found.standing.until) == (Word.PROVISIONAL, date(2027, 3, 3))
    assert Line.objects.order_by("pk").last().detail.endswith('"standing":"provisional"}')  # type: ignore[union-attr]


@db
@pytest.mark.parametrize(
    ("without", "ground", "needs", "said"),
    [
        ("certification", "sworn", "certified", "needs certification as an officer by the state"),
        ("duty_status", "sworn", "on_duty", "needs to be on duty with that agency"),
        ("selection", "selected", "selected", "needs a recorded selection"),
    ],
)
def test_one_who_lacks_a_ground_is_refused_in_words_with_what_would_mend_it(
    without: str, ground: str, needs: str, said: str
) -> None:
    town = a_town()
    officer = an_officer(town, without=without)
    lines = Line.objects.count()

    with pytest.raises(NotCleared) as refused:
        begin(town, officer, town.chief)

    (missing,) = refused.value.missing
    assert (missing.ground, missing.needs) == (ground, needs)
    assert said in missing.text
    assert missing.mend.startswith("Record")
    assert said in str(refused.value)
    assert "Ofc. Sam Reyes cannot be assigned to Alder High from 2 Mar 2026" in str(refused.value)
    assert not Assignment.objects.exists()
    assert Line.objects.count() == lines


@db
def test_before_the_second_signature_nobody_new_is_assigned() -> None:
    town = a_town(signed=False)
    officer = an_officer(town)

    with pytest.raises(NotCleared, match="an agreement in force that covers the school"):
        begin(town, officer)
    sign(town, TODAY)

    assert begin(town, officer).pk


@db
def test_in_a_state_that_wants_the_course_before_assignment_posting_waits_for_it() -> None:
    """FIELD 14, rule 1: Indiana wants the academy and 40 hours before appointment."""
    town = a_town("IN")
    officer = an_officer(town)

    with pytest.raises(NotCleared):
        begin(town, officer)

    assert not Assigned.objects.exists()


@db
def test_in_a_state_with_a_countdown_posting_is_allowed_and_counts() -> None:
    """FIELD 14, rule 1: Texas gives 180 days."""
    town = a_town("TX")
    officer = an_officer(town)

    begin(town, officer)

    found = queries.standing_of(SYSTEM, officer.pk, town.school.pk, town.agency.pk, day=TODAY)
    assert found is not None
    assert found.standing.until == date(2026, 8, 30)  # day 180 is 29 August


@db
def test_an_assignment_of_last_year_is_judged_by_last_years_facts() -> None:
    """FIELD 14, rule 3: what was selected only today was not selected then."""
    town = a_town()
    officer = an_officer(town, without="selection")
    facts.record(
        Selection,
        now=NOON,
        officer=officer,
        agency=town.agency,
        method="panel",
        outcome="selected",
        district_part="on_panel",
        valid_from=TODAY,
    )

    with pytest.raises(NotCleared):
        begin(town, officer, valid_from=date(2025, 3, 3))

    assert begin(town, officer).pk


@db
def test_one_who_served_when_the_agency_began_is_not_turned_away_for_want_of_paper() -> None:
    town = a_town(signed=False)
    officer = an_officer(town, without="selection")

    assert begin(town, officer, valid_from=date(2020, 1, 1)).pk
    with pytest.raises(NotCleared):
        begin(town, an_officer(town, badge="143", without="selection"), valid_from=date(2020, 1, 2))


# Who may


ASSIGNERS = {Role.SUPERVISOR, Role.AGENCY_HEAD, Role.SAFETY_DIRECTOR, Role.SUPERINTENDENT}


@db
@pytest.mark.parametrize("role", list(Role))
def test_who_may_begin_an_assignment(role: Role) -> None:
    town = a_town()
    officer = an_officer(town)
    here = {
        Scope.AGENCY: town.agency.pk,
        Scope.DISTRICT: town.district.pk,
        Scope.SCHOOL: town.school.pk,
        Scope.PROGRAM: None,
    }
    for scope in HELD_AT[role]:
        actor = Actor(7, frozenset({RoleAt(role, scope, here[scope])}))
        if role in ASSIGNERS:
            assert begin(town, officer, actor).pk
        else:
            with pytest.raises(NotAllowed):
                begin(town, officer, actor)


@db
def test_an_officer_cannot_assign_oneself_nor_a_principal_anybody() -> None:
    town = a_town()
    officer = an_officer(town)
    oneself = Actor(
        officer.person_id, frozenset({RoleAt(Role.OFFICER, Scope.AGENCY, town.agency.pk)})
    )

    for actor in (oneself, town.principal):
        with pytest.raises(NotAllowed):
            begin(town, officer, actor)


@db
def test_another_agencys_chief_cannot_assign_our_officer() -> None:
    town = a_town()
    officer = an_officer(town)
    other = Agency.objects.create(name="Birch Police", state="VA")
    chief = Actor(7, frozenset({RoleAt(Role.AGENCY_HEAD, Scope.AGENCY, other.pk)}))

    with pytest.raises(NotAllowed):
        begin(town, officer, chief)


@db
def test_the_district_is_told_that_an_officer_is_not_available_and_never_why() -> None:
    town = a_town()
    officer = an_officer(town, without="duty_status")

    with pytest.raises(NotCleared) as refused:
        begin(town, officer, town.superintendent)

    assert "the officer is not available" in str(refused.value)
    assert "duty" not in str(refused.value)
    assert [m.needs for m in refused.value.missing] == [""]


# Two employers


@db
def test_an_officer_with_two_employers_needs_the_agency() -> None:
    town = a_town()
    officer = an_officer(town)
    other = Agency.objects.create(name="Birch Police", state="VA")
    facts.record(
        Employment, now=NOON, officer=officer, agency=other, badge="7", valid_from=date(2025, 1, 1)
    )

    with pytest.raises(Refused, match="two employers") as refused:
        begin(town, officer, agency=None)

    assert refused.value.field == "agency"
    assert begin(town, officer, agency=None, valid_from=date(2024, 12, 31)).agency == town.agency


@db
def test_an_officer_whom_nobody_employs_is_refused_in_words() -> None:
    town = a_town()

    with pytest.raises(Refused, match="No agency employs this officer"):
        begin(town, an_officer(town, without="employment"), agency=None)


# Dates, hours, overlaps


@db
def test_a_pair_is_assigned_once_at_a_time() -> None:
    town = a_town()
    officer = an_officer(town)
    begin(town, officer, valid_until=date(2026, 7, 1))

    with pytest.raises(Refused, match="overlaps"):
        begin(town, officer, valid_from=date(2026, 6, 30))

    again = begin(town, officer, valid_from=date(2026, 7, 1))
    assert Assignment.objects.count() == 2
    assert again.pk == Assignment.objects.order_by("pk").last().pk  # type: ignore[union-attr]


@db
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"valid_until": TODAY}, "valid_until"),
        ({"hours_per_week": Decimal(81)}, "hours_per_week"),
        ({"hours_per_week": Decimal("-1")}, "hours_per_week"),
    ],
)
def test_dates_and_hours_that_cannot_be_are_refused(wrong: dict[str, Any], field: str) -> None:
    town = a_town()

    with pytest.raises(Refused) as refused:
        begin(town, an_officer(town), **wrong)

    assert refused.value.field == field
    assert not Assignment.objects.exists()


@db
def test_a_corrected_first_day_is_judged_like_a_new_one() -> None:
    town = a_town(signed=False)
    sign(town, date(2026, 1, 5))
    officer = an_officer(town)
    begin(town, officer)

    with pytest.raises(NotCleared):
        actions.correct_assignment(town.chief, the_fact(), now=NOON, valid_from=date(2025, 12, 1))
    after = actions.correct_assignment(
        town.chief, the_fact(), now=NOON, valid_from=date(2026, 1, 5), hours_per_week=Decimal(20)
    )

    assert the_fact() == after
    assert after.district == town.district
    assert after.hours_per_week == Decimal(20)


@pytest.mark.parametrize("is_begun", [False, True], ids=["begin", "correct"])
def test_an_assignment_is_judged_in_the_transaction_that_writes_it(
    committed: str, monkeypatch: pytest.MonkeyPatch, *, is_begun: bool
) -> None:
    town = a_town()
    officer = an_officer(town)
    a_course(town, officer)
    if is_begun:
        begin(town, officer)
    judge, inside = queries.standing_of, []

    def judged(*args: Any, **said: Any) -> Any:
        inside.append(connection.in_atomic_block)
        return judge(*args, **said)

    monkeypatch.setattr(queries, "standing_of", judged)
    if is_begun:
        day = date(2025, 12, 1)
        actions.correct_assignment(SYSTEM, the_fact(), now=NOON, valid_from=day)
    else:
        begin(town, officer)

    assert inside == [True]


@db
def test_ending_keeps_the_days_before_and_withdrawing_keeps_the_row() -> None:
    town = a_town()
    begin(town, an_officer(town))

    ended = actions.end_assignment(town.chief, the_fact(), date(2026, 7, 1), now=NOON)
    assert ended is not None
    assert ended.valid_until == date(2026, 7, 1)

    withdrawn = actions.withdraw_assignment(town.chief, ended, now=NOON)
    assert withdrawn.withdrawn_at == NOON
    assert Assigned.objects.count() == 2
    with pytest.raises(Overtaken):
        actions.withdraw_assignment(town.chief, ended, now=NOON)


def test_of_two_who_assign_the_same_pair_at_once_one_is_told(committed: str) -> None:
    town = a_town()
    officer = an_officer(town)

    def assign(_: int) -> str:
        try:
            begin(town, officer)
        except (Overtaken, Refused):
            return "told"
        finally:
            connection.close()
        return "assigned"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(assign, range(2)))

    assert answers == ["assigned", "told"]
    assert Assigned.objects.known().count() == 1
    assert Assignment.objects.count() == 1
    assert Line.objects.filter(verb="assignments.begin").count() == 1


# Exceptions


@db
def test_an_exception_makes_the_ground_hold_until_its_end_and_keeps_its_reasons() -> None:
    town = a_town()
    officer = an_officer(town)
    a_course(town, officer)
    assignment = begin(town, officer)
    Selection.objects.update(withdrawn_at=NOON)

    exception = actions.grant_exception(
        town.superintendent,
        assignment,
        ground="selected",
        valid_from=TODAY,
        valid_until=date(2026, 5, 1),
        now=NOON,
    )

    found = queries.standing_of(SYSTEM, officer.pk, town.school.pk, town.agency.pk, day=TODAY)
    assert found is not None
    ground = found.standing.grounds["selected"]
    assert (found.standing.word, found.standing.until) == (Word.PROVISIONAL, date(2026, 5, 1))
    assert ground.is_excepted
    assert ground.reasons
    line = Line.objects.order_by("pk").last()
    assert line is not None
    said = json.loads(line.detail)
    assert (said["by"], said["ground"]) == ("district", "selected")
    assert said["fact"] == str(exception.uid)


@db
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"valid_until": None}, "valid_until"),
        ({"valid_until": TODAY}, "valid_until"),
        ({"ground": "liked"}, "ground"),
        ({"valid_from": date(2025, 1, 1), "valid_until": date(2025, 2, 1)}, "valid_from"),
    ],
)
def test_an_exception_needs_an_end_a_ground_and_an_assignment(
    wrong: dict[str, Any], field: str
) -> None:
    town = a_town()
    assignment = begin(town, an_officer(town))
    said: dict[str, Any] = {
        "ground": "trained",
        "valid_from": TODAY,
        "valid_until": date(2026, 5, 1),
    }

    with pytest.raises(Refused) as refused:
        actions.grant_exception(town.chief, assignment, now=NOON, **(said | wrong))

    assert refused.value.field == field
    assert not Excepted.objects.exists()


@db
def test_an_exception_is_ended_early_but_not_made_longer_by_ending_it() -> None:
    town = a_town()
    assignment = begin(town, an_officer(town))
    granted = actions.grant_exception(
        town.chief,
        assignment,
        ground="trained",
        valid_from=TODAY,
        valid_until=date(2026, 5, 1),
        now=NOON,
    )

    with pytest.raises(Refused, match="ends by itself"):
        actions.end_exception(town.chief, granted, date(2026, 6, 1), now=NOON)
    ended = actions.end_exception(town.chief, granted, date(2026, 4, 1), now=NOON)

    assert ended is not None
    assert ended.valid_until == date(2026, 4, 1)
    longer = actions.correct_exception(
        town.superintendent, ended, now=NOON, valid_until=date(2026, 6, 1)
    )
    assert actions.withdraw_exception(town.chief, longer, now=NOON).withdrawn_at == NOON


@db
def test_a_sergeant_grants_no_exception_and_nobody_one_for_oneself() -> None:
    town = a_town()
    officer = an_officer(town)
    assignment = begin(town, officer)
    at = town.agency.pk
    sergeant = Actor(7, frozenset({RoleAt(Role.SUPERVISOR, Scope.AGENCY, at)}))
    oneself = Actor(officer.person_id, frozenset({RoleAt(Role.AGENCY_HEAD, Scope.AGENCY, at)}))

    for actor in (sergeant, oneself, town.principal):
        with pytest.raises(NotAllowed):
            actions.grant_exception(
                actor,
                assignment,
                ground="trained",
                valid_from=TODAY,
                valid_until=date(2026, 5, 1),
                now=NOON,
            )


# A school that moves


@db
def test_when_a_school_moves_to_another_district_its_assignments_follow() -> None:
    town = a_town()
    officer = an_officer(town)
    assignment = begin(town, officer)
    actions.grant_exception(
        SYSTEM,
        assignment,
        ground="trained",
        valid_from=TODAY,
        valid_until=date(2026, 9, 1),
        now=NOON,
    )
    begin(town, officer, valid_from=date(2025, 1, 6), valid_until=date(2025, 6, 9))
    other = District.objects.create(name="Birch Schools", state="VA")
    move = date(2026, 7, 1)

    places.move_school(SYSTEM, town.school, other, move, now=NOON)

    rows = Assigned.objects.known().filter(assignment=assignment).order_by("valid_from")
    assert [(r.valid_from, r.valid_until, r.district) for r in rows] == [
        (TODAY, move, town.district),
        (move, None, other),
    ]
    excepted = Excepted.objects.known().order_by("valid_from")
    assert [e.district_id for e in excepted] == [town.district.pk, other.pk]
    ended = Assigned.objects.known().exclude(assignment=assignment).get()
    assert (ended.district, ended.recorded_at) == (town.district, NOON)  # as it was
    assert Line.objects.filter(verb="assignments.follow_school").count() == 2
    assert actions.follow_schools(SYSTEM, [town.school.pk], now=NOON) == 0


@db
def test_a_school_that_has_not_moved_changes_nothing() -> None:
    town = a_town()
    begin(town, an_officer(town))
    elsewhere = a_school(town.district, "Alder Middle")

    assert actions.follow_schools(SYSTEM, [elsewhere.pk], now=NOON) == 0
    assert actions.follow_schools(SYSTEM, [town.school.pk], now=NOON) == 0
