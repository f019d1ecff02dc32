from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from rapport.foundation.access import SYSTEM, Actor, Role, RoleAt, Scope
from rapport.foundation.kinds import queries as facts
from rapport.standing.officers import access, actions, queries
from rapport.standing.officers.models import Employment
from rapport.standing.officers.tests.build import (
    NOON,
    TODAY,
    a_supervisor,
    an_actor,
    an_agency,
    an_officer,
)

pytestmark = pytest.mark.django_db


def test_the_record_list_holds_what_one_may_read_with_the_links_one_may_use() -> None:
    agency = an_agency()
    officer = an_officer(agency)

    full = facts.rows(a_supervisor(agency), access.KINDS, officer=officer)
    less = facts.rows(an_actor(Role.DISPATCHER, agency), access.KINDS, officer=officer)

    assert [r.words for r in full] == [
        "Alder Police, badge 142",
        "Alder Police: on duty",
        "VA: certified",
    ]
    assert all(r.correct_url.endswith("/correct/") and r.end_url for r in full)
    assert [r.words for r in less] == ["Alder Police, badge 142"]
    assert (less[0].correct_url, less[0].end_url, less[0].withdraw_url) == ("", "", "")


def test_the_record_list_holds_also_what_was_withdrawn_and_costs_three_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    agency = an_agency()
    officer = an_officer(agency)
    sergeant = a_supervisor(agency)
    later = NOON + timedelta(days=1)
    actions.correct_employment(sergeant, Employment.objects.get(), badge="143", now=later)

    with django_assert_num_queries(3):
        rows = facts.rows(sergeant, access.KINDS, officer=officer)

    assert [(r.kind, r.words, r.withdrawn_at) for r in rows] == [
        ("employment", "Alder Police, badge 143", None),
        ("employment", "Alder Police, badge 142", later),
        ("duty_status", "Alder Police: on duty", None),
        ("certification", "VA: certified", None),
    ]
    assert rows[1].correct_url == ""


def test_the_search_finds_by_part_of_the_name_and_by_the_beginning_of_a_badge() -> None:
    agency = an_agency()
    officer = an_officer(agency, "142", name="Sam Reyes")
    an_officer(agency, "250", name="Kim Ott")
    sergeant, outsider = a_supervisor(agency), a_supervisor(an_agency("Beech Police"))

    (hit,) = queries.find(sergeant, "reyes")

    assert (hit.title, hit.url) == ("Ofc. Sam Reyes", f"/officers/{officer.uid}/")
    assert [h.title for h in queries.find(sergeant, "25")] == ["Ofc. Kim Ott"]
    assert list(queries.find(sergeant, "50")) == []
    assert list(queries.find(outsider, "reyes")) == []


def test_lines_of_the_history_get_officers_names_in_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    agency = an_agency()
    one, two = an_officer(agency, "1", name="Sam Reyes"), an_officer(agency, "2", name="Kim Ott")

    with django_assert_num_queries(1):
        names = queries.names([one.pk, two.pk])

    assert names == {one.pk: "Ofc. Sam Reyes", two.pk: "Ofc. Kim Ott"}


def test_who_left_is_found_among_the_former() -> None:
    agency = an_agency()
    an_officer(agency)
    sergeant = a_supervisor(agency)
    actions.end_employment(sergeant, Employment.objects.get(), date(2026, 2, 1), now=NOON)

    assert not queries.roster(sergeant, day=TODAY).exists()
    assert queries.roster(sergeant, day=TODAY, former=True).get().badge == "142"
    assert queries.roster(sergeant, day=date(2026, 1, 31)).exists()


@pytest.mark.parametrize(
    "actor",
    [SYSTEM, Actor(7, frozenset({RoleAt(Role.BOARD_MEMBER, Scope.PROGRAM)}))],
    ids=["system", "board"],
)
def test_whom_the_whole_program_is_given_knows_also_of_who_serves_no_school(actor: Actor) -> None:
    officer = an_officer(an_agency())

    assert list(access.visible_officers(actor)) == [officer]
