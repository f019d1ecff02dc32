"""The pages of files, disclosures and sharing rules, as people use them in the town."""

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from rapport.foundation import clock
from rapport.foundation.audit.keys import KeyTrouble
from rapport.foundation.audit.models import Line
from rapport.foundation.disclosure.models import Disclosure
from rapport.foundation.files import store
from rapport.foundation.files.models import Reclassification, StoredFile
from tests.wall.addresses import NOWHERE
from tests.wall.test_walk import signed_in
from tests.wall.town import STRANGER, Town


@pytest.fixture(autouse=True)
def undone(town: Town) -> Iterator[None]:
    """Undo after each test what it did to the town."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def lines(verb: str) -> list[Line]:
    return list(Line.objects.filter(verb=verb).order_by("id"))


def newest(verb: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(lines(verb)[-1].detail)
    return found


def said(answer: Any) -> str:
    """Return a page without what differs at every request: form token, ids, moments."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode())
    page = re.sub(r"<time [^>]*>[^<]*</time>", "", page)  # the moment of asking, in the page's foot
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", page)


# One view serves every file


def test_a_file_is_sent_as_an_attachment_that_nothing_can_run(town: Town) -> None:
    file = town.files["markeducationhere"]

    answer = signed_in(town, "principal").get(f"/files/{file.uid}/")

    assert answer.status_code == 200
    assert answer.content == b"It says markeducationhere.\n"
    headers = answer.headers
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert headers["Content-Disposition"] == "attachment; filename*=UTF-8''markeducationhere.txt"
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_look_at_the_headers_alone_sends_no_byte_and_leaves_no_line(town: Town) -> None:
    file = town.files["marktiphere"]
    before = len(lines("files.open"))

    answer = signed_in(town, "team_member").head(f"/files/{file.uid}/")

    assert answer.status_code == 200
    assert answer.content == b""
    assert answer.headers["Content-Length"] == str(file.size)
    assert len(lines("files.open")) == before


@pytest.mark.parametrize("key", ["supervisor", "front_office", "administrator", "nobody"])
@pytest.mark.parametrize("part", ["", "about/", "class/"])
def test_what_one_may_not_see_answers_exactly_as_what_is_not_there(
    town: Town, key: str, part: str
) -> None:
    client = signed_in(town, key)

    there = client.get(f"/files/{town.files['markeducationhere'].uid}/{part}")
    nowhere = client.get(f"/files/{NOWHERE}/{part}")

    assert there.status_code == nowhere.status_code == 404
    assert said(there) == said(nowhere)


def test_a_stranger_reads_a_public_file_and_is_sent_to_sign_in_for_all_else(town: Town) -> None:
    client = signed_in(town, STRANGER)

    open_to_all = client.get(f"/files/{town.files['markpublichere'].uid}/")
    others = [client.get(f"/files/{u}/") for u in (town.files["marktiphere"].uid, NOWHERE)]

    assert open_to_all.content == b"It says markpublichere.\n"
    assert {a.status_code for a in others} == {302}
    assert all("/files/" in a.headers["Location"] for a in others)


def test_a_damaged_file_is_not_sent_and_the_page_says_what_to_do(town: Town) -> None:
    file = town.files["markprogramhere"]
    store.put(file.stored_as, b"something else")

    answer = signed_in(town, "principal").get(f"/files/{file.uid}/")

    assert answer.status_code == 503
    assert b"not what was kept" in answer.content
    assert b"something else" not in answer.content


# FIELD 14, rule 28, and DESIGN: lists of such, with their filter; exports; refusals


def test_a_list_with_watched_records_leaves_a_line_with_its_filter_in_chosen_words(
    town: Town,
) -> None:
    signed_in(town, "principal").get("/files/", {"class": "education", "q": "Jordan Larkspur"})
    empty = len(lines("files.list"))
    signed_in(town, "principal").get("/files/", {"class": "education", "q": "mark"})

    said = newest("files.list")
    assert len(lines("files.list")) == empty + 1
    assert (said["class"], said["searched"], said["count"]) == ("education", True, 3)
    assert lines("files.list")[-1].actor_id == town.people["principal"].pk
    assert not Line.objects.filter(detail__contains="Jordan").exists()


