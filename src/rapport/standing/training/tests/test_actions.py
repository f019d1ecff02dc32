from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from rapport.foundation.access import SYSTEM, NotAllowed, Role
from rapport.foundation.audit.models import Line
from rapport.foundation.facts import Overtaken, Refused
from rapport.standing.officers.tests.build import (
    NOON,
    TODAY,
    a_supervisor,
    an_actor,
    an_agency,
    an_officer,
)
from rapport.standing.training import actions
from rapport.standing.training.actions import CourseTerms
from rapport.standing.training.models import (
    Completed,
    Completion,
    CompletionWords,
    Course,
    Verified,
)
from rapport.standing.training.tests.build import a_completion, a_course

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=5)


def last_line() -> Line:
    return Line.objects.order_by("-pk")[0]


def test_a_completion_is_recorded_with_its_words_apart_and_one_line() -> None:
    agency, course = an_agency(), a_course()
    officer, sergeant = an_officer(agency), a_supervisor(agency)
    lines = Line.objects.count()

    made = actions.record_completion(
        sergeant,
        officer,
        agency=agency,
        course=course,
        hours=Decimal(40),
        provider="Piedmont Regional Academy",
        certificate_number="B-2024-117",
        valid_from=date(2024, 10, 4),
        valid_until=date(2027, 10, 5),
        source="certificate",
        now=NOON,
    )

    line = last_line()
    assert Line.objects.count() == lines + 1
    assert (line.verb, line.object, line.object_id, line.subject_id) == (
        "training.record_completion",
        "completion",
        made.completion_id,
        officer.person_id,
    )
    assert "B-2024" not in line.detail
    assert "Piedmont" not in line.detail
    assert (made.entered_by_id, made.result) == (sergeant.person_id, "completed")
    assert CompletionWords.objects.get().certificate_number == "B-2024-117"


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"valid_from": TODAY + timedelta(days=1)}, "valid_from", "still to come"),
        ({"hours": Decimal(0)}, "hours", "more than 0"),
        ({"valid_until": date(2024, 10, 4)}, "valid_until", "end must lie after"),
    ],
)
def test_a_certificate_that_cannot_be_is_refused_and_nothing_is_half_written(
    said: dict[str, Any], field: str, words: str
) -> None:
    agency, course = an_agency(), a_course()
    officer = an_officer(agency)
    lines = Line.objects.count()

    with pytest.raises(Refused, match=words) as refused:
        a_completion(officer, agency, course=course, **said)

    assert refused.value.field == field
    assert not Completion.objects.exists()
    assert not CompletionWords.objects.exists()
    assert Line.objects.count() == lines


def test_a_course_taken_again_is_a_completion_of_its_own() -> None:
    agency = an_agency()
    officer = an_officer(agency)

    a_completion(officer, agency, valid_from=date(2022, 10, 4), valid_until=date(2024, 10, 4))
    a_completion(officer, agency)

    assert Completed.objects.known().count() == 2


def test_somebody_else_verifies_and_is_named() -> None:
    agency = an_agency()
    sergeant, chief = a_supervisor(agency), an_actor(Role.AGENCY_HEAD, agency)
    made = a_completion(an_officer(agency), agency, sergeant)

    proof = actions.verify_completion(
        chief, made.completion, valid_from=TODAY, source="certificate", now=LATER
    )

    assert (proof.verified_by_id, proof.officer_id) == (chief.person_id, made.officer_id)
    assert last_line().verb == "training.verify_completion"
    assert last_line().object_id == made.completion_id


def test_who_entered_it_cannot_verify_it() -> None:
    agency = an_agency()
    sergeant = a_supervisor(agency)
    made = a_completion(an_officer(agency), agency, sergeant)

    with pytest.raises(Refused, match="entered this completion yourself"):
        actions.verify_completion(
            sergeant, made.completion, valid_from=TODAY, source="certificate", now=LATER
        )

    assert not Verified.objects.exists()


