"""The whole permission table of the app, written out, so that a change must be said twice."""

from itertools import product

import pytest

from rapport.foundation.access import STRANGER, SYSTEM, Actor, Place, Role, Verb
from rapport.standing.officers.tests.build import (
    ELSEWHERE,
    HERE,
    ME,
    OTHER,
    a_district,
    an_actor,
    an_agency,
    an_officer,
    holding,
    merged,
)
from rapport.standing.training import access
from rapport.standing.training.access import (
    ADD_COURSE,
    CORRECT_COMPLETION,
    EDIT_COURSE,
    LOAD_COURSES,
    RECORD_COMPLETION,
    VERIFY,
    WITHDRAW_COMPLETION,
    WITHDRAW_VERIFICATION,
)
from rapport.standing.training.tests.build import a_completion

VERBS = (
    RECORD_COMPLETION,
    CORRECT_COMPLETION,
    WITHDRAW_COMPLETION,
    VERIFY,
    WITHDRAW_VERIFICATION,
    ADD_COURSE,
    EDIT_COURSE,
    LOAD_COURSES,
)
MAY = {
    (Role.SUPERVISOR, RECORD_COMPLETION),
    (Role.SUPERVISOR, CORRECT_COMPLETION),
    (Role.SUPERVISOR, WITHDRAW_COMPLETION),
    (Role.SUPERVISOR, VERIFY),
    (Role.SUPERVISOR, WITHDRAW_VERIFICATION),
    (Role.AGENCY_HEAD, RECORD_COMPLETION),
    (Role.AGENCY_HEAD, CORRECT_COMPLETION),
    (Role.AGENCY_HEAD, WITHDRAW_COMPLETION),
    (Role.AGENCY_HEAD, VERIFY),
    (Role.AGENCY_HEAD, WITHDRAW_VERIFICATION),
}
READS = {Role.SUPERVISOR, Role.AGENCY_HEAD, Role.INVESTIGATOR}
KEEP_COURSES = {Role.SUPERVISOR, Role.AGENCY_HEAD, Role.SAFETY_DIRECTOR, Role.SUPERINTENDENT}


@pytest.mark.parametrize(
    ("role", "verb"), list(product(Role, [v for v in VERBS if v.object == "completion"])), ids=str
)
def test_who_may_do_what_with_completions(role: Role, verb: Verb) -> None:
    at = Place(agency_id=HERE, about_person_id=OTHER)

    assert access.may(holding(role), verb, at) is ((role, verb) in MAY)
    assert not access.may(holding(role, agency=ELSEWHERE), verb, at)


@pytest.mark.parametrize(
    ("role", "verb"), list(product(Role, [v for v in VERBS if v.object == "completion"])), ids=str
)
def test_what_one_may_do_about_oneself(role: Role, verb: Verb) -> None:
    at = Place(agency_id=HERE, about_person_id=ME)

    allowed = (role, verb) in MAY and verb is not VERIFY
    assert access.may(holding(role), verb, at) is allowed
    assert access.may(merged(holding(role)), verb, at) is allowed


@pytest.mark.parametrize("role", list(Role), ids=str)
@pytest.mark.django_db
def test_who_keeps_the_courses_of_the_program(role: Role) -> None:
    of_agency, of_district = an_actor(role, an_agency()), an_actor(role, a_district())

    assert access.may_keep_courses(of_agency) is (role in KEEP_COURSES)
    assert access.may_keep_courses(of_district) is (role in KEEP_COURSES)


@pytest.mark.parametrize("verb", VERBS, ids=str)
def test_the_system_may_and_a_stranger_may_not(verb: Verb) -> None:
    at = Place(agency_id=HERE)

    assert access.may(SYSTEM, verb, at)
    assert not access.may(STRANGER, verb, at)


@pytest.mark.parametrize("role", list(Role), ids=str)
@pytest.mark.django_db
def test_who_reads_completions(role: Role) -> None:
    here, elsewhere = an_agency(), an_agency("Beech Police")
    officer = an_officer(here)
    a_completion(officer, here)

    assert access.COMPLETION.rows(an_actor(role, here)).exists() is (role in READS)
    assert access.visible_completions(an_actor(role, here)).exists() is (role in READS)
    assert not access.COMPLETION.rows(an_actor(role, elsewhere)).exists()
    assert not access.COMPLETION.rows(Actor(officer.person_id)).exists()
    own = an_actor(Role.OFFICER, elsewhere, person=officer.person)
    assert access.COMPLETION.rows(own).count() == 1
