"""What an administrator, a head or a superintendent does with people on pages, and what is refused in words."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from rapport.foundation import clock
from rapport.foundation.access import SYSTEM, Role
from rapport.foundation.audit.models import Line
from rapport.organizations.people import access, actions, queries
from rapport.organizations.people.models import Account, Merge, Person, RoleHeld
from rapport.organizations.people.queries import At
from rapport.organizations.people.tests.build import (
    NOON,
    START,
    TODAY,
    a_district,
    a_person,
    a_role,
    a_school,
    an_account,
    an_actor,
    an_agency,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


def somebody(role: Role, at: At = None, name: str = "Casey Nguyen") -> tuple[Person, Client]:
    person = a_person(name)
    a_role(person, role, at)
    client = Client()
    client.force_login(an_account(person, f"{name.split()[0].lower()}@maple.example"))
    return person, client


def said(answer: Any) -> str:
    return str(answer.content.decode())


def typed(**more: str) -> dict[str, str]:
    terms = {"role": "officer", "where": "", "valid_from": START.isoformat(), "source": "record"}
    return terms | {"last_day": ""} | more


# Adding and correcting


def test_an_administrator_adds_a_person_and_comes_to_their_page() -> None:
    agency = an_agency()
    _me, client = somebody(Role.ADMINISTRATOR)

    answer = client.post(
        "/people/new/",
        {
            "name": "  Rosa   Diaz ",
            "title": "Sgt.",
            "work_email": "Rosa@Maple.example",
            "work_phone": "434 555 0199",
            "kept_by": str(agency.uid),
        },
    )

    rosa = Person.objects.get(name="Rosa Diaz")
    assert answer["Location"] == f"/people/{rosa.uid}/"
    assert (rosa.title, rosa.work_email, rosa.agency) == ("Sgt.", "rosa@maple.example", agency)
    assert Line.objects.filter(verb="people.add", subject_id=rosa.pk).count() == 1


def test_a_supervisor_adds_people_to_the_own_agencys_records_and_no_others() -> None:
    mine, other = an_agency(), an_agency("Oak Police", "VA2220000")
    _me, client = somebody(Role.SUPERVISOR, mine)

    page = said(client.get("/people/new/"))
    refused = client.post("/people/new/", {"name": "Rosa Diaz", "kept_by": str(other.uid)})

    assert "Maple Police" in page
    assert "Oak Police" not in page
    assert "the program&#x27;s" not in page
    assert refused.status_code == 422
    assert not Person.objects.filter(name="Rosa Diaz").exists()


def test_somebody_of_a_known_name_is_added_only_after_a_second_look() -> None:
    agency = an_agency()
    _me, client = somebody(Role.ADMINISTRATOR)
    a_person("Rosa Diaz")
    form = {"name": "rosa diaz", "kept_by": str(agency.uid)}

    first = client.post("/people/new/", form)
    assert first.status_code == 422
    assert "Is it one of these?" in said(first)
    assert "Somebody of this name or address is known already" in said(first)

    client.post("/people/new/", form | {"is_another": "on"})
    assert Person.objects.filter(name__iexact="rosa diaz").count() == 2


@pytest.mark.parametrize(
    ("field", "words", "why"),
    [
        ("name", "", "required"),
        ("name", "Ro\0sa", "(U+0000) stands after “Ro”"),
        ("name", "Rosa \u202ezaiD", "(U+202E) stands after “Rosa”"),
        ("title", "Sgt\u200b.", "(U+200B) stands after “Sgt”"),
        ("work_phone", "\u2066555 0100", "stands at the beginning"),
        ("name", "R" * 100_000, "at most 120"),
        ("title", "S" * 61, "at most 60"),
        ("work_email", "rosa at maple", "Write the whole address"),
        ("work_email", "rosa\0@maple.example", "(U+0000) stands after “rosa”"),
        ("work_phone", "4" * 31, "at most 30"),
        ("kept_by", "nobody", "Select a valid choice"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words_and_stays_typed(
    field: str, words: str, why: str
) -> None:
    agency = an_agency()
    _me, client = somebody(Role.ADMINISTRATOR)
    before = Person.objects.count()
    form = {"name": "Rosa Diaz", "title": "Sgt.", "kept_by": str(agency.uid)} | {field: words}

    answer = client.post("/people/new/", form)

    assert answer.status_code == 422
    assert why in said(answer)
    assert "Rosa Diaz" in said(answer) or field == "name"
    assert Person.objects.count() == before


def test_a_name_in_letters_that_run_from_right_to_left_is_kept_as_it_is() -> None:
    agency = an_agency()
    _me, client = somebody(Role.ADMINISTRATOR)
    name = "\u05d3\u05e0\u05d4 \u05dc\u05d5\u05d9"

    client.post("/people/new/", {"name": name, "kept_by": str(agency.uid)})

    assert Person.objects.filter(name=name).exists()


def test_a_name_that_a_spreadsheet_would_run_is_made_harmless_in_the_file() -> None:
    _me, client = somebody(Role.ADMINISTRATOR)
    a_person('=HYPERLINK("http://evil.example")')

    file = said(client.get("/people/?format=csv"))

    assert "'=HYPERLINK" in file
    assert '\n"=' not in file
    assert "\n=" not in file


def test_a_null_byte_in_the_search_finds_nothing_and_breaks_nothing() -> None:
    _me, client = somebody(Role.ADMINISTRATOR)

    for address in ("/people/?q=%00", "/search/?q=a%00b", "/people/?role=%00&at=%00&sort=%00"):
        assert client.get(address).status_code == 200


def test_whoever_keeps_the_record_corrects_the_name_and_the_line_tells_what_was_changed() -> None:
    agency = an_agency()
    _me, client = somebody(Role.SUPERVISOR, agency)
    rosa = a_person("Rosa Dias", agency=agency, title="Ofc.")

    client.post(f"/people/{rosa.uid}/correct/", {"name": "Rosa Diaz", "title": "Sgt."})

    rosa.refresh_from_db()
    assert str(rosa) == "Sgt. Rosa Diaz"
    assert '"changed":["name","title"]' in Line.objects.get(verb="people.correct").detail


def test_nobody_corrects_a_record_of_another_side() -> None:
    agency, district = an_agency(), a_district()
    _me, client = somebody(Role.AGENCY_HEAD, agency)
    dana = a_person("Dana Poe", district=district)
    a_role(dana, Role.OFFICER, agency)

    assert client.get(f"/people/{dana.uid}/").status_code == 200
    assert client.get(f"/people/{dana.uid}/correct/").status_code == 404


# Roles


def test_a_role_is_given_by_the_name_of_the_place_and_can_be_undone() -> None:
    district = a_district()
    school = a_school(district)
    _me, client = somebody(Role.ADMINISTRATOR)
    nora = a_person("Nora Poe")

    answer = client.post(
        f"/facts/role/new/{nora.uid}/",
        typed(role="principal", where="maple HIGH", last_day="2026-06-30"),
        follow=True,
    )

    held = RoleHeld.objects.get(person=nora)
    assert (held.school, held.scope) == (school, "school")
    assert held.valid_until == TODAY.replace(month=7, day=1)
    assert "Principal, Maple High" in said(answer)
    assert f"/facts/role/{held.uid}/withdraw/" in said(answer)


@pytest.mark.parametrize(
    ("terms", "why"),
    [
        ({"where": "Nowhere PD"}, "There is no place called “Nowhere PD” where you may give roles"),
        ({"where": "Maple P"}, "Did you mean: Maple Police Department?"),
        ({"where": ""}, "Say where: an agency"),
        ({"where": "Maple High"}, "is not held there. It is held at: an agency"),
        ({"where": "x\0y"}, "(U+0000) stands after “x”"),
        ({"where": "y" * 100_000}, "at most 200"),
        ({"role": "king"}, "Select a valid choice"),
        ({"role": ""}, "required"),
        ({"valid_from": "2026-05-01", "last_day": "2026-04-01"}, "must not lie before the start"),
        ({"valid_from": "1926-05-01"}, "before 1950"),
        ({"valid_from": "2036-05-01"}, "A role begins between"),
        ({"valid_from": "soon"}, "Write the date as"),
        ({"source": ""}, "Choose how you know"),
    ],
)
def test_a_role_that_cannot_be_is_refused_in_words(terms: dict[str, str], why: str) -> None:
    an_agency()
    a_school(a_district())
    _me, client = somebody(Role.ADMINISTRATOR)
    nora = a_person("Nora Poe")

    answer = client.post(
        f"/facts/role/new/{nora.uid}/", typed(where="Maple Police Department") | terms
    )

    assert answer.status_code == 422
    assert why in said(answer)
    assert not RoleHeld.objects.filter(person=nora).exists()


def test_the_same_role_at_the_same_place_twice_is_refused() -> None:
    agency = an_agency()
    _me, client = somebody(Role.ADMINISTRATOR)
    nora = a_person("Nora Poe")
    a_role(nora, Role.OFFICER, agency)

    answer = client.post(f"/facts/role/new/{nora.uid}/", typed(where="VA1110000"))

    assert answer.status_code == 422
    assert "overlaps" in said(answer)


def test_of_two_places_of_one_name_the_id_is_asked_for_and_offered() -> None:
    district = a_district()
    a_school(district, "Lincoln", "510000100002")
    second = a_school(district, "Lincoln", "510000100003")
    _me, client = somebody(Role.ADMINISTRATOR)
    nora = a_person("Nora Poe")

    unclear = client.post(f"/facts/role/new/{nora.uid}/", typed(role="principal", where="Lincoln"))
    assert "Several places are called “Lincoln”" in said(unclear)
    client.post(f"/facts/role/new/{nora.uid}/", typed(role="principal", where="510000100003"))

    held = RoleHeld.objects.get(person=nora)
    assert held.school == second
    assert 'value="510000100003"' in said(client.get(f"/facts/role/{held.uid}/correct/"))


def test_a_head_is_offered_the_roles_of_the_own_agency_and_no_place_beside_it() -> None:
    mine = an_agency()
    an_agency("Oak Police", "VA2220000")
    _me, client = somebody(Role.AGENCY_HEAD, mine)
    nora = a_person("Nora Poe", agency=mine)

    page = said(client.get(f"/facts/role/new/{nora.uid}/"))
    elsewhere = client.post(f"/facts/role/new/{nora.uid}/", typed(where="Oak Police"))
    above = client.post(f"/facts/role/new/{nora.uid}/", typed(role="administrator"))

    assert 'value="supervisor"' in page
    assert 'value="principal"' not in page
    assert 'value="administrator"' not in page
    assert "Oak Police" not in page
    assert (elsewhere.status_code, above.status_code) == (422, 422)
    assert not RoleHeld.objects.filter(person=nora).exists()


def test_nobody_is_offered_to_give_or_prolong_a_role_of_his_own() -> None:
    agency = an_agency()
    me, client = somebody(Role.AGENCY_HEAD, agency)
    mine = RoleHeld.objects.get(person=me)

    page = said(client.get(f"/people/{me.uid}/"))

    assert "/facts/role/new/" not in page
    assert client.get(f"/facts/role/new/{me.uid}/").status_code == 404
    assert client.get(f"/facts/role/{mine.uid}/correct/").status_code == 404
    assert client.post(f"/facts/role/{mine.uid}/correct/", typed()).status_code == 404


def test_a_role_is_corrected_and_ended_and_what_was_known_stays() -> None:
    agency = an_agency()
    _me, client = somebody(Role.ADMINISTRATOR)
    nora = a_person("Nora Poe")
    held = a_role(nora, Role.OFFICER, agency)

    form = typed(role="supervisor", where="Maple Police Department")
    client.post(f"/facts/role/{held.uid}/correct/", form)
    after = RoleHeld.objects.known().get(person=nora)
    client.post(f"/facts/role/{after.uid}/end/", {"last_day": TODAY.isoformat()})

    ended = RoleHeld.objects.known().get(person=nora)
    assert (ended.role, ended.valid_until) == ("supervisor", TODAY + timedelta(days=1))
    assert RoleHeld.objects.filter(person=nora).count() == 3
    page = said(client.get(f"/people/{nora.uid}/"))
    assert "Withdrawn or corrected since" in page


def test_the_last_administrator_is_not_ended_without_a_successor_and_the_page_says_so() -> None:
    me, client = somebody(Role.ADMINISTRATOR)
    last = RoleHeld.objects.get(person=me)

    for step, form in (("end", {"last_day": "2026-03-01"}), ("withdraw", {})):
        answer = client.post(f"/facts/role/{last.uid}/{step}/", form)
        assert answer.status_code == 422
        assert "This is the last administrator who can sign in" in said(answer)

    assert RoleHeld.objects.known().get(person=me).valid_until is None


# The sign-in


def test_a_sign_in_is_closed_and_opened_again_on_pages() -> None:
    agency = an_agency()
    _me, client = somebody(Role.AGENCY_HEAD, agency)
    nora = a_person("Nora Poe", agency=agency)
    account = an_account(nora, "nora@maple.example")

    assert client.get(f"/people/{nora.uid}/reopen/").status_code == 404
    client.post(f"/people/{nora.uid}/close/")
    account.refresh_from_db()
    assert not account.is_active
    assert client.get(f"/people/{nora.uid}/close/").status_code == 404
    client.post(f"/people/{nora.uid}/reopen/")
    account.refresh_from_db()
    assert account.is_active


def test_nobody_closes_the_own_sign_in_or_one_of_somebody_with_a_role_elsewhere() -> None:
    agency, other = an_agency(), an_agency("Oak Police", "VA2220000")
    me, client = somebody(Role.AGENCY_HEAD, agency)
    nora = a_person("Nora Poe", agency=agency)
    an_account(nora, "nora@maple.example")
    a_role(nora, Role.OFFICER, other)

    for person in (me, nora):
        assert client.get(f"/people/{person.uid}/close/").status_code == 404
        assert client.post(f"/people/{person.uid}/close/").status_code == 404

    assert not Account.objects.exclude(closed_at=None).exists()


# Two records of one person


def test_two_records_stand_side_by_side_before_they_are_joined_and_can_be_parted() -> None:
    agency = an_agency()
    _me, client = somebody(Role.ADMINISTRATOR)
    one, other = a_person("Ana Ruiz", work_email="ana@maple.example"), a_person("Ana R. Ruiz")
    a_role(one, Role.OFFICER, agency)
    a_role(other, Role.SUPERVISOR, agency)
    there = f"/people/{one.uid}/join/{other.uid}/"

    assert there in said(client.get(f"/people/{one.uid}/join/"))
    page = said(client.get(there))
    assert "Officer, Maple Police Department" in page
    assert "SRO supervisor, Maple Police Department" in page
    client.post(there, {"keep": str(other.uid), "reason": "twice"})

    merge = Merge.objects.get()
    assert (merge.kept, merge.absorbed) == (other, one)
    shown = said(client.get(f"/people/{other.uid}/"))
    assert "Ana Ruiz" in shown
    assert f"/people/joined/{merge.uid}/part/" in shown
    client.post(f"/people/joined/{merge.uid}/part/")
    merge.refresh_from_db()
    assert merge.undone_at == NOON
    assert client.get(f"/people/joined/{merge.uid}/part/").status_code == 404


def test_joining_asks_for_a_reason_and_is_refused_where_it_would_give_the_asker_roles() -> None:
    me, client = somebody(Role.ADMINISTRATOR)
    other, third = a_person("Casey N."), a_person("Cas")

    unsaid = client.post(f"/people/{other.uid}/join/{third.uid}/", {"keep": str(other.uid)})
    mine = client.post(
        f"/people/{me.uid}/join/{other.uid}/", {"keep": str(me.uid), "reason": "name"}
    )

    assert "Choose why the two are one" in said(unsaid)
    assert "would give you the other" in said(mine)
    assert not Merge.objects.exists()
    assert client.get(f"/people/{me.uid}/join/{me.uid}/").status_code == 302


def test_only_an_administrator_joins_and_parts() -> None:
    agency = an_agency()
    _me, client = somebody(Role.AGENCY_HEAD, agency)
    one, other = a_person("Ana Ruiz", agency=agency), a_person("Ana R. Ruiz", agency=agency)
    merge = actions.merge_persons(SYSTEM, one, other, reason="twice", now=NOON)
    third = a_person("Ana", agency=agency)

    for address in (
        f"/people/{one.uid}/join/",
        f"/people/{one.uid}/join/{third.uid}/",
        f"/people/joined/{merge.uid}/part/",
    ):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code in (404, 405)
    assert queries.merges_of(an_actor(_me, Role.AGENCY_HEAD, agency), one) == []


# What others did meanwhile, and what was done in error


def test_a_form_that_was_shown_before_another_saved_is_shown_again_with_both() -> None:
    _me, client = somebody(Role.ADMINISTRATOR)
    rosa = a_person("Rosa Diaz", title="Sgt.", work_phone="1")
    there = f"/people/{rosa.uid}/correct/"
    seen = re.findall(r'name="seen" value="(\w+)"', said(client.get(there)))[0]
    actions.correct_person(SYSTEM, rosa, now=NOON, title="Lt.")
    mine = {"name": "Rosa Diaz", "title": "Sgt.", "work_email": "", "work_phone": "2"}

    answer = client.post(there, mine | {"seen": seen})

    assert answer.status_code == 422
    assert "Somebody else has just changed this" in said(answer)
    assert "“Lt.”" in said(answer)
    assert 'value="2"' in said(answer)
    rosa.refresh_from_db()
    assert (rosa.title, rosa.work_phone) == ("Lt.", "1")
    now_seen = re.findall(r'name="seen" value="(\w+)"', said(answer))[0]
    assert client.post(there, mine | {"seen": now_seen}).status_code == 302
    rosa.refresh_from_db()
    assert (rosa.title, rosa.work_phone) == ("Sgt.", "2")


def test_a_role_withdrawn_as_an_error_keeps_nobody_in_sight() -> None:
    agency = an_agency()
    boss, client = somebody(Role.AGENCY_HEAD, agency)
    other = a_person("Otto Berg")
    held = a_role(other, Role.OFFICER, agency)
    assert client.get(f"/people/{other.uid}/").status_code == 200

    actions.withdraw_role(SYSTEM, held, now=NOON)

    assert client.get(f"/people/{other.uid}/").status_code == 404
    assert held not in access.visible_roles(an_actor(boss, Role.AGENCY_HEAD, agency))


@pytest.mark.parametrize("role", [Role.AGENCY_HEAD, Role.SUPERVISOR, Role.INVESTIGATOR])
def test_the_address_for_the_links_of_a_higher_role_is_corrected_by_whoever_may_invite(
    role: Role,
) -> None:
    agency = an_agency()
    _me, client = somebody(Role.SUPERVISOR, agency)
    rosa = a_person("Rosa Diaz", agency=agency, work_email="rosa@maple.example")
    officer = a_person("Otto Berg", agency=agency)
    a_role(rosa, role, agency)
    a_role(officer, Role.OFFICER, agency)
    typed_in = {"name": "Rosa Diaz", "title": "", "work_email": "me@x.example", "work_phone": ""}

    answer = client.post(f"/people/{rosa.uid}/correct/", typed_in)
    allowed = client.post(
        f"/people/{officer.uid}/correct/", typed_in | {"name": "Otto Berg", "work_phone": "5"}
    )

    assert answer.status_code == 422
    assert "corrected by whoever may let this person in" in said(answer)
    rosa.refresh_from_db()
    assert rosa.work_email == "rosa@maple.example"
    assert allowed.status_code == 302
    head = an_actor(a_person("Head"), Role.AGENCY_HEAD, agency)
    if role is not Role.AGENCY_HEAD:
        actions.correct_person(head, rosa, now=NOON, work_email="new@maple.example")
