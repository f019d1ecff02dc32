"""What a disclosure must say, and what it then opens (FIELD 14, rule 16)."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from rapport.foundation import registry
from rapport.foundation.access import (
    SYSTEM,
    Actor,
    NotAllowed,
    Place,
    RecordClass,
    Role,
    RoleAt,
    Scope,
)
from rapport.foundation.audit.models import Line
from rapport.foundation.disclosure import access, actions, queries, rules
from rapport.foundation.disclosure.models import Disclosure
from rapport.foundation.disclosure.rules import Basis, Terms
from rapport.foundation.facts import Overtaken, Refused
from rapport.foundation.files import actions as file_actions
from rapport.foundation.files import queries as file_queries
from rapport.foundation.files.models import StoredFile
from rapport.foundation.files.rules import Reason
from rapport.foundation.files.tests.build import (
    AGENCY,
    DISTRICT,
    HERE,
    NOW,
    SCHOOL,
    a_sample,
    an_actor,
)
from rapport.foundation.registry import Record

TODAY = date(2026, 11, 24)
PRINCIPAL = an_actor(Role.PRINCIPAL, Scope.SCHOOL, SCHOOL, person=4)
OFFICER = an_actor(Role.OFFICER, Scope.AGENCY, AGENCY, person=9)


def terms(**said: Any) -> Terms:
    all_said: dict[str, Any] = {
        "basis": Basis.EMERGENCY,
        "purpose": "To find the student before noon.",
        "threat": "A named student said on a call that he will bring a knife today.",
        "persons": (9,),
        "others": "",
        "last_day": TODAY,
    }
    return Terms(**(all_said | said))


# What it must say


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"purpose": " "}, "purpose"),
        ({"threat": " "}, "threat"),
        ({"persons": (), "others": " "}, "persons"),
        ({"last_day": TODAY - timedelta(days=1)}, "last_day"),
        ({"last_day": TODAY + timedelta(days=367)}, "last_day"),
        ({"basis": Basis.REQUIRED}, "basis"),
    ],
)
def test_rule_16_what_must_be_said_is_asked_for_in_words(said: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.ensure_terms(terms(**said), RecordClass.EDUCATION, TODAY)

    assert refused.value.field == field


@pytest.mark.parametrize("basis", [b for b in Basis if b is not Basis.REQUIRED])
def test_rule_16_each_basis_of_ferpa_can_be_recorded_and_only_the_emergency_needs_a_threat(
    basis: Basis,
) -> None:
    threat = "words" if basis is Basis.EMERGENCY else ""

    rules.ensure_terms(terms(basis=basis, threat=threat), RecordClass.EDUCATION, TODAY)


@pytest.mark.parametrize("record_class", ["law_unit", "personnel", "internal_affairs"])
def test_nobody_is_a_school_official_for_what_an_agency_keeps(record_class: str) -> None:
    allowed = rules.bases(RecordClass(record_class))

    assert Basis.SCHOOL_OFFICIAL not in allowed
    assert Basis.REQUIRED in allowed


# What it opens


@pytest.fixture
def file(db: None, settings: Settings, tmp_path: Path) -> StoredFile:
    settings.RAPPORT_FILES = str(tmp_path)
    return a_sample(RecordClass.EDUCATION, HERE, "quillwort")


def the_record(file: StoredFile) -> Record:
    record = file_queries.to_disclose(SYSTEM, file.uid, NOW)
    assert record is not None
    return record


def test_a_disclosure_gives_its_recipient_reading_of_that_one_record_until_its_last_day_is_over(
    file: StoredFile,
) -> None:
    other = a_sample(RecordClass.EDUCATION, HERE, "bogbean")
    assert file_queries.find(OFFICER, file.uid, now=NOW) is None

    actions.record_disclosure(PRINCIPAL, the_record(file), terms(), now=NOW)

    last_moment = datetime(2026, 11, 25, 4, 59, tzinfo=UTC)  # 23:59 in Virginia
    assert file_queries.find(OFFICER, file.uid, now=NOW) == file
    assert file_queries.find(OFFICER, file.uid, now=last_moment) == file
    assert file_queries.find(OFFICER, file.uid, now=last_moment + timedelta(minutes=1)) is None
    assert file_queries.find(OFFICER, other.uid, now=NOW) is None
    assert [f.uid for f in file_queries.listed(OFFICER, now=NOW)] == [file.uid]


def test_reading_by_a_disclosure_leaves_a_line_that_says_so(file: StoredFile) -> None:
    actions.record_disclosure(PRINCIPAL, the_record(file), terms(), now=NOW)

    assert b"quillwort" in file_actions.open_file(OFFICER, file, now=NOW)

    line = Line.objects.get(verb="files.open")
    assert (line.actor_id, json.loads(line.detail)["by"]) == (9, "disclosure")


def test_it_gives_reading_and_nothing_else(file: StoredFile) -> None:
    actions.record_disclosure(PRINCIPAL, the_record(file), terms(), now=NOW)

    may = file_queries.what_may(OFFICER, file)

    assert not any(may)
    assert queries.to_disclose(OFFICER, "file", file.uid, now=NOW) is None
    with pytest.raises(NotAllowed):
        actions.record_disclosure(OFFICER, the_record(file), terms(persons=(12,)), now=NOW)


def test_ended_before_its_time_it_opens_nothing_and_ends_once(file: StoredFile) -> None:
    row = actions.record_disclosure(PRINCIPAL, the_record(file), terms(), now=NOW)

    with pytest.raises(NotAllowed):
        actions.end_disclosure(OFFICER, row, now=NOW)
    actions.end_disclosure(PRINCIPAL, row, now=NOW)

    assert file_queries.find(OFFICER, file.uid, now=NOW) is None
    with pytest.raises(Overtaken):
        actions.end_disclosure(PRINCIPAL, row, now=NOW)


def test_it_does_not_open_what_a_reclassification_has_since_made_of_the_record(
    file: StoredFile,
) -> None:
    actions.record_disclosure(PRINCIPAL, the_record(file), terms(), now=NOW)
    asked = file_actions.Proposal(
        to_class=RecordClass.THREAT, at=HERE, reason=Reason.WRONG_CLASS, why="x"
    )
    boss = an_actor(Role.SUPERINTENDENT, Scope.DISTRICT, DISTRICT, person=5)

    row = file_actions.propose_class(PRINCIPAL, file, asked, now=NOW)
    file_actions.decide_class(boss, row, approve=True, now=NOW)

    assert file_queries.find(OFFICER, file.uid, now=NOW) is None


@pytest.mark.parametrize("record_class", list(RecordClass))
def test_only_who_may_disclose_the_class_there_records_one(
    file: StoredFile, record_class: RecordClass
) -> None:
    record = Record("file", 1, record_class, HERE, "", "")
    by = {
        "program": Role.AGENCY_HEAD,
        "education": Role.SUPERINTENDENT,
        "law_unit": Role.SUPERVISOR,
        "mentoring": Role.PRIVACY_OFFICER,
        "tip": Role.SAFETY_DIRECTOR,
        "threat": Role.PRIVACY_OFFICER,
        "personnel": Role.AGENCY_HEAD,
        "internal_affairs": Role.INVESTIGATOR,
        "security": Role.SAFETY_DIRECTOR,
        "public": Role.SUPERINTENDENT,
    }[record_class]
    of_agency = by in {Role.AGENCY_HEAD, Role.SUPERVISOR, Role.INVESTIGATOR}
    scope, number = (Scope.AGENCY, AGENCY) if of_agency else (Scope.DISTRICT, DISTRICT)

    actions.record_disclosure(an_actor(by, scope, number), record, terms(), now=NOW)

    for role in (Role.OFFICER, Role.DISPATCHER, Role.BOARD_MEMBER, Role.ADMINISTRATOR):
        with pytest.raises(NotAllowed):
            actions.record_disclosure(an_actor(role, scope, number), record, terms(), now=NOW)


def test_the_line_of_a_disclosure_names_its_recipients_and_no_word_that_was_typed(
    file: StoredFile,
) -> None:
    row = actions.record_disclosure(
        PRINCIPAL, the_record(file), terms(others="Dr. Larkspur, county"), now=NOW
    )

    line = Line.objects.get(verb="disclosure.record")
    said = json.loads(line.detail)
    assert (line.object_id, said["basis"], said["to"]) == (row.pk, "emergency", [9])
    for typed in ("Larkspur", "knife", "noon"):
        assert typed not in line.detail


# School officials

MEMBER = Actor(9, frozenset({RoleAt(Role.OFFICER, Scope.AGENCY, AGENCY)}), name="Officer Reyes")
OFFICIAL = Actor(9, MEMBER.roles, official_schools=frozenset({SCHOOL}), name="Officer Reyes")
TEACHER = Actor(9, frozenset({RoleAt(Role.COUNSELOR, Scope.SCHOOL, SCHOOL)}))


@pytest.mark.parametrize(
    ("recipient", "is_one"), [(MEMBER, False), (OFFICIAL, True), (TEACHER, True)]
)
def test_the_basis_school_official_holds_for_an_officer_only_where_the_agreement_says_so(
    file: StoredFile, monkeypatch: pytest.MonkeyPatch, recipient: Actor, is_one: bool
) -> None:
    directory = registry.Directory(lambda a, uid: None, lambda a, w: [], lambda p, now: recipient)
    monkeypatch.setattr(registry.directories, "_things", {"town": directory})
    asked = terms(basis=Basis.SCHOOL_OFFICIAL, threat="")

    if is_one:
        actions.record_disclosure(PRINCIPAL, the_record(file), asked, now=NOW)
    else:
        with pytest.raises(Refused, match=r"No agreement in force makes Officer Reyes"):
            actions.record_disclosure(PRINCIPAL, the_record(file), asked, now=NOW)

    assert Disclosure.objects.count() == is_one


# Who sees them


def test_disclosures_are_seen_by_who_may_disclose_such_records_and_by_their_recipients(
    file: StoredFile,
) -> None:
    row = actions.record_disclosure(PRINCIPAL, the_record(file), terms(), now=NOW)

    def sees(actor: Actor) -> bool:
        return queries.listed(actor).filter(pk=row.pk).exists()

    district = (Scope.DISTRICT, DISTRICT)
    assert sees(PRINCIPAL)
    assert sees(OFFICER)
    assert sees(an_actor(Role.PRIVACY_OFFICER, *district, person=7))
    assert not sees(an_actor(Role.SAFETY_DIRECTOR, *district, person=7))
    assert not sees(an_actor(Role.PRIVACY_OFFICER, Scope.DISTRICT, DISTRICT + 1, person=7))
    assert not sees(an_actor(Role.OFFICER, Scope.AGENCY, AGENCY, person=10))
    assert not sees(an_actor(Role.ADMINISTRATOR, person=7))
    assert not sees(Actor())


def test_the_list_names_recipients_and_records_in_a_fixed_number_of_queries(
    file: StoredFile, django_assert_num_queries: Any
) -> None:
    for _ in range(5):
        actions.record_disclosure(PRINCIPAL, the_record(file), terms(), now=NOW)
    rows = list(queries.listed(PRINCIPAL))

    with django_assert_num_queries(5):
        shown = queries.shown(PRINCIPAL, rows, now=NOW)

    assert {s.record.title for s in shown if s.record} == {"quillwort.txt"}
    assert all(s.is_open for s in shown)


def test_an_agency_head_sees_no_disclosure_of_an_internal_affairs_file_about_himself(
    file: StoredFile,
) -> None:
    chief = an_actor(Role.AGENCY_HEAD, Scope.AGENCY, AGENCY, person=4)
    investigator = an_actor(Role.INVESTIGATOR, Scope.AGENCY, AGENCY, person=5)
    about_chief = Place(AGENCY, None, None, 4)
    record = Record("file", 1, RecordClass.INTERNAL_AFFAIRS, about_chief, "", "")
    asked = terms(basis=Basis.REQUIRED, threat="", persons=(9,))

    row = actions.record_disclosure(investigator, record, asked, now=NOW)

    assert not queries.listed(chief).filter(pk=row.pk).exists()
    assert queries.listed(investigator).filter(pk=row.pk).exists()


def test_a_stranger_has_nothing_disclosed_to_him_even_where_no_recipient_is_known(
    file: StoredFile,
) -> None:
    asked = terms(persons=(), others="The county's doctor")

    actions.record_disclosure(PRINCIPAL, the_record(file), asked, now=NOW)

    assert not access.visible_disclosures(Actor()).exists()
    assert file_queries.find(Actor(), file.uid, now=NOW) is None


def test_the_last_day_ends_where_the_program_is(file: StoredFile, settings: Settings) -> None:
    settings.RAPPORT_ZONE = "America/Los_Angeles"

    row = actions.record_disclosure(PRINCIPAL, the_record(file), terms(), now=NOW)

    assert row.expires_at == datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


def test_opening_one_leaves_a_line_where_its_class_is_watched_and_none_else(
    file: StoredFile,
) -> None:
    watched = actions.record_disclosure(PRINCIPAL, the_record(file), terms(), now=NOW)
    plain = Disclosure.objects.create(
        record_class=RecordClass.PUBLIC,
        object="file",
        object_id=file.pk,
        basis=Basis.DIRECTORY,
        at=NOW,
        expires_at=NOW + timedelta(days=1),
        school_id=SCHOOL,
    )

    for row in (watched, plain):
        actions.open_disclosure(SYSTEM, row, now=NOW)

    opened = Line.objects.filter(verb=access.OPEN.name)
    assert [line.object_id for line in opened] == [watched.pk]
