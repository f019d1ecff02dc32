"""The wall's two readings agree: `gives` on one row, `within` on many, on the real database."""

from itertools import product

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from rapport.foundation import access
from rapport.foundation.access import (
    STRANGER,
    SYSTEM,
    Actor,
    NotAllowed,
    Opened,
    Place,
    RecordClass,
    Right,
    Role,
    RoleAt,
    Scope,
    Verb,
)
from rapport.foundation.files.models import StoredFile
from rapport.foundation.files.rules import Custodian
from rapport.foundation.files.tests.build import (
    AGENCY,
    DISTRICT,
    ELSEWHERE,
    HERE,
    NOW,
    SCHOOL,
    SECOND,
    SECOND_SCHOOL,
    an_actor,
)

PEOPLE = (1, 2, 3)
NUMBERS = st.none() | st.integers(1, 2)
PLACES = st.builds(Place, NUMBERS, NUMBERS, NUMBERS, st.none() | st.sampled_from(PEOPLE))
ROLES = st.builds(
    lambda role, scope, number: RoleAt(role, scope, None if scope is Scope.PROGRAM else number),
    st.sampled_from(Role),
    st.sampled_from(Scope),
    st.integers(1, 2),
)
OPENED = st.builds(
    Opened,
    st.sampled_from(RecordClass),
    st.sampled_from([Scope.AGENCY, Scope.DISTRICT, Scope.SCHOOL]),
    st.integers(1, 2),
    st.just(NOW),
)
ACTORS = st.builds(
    Actor,
    person_id=st.none() | st.sampled_from(PEOPLE),
    roles=st.frozensets(ROLES, max_size=4),
    is_system=st.sampled_from([False, False, False, True]),
    official_schools=st.frozensets(st.integers(1, 2), max_size=2),
    also=st.frozensets(st.sampled_from(PEOPLE), max_size=1),
    emergencies=st.frozensets(OPENED, max_size=2),
)


def a_row(record_class: RecordClass, at: Place) -> StoredFile:
    return StoredFile(
        record_class=record_class,
        custodian=Custodian.PROGRAM,
        agency_id=at.agency_id,
        district_id=at.district_id,
        school_id=at.school_id,
        about_person_id=at.about_person_id,
        kind="other",
        media_type="text/plain",
        size=1,
        sha256="",
        kept_at=NOW,
    )


@pytest.fixture
def rows(db: None) -> list[StoredFile]:
    """Every combination of two agencies, districts and schools, about nobody or one of two people."""
    places = [Place(*p) for p in product((None, 1, 2), (None, 1, 2), (None, 1, 2), (None, 1, 2))]
    return StoredFile.objects.bulk_create(a_row(RecordClass.PROGRAM, p) for p in places)