def test_a_list_of_what_is_shared_leaves_no_line(town: Town) -> None:
    before = len(lines("files.list"))

    signed_in(town, "front_office").get("/files/")

    assert len(lines("files.list")) == before


@pytest.mark.parametrize(
    ("address", "verb"),
    [
        ("/files/", "files.export"),
        ("/disclosures/", "disclosure.export"),
        ("/sharing-rules/", "sharing.export"),
    ],
)
def test_an_export_leaves_a_line_with_who_when_and_why(town: Town, address: str, verb: str) -> None:
    answer = signed_in(town, "privacy_officer").get(address, {"format": "csv", "why": "review"})

    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "pat-privacy_officer_review.csv" in answer.headers["Content-Disposition"]
    line = lines(verb)[-1]
    assert line.actor_id == town.people["privacy_officer"].pk
    assert json.loads(line.detail)["why"] == "review"


def test_an_export_of_files_holds_the_rows_of_the_list_and_no_name_of_what_may_only_be_known(
    town: Town,
) -> None:
    answer = signed_in(town, "principal").get("/files/", {"format": "csv"})

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    names = {row[0] for row in rows[1:]}
    assert "markeducationhere.txt" in names
    assert "you may know of it, not read it" in names  # the threat case and the mentoring match
    assert not [n for n in names if n.startswith(("markthreat", "markmentoring"))]


def test_a_search_says_nothing_of_names_that_one_may_not_read(town: Town) -> None:
    client = signed_in(town, "principal")

    hidden = client.get("/files/", {"q": "markthreathere"})
    nonsense = client.get("/files/", {"q": "markzzzzzzhere"})

    assert said(hidden).replace("markthreathere", "") == said(nonsense).replace(
        "markzzzzzzhere", ""
    )


def test_an_order_by_name_says_nothing_of_names_that_one_may_not_read(town: Town) -> None:
    client = signed_in(town, "principal")

    answer = client.get("/files/", {"sort": "name", "format": "csv"})

    names = [r[0] for r in csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))][1:]
    hidden = [i for i, n in enumerate(names) if n.startswith("you may know")]
    assert hidden == list(range(hidden[0], hidden[0] + len(hidden)))  # together, not in between


def test_the_list_costs_a_fixed_number_of_queries(
    town: Town, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(town, "superintendent")
    client.get("/files/")

    with django_assert_max_num_queries(19):
        client.get("/files/")


# Keeping a file


def kept(town: Town, key: str, **said: Any) -> tuple[Client, Any]:
    client = signed_in(town, key)
    form = {
        "file": SimpleUploadedFile("../../Lärkspur\r\nX.html", b"<script>alert(1)</script>"),
        "record_class": "education",
        "at": f"school-{town.places['S1'].pk}",
        "kind": "letter",
    }
    return client, client.post("/files/new/", form | said)


def test_a_principal_keeps_a_letter_and_finds_it_again_with_a_harmless_name_and_type(
    town: Town,
) -> None:
    client, answer = kept(town, "principal")

    assert answer.status_code == 302, answer.content.decode()[-3000:]
    file = StoredFile.objects.latest("pk")
    assert (file.record_class, file.school_id) == ("education", town.places["S1"].pk)
    assert file.district_id == town.places["D"].pk
    sent = client.get(f"/files/{file.uid}/")
    assert sent.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "L%C3%A4rkspur" in sent.headers["Content-Disposition"]
    assert ".html" not in sent.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"record_class": "law_unit"}, "Select a valid choice"),
        ({"at": "school-999999"}, "Select a valid choice"),
        ({"file": SimpleUploadedFile("a.pdf", b"MZ\x90\x00")}, "Files can be PDF"),
        ({"file": SimpleUploadedFile("a.pdf", b"")}, "empty"),
    ],
)
def test_what_cannot_be_kept_is_said_in_words_and_nothing_is_kept(
    town: Town, said: dict[str, Any], words: str
) -> None:
    before = StoredFile.objects.count()

    _, answer = kept(town, "principal", **said)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert StoredFile.objects.count() == before


