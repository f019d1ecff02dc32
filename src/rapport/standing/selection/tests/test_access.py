"""The whole permission table of the app, written out, so that a change must be said twice."""

from itertools import product

import pytest

from rapport.foundation.access import STRANGER, SYSTEM, Actor, Place, Role, Verb
from rapport.standing.officers.tests.build import (
    ELSEWHERE,
    HERE,
    ME,
    OTHER,
    an_actor,
    an_agency,
    an_officer,
    holding,
    merged,
)
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
    at = Place(agency_id=HERE, about_person_id=OTHER)

    assert access.may(holding(role), verb, at) is ((role, verb) in MAY)
    assert not access.may(holding(role, agency=ELSEWHERE), verb, at)


@pytest.mark.parametrize(("role", "verb"), list(product(Role, VERBS)), ids=str)
def test_nobody_selects_or_evaluates_themselves(role: Role, verb: Verb) -> None:
    about_me = Place(agency_id=HERE, about_person_id=ME)

    assert not access.may(holding(role), verb, about_me)
    assert not access.may(merged(holding(role)), verb, about_me)


@pytest.mark.parametrize("verb", VERBS, ids=str)
def test_the_system_may_and_a_stranger_may_not(verb: Verb) -> None:
    at = Place(agency_id=HERE)

    assert access.may(SYSTEM, verb, at)
    assert not access.may(STRANGER, verb, at)


@pytest.mark.parametrize("role", list(Role), ids=str)
@pytest.mark.django_db
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