def test_the_officer_cannot_verify_the_own_completion() -> None:
    agency = an_agency()
    officer = an_officer(agency)
    made = a_completion(officer, agency)

    with pytest.raises(NotAllowed):
        actions.verify_completion(
            an_actor(Role.AGENCY_HEAD, agency, person=officer.person),
            made.completion,
            valid_from=TODAY,
            source="certificate",
            now=LATER,
        )


def test_the_program_itself_verifies_nothing() -> None:
    agency = an_agency()
    made = a_completion(an_officer(agency), agency)

    with pytest.raises(Refused, match="A person verifies"):
        actions.verify_completion(
            SYSTEM, made.completion, valid_from=TODAY, source="state", now=LATER
        )


def test_a_completion_is_verified_once_and_not_before_its_issue() -> None:
    agency = an_agency()
    chief = an_actor(Role.AGENCY_HEAD, agency)
    made = a_completion(an_officer(agency), agency)

    with pytest.raises(Refused, match="issued on 2024-10-04"):
        actions.verify_completion(
            chief, made.completion, valid_from=date(2024, 10, 3), source="state", now=LATER
        )
    actions.verify_completion(chief, made.completion, valid_from=TODAY, source="state", now=LATER)
    with pytest.raises(Refused, match="verified already"):
        actions.verify_completion(
            chief, made.completion, valid_from=TODAY, source="state", now=LATER
        )

    assert Verified.objects.count() == 1


def test_a_correction_lets_the_verification_fall_since_something_else_was_verified() -> None:
    agency = an_agency()
    sergeant, chief = a_supervisor(agency), an_actor(Role.AGENCY_HEAD, agency)
    made = a_completion(an_officer(agency), agency, sergeant)
    actions.verify_completion(chief, made.completion, valid_from=TODAY, source="state", now=NOON)

    right = actions.correct_completion(chief, made, valid_from=date(2024, 11, 4), now=LATER)

    assert not Verified.objects.known().exists()
    assert (right.valid_from, right.entered_by_id) == (date(2024, 11, 4), chief.person_id)
    assert Completed.objects.known(NOON).get().valid_from == date(2024, 10, 4)
    with pytest.raises(Refused, match="entered this completion yourself"):
        actions.verify_completion(
            chief, made.completion, valid_from=TODAY, source="state", now=LATER
        )
    actions.verify_completion(
        sergeant, made.completion, valid_from=TODAY, source="state", now=LATER
    )


def test_words_alone_are_written_anew_with_a_line_and_the_verification_stays() -> None:
    agency = an_agency()
    chief = an_actor(Role.AGENCY_HEAD, agency)
    made = a_completion(an_officer(agency), agency, provider="Piedmont")
    actions.verify_completion(chief, made.completion, valid_from=TODAY, source="state", now=NOON)

    same = actions.correct_completion(
        chief, made, provider="Piedmont Academy", hours=Decimal("40.00"), now=LATER
    )

    assert same.pk == made.pk
    assert Verified.objects.known().exists()
    assert CompletionWords.objects.get().provider == "Piedmont Academy"
    assert last_line().verb == "training.correct_completion"
    assert '"changed":["provider"]' in last_line().detail
    assert "Academy" not in last_line().detail


def test_a_correction_that_changes_nothing_is_refused() -> None:
    agency = an_agency()
    made = a_completion(an_officer(agency), agency)

    with pytest.raises(Refused, match="Nothing was changed"):
        actions.correct_completion(
            a_supervisor(agency), made, hours=Decimal(40), provider="", now=LATER
        )


def test_the_slower_of_two_is_told_also_where_only_words_change() -> None:
    agency = an_agency()
    sergeant = a_supervisor(agency)
    made = a_completion(an_officer(agency), agency)
    theirs = Completed.objects.get()
    actions.correct_completion(sergeant, theirs, hours=Decimal(36), now=LATER)

    with pytest.raises(Overtaken, match="Somebody else has just changed this"):
        actions.correct_completion(sergeant, made, hours=Decimal(38), now=LATER)
    with pytest.raises(Overtaken, match="Somebody else has just changed this"):
        actions.correct_completion(sergeant, made, provider="Somebody", now=LATER)

    assert Completed.objects.known().get().hours == 36