@pytest.mark.parametrize("key", ["school_staff", "dispatcher", "administrator", "nobody"])
def test_who_may_write_nothing_finds_no_page_to_keep_a_file(town: Town, key: str) -> None:
    assert signed_in(town, key).get("/files/new/").status_code == 404
    assert kept(town, key)[1].status_code == 404


# Another class, by two people


def test_one_proposes_another_class_and_another_approves_it_on_the_page(town: Town) -> None:
    file = town.files["markeducationsecond"]
    form = {
        "to_class": "law_unit",
        "agency": f"agency-{town.places['A'].pk}",
        "district": f"district-{town.places['D'].pk}",
        "reason": "custody",
        "why": "The agency opened a case.",
    }
    proposer, decider = signed_in(town, "principal_second"), signed_in(town, "superintendent")

    proposed = proposer.post(f"/files/{file.uid}/class/", form)
    own = proposer.post(f"/files/{file.uid}/class/approve/")
    page = decider.get(f"/files/{file.uid}/about/").content.decode()
    decided = decider.post(f"/files/{file.uid}/class/approve/")

    assert proposed.status_code == 302, proposed.content.decode()[-2000:]
    assert own.status_code == 404
    assert "The agency opened a case." in page
    assert decided.status_code == 302
    file.refresh_from_db()
    assert (file.record_class, file.agency_id) == ("law_unit", town.places["A"].pk)
    assert signed_in(town, "superintendent").get(f"/files/{file.uid}/").status_code == 404
    assert signed_in(town, "supervisor").get(f"/files/{file.uid}/").status_code == 200
    file_row = StoredFile.objects.get(pk=file.pk)
    assert Reclassification.objects.get(file=file_row).decision == "approved"


def test_a_proposal_without_words_keeps_what_was_chosen_and_says_what_is_missing(
    town: Town,
) -> None:
    file = town.files["markeducationsecond"]
    form = {"to_class": "threat", "reason": "wrong_class", "why": " "}

    answer = signed_in(town, "principal_second").post(f"/files/{file.uid}/class/", form)

    assert answer.status_code == 422
    assert 'value="threat"' in answer.content.decode()
    assert not Reclassification.objects.filter(file=file).exists()


# Disclosures


def test_a_principal_finds_the_officer_by_name_and_discloses_one_record_for_a_week(
    town: Town,
) -> None:
    file, officer = town.files["markeducationhere"], town.people["officer_second"]
    client = signed_in(town, "principal")
    address = f"/disclosures/new/file/{file.uid}/?who=markofficersec"
    form = {
        "basis": "consent",
        "purpose": "The mother asked for it.",
        "persons": str(officer.uid),
        "last_day": str(clock.today(clock.now(), "America/New_York") + timedelta(days=7)),
    }

    assert "markofficersecond" in client.get(address).content.decode()
    answer = client.post(address, form)

    assert answer.status_code == 302, answer.content.decode()[-3000:]
    reader = signed_in(town, "officer_second")
    assert reader.get(f"/files/{file.uid}/").content == b"It says markeducationhere.\n"
    row = Disclosure.objects.latest("pk")
    assert client.post(f"/disclosures/{row.uid}/end/").status_code == 302
    assert reader.get(f"/files/{file.uid}/").status_code == 404


def test_nobody_is_listed_by_one_or_two_letters_of_a_name(town: Town) -> None:
    file, client = town.files["markeducationhere"], signed_in(town, "principal")

    short = client.get(f"/disclosures/new/file/{file.uid}/?who=ma").content.decode()
    found = client.get(f"/disclosures/new/file/{file.uid}/?who=mar").content.decode()

    assert "at least three letters" in short
    assert 'name="persons"' not in short
    assert 0 < found.count('name="persons"') <= 20


def test_an_emergency_without_its_threat_is_refused_and_nothing_typed_is_lost(town: Town) -> None:
    file, officer = town.files["markeducationhere"], town.people["officer_second"]
    form = {
        "basis": "emergency",
        "purpose": "To find him before noon.",
        "persons": str(officer.uid),
        "last_day": str(clock.today(clock.now(), "America/New_York")),
    }

    answer = signed_in(town, "principal").post(f"/disclosures/new/file/{file.uid}/", form)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "An emergency needs the threat in words" in page
    assert "To find him before noon." in page
    assert "markofficersecond" in page


