from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from rapport.foundation.access import Role
from rapport.foundation.kinds import queries as facts
from rapport.standing.officers.tests.build import (
    NOON,
    TODAY,
    a_supervisor,
    an_actor,
    an_agency,
    an_officer,
    merged,
)
from rapport.standing.training import access, actions
from rapport.standing.training.tests.build import a_completion, a_course

pytestmark = pytest.mark.django_db


def test_the_card_shows_completions_with_their_proof_in_two_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    agency = an_agency()
    officer, sergeant = an_officer(agency), a_supervisor(agency)
    chief = an_actor(Role.AGENCY_HEAD, agency)
    basic = a_completion(officer, agency, sergeant, provider="Piedmont", certificate_number="B-1")
    a_completion(officer, agency, sergeant, course=a_course("in-service"), hours=None)
    actions.verify_completion(chief, basic.completion, valid_from=TODAY, source="state", now=NOON)

    with django_assert_num_queries(2):
        rows = facts.rows(chief, access.KINDS, officer=officer)

    service, course = (r for r in rows if r.kind == "completion")
    assert course.words == (
        "NASRO Basic School Resource Officer Course, 40 h, completed, Piedmont, B-1"
    )
    assert course.more == ()
    assert [step for step, _url in service.more] == ["Verify"]
    assert [r.words for r in rows if r.kind == "verification"] == [
        "NASRO Basic School Resource Officer Course: verified"
    ]


def test_who_entered_a_completion_is_not_offered_to_verify_it() -> None:
    agency = an_agency()
    officer, sergeant = an_officer(agency), a_supervisor(agency)
    a_completion(officer, agency, sergeant)

    (row,) = facts.rows(sergeant, access.KINDS, officer=officer)
    (later,) = facts.rows(merged(sergeant), access.KINDS, officer=officer)

    assert row.more == later.more == ()
    assert row.correct_url


def test_the_other_side_sees_no_certificates() -> None:
    agency = an_agency()
    officer = an_officer(agency)
    a_completion(officer, agency)

    assert facts.rows(an_actor(Role.DISPATCHER, agency), access.KINDS, officer=officer) == []


def test_the_record_list_keeps_what_was_withdrawn() -> None:
    agency = an_agency()
    officer, sergeant = an_officer(agency), a_supervisor(agency)
    made = a_completion(officer, agency)
    actions.withdraw_completion(sergeant, made, now=NOON + timedelta(days=1))

    (row,) = facts.rows(sergeant, access.KINDS, officer=officer)

    assert row.withdrawn_at == NOON + timedelta(days=1)
