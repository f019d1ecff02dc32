"""The whole permission table of the app, written out, so that a change must be said twice."""

from itertools import product

import pytest

from rapport.foundation.access import STRANGER, SYSTEM, Actor, Place, Role, RoleAt, Scope, Verb
from rapport.standing.officers import access
from rapport.standing.officers.access import (
    ADD,
    CERTIFICATION,
    CORRECT_CERTIFICATION,
    CORRECT_DUTY,
    CORRECT_EMPLOYMENT,
    DUTY,
    EMPLOYMENT,
    END_EMPLOYMENT,
    OPEN,
    RECORD_CERTIFICATION,
    RECORD_DUTY,
    RECORD_EMPLOYMENT,
    WITHDRAW_CERTIFICATION,
    WITHDRAW_DUTY,
    WITHDRAW_EMPLOYMENT,
)
from rapport.standing.officers.tests.build import (
    ELSEWHERE,
    HERE,
    ME,
    OTHER,
    a_person,
    an_actor,
    an_agency,
    an_officer,
    holding,
    merged,
)

VERBS = (
    ADD,
    RECORD_EMPLOYMENT,
    CORRECT_EMPLOYMENT,
    END_EMPLOYMENT,
    WITHDRAW_EMPLOYMENT,
    RECORD_CERTIFICATION,
    CORRECT_CERTIFICATION,
    WITHDRAW_CERTIFICATION,
    RECORD_DUTY,
    CORRECT_DUTY,
    WITHDRAW_DUTY,
)
JUDGING = {RECORD_DUTY, CORRECT_DUTY, WITHDRAW_DUTY}
MAY = {
    (Role.SUPERVISOR, ADD),
    (Role.SUPERVISOR, RECORD_EMPLOYMENT),
    (Role.SUPERVISOR, CORRECT_EMPLOYMENT),
    (Role.SUPERVISOR, END_EMPLOYMENT),
    (Role.SUPERVISOR, WITHDRAW_EMPLOYMENT),
    (Role.SUPERVISOR, RECORD_CERTIFICATION),
    (Role.SUPERVISOR, CORRECT_CERTIFICATION),
    (Role.SUPERVISOR, WITHDRAW_CERTIFICATION),
    (Role.SUPERVISOR, RECORD_DUTY),
    (Role.SUPERVISOR, CORRECT_DUTY),
    (Role.SUPERVISOR, WITHDRAW_DUTY),
    (Role.AGENCY_HEAD, ADD),
    (Role.AGENCY_HEAD, RECORD_EMPLOYMENT),
    (Role.AGENCY_HEAD, CORRECT_EMPLOYMENT),
    (Role.AGENCY_HEAD, END_EMPLOYMENT),
    (Role.AGENCY_HEAD, WITHDRAW_EMPLOYMENT),
    (Role.AGENCY_HEAD, RECORD_CERTIFICATION),
    (Role.AGENCY_HEAD, CORRECT_CERTIFICATION),
    (Role.AGENCY_HEAD, WITHDRAW_CERTIFICATION),
    (Role.AGENCY_HEAD, RECORD_DUTY),
    (Role.AGENCY_HEAD, CORRECT_DUTY),
    (Role.AGENCY_HEAD, WITHDRAW_DUTY),
}
# Who reads an officer's facts, holding the role at the agency: (employment, certification, duty status).
READS = {
    Role.OFFICER: (True, False, False),
    Role.SUPERVISOR: (True, True, True),
    Role.AGENCY_HEAD: (True, True, True),
    Role.INVESTIGATOR: (True, True, True),
    Role.DISPATCHER: (True, False, False),
    Role.PRINCIPAL: (True, False, False),
    Role.FRONT_OFFICE: (True, False, False),
    Role.SCHOOL_STAFF: (True, False, False),
    Role.COUNSELOR: (True, False, False),
    Role.TEAM_MEMBER: (True, False, False),
    Role.SAFETY_DIRECTOR: (True, False, False),
    Role.SUPERINTENDENT: (True, False, False),
    Role.PRIVACY_OFFICER: (True, False, False),
    Role.BOARD_MEMBER: (True, False, False),
    Role.ADMINISTRATOR: (False, False, False),
    Role.LINK_HOLDER: (False, False, False),
    Role.PUBLIC: (False, False, False),
}


