from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from rapport.foundation.access import Role
from rapport.standing.officers.tests.build import (
    NOON,
    TODAY,
    a_supervisor,
    an_actor,
    an_agency,
    an_officer,
)
from rapport.standing.training import actions, queries
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
        service, course = queries.training_card(chief, officer)

    assert course.fact.words == "NASRO Basic School Resource Officer Course, 40 h, completed"
    assert (course.provider, course.certificate_number) == ("Piedmont", "B-1")
    assert course.verified is not None
    assert course.verify_url == ""
    assert service.verified is None
    assert service.verify_url.startswith("/facts/verification/new/")


def test_who_entered_a_completion_is_not_offered_to_verify_it() -> None:
    agency = an_agency()
    officer, sergeant = an_officer(agency), a_supervisor(agency)
    a_completion(officer, agency, sergeant)

    (row,) = queries.training_card(sergeant, officer)

    assert row.verify_url == ""
    assert row.fact.correct_url


def test_the_other_side_sees_no_certificates() -> None:
    agency = an_agency()
    officer = an_officer(agency)
    a_completion(officer, agency)

    assert queries.training_card(an_actor(Role.DISPATCHER, agency), officer) == ()


def test_the_record_list_keeps_what_was_withdrawn() -> None:
    agency = an_agency()
    officer, sergeant = an_officer(agency), a_supervisor(agency)
    made = a_completion(officer, agency)
    actions.withdraw_completion(sergeant, made, now=NOON + timedelta(days=1))

    (row,) = queries.facts_of(sergeant, officer)

    assert row.withdrawn_at == NOON + timedelta(days=1)
