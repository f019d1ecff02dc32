from datetime import date, timedelta

import pytest

from rapport.foundation.access import NotAllowed, Role
from rapport.foundation.audit.models import Line
from rapport.foundation.facts import Overtaken, Refused
from rapport.organizations.people.models import Merge
from rapport.standing.officers.tests.build import (
    NOON,
    TODAY,
    a_person,
    a_supervisor,
    an_actor,
    an_agency,
    an_officer,
)
from rapport.standing.selection import actions
from rapport.standing.selection.models import Evaluation, Selection
from rapport.standing.selection.tests.build import a_selection, an_evaluation

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=5)


def test_a_selection_is_recorded_with_who_decided_and_the_districts_part_and_one_line() -> None:
    agency, chief = an_agency(), a_person("Ada Quill", "Chief")
    officer = an_officer(agency)
    lines = Line.objects.count()

    made = actions.record_selection(
        a_supervisor(agency),
        officer,
        agency=agency,
        method="panel",
        outcome="selected",
        district_part="on_panel",
        decided_by_id=chief.pk,
        valid_from=date(2024, 5, 6),
        source="record",
        now=NOON,
    )

    line = Line.objects.order_by("-pk")[0]
    assert Line.objects.count() == lines + 1
    assert (line.verb, line.object, line.object_id, line.subject_id) == (
        "selection.record_selection",
        "officer",
        officer.pk,
        officer.person_id,
    )
    assert str(made.uid) in line.detail
    assert (made.about_person_id, made.decided_by_id) == (officer.person_id, chief.pk)


def test_only_what_was_decided_is_recorded() -> None:
    agency = an_agency()
    officer = an_officer(agency)

    with pytest.raises(Refused, match="still to come"):
        a_selection(officer, agency, valid_from=TODAY + timedelta(days=1))
    with pytest.raises(Refused, match="still to come"):
        an_evaluation(officer, agency, valid_from=TODAY + timedelta(days=1))

    assert not Selection.objects.exists()
    assert not Evaluation.objects.exists()


def test_an_officer_is_not_said_to_have_decided_on_themselves() -> None:
    agency = an_agency()
    officer = an_officer(agency)

    with pytest.raises(Refused, match="Nobody selects themselves"):
        a_selection(officer, agency, decided_by_id=officer.person_id)


def test_an_officer_whose_records_were_joined_did_not_decide_on_themselves_either() -> None:
    agency, twin = an_agency(), a_person("S. Reyes")
    officer = an_officer(agency)
    Merge.objects.create(kept=twin, absorbed=officer.person, reason="twice", made_at=NOON)

    with pytest.raises(Refused, match="Nobody selects themselves"):
        a_selection(officer, agency, decided_by_id=twin.pk)


def test_a_supervisor_who_serves_a_school_cannot_select_or_evaluate_themselves() -> None:
    agency = an_agency()
    officer = an_officer(agency)
    me = an_actor(Role.SUPERVISOR, agency, person=officer.person)
    made = a_selection(officer, agency)

    with pytest.raises(NotAllowed):
        actions.correct_selection(me, made, method="interview", now=LATER)
    with pytest.raises(NotAllowed):
        actions.record_evaluation(
            me, officer, agency=agency, district_part="none", valid_from=TODAY, now=LATER
        )


def test_a_date_typed_wrong_is_corrected_and_what_was_known_before_stays() -> None:
    agency = an_agency()
    made = a_selection(an_officer(agency), agency)

    actions.correct_selection(a_supervisor(agency), made, valid_from=date(2024, 6, 5), now=LATER)

    assert Selection.objects.known(NOON).get().valid_from == date(2024, 5, 6)
    assert Selection.objects.known().get().valid_from == date(2024, 6, 5)
    assert Line.objects.order_by("-pk")[0].verb == "selection.correct_selection"


def test_a_reassigned_officers_selection_ends_and_stays_on_record() -> None:
    agency = an_agency()
    made = a_selection(an_officer(agency), agency)

    actions.end_selection(a_supervisor(agency), made, TODAY, now=LATER)

    assert not Selection.objects.as_of(TODAY).exists()
    assert Selection.objects.as_of(TODAY - timedelta(days=1)).exists()
    assert Line.objects.order_by("-pk")[0].verb == "selection.end_selection"


def test_the_slower_of_two_is_told() -> None:
    agency = an_agency()
    made = a_selection(an_officer(agency), agency)
    theirs = Selection.objects.get()
    actions.withdraw_selection(a_supervisor(agency), theirs, now=LATER)

    with pytest.raises(Overtaken):
        actions.correct_selection(a_supervisor(agency), made, method="interview", now=LATER)

    assert not Selection.objects.known().exists()


def test_an_evaluation_before_the_first_day_of_employment_is_refused_also_as_a_correction() -> None:
    agency = an_agency()
    officer = an_officer(agency)  # employed since 1 June 2020

    with pytest.raises(Refused, match="only since 2020-06-01"):
        an_evaluation(officer, agency, valid_from=date(2020, 5, 31))
    made = an_evaluation(officer, agency)
    with pytest.raises(Refused, match="only since 2020-06-01"):
        actions.correct_evaluation(
            a_supervisor(agency), made, valid_from=date(2020, 5, 31), now=LATER
        )
    actions.withdraw_evaluation(a_supervisor(agency), made, now=LATER)

    assert not Evaluation.objects.known().exists()


def test_outsiders_do_nothing() -> None:
    agency = an_agency()
    officer = an_officer(agency)
    selected, evaluated = a_selection(officer, agency), an_evaluation(officer, agency)
    outsider = a_supervisor(an_agency("Beech Police"))
    lines = Line.objects.count()

    for deed in (
        lambda: actions.end_selection(outsider, selected, TODAY, now=LATER),
        lambda: actions.withdraw_selection(outsider, selected, now=LATER),
        lambda: actions.correct_evaluation(outsider, evaluated, district_part="none", now=LATER),
        lambda: actions.withdraw_evaluation(outsider, evaluated, now=LATER),
    ):
        with pytest.raises(NotAllowed):
            deed()

    assert Line.objects.count() == lines
