"""The pages of `foundation.kinds`, tried on the officers' kinds, and the roster's own."""

from datetime import date, timedelta
from typing import Any

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.db import IntegrityError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from rapport.foundation import clock
from rapport.foundation.access import Role
from rapport.foundation.audit.models import Line
from rapport.foundation.kinds.views import tried
from rapport.foundation.ui.fields import OVERTAKEN
from rapport.standing.officers import actions
from rapport.standing.officers.models import Certification, DutyStatus, Employment, Officer
from rapport.standing.officers.tests.build import (
    NOON,
    a_supervisor,
    an_agency,
    an_officer,
    signed_in,
)

pytestmark = pytest.mark.django_db


def employment_form(agency: Any, **said: str) -> dict[str, str]:
    return {
        "agency": str(agency.uid),
        "badge": "143",
        "valid_from": "2020-06-01",
        "last_day": "",
        "source": "record",
    } | said


def test_a_sergeant_adds_an_officer_and_is_sent_to_the_page(client: Client) -> None:
    agency = an_agency()
    signed_in(client, Role.SUPERVISOR, agency)
    typed = {
        "name": "Sam Reyes",
        "title": "Ofc.",
        "agency": str(agency.uid),
        "badge": "142",
        "employed_from": "2020-06-01",
        "certified_from": "2019-05-01",
        "is_on_duty": "on",
        "source": "record",
    }

    shown = client.get("/officers/new/")
    answer = client.post("/officers/new/", typed)

    officer = Officer.objects.get()
    assert shown.status_code == 200
    assert (answer.status_code, answer["Location"]) == (302, f"/officers/{officer.uid}/")
    assert Line.objects.filter(verb="officers.add", channel="page").count() == 1


def test_a_taken_badge_is_said_at_its_field_and_what_was_typed_stays(client: Client) -> None:
    agency = an_agency()
    an_officer(agency, "142")
    signed_in(client, Role.SUPERVISOR, agency)
    typed = {
        "name": "Kim Ott",
        "agency": str(agency.uid),
        "badge": "142",
        "employed_from": "2021-02-03",
        "source": "record",
    }

    answer = client.post("/officers/new/", typed)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "borne by Ofc. Sam Reyes" in page
    assert 'value="Kim Ott"' in page
    assert 'value="2021-02-03"' in page
    assert Officer.objects.count() == 1


