from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from rapport.foundation.access import Role
from rapport.standing.officers.tests.build import (
    NOON,
    a_person,
    a_supervisor,
    an_actor,
    an_agency,
    an_officer,
)
from rapport.standing.selection import actions, queries
from rapport.standing.selection.tests.build import a_selection, an_evaluation

pytestmark = pytest.mark.django_db


def test_the_card_says_how_by_whom_and_with_which_part_in_two_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    agency, chief = an_agency(), a_person("Ada Quill", "Chief")
    officer = an_officer(agency)
    a_selection(officer, agency, decided_by_id=chief.pk)
    an_evaluation(officer, agency)

    sergeant = a_supervisor(agency)

    with django_assert_num_queries(2):
        card = queries.selection_card(sergeant, officer)

    assert [r.words for r in card.selections] == [
        "selected; by a panel; the district: sat on the panel; decided by Ada Quill"
    ]
    assert [r.words for r in card.evaluations] == [
        "Alder Police; the district: agreed to the choice"
    ]
    assert card.selections[0].end_url
    assert card.evaluations[0].end_url == ""


def test_the_district_learns_that_it_was_done_when_and_its_own_part_and_no_more() -> None:
    agency = an_agency()
    officer = an_officer(agency)
    a_selection(officer, agency)
    a_selection(officer, agency, outcome="not_selected", valid_from=date(2023, 5, 6))
    dispatcher = an_actor(Role.DISPATCHER, agency)

    (seen,) = queries.selections_for_district(dispatcher, officer)

    assert (seen.on, str(seen.district_part)) == (date(2024, 5, 6), "sat on the panel")
    assert queries.selection_card(dispatcher, officer).selections == ()
    assert (
        queries.selections_for_district(
            an_actor(Role.SUPERVISOR, an_agency("Beech Police")), officer
        )
        == []
    )


def test_the_record_list_keeps_what_was_withdrawn() -> None:
    agency = an_agency()
    officer = an_officer(agency)
    made = a_selection(officer, agency)
    sergeant = a_supervisor(agency)
    later = NOON + timedelta(days=1)
    actions.withdraw_selection(sergeant, made, now=later)

    (row,) = queries.facts_of(sergeant, officer)

    assert (row.kind, row.withdrawn_at) == ("selection", later)
