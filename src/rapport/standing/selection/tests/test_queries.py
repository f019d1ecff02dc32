from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from rapport.foundation.access import Role, Scope
from rapport.foundation.facts import record
from rapport.foundation.kinds import queries as facts
from rapport.organizations.people.models import Person, RoleHeld
from rapport.organizations.places.models import Agency
from rapport.standing.officers.tests.build import (
    NOON,
    a_person,
    a_supervisor,
    an_agency,
    an_officer,
)
from rapport.standing.selection import access, actions, queries
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
        evaluated, selected = facts.rows(sergeant, access.KINDS, officer=officer)

    assert selected.words == (
        "selected; by a panel; the district: sat on the panel; decided by Ada Quill"
    )
    assert evaluated.words == "Alder Police; the district: agreed to the choice"
    assert selected.end_url
    assert (evaluated.is_a_moment, evaluated.end_url) == (True, "")


def test_those_who_may_have_decided_led_or_supervised_the_agency_or_are_named_already() -> None:
    agency, named = an_agency(), a_person("Ada Quill", "Chief")
    other = a_person("Lee Ard")
    leads(agency, a_person("Bo Fenn", "Lt."))

    found = queries.deciders(a_supervisor(agency), [agency], also=named.pk)

    assert [p.name for p in found] == ["Ada Quill", "Bo Fenn"]
    assert other not in found


def test_the_record_list_keeps_what_was_withdrawn() -> None:
    agency = an_agency()
    officer = an_officer(agency)
    made = a_selection(officer, agency)
    sergeant = a_supervisor(agency)
    later = NOON + timedelta(days=1)
    actions.withdraw_selection(sergeant, made, now=later)

    (row,) = facts.rows(sergeant, access.KINDS, officer=officer)

    assert (row.kind, row.withdrawn_at) == ("selection", later)


def leads(agency: Agency, person: Person) -> None:
    record(
        RoleHeld,
        now=NOON,
        person=person,
        about_person_id=person.pk,
        role=Role.SUPERVISOR,
        scope=Scope.AGENCY,
        agency=agency,
        valid_from=date(2020, 1, 1),
    )
