"""Keeping, reading, reclassifying and shredding files, on the real database and the real disk."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from rapport.foundation import vault
from rapport.foundation.access import SYSTEM, Actor, NotAllowed, Place, RecordClass, Role, Scope
from rapport.foundation.audit.models import Line
from rapport.foundation.facts import Overtaken, Refused
from rapport.foundation.files import actions, kept, queries, store
from rapport.foundation.files.actions import Proposal
from rapport.foundation.files.kept import Damaged
from rapport.foundation.files.models import FileWords, Reclassification, StoredFile
from rapport.foundation.files.rules import Custodian, Decision, Reason
from rapport.foundation.files.tests.build import (
    AGENCY,
    DISTRICT,
    HERE,
    NOW,
    SCHOOL,
    a_file,
    a_sample,
    an_actor,
)

pytestmark = pytest.mark.django_db
PRINCIPAL = an_actor(Role.PRINCIPAL, Scope.SCHOOL, SCHOOL, person=4)
SUPERINTENDENT = an_actor(Role.SUPERINTENDENT, Scope.DISTRICT, DISTRICT, person=5)
SERGEANT = an_actor(Role.SUPERVISOR, Scope.AGENCY, AGENCY, person=6)


@pytest.fixture(autouse=True)
def files(settings: Settings, tmp_path: Path) -> Path:
    settings.RAPPORT_FILES = str(tmp_path / "files")
    return tmp_path / "files"


def lines(verb: str) -> list[Line]:
    return list(Line.objects.filter(verb=verb).order_by("id"))


def undone(act: Callable[[], object]) -> None:
    """Do something in a transaction that then rolls back."""
    with transaction.atomic():
        act()
        transaction.set_rollback(True)


# Keeping


def test_what_is_kept_comes_back_byte_for_byte_and_leaves_a_line_without_its_name() -> None:
    file = a_file(name="Statement of Jordan.pdf")

    assert actions.open_file(SYSTEM, file, now=NOW).startswith(b"%PDF")
    assert kept.names([file]) == {file.pk: "Statement of Jordan.pdf"}
    (line,) = lines("files.keep")
    assert line.object_id == file.pk
    assert "Jordan" not in line.detail


@pytest.mark.parametrize("record_class", list(RecordClass))
def test_words_of_tips_threats_mentoring_and_internal_affairs_lie_sealed_on_disk_and_in_the_database(
    record_class: RecordClass,
) -> None:
    file = a_sample(record_class, HERE, "quillwort")

    on_disk = store.get(file.stored_as)
    in_database = FileWords.objects.get(file=file)
    sealed = record_class in {"tip", "threat", "mentoring", "internal_affairs"}
    assert file.is_sealed is sealed
    assert (b"quillwort" in on_disk) is not sealed
    assert ("quillwort" in in_database.name) is not sealed
    assert (in_database.sealed_name is not None) is sealed
    assert b"quillwort" in actions.open_file(SYSTEM, file, now=NOW)
    assert kept.names([file]) == {file.pk: "quillwort.txt"}


def test_a_sealed_file_moved_to_another_row_does_not_open() -> None:
    file, other = (a_sample(RecordClass.TIP, HERE, w) for w in ("quillwort", "bogbean"))
    store.put(other.stored_as, store.get(file.stored_as))

    with pytest.raises(Damaged):
        actions.open_file(SYSTEM, other, now=NOW)


def test_nobody_keeps_a_record_where_the_wall_gives_no_writing(files: Path) -> None:
    new = actions.New(data=b"%PDF-", name="a.pdf", record_class=RecordClass.EDUCATION, at=HERE)

    with pytest.raises(NotAllowed):
        actions.keep_file(SERGEANT, new, now=NOW)

    assert not StoredFile.objects.exists()
    assert not list(files.glob("**/*"))


def test_a_file_over_the_limit_is_refused_with_the_limit_in_words(settings: Settings) -> None:
    settings.RAPPORT_MAX_BODY = 1024 * 1024

    with pytest.raises(Refused, match="larger than 1 MB"):
        a_file(data=b"%PDF-" + b"x" * 1024 * 1024)

    assert not StoredFile.objects.exists()


def test_where_the_disk_refuses_nothing_is_kept_and_the_words_say_so(files: Path) -> None:
    files.write_text("a file where the folder should be")

    with pytest.raises(Refused, match="Nothing was kept"):
        a_file()

    assert not StoredFile.objects.exists()
    assert not lines("files.keep")


def test_bytes_are_written_whole_or_not_at_all(files: Path) -> None:
    file = a_file()

    found = [p for p in files.glob("**/*") if p.is_file()]
    assert found == [store.path_of(file.stored_as)]
    assert found[0].stat().st_mode & 0o077 == 0


# Reading


def test_changed_or_missing_bytes_are_found_when_they_are_opened() -> None:
    changed, missing = a_file(), a_file()
    store.put(changed.stored_as, b"%PDF-another")
    store.remove(missing.stored_as)

    for file in (changed, missing):
        with pytest.raises(Damaged):
            actions.open_file(SYSTEM, file, now=NOW)
    assert queries.check(SYSTEM).damaged == [changed.uid, missing.uid]


def test_a_sealed_file_without_its_key_is_damaged_in_words_and_not_a_crash(
    settings: Settings, tmp_path: Path
) -> None:
    file = a_sample(RecordClass.THREAT, HERE, "quillwort")
    on_disk = store.get(file.stored_as)
    settings.RAPPORT_KEYS = str(tmp_path / "other-keys")
    vault.forget()
    vault.make_keys()

    try:
        with pytest.raises(Damaged):
            kept.content(file)
        assert store.get(file.stored_as) == on_disk
    finally:
        vault.forget()


# FIELD 14, rule 28: reads of minors' records are logged.


@pytest.mark.parametrize("record_class", list(RecordClass))
def test_rule_28_opening_a_watched_record_leaves_a_line_that_names_who_what_and_when(
    record_class: RecordClass,
) -> None:
    file = a_sample(record_class, HERE, "quillwort")

    actions.open_file(SYSTEM, file, now=NOW + timedelta(minutes=5))

    watched = {
        "education",
        "mentoring",
        "tip",
        "threat",
        "personnel",
        "internal_affairs",
    }
    found = lines("files.open")
    assert len(found) == (record_class in watched)
    for line in found:
        assert (line.object, line.object_id) == ("file", file.pk)
        assert line.at == NOW + timedelta(minutes=5)
        assert json.loads(line.detail)["class"] == record_class
        assert "quillwort" not in line.detail


@pytest.mark.parametrize("record_class", ["program", "public"])
def test_what_is_about_a_student_is_not_kept_where_both_sides_read_it(record_class: str) -> None:
    with pytest.raises(Refused, match="student"):
        a_file(RecordClass(record_class), about_minor=True)

    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("record_class", ["law_unit", "security"])
def test_rule_28_anything_about_a_minor_leaves_a_line_whatever_its_class(record_class: str) -> None:
    file = a_file(RecordClass(record_class), about_minor=True)

    actions.open_file(SYSTEM, file, now=NOW)
    actions.look_at_file(SYSTEM, file, now=NOW)

    assert len(lines("files.open")) == len(lines("files.look")) == 1


def test_who_may_not_read_is_refused_without_a_byte_and_without_the_line_of_a_reader() -> None:
    file = a_sample(RecordClass.EDUCATION, HERE, "quillwort")

    with pytest.raises(NotAllowed):
        actions.open_file(SERGEANT, file, now=NOW)

    assert not lines("files.open")


# FIELD 14, rule 17: a record keeps its class for life; reclassification needs a named approver and a reason.

TO_AGENCY = Proposal(
    to_class=RecordClass.LAW_UNIT,
    at=Place(AGENCY, DISTRICT, SCHOOL),
    reason=Reason.CUSTODY,
    why="The agency opened a case.",
)


def test_rule_17_a_class_changes_when_one_proposes_and_another_who_may_disclose_it_approves() -> (
    None
):
    file = a_sample(RecordClass.EDUCATION, HERE, "quillwort")

    row = actions.propose_class(PRINCIPAL, file, TO_AGENCY, now=NOW)
    assert StoredFile.objects.get(pk=file.pk).record_class == "education"
    actions.decide_class(SUPERINTENDENT, row, approve=True, now=NOW)

    file.refresh_from_db()
    assert (file.record_class, file.custodian) == ("law_unit", Custodian.AGENCY)
    row.refresh_from_db()
    assert (row.decision, row.proposed_by_id, row.decided_by_id) == (Decision.APPROVED, 4, 5)
    (line,) = lines("files.reclassify")
    assert (line.actor_id, line.object_id) == (5, file.pk)
    said = json.loads(line.detail)
    assert (said["was"], said["to"], said["reason"]) == ("education", "law_unit", "custody")
    assert queries.find(SERGEANT, file.uid, now=NOW) is not None
    assert queries.find(PRINCIPAL, file.uid, now=NOW) is None


@pytest.mark.parametrize(
    "decider",
    [
        an_actor(Role.COUNSELOR, Scope.SCHOOL, SCHOOL, person=7),
        an_actor(Role.SUPERVISOR, Scope.AGENCY, AGENCY, person=7),
        an_actor(Role.ADMINISTRATOR, person=7),
        an_actor(Role.SUPERINTENDENT, Scope.DISTRICT, DISTRICT + 1, person=7),
    ],
)
def test_rule_17_nobody_approves_who_may_not_disclose_the_old_class(decider: Actor) -> None:
    file = a_sample(RecordClass.EDUCATION, HERE, "quillwort")
    row = actions.propose_class(PRINCIPAL, file, TO_AGENCY, now=NOW)

    with pytest.raises(NotAllowed):
        actions.decide_class(decider, row, approve=True, now=NOW)

    assert StoredFile.objects.get(pk=file.pk).record_class == "education"


@pytest.mark.parametrize("same", [PRINCIPAL, Actor(9, PRINCIPAL.roles, also=frozenset({4}))])
def test_rule_17_nobody_approves_their_own_proposal_also_after_two_persons_were_merged(
    same: Actor,
) -> None:
    file = a_sample(RecordClass.EDUCATION, HERE, "quillwort")
    row = actions.propose_class(PRINCIPAL, file, TO_AGENCY, now=NOW)

    with pytest.raises(Refused, match="Somebody else"):
        actions.decide_class(same, row, approve=True, now=NOW)

    assert StoredFile.objects.get(pk=file.pk).record_class == "education"


def test_rule_17_a_proposal_without_a_reason_in_words_is_refused() -> None:
    file = a_sample(RecordClass.EDUCATION, HERE, "quillwort")
    silent = Proposal(to_class=RecordClass.LAW_UNIT, at=HERE, reason=Reason.OTHER, why="  ")

    with pytest.raises(Refused, match="Say why"):
        actions.propose_class(PRINCIPAL, file, silent, now=NOW)


def test_rule_17_an_edit_past_the_program_cannot_change_a_class() -> None:
    file = a_sample(RecordClass.EDUCATION, HERE, "quillwort")
    row = actions.propose_class(PRINCIPAL, file, TO_AGENCY, now=NOW)

    for to_class in ("law_unit", "public"):
        with pytest.raises(IntegrityError, match="by reclassification only"), transaction.atomic():
            StoredFile.objects.filter(pk=file.pk).update(record_class=to_class)
    actions.decide_class(SUPERINTENDENT, row, approve=True, now=NOW)
    with pytest.raises(IntegrityError, match="by reclassification only"), transaction.atomic():
        StoredFile.objects.filter(pk=file.pk).update(record_class="education")
    with pytest.raises(IntegrityError, match="never edited"), transaction.atomic():
        Reclassification.objects.filter(pk=row.pk).update(decision="refused")


def test_rule_17_an_old_approval_does_not_serve_a_second_time() -> None:
    file = a_sample(RecordClass.EDUCATION, HERE, "quillwort")
    actions.decide_class(
        SUPERINTENDENT,
        actions.propose_class(PRINCIPAL, file, TO_AGENCY, now=NOW),
        approve=True,
        now=NOW,
    )
    file.refresh_from_db()
    back = Proposal(
        to_class=RecordClass.EDUCATION, at=HERE, reason=Reason.WRONG_CLASS, why="A mistake."
    )
    chief = an_actor(Role.AGENCY_HEAD, Scope.AGENCY, AGENCY, person=8)
    row = actions.propose_class(SERGEANT, file, back, now=NOW)
    actions.decide_class(chief, row, approve=True, now=NOW)

    with pytest.raises(IntegrityError, match="by reclassification only"), transaction.atomic():
        StoredFile.objects.filter(pk=file.pk).update(record_class="law_unit")


def test_a_second_proposal_waits_for_the_first_and_a_decision_is_made_once() -> None:
    file = a_sample(RecordClass.EDUCATION, HERE, "quillwort")
    row = actions.propose_class(PRINCIPAL, file, TO_AGENCY, now=NOW)

    with pytest.raises(Overtaken, match="already"):
        actions.propose_class(PRINCIPAL, file, TO_AGENCY, now=NOW)
    actions.decide_class(SUPERINTENDENT, row, approve=False, now=NOW)
    with pytest.raises(Overtaken):
        actions.decide_class(SUPERINTENDENT, row, approve=True, now=NOW)

    assert StoredFile.objects.get(pk=file.pk).record_class == "education"
    assert len(lines("files.keep_class")) == 1


def test_a_new_class_brings_its_seal_and_takes_it_off() -> None:
    file = a_sample(RecordClass.EDUCATION, HERE, "quillwort")
    to_threat = Proposal(to_class=RecordClass.THREAT, at=HERE, reason=Reason.WRONG_CLASS, why="x")

    row = actions.propose_class(PRINCIPAL, file, to_threat, now=NOW)
    actions.decide_class(SUPERINTENDENT, row, approve=True, now=NOW)

    file.refresh_from_db()
    assert file.is_sealed
    assert b"quillwort" not in store.get(file.stored_as)
    assert b"quillwort" in actions.open_file(SYSTEM, file, now=NOW)
    assert kept.names([file]) == {file.pk: "quillwort.txt"}


def test_a_reclassification_that_rolls_back_leaves_the_old_bytes_where_they_were() -> None:
    file = a_sample(RecordClass.EDUCATION, HERE, "quillwort")
    to_threat = Proposal(to_class=RecordClass.THREAT, at=HERE, reason=Reason.WRONG_CLASS, why="x")
    row = actions.propose_class(PRINCIPAL, file, to_threat, now=NOW)

    undone(lambda: actions.decide_class(SUPERINTENDENT, row, approve=True, now=NOW))

    file = StoredFile.objects.get(pk=file.pk)
    assert b"quillwort" in actions.open_file(SYSTEM, file, now=NOW)


# Shredding and what is left over


def test_shredding_takes_bytes_and_words_and_leaves_the_row_and_its_lines(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    file = a_sample(RecordClass.EDUCATION, HERE, "quillwort")

    with django_capture_on_commit_callbacks(execute=True):
        actions.shred_file(SYSTEM, file, reason="schedule", now=NOW)

    assert not store.path_of(file.stored_as).exists()
    assert not FileWords.objects.filter(file=file).exists()
    assert StoredFile.objects.get(pk=file.pk).shredded_at == NOW
    assert queries.find(PRINCIPAL, file.uid, now=NOW) is None
    assert len(lines("files.keep")) == len(lines("files.shred")) == 1


def test_shredding_is_the_systems_own_work_and_done_once() -> None:
    file = a_file()

    with pytest.raises(NotAllowed):
        actions.shred_file(SUPERINTENDENT, file, reason="schedule", now=NOW)
    actions.shred_file(SYSTEM, file, reason="schedule", now=NOW)
    with pytest.raises(Overtaken):
        actions.shred_file(SYSTEM, file, reason="schedule", now=NOW)


def test_what_a_failed_transaction_left_on_the_disk_is_found_and_taken_away_an_hour_later() -> None:
    kept = a_file()
    undone(a_file)

    found = queries.check(SYSTEM)
    assert (found.files, found.damaged, len(found.left_over)) == (1, [], 1)
    assert not actions.remove_left_over(SYSTEM, found.left_over, before=NOW - timedelta(days=900))
    gone = actions.remove_left_over(SYSTEM, found.left_over, before=NOW + timedelta(days=36500))

    assert gone == found.left_over
    assert not queries.check(SYSTEM).left_over
    assert store.path_of(kept.stored_as).exists()