def test_the_roster_lists_searches_filters_and_exports_what_one_may_know_of(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    here, elsewhere = an_agency(), an_agency("Beech Police")
    for n in range(60):
        an_officer(
            here, str(100 + n), name=f"Officer {n:02}", certified_from=None, is_on_duty=False
        )
    an_officer(elsewhere, "900", name="Kim Ott")
    signed_in(client, Role.DISPATCHER, here)

    client.get("/officers/")
    with django_assert_max_num_queries(
        14
    ):  # of which the roster's own: two counts, choices, a page
        page = client.get("/officers/").content.decode()
    found = client.get("/officers/?q=159").content.decode()
    file = client.get("/officers/?q=159&format=csv")

    assert "60 officers" in page
    assert 'name="agency"' not in page  # there is one
    assert "Officer 49" in page
    assert "Officer 50" not in page
    assert "Kim Ott" not in page
    assert "Officer 59" in found
    assert file.content.decode().count("\n") == 2
    assert Line.objects.filter(verb="tables.export").count() == 1


def test_who_has_left_is_listed_apart(client: Client) -> None:
    agency = an_agency()
    an_officer(agency)
    actions.end_employment(
        a_supervisor(agency), Employment.objects.get(), date(2026, 2, 1), now=NOON
    )
    signed_in(client, Role.SUPERVISOR, agency)

    now, former = client.get("/officers/"), client.get("/officers/former/")

    assert "Sam Reyes" not in now.content.decode()
    assert "Nobody is on the roster yet" in now.content.decode()
    assert "Sam Reyes" in former.content.decode()


def test_who_reads_no_records_of_the_program_finds_no_roster(client: Client) -> None:
    signed_in(client, Role.ADMINISTRATOR, an_agency())

    assert client.get("/officers/").status_code == 404


@pytest.mark.parametrize("role", [Role.OFFICER, Role.DISPATCHER, Role.PRINCIPAL])
def test_who_may_not_add_finds_no_such_page(client: Client, role: Role) -> None:
    signed_in(client, role, an_agency())

    assert client.get("/officers/new/").status_code == 404


def test_the_form_opens_with_today_and_with_no_way_of_knowing_chosen(client: Client) -> None:
    agency = an_agency()
    officer = an_officer(agency)
    signed_in(client, Role.SUPERVISOR, agency)

    page = client.get(f"/facts/duty_status/new/{officer.uid}/").content.decode()

    today = clock.today(clock.now(), agency.zone)
    assert f'value="{today.isoformat()}"' in page
    assert "checked" not in page
    assert str(agency) in page


def test_a_fact_is_recorded_and_the_message_offers_to_undo_it(client: Client) -> None:
    agency = an_agency()
    officer = an_officer(agency, is_on_duty=False)
    signed_in(client, Role.SUPERVISOR, agency)
    typed = {
        "agency": str(agency.uid),
        "status": "leave",
        "valid_from": "2026-03-09",
        "last_day": "2026-04-19",
        "source": "statement",
    }

    answer = client.post(f"/facts/duty_status/new/{officer.uid}/", typed)

    leave = DutyStatus.objects.get()
    assert answer["Location"] == f"/officers/{officer.uid}/"
    assert (leave.valid_from, leave.valid_until) == (date(2026, 3, 9), date(2026, 4, 20))
    assert leave.source == "statement"
    (said,) = get_messages(answer.wsgi_request)
    assert f'href="/facts/duty_status/{leave.uid}/withdraw/"' in str(said)


def test_unknown_must_be_chosen_and_nothing_is_guessed(client: Client) -> None:
    agency = an_agency()
    officer = an_officer(agency, is_on_duty=False)
    signed_in(client, Role.SUPERVISOR, agency)
    typed = {"agency": str(agency.uid), "status": "leave", "valid_from": "2026-03-09"}

    answer = client.post(f"/facts/duty_status/new/{officer.uid}/", typed)

    assert answer.status_code == 422
    assert "Choose how you know" in answer.content.decode()
    assert not DutyStatus.objects.exists()


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-03-09", "2026-03-08", "The end must not lie before the start."),
        ("9/3/26 or so", "", "Write the date as year-month-day"),
        ("0206-03-09", "", "before 1950"),
    ],
)
def test_dates_that_cannot_be_are_refused_in_words(
    client: Client, first: str, last: str, said: str
) -> None:
    agency = an_agency()
    officer = an_officer(agency, is_on_duty=False)
    signed_in(client, Role.SUPERVISOR, agency)
    typed = {
        "agency": str(agency.uid),
        "status": "leave",
        "valid_from": first,
        "last_day": last,
        "source": "record",
    }

    answer = client.post(f"/facts/duty_status/new/{officer.uid}/", typed)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert first in answer.content.decode()
    assert not DutyStatus.objects.exists()


def test_an_overlap_is_said_at_the_first_day(client: Client) -> None:
    agency = an_agency()
    officer = an_officer(agency)
    signed_in(client, Role.SUPERVISOR, agency)

    answer = client.post(f"/facts/employment/new/{officer.uid}/", employment_form(agency))

    assert answer.status_code == 422
    assert "This overlaps what is already recorded from 2020-06-01 on" in answer.content.decode()


def test_a_correction_shows_what_is_recorded_and_puts_a_successor_in_its_place(
    client: Client,
) -> None:
    agency = an_agency()
    officer = an_officer(agency)
    fact = Employment.objects.get()
    signed_in(client, Role.SUPERVISOR, agency)
    address = f"/facts/employment/{fact.uid}/correct/"

    page = client.get(address).content.decode()
    answer = client.post(address, employment_form(agency, badge="143"))

    assert 'value="142"' in page
    assert "Alder Police, badge 142" in page
    assert answer["Location"] == f"/officers/{officer.uid}/"
    assert Employment.objects.known().get().badge == "143"