@pytest.mark.parametrize(("role", "verb"), list(product(Role, VERBS)), ids=str)
def test_who_may_do_what(role: Role, verb: Verb) -> None:
    at = Place(agency_id=HERE, about_person_id=OTHER)

    assert access.may(holding(role), verb, at) is ((role, verb) in MAY)
    assert not access.may(holding(role, agency=ELSEWHERE), verb, at)


@pytest.mark.parametrize(("role", "verb"), list(product(Role, VERBS)), ids=str)
def test_what_one_may_do_about_oneself(role: Role, verb: Verb) -> None:
    at = Place(agency_id=HERE, about_person_id=ME)
    allowed = (role, verb) in MAY and verb not in JUDGING

    assert access.may(holding(role), verb, at) is allowed
    assert access.may(merged(holding(role)), verb, at) is allowed


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_who_opens_personnel_records(role: Role) -> None:
    at = Place(agency_id=HERE, about_person_id=OTHER)
    own = Place(agency_id=ELSEWHERE, about_person_id=ME)

    assert access.may(holding(role), OPEN, at) is READS[role][1]
    assert not access.may(holding(role, agency=ELSEWHERE), OPEN, at)
    assert access.may(holding(role), OPEN, own) is (role is Role.OFFICER)


@pytest.mark.parametrize("verb", VERBS, ids=str)
def test_the_system_may_and_a_stranger_may_not(verb: Verb) -> None:
    at = Place(agency_id=HERE)

    assert access.may(SYSTEM, verb, at)
    assert not access.may(STRANGER, verb, at)


@pytest.mark.parametrize("role", list(Role), ids=str)
@pytest.mark.django_db
def test_who_reads_what_of_an_officer(role: Role) -> None:
    here, elsewhere = an_agency(), an_agency("Beech Police")
    officer = an_officer(here)
    reader, outsider = an_actor(role, here), an_actor(role, elsewhere)

    seen = tuple(k.rows(reader).filter(officer=officer).exists() for k in access.KINDS)

    assert seen == READS[role]
    assert access.visible_officers(reader).contains(officer) is READS[role][0]
    assert not access.visible_officers(outsider).contains(officer)
    assert not any(k.rows(outsider).exists() for k in access.KINDS)


@pytest.mark.django_db
def test_an_officer_reads_all_of_the_own_facts_and_none_of_a_colleague_but_the_employment() -> None:
    agency = an_agency()
    own, colleague = an_officer(agency), an_officer(agency, "150", name="Kim Ott")
    me = Actor(own.person_id, frozenset({RoleAt(Role.OFFICER, Scope.AGENCY, agency.pk)}))

    assert [k.rows(me).filter(officer=own).count() for k in (EMPLOYMENT, CERTIFICATION, DUTY)] == [
        1
    ] * 3
    assert [k.rows(me).filter(officer=colleague).count() for k in access.KINDS] == [1, 0, 0]


@pytest.mark.django_db
def test_a_person_without_roles_still_knows_of_the_own_entry() -> None:
    officer = an_officer(an_agency())

    assert access.visible_officers(Actor(officer.person_id)).get() == officer
    assert not access.visible_officers(Actor(a_person().pk)).exists()


@pytest.mark.django_db
def test_who_was_merged_still_reads_the_own_entry_and_the_own_employment() -> None:
    officer = an_officer(an_agency())
    me = merged(Actor(officer.person_id))

    assert access.visible_officers(me).get() == officer
    assert access.visible_employments(me).get().officer == officer