def test_a_withdrawn_completion_takes_its_verification_along() -> None:
    agency = an_agency()
    chief = an_actor(Role.AGENCY_HEAD, agency)
    made = a_completion(an_officer(agency), agency)
    actions.verify_completion(chief, made.completion, valid_from=TODAY, source="state", now=NOON)

    actions.withdraw_completion(chief, made, now=LATER)

    assert not Completed.objects.known().exists()
    assert not Verified.objects.known().exists()
    with pytest.raises(NotAllowed):
        actions.verify_completion(
            chief, made.completion, valid_from=TODAY, source="state", now=LATER
        )


def test_a_verification_is_withdrawn_alone() -> None:
    agency = an_agency()
    chief = an_actor(Role.AGENCY_HEAD, agency)
    made = a_completion(an_officer(agency), agency)
    proof = actions.verify_completion(
        chief, made.completion, valid_from=TODAY, source="state", now=NOON
    )

    actions.withdraw_verification(chief, proof, now=LATER)

    assert Completed.objects.known().exists()
    assert not Verified.objects.known().exists()


def test_outsiders_do_nothing() -> None:
    agency = an_agency()
    made = a_completion(an_officer(agency), agency)
    outsider = a_supervisor(an_agency("Beech Police"))

    with pytest.raises(NotAllowed):
        actions.correct_completion(outsider, made, provider="x", now=LATER)
    with pytest.raises(NotAllowed):
        actions.withdraw_completion(outsider, made, now=LATER)
    with pytest.raises(NotAllowed):
        actions.verify_completion(
            outsider, made.completion, valid_from=TODAY, source="state", now=LATER
        )

    assert CompletionWords.objects.get().provider == ""


def test_the_shipped_courses_are_loaded_once_and_say_what_was_read() -> None:
    first = actions.load_courses(SYSTEM, now=NOON)
    again = actions.load_courses(SYSTEM, now=LATER)

    basic, advanced = (Course.objects.get(code=c) for c in ("nasro-basic", "nasro-advanced"))
    assert (first, again) == (12, 0)
    assert Line.objects.filter(verb="training.load_courses").count() == 1
    assert (basic.hours, basic.is_verified) == (40, True)
    assert (advanced.hours, advanced.is_verified) == (24, False)
    assert Course.objects.get(code="va-sro").hours is None


def test_a_release_mends_a_course_but_never_what_the_program_edited() -> None:
    chief = an_actor(Role.AGENCY_HEAD, an_agency())
    course, other = a_course("in-service"), a_course("tx-school-based-le")
    actions.edit_course(chief, course, CourseTerms(name="Our yearly day", hours=8), now=LATER)
    Course.objects.filter(pk=other.pk).update(name="An older name")

    changed = actions.load_courses(SYSTEM, now=LATER)

    assert changed == 1
    assert Course.objects.get(code="in-service").name == "Our yearly day"
    assert Course.objects.get(code="tx-school-based-le").name.startswith("Texas")


def test_a_program_adds_a_course_of_its_own_once() -> None:
    chief = an_actor(Role.AGENCY_HEAD, an_agency())

    made = actions.add_course(chief, "county-sro", CourseTerms(name="County SRO"), now=NOON)
    with pytest.raises(Refused, match="county-sro already"):
        actions.add_course(chief, "county-sro", CourseTerms(name="Another"), now=LATER)

    assert (made.jurisdiction, made.hours) == ("program", None)
    assert last_line().verb == "training.add_course"


def test_who_may_not_keep_courses_changes_none() -> None:
    dispatcher = an_actor(Role.DISPATCHER, an_agency())
    course = a_course()

    with pytest.raises(NotAllowed):
        actions.edit_course(dispatcher, course, CourseTerms(name="x"), now=NOON)
    with pytest.raises(NotAllowed):
        actions.add_course(dispatcher, "county-sro", CourseTerms(name="x"), now=NOON)
    with pytest.raises(NotAllowed):
        actions.load_courses(dispatcher, now=NOON)
