"""The pages of emergency access: taking it, the strip on every page, what is written down, who sees whom."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from rapport.foundation import clock
from rapport.foundation.access import Place, RecordClass
from rapport.foundation.audit.models import Line
from rapport.foundation.files.tests.build import a_sample
from rapport.organizations.emergency_access import actions
from rapport.organizations.emergency_access.models import Emergency, Review
from rapport.organizations.emergency_access.tests.build import REASON, Town
from rapport.organizations.people.models import Account
from rapport.organizations.people.tests.build import NOON

pytestmark = pytest.mark.django_db


class Time:
    """The time that the pages read."""

    now: datetime = NOON

    def pass_by(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)


@pytest.fixture(autouse=True)
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    stopped = Time()
    monkeypatch.setattr(clock, "now", lambda: stopped.now)
    return stopped


@pytest.fixture
def town(tmp_path: Any, settings: Any) -> Town:
    settings.RAPPORT_FILES = str(tmp_path)
    return Town()


def as_(town: Town, key: str) -> Client:
    client = Client()
    person = town.people[key]
    account, _made = Account.objects.get_or_create(
        person=person, defaults={"email": f"{key}@maple.example", "created_at": NOON}
    )
    client.force_login(account)
    return client


def said(answer: Any) -> str:
    return str(answer.content.decode())


def asked(**more: str) -> dict[str, str]:
    return {"record_class": "education", "where": "Maple High", "reason": REASON} | more


def pages_read() -> list[tuple[str, str]]:
    rows = Line.objects.filter(verb="emergency_access.read").order_by("pk")
    details = [json.loads(line.detail) for line in rows]
    return [(d["page"], d["thing"]) for d in details]


def test_a_record_that_was_not_there_is_there_for_half_an_hour_and_then_is_not(
    town: Town, time: Time
) -> None:
    place = Place(None, town.city.pk, town.high.pk)
    file = a_sample(RecordClass.EDUCATION, place, "call-list")
    client = as_(town, "officer")
    assert client.get(f"/files/{file.uid}/").status_code == 404
    assert "call-list" not in said(client.get("/files/"))

    taken = client.post("/emergency-access/new/", asked())
    assert taken.status_code == 302
    assert client.get(f"/files/{file.uid}/").status_code == 200
    assert "call-list" in said(client.get("/files/?class=education"))
    assert client.get(f"/files/{file.uid}/class/").status_code == 404  # to read, nothing else

    time.pass_by(30)
    assert client.get(f"/files/{file.uid}/").status_code == 404
    assert "call-list" not in said(client.get("/files/"))


def test_every_page_says_what_is_open_until_when_and_how_to_end_it(town: Town, time: Time) -> None:
    client = as_(town, "officer")
    client.post("/emergency-access/new/", asked())
    client.post("/emergency-access/new/", asked(record_class="security", where="Oak High"))
    first = Emergency.objects.order_by("pk")[0]

    for address in ("/files/", "/sharing-rules/", "/account/", "/no/such/page/"):
        page = said(client.get(address))
        assert "education record, Maple High" in page
        assert "security-sensitive, Oak High" in page
        assert "12:30 EST" in page
        assert f'action="/emergency-access/{first.uid}/end/"' in page

    client.post(f"/emergency-access/{first.uid}/end/")
    page = said(client.get("/files/"))
    assert "education record, Maple High" not in page
    assert "security-sensitive, Oak High" in page
    time.pass_by(61)
    assert "Emergency access:" not in said(client.get("/files/"))
    assert "Emergency access:" not in said(as_(town, "chief").get("/files/"))


def test_every_page_shown_meanwhile_is_written_down_and_no_other(town: Town, time: Time) -> None:
    file = a_sample(RecordClass.EDUCATION, Place(None, town.city.pk, town.high.pk), "call-list")
    client = as_(town, "officer")
    client.get("/files/")
    assert pages_read() == []
    client.post("/emergency-access/new/", asked())

    client.get("/files/")
    client.get(f"/files/{file.uid}/")
    client.get("/agencies/")
    client.head("/files/")
    client.get(f"/files/{town.high.uid}/")  # not there
    client.get("/account/")
    client.get("/emergency-access/")
    client.get("/search/?q=secret")

    assert pages_read() == [
        ("files:index", ""),
        ("files:file", str(file.uid)),
        ("places:agencies", ""),
        ("ui:search", ""),
    ]
    time.pass_by(31)
    client.get("/files/")
    assert len(pages_read()) == 4


def test_what_cannot_be_written_down_is_not_shown(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = a_sample(RecordClass.EDUCATION, Place(None, town.city.pk, town.high.pk), "call-list")
    client = as_(town, "officer")
    client.post("/emergency-access/new/", asked())
    client.raise_request_exception = False

    def fail(*_args: Any, **_more: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(actions, "note_reading", fail)
    answer = client.get(f"/files/{file.uid}/")

    assert answer.status_code == 500
    assert b"call-list" not in answer.content


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"reason": ""}, "required"),
        ({"reason": "urgent"}, "Say in a sentence"),
        ({"reason": "a null\0byte in the reason of it"}, "(U+0000) stands after “a null”"),
        ({"reason": "y" * 100_000}, "at most 2000"),
        ({"where": ""}, "required"),
        ({"where": "Maple H"}, "Did you mean: Maple High?"),
        ({"where": "Nowhere"}, "There is no place called"),
        ({"where": "Oak Police"}, "Such records are kept at: a school, a district"),
        ({"where": "x\0"}, "(U+0000) stands after “x”"),
        ({"where": "w" * 100_000}, "at most 200"),
        ({"record_class": ""}, "Choose one kind of record"),
        ({"record_class": "tip"}, "Select a valid choice"),
        ({"record_class": "internal_affairs"}, "Select a valid choice"),
        ({"record_class": "security", "where": "Maple Police Department"}, "already"),
    ],
)
def test_what_cannot_be_opened_is_refused_in_words_and_stays_typed(
    town: Town, typed: dict[str, str], why: str
) -> None:
    answer = as_(town, "officer").post("/emergency-access/new/", asked(**typed))

    assert answer.status_code == 422
    assert why in said(answer)
    assert "knife" in said(answer) or "reason" in typed
    assert not Emergency.objects.exists()


def test_words_in_a_reason_are_words_on_the_page(town: Town) -> None:
    client = as_(town, "officer")
    reason = "<script>alert(1)</script> and a threat"
    client.post("/emergency-access/new/", asked(reason=reason))

    page = said(client.get(f"/emergency-access/{Emergency.objects.get().uid}/"))

    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("key", ["administrator", "privacy"])
def test_whoever_opens_nothing_in_an_emergency_has_no_form_for_it(town: Town, key: str) -> None:
    client = as_(town, key)

    assert client.get("/emergency-access/new/").status_code == 404
    assert client.post("/emergency-access/new/", asked()).status_code == 404
    assert client.get("/emergency-access/").status_code == (404 if key == "administrator" else 200)


def test_both_sides_are_told_read_the_reason_and_the_pages_and_answer(
    town: Town, time: Time
) -> None:
    file = a_sample(RecordClass.EDUCATION, Place(None, town.city.pk, town.high.pk), "call-list")
    officer, chief, privacy = (as_(town, key) for key in ("officer", "chief", "privacy"))
    officer.post("/emergency-access/new/", asked())
    officer.get(f"/files/{file.uid}/")
    emergency = Emergency.objects.get()
    there = f"/emergency-access/{emergency.uid}/"
    officer.post(there + "end/")

    told = "1 emergency access waits for your review"
    assert told in said(chief.get("/files/"))
    assert told in said(privacy.get("/files/"))
    assert told not in said(officer.get("/files/"))
    assert said(privacy.get(there)).count(REASON.split(";")[0]) == 1
    assert "call-list" in said(privacy.get(there))  # who may read the record is told its name
    assert "call-list" not in said(chief.get(there))
    assert f"/files/{file.uid}/" in said(chief.get(there))

    assert chief.post(there + "review/", {"side": "agency"}).status_code == 422
    assert (
        chief.post(there + "review/", {"side": "district", "outcome": "right"}).status_code == 422
    )
    assert chief.post(there + "review/", {"side": "agency", "outcome": "right"}).status_code == 302
    assert (
        privacy.post(there + "review/", {"side": "district", "outcome": "wrong"}).status_code == 302
    )

    assert told not in said(chief.get("/files/"))
    page = said(officer.get(there))
    assert "It was right" in page
    assert "It was not an emergency" in page
    assert Review.objects.count() == 2


def test_nobody_else_knows_of_it(town: Town) -> None:
    as_(town, "officer").post("/emergency-access/new/", asked())
    there = f"/emergency-access/{Emergency.objects.get().uid}/"

    for key in ("oak_chief", "oak_officer", "county_privacy", "front_office", "administrator"):
        client = as_(town, key)
        assert client.get(there).status_code == 404, key
        assert client.post(there + "end/").status_code == 404
        assert client.post(there + "review/", {"outcome": "right"}).status_code == 404
        assert "Maple High" not in said(client.get("/emergency-access/"))
    assert Emergency.objects.get().ended_at is None


def test_a_post_alone_ends_it_and_a_look_changes_nothing(town: Town) -> None:
    client = as_(town, "officer")
    client.post("/emergency-access/new/", asked())
    there = f"/emergency-access/{Emergency.objects.get().uid}/"

    assert client.get(there + "end/").status_code == 405
    assert client.get(there + "review/").status_code == 302
    assert client.head(there).status_code == 200
    assert Emergency.objects.get().ended_at is None


def test_the_list_is_filtered_by_address_and_taken_as_a_file(town: Town, time: Time) -> None:
    officer, chief = as_(town, "officer"), as_(town, "chief")
    officer.post("/emergency-access/new/", asked())
    time.pass_by(31)
    officer.post("/emergency-access/new/", asked(record_class="security", where="Oak High"))

    def rows(query: str) -> int:
        return len(said(chief.get(f"/emergency-access/?format=csv&{query}")).splitlines()) - 1

    assert rows("") == 2
    assert rows("state=open") == 1
    assert rows("state=waits") == 1
    assert rows("state=reviewed") == 0
    assert rows("class=security") == 1
    assert rows("q=nobody%00") == 0
    assert "Waits for a review" in said(chief.get("/emergency-access/"))


def test_the_session_that_locks_reads_nothing_more(town: Town, time: Time) -> None:
    client = as_(town, "officer")
    session = client.session
    session["seen"] = NOON.isoformat()
    session.save()
    client.post("/emergency-access/new/", asked(record_class="security", where="Oak High"))
    time.pass_by(45)  # open for an hour; locked after thirty idle minutes

    answer = client.get("/files/")

    assert answer.status_code == 423
    assert "Emergency access:" not in said(answer)


def test_the_frame_costs_a_reviewer_one_query_more_and_nobody_else(
    town: Town, django_assert_max_num_queries: Any
) -> None:
    officer, chief = as_(town, "officer"), as_(town, "chief")

    with django_assert_max_num_queries(30) as of_officer:
        officer.get("/no/such/page/")
    with django_assert_max_num_queries(30) as of_chief:
        chief.get("/no/such/page/")

    def about(found: Any) -> int:
        return sum("emergency_access_emergency" in q["sql"] for q in found.captured_queries)

    assert (about(of_officer), about(of_chief)) == (1, 2)