def test_an_officer_who_is_no_school_official_is_not_made_one_by_a_disclosure(town: Town) -> None:
    file, officer = town.files["markeducationhere"], town.people["officer_second"]
    form = {
        "basis": "school_official",
        "purpose": "Daily work.",
        "persons": str(officer.uid),
        "last_day": str(clock.today(clock.now(), "America/New_York")),
    }

    answer = signed_in(town, "principal").post(f"/disclosures/new/file/{file.uid}/", form)

    assert answer.status_code == 422
    assert "No agreement in force makes" in answer.content.decode()


# What is refused


def test_who_asks_for_what_is_there_and_not_his_leaves_one_line_an_hour_that_he_does_not_read(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, client = town.files["marktiphere"], signed_in(town, "officer")
    before = len(lines("audit.refused"))

    there, again = client.get(f"/files/{file.uid}/"), client.head(f"/files/{file.uid}/about/")
    nowhere = client.get(f"/files/{NOWHERE}/")

    assert (there.status_code, again.status_code, nowhere.status_code) == (404, 404, 404)
    assert said(there) == said(nowhere).replace(str(NOWHERE), str(file.uid))
    (line,) = lines("audit.refused")[before:]
    assert line.actor_id == town.people["officer"].pk
    assert newest("audit.refused") | {
        "page": "files:file",
        "class": "tip",
        "uid": str(file.uid),
    } == newest("audit.refused")
    assert str(file.uid) not in client.get("/history/").content.decode()
    assert str(file.uid) not in signed_in(town, "administrator").get("/history/").content.decode()

    later = clock.now() + timedelta(hours=1, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    client.get(f"/files/{file.uid}/")

    assert len(lines("audit.refused")) == before + 2


def test_what_is_ones_own_or_known_leaves_no_line_under_another_address(town: Town) -> None:
    own, before = town.people["officer"], len(lines("audit.refused"))
    file = town.files["markprogramhere"]

    answers = [
        signed_in(town, "officer").get(f"/files/{own.uid}/").status_code,
        signed_in(town, "agency_head").get(f"/people/{file.uid}/").status_code,
    ]

    assert answers == [404, 404]
    assert len(lines("audit.refused")) == before


def test_what_cannot_be_written_changes_no_answer(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, before = town.files["marktiphere"], len(lines("audit.refused"))
    client = signed_in(town, "officer")

    def no_key() -> None:
        raise KeyTrouble("gone")

    monkeypatch.setattr("rapport.foundation.audit.keys.ring", no_key)

    assert client.get(f"/files/{file.uid}/").status_code == 404
    assert len(lines("audit.refused")) == before


def test_one_person_leaves_a_bounded_number_of_lines(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rapport.foundation.audit.middleware.MOST", 2)
    client = signed_in(town, "team_member")
    before = len(lines("audit.refused"))

    for mark in (
        "markpersonnelhere",
        "marktiphere",
        "marklaw_unithere",
        "markinternal_affairshere",
    ):
        if mark in town.files:
            client.get(f"/files/{town.files[mark].uid}/")

    assert len(lines("audit.refused")) <= before + 2


def test_that_a_school_is_there_is_public_and_its_page_not_found_leaves_no_line(
    town: Town,
) -> None:
    before = len(lines("audit.refused"))

    answer = signed_in(town, "administrator").get(f"/schools/{town.places['S1'].uid}/")

    assert answer.status_code == 404
    assert len(lines("audit.refused")) == before


def test_who_oversees_a_thing_reads_who_asked_for_it_and_strangers_leave_no_line(
    town: Town,
) -> None:
    file = town.files["markpersonnelhere"]
    before = len(lines("audit.refused"))

    signed_in(town, "principal").get(f"/files/{file.uid}/")
    signed_in(town, STRANGER).get(f"/files/{file.uid}/")

    assert len(lines("audit.refused")) == before + 1
    assert str(file.uid) in signed_in(town, "agency_head").get("/history/").content.decode()
    assert str(file.uid) not in signed_in(town, "superintendent").get("/history/").content.decode()


def test_who_asks_from_elsewhere_is_not_named_to_whom_he_is_not_known(town: Town) -> None:
    file, asker = town.files["markpersonnelhere"], town.people["chief_elsewhere"]

    signed_in(town, "chief_elsewhere").get(f"/files/{file.uid}/")

    shown = signed_in(town, "agency_head").get("/history/").content.decode()
    assert str(file.uid) in shown
    assert "Somebody of elsewhere" in shown
    assert asker.name not in shown


# The history


def test_the_history_names_a_file_and_a_disclosure_for_who_may_know_of_them(town: Town) -> None:
    shared, tip = town.files["markprogramhere"], town.files["marktiphere"]
    client = signed_in(town, "team_member")
    client.get(f"/files/{tip.uid}/")
    principal = signed_in(town, "principal")
    form = {"basis": "consent", "purpose": "The mother asked.", "others": "Ms. Hale"}
    form["last_day"] = str(clock.today(clock.now(), "America/New_York"))
    principal.post(f"/disclosures/new/file/{town.files['markeducationhere'].uid}/", form)
    row = Disclosure.objects.latest("pk")

    by_member = client.get("/history/").content.decode()
    by_principal = principal.get("/history/").content.decode()
    by_chief = signed_in(town, "agency_head").get("/history/").content.decode()

    assert f'<a href="/files/{tip.uid}/about/">tip: ' in by_member
    assert "marktiphere" not in by_member  # its name is read on its page, and that leaves a line
    assert f'<a href="/disclosures/{row.uid}/">' in by_principal
    assert f'<a href="/files/{shared.uid}/about/">markprogramhere.txt</a>' in by_chief
    assert str(tip.uid) not in by_chief


# What can this person see, and why


def test_the_page_of_what_i_see_names_my_role_its_place_and_the_disclosure_made_to_me(
    town: Town,
) -> None:
    page = signed_in(town, "officer").get("/me/sees/").content.decode()

    assert "officer, Harbor Police" in page
    assert "markdisclosedfile.txt" in page
    assert "school official" not in page.split("<main")[1].split("<section")[0]


def test_an_officer_called_a_school_official_reads_at_which_school(town: Town) -> None:
    page = signed_in(town, "officer_elsewhere").get("/me/sees/").content.decode()

    assert "Serves as a school official at: Pine School" in page


def test_the_administrator_sees_what_somebody_may_and_neither_counts_nor_disclosures(
    town: Town,
) -> None:
    address = f"/people/{town.people['officer'].uid}/sees/"
    before = len(lines("sharing.look"))

    for_admin = signed_in(town, "administrator").get(address).content.decode()
    for_chief = signed_in(town, "agency_head").get(address).content.decode()

    assert "officer, Harbor Police" in for_admin
    assert "Files:" not in for_admin
    assert "One record more" not in for_admin
    assert "Files:" in for_chief
    assert "One record more" in for_chief
    assert "markdisclosedfile" not in for_chief  # that it is, not what it is
    assert len(lines("sharing.look")) == before + 2
    assert lines("sharing.look")[-1].subject_id == town.people["officer"].pk


@pytest.mark.parametrize(
    ("key", "status"),
    [("principal", 404), ("supervisor", 404), ("chief_elsewhere", 404), ("privacy_program", 200)],
)
def test_others_are_looked_at_only_by_who_oversees_them(town: Town, key: str, status: int) -> None:
    address = f"/people/{town.people['officer'].uid}/sees/"

    assert signed_in(town, key).get(address).status_code == status


def test_the_sharing_rules_of_a_role_are_a_page_in_words_for_whoever_is_signed_in(
    town: Town,
) -> None:
    page = signed_in(town, "nobody").get("/sharing-rules/?role=team_member").content.decode()

    assert "What may the role “threat assessment team member” see?" in page
    assert "threat assessment" in page
    assert signed_in(town, STRANGER).get("/sharing-rules/").status_code == 302