@given(actor=ACTORS, right=st.sampled_from(Right), record_class=st.sampled_from(RecordClass))
@effort(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_row_is_given_exactly_when_it_is_among_the_visible_ones(
    rows: list[StoredFile], actor: Actor, right: Right, record_class: RecordClass
) -> None:
    found = access.visible(StoredFile.objects.all(), actor, right, record_class)

    given_one_by_one = {r.pk for r in rows if access.gives(actor, right, record_class, r)}
    assert set(found.values_list("pk", flat=True)) == given_one_by_one


@given(
    actor=ACTORS, right=st.sampled_from(Right), record_class=st.sampled_from(RecordClass), at=PLACES
)
@effort(max_examples=300, deadline=None)
def test_may_and_require_say_what_gives_says(
    actor: Actor, right: Right, record_class: RecordClass, at: Place
) -> None:
    verb = Verb("test.verb", "file", record_class, right, "tested")
    by_the_row = Verb("test.own", "file", None, right, "tested")
    row = a_row(record_class, at)

    gives = access.gives(actor, right, record_class, at)

    assert access.may(actor, verb, at) is gives
    assert access.may(actor, by_the_row, row) is gives
    if gives:
        access.require(actor, verb, at)
    else:
        with pytest.raises(NotAllowed, match=r"test\.verb"):
            access.require(actor, verb, at)


@given(actor=ACTORS, at=PLACES)
@effort(max_examples=100, deadline=None)
def test_a_verb_that_asks_no_right_is_the_systems_alone(actor: Actor, at: Place) -> None:
    verb = Verb("test.verb", "file", None, None, "tested")

    assert access.may(actor, verb, at) is actor.is_system


@given(st.lists(ROLES, max_size=3), ROLES, PLACES, st.sampled_from(RecordClass))
@effort(max_examples=200, deadline=None)
def test_one_more_role_at_a_school_or_district_never_takes_anything_away(
    held: list[RoleAt], more: RoleAt, at: Place, record_class: RecordClass
) -> None:
    if more.scope is Scope.AGENCY:
        return  # whoever comes to an agency is from then on held to its agreements
    before = Actor(1, frozenset(held))
    after = Actor(1, frozenset({*held, more}))

    for right in Right:
        if access.gives(before, right, record_class, at):
            assert access.gives(after, right, record_class, at)


# Officers and education records


def test_an_officer_reads_education_records_of_the_schools_served_as_a_school_official_and_no_others() -> (
    None
):
    officer = an_actor(Role.OFFICER, Scope.AGENCY, AGENCY, official=(SCHOOL,))

    def reads(at: Place) -> bool:
        return access.gives(officer, Right.READ, RecordClass.EDUCATION, at)

    assert reads(HERE)
    assert reads(Place(None, DISTRICT, SCHOOL))
    assert not reads(SECOND)
    assert not reads(Place(None, DISTRICT, None))
    assert not reads(Place(AGENCY, None, None))
    assert not reads(ELSEWHERE)


def test_an_officer_whose_agreement_does_not_say_yes_reads_no_education_record() -> None:
    officer = an_actor(Role.OFFICER, Scope.AGENCY, AGENCY)

    assert not any(access.gives(officer, right, RecordClass.EDUCATION, HERE) for right in Right)


def test_an_officer_on_the_threat_team_sits_under_the_same_condition_as_any_officer() -> None:
    team, agency = (
        RoleAt(Role.TEAM_MEMBER, Scope.SCHOOL, SCHOOL),
        RoleAt(Role.OFFICER, Scope.AGENCY, AGENCY),
    )
    psychologist, officer = Actor(1, frozenset({team})), Actor(1, frozenset({team, agency}))
    official = Actor(1, frozenset({team, agency}), official_schools=frozenset({SCHOOL}))

    def reads(actor: Actor, record_class: RecordClass) -> bool:
        return access.gives(actor, Right.READ, record_class, HERE)

    assert reads(psychologist, RecordClass.EDUCATION)
    assert not reads(officer, RecordClass.EDUCATION)
    assert reads(official, RecordClass.EDUCATION)
    assert all(reads(a, RecordClass.THREAT) for a in (psychologist, officer, official))


# Sides


def test_an_agencys_file_about_a_school_is_not_reached_by_a_role_at_that_school() -> None:
    misplaced = an_actor(Role.SUPERVISOR, Scope.SCHOOL, SCHOOL)
    rightly = an_actor(Role.SUPERVISOR, Scope.AGENCY, AGENCY)

    assert not access.gives(misplaced, Right.READ, RecordClass.LAW_UNIT, HERE)
    assert access.gives(rightly, Right.READ, RecordClass.LAW_UNIT, HERE)


def test_a_role_at_a_scope_without_an_id_reaches_nothing() -> None:
    broken = an_actor(Role.SUPERVISOR, Scope.AGENCY, None)

    for record_class, right in product(set(RecordClass) - {RecordClass.PUBLIC}, Right):
        assert not access.gives(broken, right, record_class, Place())
        assert not access.gives(broken, right, record_class, HERE)


# Not about oneself


@pytest.mark.parametrize("record_class", sorted(access.NOT_ABOUT_ONESELF))
def test_nobody_reads_an_internal_affairs_tip_or_threat_record_about_himself(
    record_class: RecordClass,
) -> None:
    about_me = HERE._replace(about_person_id=7)

    for role, (scope, number) in product(
        Role, [(Scope.AGENCY, AGENCY), (Scope.DISTRICT, DISTRICT), (Scope.SCHOOL, SCHOOL)]
    ):
        me = an_actor(role, scope, number, person=7)
        merged = Actor(8, me.roles, also=frozenset({7}))
        assert not any(access.gives(me, right, record_class, about_me) for right in Right)
        assert not any(access.gives(merged, right, record_class, about_me) for right in Right)


# The two ends


@pytest.mark.parametrize("record_class", list(RecordClass))
def test_the_administrator_a_stranger_and_somebody_without_a_role_read_what_is_public_only(
    record_class: RecordClass,
) -> None:
    nobody, admin = Actor(5), an_actor(Role.ADMINISTRATOR, person=5)
    mine = HERE._replace(about_person_id=5)

    for actor, at in product((nobody, admin, STRANGER), (HERE, mine)):
        reads = access.gives(actor, Right.READ, record_class, at)
        assert reads is (record_class is RecordClass.PUBLIC)
    assert access.gives(SYSTEM, Right.DISCLOSE, record_class, HERE)


def test_the_second_school_of_a_district_is_seen_by_the_district_and_not_by_the_first_school() -> (
    None
):
    principal = an_actor(Role.PRINCIPAL, Scope.SCHOOL, SCHOOL)
    superintendent = an_actor(Role.SUPERINTENDENT, Scope.DISTRICT, DISTRICT)
    at = Place(None, DISTRICT, SECOND_SCHOOL)

    assert not access.gives(principal, Right.KNOW, RecordClass.EDUCATION, at)
    assert access.gives(superintendent, Right.READ, RecordClass.EDUCATION, at)


def test_a_record_is_about_the_actor_by_whichever_of_their_ids() -> None:
    me = Actor(8, also=frozenset({7}))

    assert [me.is_about(Place(about_person_id=n)) for n in (7, 8, 9, None)] == [
        True,
        True,
        False,
        False,
    ]
    assert not SYSTEM.is_about(Place())
    assert not STRANGER.is_about(Place())


def test_an_actor_is_narrowed_to_some_roles_and_is_otherwise_the_same() -> None:
    head = RoleAt(Role.AGENCY_HEAD, Scope.AGENCY, AGENCY)
    me = Actor(7, frozenset({head, RoleAt(Role.OFFICER, Scope.AGENCY, AGENCY)}))

    assert me.only(Role.AGENCY_HEAD, Role.PRINCIPAL) == Actor(7, frozenset({head}))
    assert SYSTEM.only().is_system


def test_who_reads_a_class_somewhere_is_the_system_or_holds_a_role_that_does() -> None:
    program = RecordClass.PROGRAM
    nobody, admin = Actor(5), an_actor(Role.ADMINISTRATOR, person=5)

    assert access.reads_somewhere(SYSTEM, program)
    assert access.reads_somewhere(an_actor(Role.PRINCIPAL, Scope.SCHOOL, SCHOOL), program)
    assert not any(access.reads_somewhere(a, program) for a in (nobody, admin, STRANGER))
    assert not access.reads_somewhere(nobody, RecordClass.PUBLIC)


@given(st.frozensets(ROLES, max_size=2), OPENED, PLACES, st.sampled_from(RecordClass))
@effort(max_examples=300, deadline=None)
def test_emergency_access_gives_reading_of_one_class_at_one_place_and_nothing_else(
    held: frozenset[RoleAt], opened: Opened, at: Place, record_class: RecordClass
) -> None:
    without = Actor(1, held)
    actor = Actor(1, held, emergencies=frozenset({opened}))
    there = record_class is opened.record_class
    there = there and getattr(at, f"{opened.scope}_id") == opened.scope_id
    about_oneself = at.about_person_id == 1 and record_class in access.NOT_ABOUT_ONESELF

    for right in Right:
        more = there and right in (Right.KNOW, Right.READ) and not about_oneself
        by_roles = access.gives(without, right, record_class, at)
        assert access.gives(actor, right, record_class, at) is (by_roles or more)
    assert actor.without_emergency() == without
