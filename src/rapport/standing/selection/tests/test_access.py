"""The whole permission table of the app, written out, so that a change must be said twice."""

from itertools import product

import pytest

from rapport.foundation.access import STRANGER, SYSTEM, Actor, Place, Role, Verb
from rapport.standing.officers.tests.build import a_person, an_actor, an_agency, an_officer
from rapport.standing.selection import access
from rapport.standing.selection.access import (
    CORRECT_EVALUATION,
    CORRECT_SELECTION,
    END_SELECTION,
    RECORD_EVALUATION,
    RECORD_SELECTION,
    WITHDRAW_EVALUATION,
    WITHDRAW_SELECTION,
)
from rapport.standing.selection.tests.build import a_selection, an_evaluation

pytestmark = pytest.mark.django_db
VERBS = (
    RECORD_SELECTION,
    CORRECT_SELECTION,
    END_SELECTION,
    WITHDRAW_SELECTION,
    RECORD_EVALUATION,
    CORRECT_EVALUATION,
    WITHDRAW_EVALUATION,
)
MAY = {
    (Role.SUPERVISOR, RECORD_SELECTION),
    (Role.SUPERVISOR, CORRECT_SELECTION),
    (Role.SUPERVISOR, END_SELECTION),
    (Role.SUPERVISOR, WITHDRAW_SELECTION),
    (Role.SUPERVISOR, RECORD_EVALUATION),
    (Role.SUPERVISOR, CORRECT_EVALUATION),
    (Role.SUPERVISOR, WITHDRAW_EVALUATION),
    (Role.AGENCY_HEAD, RECORD_SELECTION),
    (Role.AGENCY_HEAD, CORRECT_SELECTION),
    (Role.AGENCY_HEAD, END_SELECTION),
    (Role.AGENCY_HEAD, WITHDRAW_SELECTION),
    (Role.AGENCY_HEAD, RECORD_EVALUATION),
    (Role.AGENCY_HEAD, CORRECT_EVALUATION),
    (Role.AGENCY_HEAD, WITHDRAW_EVALUATION),
}
READS = {Role.SUPERVISOR, Role.AGENCY_HEAD, Role.INVESTIGATOR}


@pytest.mark.parametrize(("role", "verb"), list(product(Role, VERBS)), ids=str)
def test_who_may_do_what(role: Role, verb: Verb) -> None:
    here, elsewhere = an_agency(), an_agency("Beech Police")
    at = Place(agency_id=here.pk, about_person_id=a_person("Sam Reyes").pk)

    assert access.may(an_actor(role, here), verb, at) is ((role, verb) in MAY)
    assert not access.may(an_actor(role, elsewhere), verb, at)


@pytest.mark.parametrize(("role", "verb"), list(product(Role, VERBS)), ids=str)
def test_nobody_selects_or_evaluates_themselves(role: Role, verb: Verb) -> None:
    here, me = an_agency(), a_person()

    assert not access.may(
        an_actor(role, here, person=me), verb, Place(agency_id=here.pk, about_person_id=me.pk)
    )


@pytest.mark.parametrize("verb", VERBS, ids=str)
def test_the_system_may_and_a_stranger_may_not(verb: Verb) -> None:
    at = Place(agency_id=an_agency().pk)

    assert access.may(SYSTEM, verb, at)
    assert not access.may(STRANGER, verb, at)


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_who_reads_selections_and_evaluations(role: Role) -> None:
    here, elsewhere = an_agency(), an_agency("Beech Police")
    officer = an_officer(here)
    a_selection(officer, here)
    an_evaluation(officer, here)

    seen = [kind.rows(an_actor(role, here)).exists() for kind in access.KINDS]

    assert seen == [role in READS] * 2
    assert not any(kind.rows(an_actor(role, elsewhere)).exists() for kind in access.KINDS)
    assert all(kind.rows(Actor(officer.person_id)).count() == 0 for kind in access.KINDS)
    assert [
        kind.rows(an_actor(Role.OFFICER, elsewhere, person=officer.person)).count()
        for kind in access.KINDS
    ] == [1, 1]