def test_the_slower_of_two_keeps_what_was_typed(client: Client) -> None:
    agency = an_agency()
    an_officer(agency)
    fact = Employment.objects.get()
    signed_in(client, Role.SUPERVISOR, agency)
    actions.correct_employment(
        a_supervisor(agency), fact, badge="150", now=NOON + timedelta(minutes=1)
    )

    answer = client.post(
        f"/facts/employment/{fact.uid}/correct/", employment_form(agency, badge="143")
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody else has just changed this" in page
    assert 'value="143"' in page
    assert Employment.objects.known().get().badge == "150"


def test_an_employment_is_ended_on_its_last_day(client: Client) -> None:
    agency = an_agency()
    an_officer(agency)
    fact = Employment.objects.get()
    signed_in(client, Role.SUPERVISOR, agency)

    client.post(f"/facts/employment/{fact.uid}/end/", {"last_day": "2026-05-31"})

    assert Employment.objects.known().get().valid_until == date(2026, 6, 1)
    assert client.get(f"/facts/employment/{fact.uid}/end/").status_code == 200


def test_what_has_an_end_is_not_ended_again(client: Client) -> None:
    agency = an_agency()
    an_officer(agency)
    fact = Employment.objects.get()
    ended = actions.end_employment(a_supervisor(agency), fact, date(2026, 2, 1), now=NOON)
    signed_in(client, Role.SUPERVISOR, agency)

    assert ended is not None
    assert client.get(f"/facts/employment/{ended.uid}/end/").status_code == 404


def test_withdrawing_asks_first_and_then_withdraws(client: Client) -> None:
    agency = an_agency()
    an_officer(agency)
    fact = Certification.objects.get()
    signed_in(client, Role.AGENCY_HEAD, agency)
    address = f"/facts/certification/{fact.uid}/withdraw/"

    asked = client.get(address)
    assert "2 Mar 2026, 12:00 EST" in asked.content.decode()  # where the record is kept
    untouched = Certification.objects.known().count()
    client.post(address)

    assert "VA: certified" in asked.content.decode()
    assert untouched == 1
    assert not Certification.objects.known().exists()


def test_what_one_may_not_see_is_not_there(client: Client) -> None:
    agency = an_agency()
    officer = an_officer(agency)
    certified, employed = Certification.objects.get(), Employment.objects.get()
    signed_in(client, Role.SUPERVISOR, an_agency("Beech Police"))

    for address in (
        f"/facts/certification/{certified.uid}/correct/",
        f"/facts/employment/{employed.uid}/withdraw/",
        f"/facts/employment/{employed.uid}/end/",
        f"/facts/employment/new/{officer.uid}/",
        f"/facts/nonsense/new/{officer.uid}/",
        f"/facts/employment/{certified.uid}/correct/",
    ):
        assert client.get(address).status_code == 404
        assert client.post(address, employment_form(agency)).status_code == 404


def test_who_may_read_an_employment_may_not_therefore_change_it(client: Client) -> None:
    agency = an_agency()
    officer = an_officer(agency)
    fact = Employment.objects.get()
    signed_in(client, Role.OFFICER, agency, person=officer.person)

    for step in ("correct", "end", "withdraw"):
        assert client.get(f"/facts/employment/{fact.uid}/{step}/").status_code == 404


def test_a_look_at_a_personnel_fact_leaves_a_line_and_at_an_employment_none(client: Client) -> None:
    agency = an_agency()
    officer = an_officer(agency)
    signed_in(client, Role.SUPERVISOR, agency)
    certified, employed = Certification.objects.get(), Employment.objects.get()

    client.get(f"/facts/employment/{employed.uid}/correct/")
    before = list(Line.objects.values_list("verb", flat=True))
    client.get(f"/facts/certification/{certified.uid}/correct/")
    client.get(f"/officers/{officer.uid}/")

    after = list(Line.objects.order_by("pk").values_list("verb", flat=True))[len(before) :]
    assert "officers.open_records" not in before
    assert after == ["officers.open_records"] * 2


def test_who_reads_no_personnel_records_leaves_no_such_line(client: Client) -> None:
    agency = an_agency()
    officer = an_officer(agency)
    signed_in(client, Role.DISPATCHER, agency)

    assert client.get(f"/officers/{officer.uid}/").status_code == 200
    assert not Line.objects.filter(verb="officers.open_records").exists()


def test_what_a_guard_refuses_at_the_last_moment_is_said_at_the_form() -> None:
    def too_late() -> None:
        raise IntegrityError("officers_employment: overlaps another")

    form = forms.Form({})
    form.is_valid()

    assert tried(form, too_late) == (False, None)
    assert form.non_field_errors() == [str(OVERTAKEN)]
