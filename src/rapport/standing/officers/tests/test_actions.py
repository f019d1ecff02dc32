from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from rapport.foundation import facts
from rapport.foundation.access import Actor, NotAllowed, Role
from rapport.foundation.audit.models import Line
from rapport.foundation.facts import Overtaken, Refused, Source
from rapport.standing.officers import actions
from rapport.standing.officers.actions import NewOfficer
from rapport.standing.officers.models import (
    Certification,
    Duty,
    DutyStatus,
    Employment,
    Officer,
)
from rapport.standing.officers.tests.build import (
    NOON,
    TODAY,
    a_person,
    a_supervisor,
    an_actor,
    an_agency,
    an_officer,
)

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=5)
SINCE = date(2020, 6, 1)


def spans(model: Any, officer: Officer) -> list[tuple[str, date, date | None]]:
    return list(
        model.objects.known()
        .filter(officer=officer)
        .order_by("valid_from")
        .values_list("status", "valid_from", "valid_until")
    )


def test_an_officer_joins_the_roster_in_one_act_with_one_line() -> None:
    agency = an_agency()
    sergeant = a_supervisor(agency)
    new = NewOfficer(
        agency=agency,
        badge="142",
        name=" Sam Reyes ",
        title="Ofc.",
        employed_from=SINCE,
        certified_from=date(2019, 5, 1),
        is_on_duty=True,
        source=Source.RECORD,
    )

    officer = actions.add_officer(sergeant, new, now=NOON)

    line = Line.objects.get()
    assert (line.verb, line.object, line.object_id) == ("officers.add", "officer", officer.pk)
    assert (line.actor_id, line.subject_id) == (sergeant.person_id, officer.person_id)
    assert officer.person.name == "Sam Reyes"
    assert Employment.objects.get().badge == "142"
    assert Certification.objects.get().state == "VA"
    assert DutyStatus.objects.get().valid_from == SINCE
    assert "Reyes" not in line.detail


def test_what_is_not_known_of_a_new_officer_stays_blank() -> None:
    agency = an_agency()

    an_officer(agency, certified_from=None, is_on_duty=False)

    assert not Certification.objects.exists()
    assert not DutyStatus.objects.exists()


def test_a_person_is_put_on_the_roster_once() -> None:
    agency, known = an_agency(), a_person()
    an_officer(agency, person=known)

    with pytest.raises(Refused, match="on the roster already"):
        an_officer(agency, "150", person=known)


def test_a_badge_is_borne_by_one_officer_of_an_agency_at_a_time() -> None:
    agency, other = an_agency(), an_agency("Beech Police")
    first = an_officer(agency, "142")

    with pytest.raises(Refused, match=r"borne by Ofc\. Sam Reyes") as refused:
        an_officer(agency, "142", name="Kim Ott")
    an_officer(other, "142", name="Lee Ard")
    end = Employment.objects.get(officer=first)
    actions.end_employment(a_supervisor(agency), end, date(2026, 1, 1), now=NOON)
    an_officer(agency, "142", name="Kim Ott", employed_from=date(2026, 1, 1))

    assert refused.value.field == "badge"
    assert Employment.objects.known().filter(badge="142").count() == 3


def test_the_database_itself_refuses_a_badge_borne_twice_whoever_writes_it() -> None:
    agency = an_agency()
    an_officer(agency, "142")
    other = an_officer(agency, "150", name="Kim Ott")
    fact = Employment.objects.get(officer=other)

    with pytest.raises(IntegrityError), transaction.atomic():
        facts.correct(fact, now=LATER, badge="142")

    assert Employment.objects.known().filter(badge="142").count() == 1


def test_an_officer_may_have_two_employers() -> None:
    town, county = an_agency(), an_agency("Alder Sheriff")
    officer = an_officer(town)

    actions.record_employment(
        a_supervisor(county), officer, agency=county, badge="9", valid_from=SINCE, now=NOON
    )

    assert Employment.objects.as_of(TODAY).filter(officer=officer).count() == 2


def test_a_second_employment_with_one_agency_on_the_same_days_is_refused() -> None:
    agency = an_agency()
    officer = an_officer(agency)

    with pytest.raises(Refused, match="overlaps"):
        actions.record_employment(
            a_supervisor(agency), officer, agency=agency, badge="8", valid_from=TODAY, now=NOON
        )


def test_a_correction_keeps_what_was_known_before_and_leaves_one_line() -> None:
    agency = an_agency()
    officer = an_officer(agency)
    wrong = Employment.objects.get()
    lines = Line.objects.count()

    right = actions.correct_employment(
        a_supervisor(agency), wrong, valid_from=date(2020, 7, 1), now=LATER
    )

    line = Line.objects.order_by("pk").last()
    assert line is not None
    assert Line.objects.count() == lines + 1
    assert (line.verb, line.subject_id) == ("officers.correct_employment", officer.person_id)
    assert '"changed":["valid_from"]' in line.detail
    assert (right.replaces_id, right.badge) == (wrong.pk, "142")
    assert Employment.objects.known(NOON).get().valid_from == SINCE
    assert Employment.objects.known().get().valid_from == date(2020, 7, 1)


def test_a_correction_that_changes_nothing_is_refused_and_leaves_no_line() -> None:
    agency = an_agency()
    an_officer(agency)
    lines = Line.objects.count()

    with pytest.raises(Refused, match="Nothing was changed"):
        actions.correct_employment(
            a_supervisor(agency), Employment.objects.get(), agency=agency, badge="142", now=LATER
        )

    assert Line.objects.count() == lines


def test_nothing_is_moved_to_an_agency_where_one_has_no_say() -> None:
    here, there = an_agency(), an_agency("Beech Police")
    an_officer(here)

    with pytest.raises(NotAllowed):
        actions.correct_employment(
            a_supervisor(here), Employment.objects.get(), agency=there, now=LATER
        )

    assert Employment.objects.known().get().agency == here


def test_the_slower_of_two_is_told_and_changes_nothing() -> None:
    agency = an_agency()
    an_officer(agency)
    mine, theirs = Employment.objects.get(), Employment.objects.get()
    actions.correct_employment(a_supervisor(agency), theirs, badge="143", now=LATER)
    lines = Line.objects.count()

    with pytest.raises(Overtaken):
        actions.correct_employment(a_supervisor(agency), mine, badge="144", now=LATER)
    with pytest.raises(Overtaken):
        actions.withdraw_employment(a_supervisor(agency), mine, now=LATER)

    assert Employment.objects.known().get().badge == "143"
    assert Line.objects.count() == lines


def test_an_employment_ended_on_its_first_day_never_was() -> None:
    agency = an_agency()
    an_officer(agency)

    gone = actions.end_employment(a_supervisor(agency), Employment.objects.get(), SINCE, now=LATER)

    assert gone is None
    assert not Employment.objects.known().exists()


def test_a_leave_of_some_weeks_cuts_into_duty_and_duty_goes_on_after_it() -> None:
    agency = an_agency()
    officer = an_officer(agency)

    actions.record_duty_status(
        a_supervisor(agency),
        officer,
        agency=agency,
        status=Duty.LEAVE,
        valid_from=date(2026, 3, 9),
        valid_until=date(2026, 4, 20),
        source=Source.RECORD,
        now=NOON,
    )

    assert spans(DutyStatus, officer) == [
        ("on_duty", SINCE, date(2026, 3, 9)),
        ("leave", date(2026, 3, 9), date(2026, 4, 20)),
        ("on_duty", date(2026, 4, 20), None),
    ]
    assert Line.objects.filter(verb="officers.record_duty_status").count() == 1


def test_a_leave_that_never_was_is_withdrawn_and_duty_closes_over_it() -> None:
    agency = an_agency()
    officer, leave = on_leave(agency)

    actions.withdraw_duty_status(a_supervisor(agency), leave, now=LATER)

    assert spans(DutyStatus, officer) == [("on_duty", SINCE, None)]


def test_a_leave_is_made_longer_and_duty_makes_room() -> None:
    agency = an_agency()
    officer, leave = on_leave(agency)

    actions.correct_duty_status(
        a_supervisor(agency), leave, valid_until=date(2026, 5, 4), now=LATER
    )

    assert spans(DutyStatus, officer) == [
        ("on_duty", SINCE, date(2026, 3, 9)),
        ("leave", date(2026, 3, 9), date(2026, 5, 4)),
        ("on_duty", date(2026, 5, 4), None),
    ]


def test_a_suspension_without_end_is_withdrawn_and_duty_goes_on() -> None:
    agency = an_agency()
    officer, suspended = on_leave(agency, until=None)

    actions.withdraw_duty_status(a_supervisor(agency), suspended, now=LATER)

    assert spans(DutyStatus, officer) == [("on_duty", SINCE, None)]


def test_two_leaves_are_withdrawn_in_any_order_and_leave_duty_whole() -> None:
    agency = an_agency()
    officer, first = on_leave(agency)
    second = actions.record_duty_status(
        a_supervisor(agency),
        officer,
        agency=agency,
        status=Duty.LEAVE,
        valid_from=date(2026, 6, 1),
        valid_until=date(2026, 6, 8),
        now=NOON + timedelta(minutes=1),
    )

    actions.withdraw_duty_status(a_supervisor(agency), first, now=LATER)
    actions.withdraw_duty_status(a_supervisor(agency), second, now=LATER)

    assert spans(DutyStatus, officer) == [("on_duty", SINCE, None)]


def test_a_leave_withdrawn_does_not_lengthen_a_duty_that_ended_there_by_itself() -> None:
    agency = an_agency()
    officer, sergeant = an_officer(agency), a_supervisor(agency)
    ended = date(2026, 3, 9)
    duty = DutyStatus.objects.get()
    duty = actions.correct_duty_status(sergeant, duty, valid_until=date(2026, 12, 1), now=LATER)
    actions.correct_duty_status(sergeant, duty, valid_until=ended, now=LATER)
    leave = actions.record_duty_status(
        sergeant,
        officer,
        agency=agency,
        status=Duty.LEAVE,
        valid_from=ended,
        valid_until=date(2026, 4, 20),
        source=Source.RECORD,
        now=LATER,
    )

    actions.withdraw_duty_status(sergeant, leave, now=LATER + timedelta(minutes=1))

    assert spans(DutyStatus, officer) == [("on_duty", SINCE, ended)]


def test_what_the_state_says_anew_ends_what_it_said_before() -> None:
    agency = an_agency()
    officer = an_officer(agency)

    actions.record_certification(
        a_supervisor(agency),
        officer,
        agency=agency,
        state="VA",
        status="suspended",
        valid_from=date(2026, 2, 1),
        now=NOON,
    )

    assert spans(Certification, officer) == [
        ("certified", date(2019, 5, 1), date(2026, 2, 1)),
        ("suspended", date(2026, 2, 1), None),
    ]


def test_a_certificate_dated_in_the_future_is_refused_and_nothing_is_written() -> None:
    agency = an_agency()
    officer = an_officer(agency)
    lines = Line.objects.count()

    with pytest.raises(Refused, match="still to come"):
        actions.record_certification(
            a_supervisor(agency),
            officer,
            agency=agency,
            state="MD",
            status="certified",
            valid_from=TODAY + timedelta(days=1),
            now=NOON,
        )

    assert Certification.objects.count() == 1
    assert Line.objects.count() == lines


def test_dates_that_end_before_they_start_are_refused() -> None:
    agency = an_agency()
    officer = an_officer(agency, is_on_duty=False)

    with pytest.raises(Refused, match="end must lie after") as refused:
        actions.record_duty_status(
            a_supervisor(agency),
            officer,
            agency=agency,
            status=Duty.LEAVE,
            valid_from=TODAY,
            valid_until=TODAY,
            now=NOON,
        )

    assert refused.value.field == "valid_until"


def test_nobody_rules_on_the_own_duty() -> None:
    agency = an_agency()
    officer = an_officer(agency)
    me = an_actor(Role.SUPERVISOR, agency, person=officer.person)

    with pytest.raises(NotAllowed):
        actions.withdraw_duty_status(me, DutyStatus.objects.get(), now=LATER)


@pytest.mark.parametrize(
    "deed",
    [
        lambda who, officer: actions.withdraw_employment(who, Employment.objects.get(), now=LATER),
        lambda who, officer: actions.end_employment(
            who, Employment.objects.get(), TODAY, now=LATER
        ),
        lambda who, officer: actions.withdraw_certification(
            who, Certification.objects.get(), now=LATER
        ),
        lambda who, officer: actions.end_certification(
            who, Certification.objects.get(), TODAY, now=LATER
        ),
        lambda who, officer: actions.end_duty_status(
            who, DutyStatus.objects.get(), TODAY, now=LATER
        ),
    ],
)
def test_outsiders_do_nothing_and_leave_no_line(deed: Callable[[Actor, Officer], object]) -> None:
    agency = an_agency()
    officer = an_officer(agency)
    lines = Line.objects.count()

    with pytest.raises(NotAllowed):
        deed(a_supervisor(an_agency("Beech Police")), officer)

    assert Line.objects.count() == lines


def on_leave(agency: Any, until: date | None = date(2026, 4, 20)) -> tuple[Officer, DutyStatus]:
    officer = an_officer(agency)
    leave = actions.record_duty_status(
        a_supervisor(agency),
        officer,
        agency=agency,
        status=Duty.LEAVE,
        valid_from=date(2026, 3, 9),
        valid_until=until,
        now=NOON,
    )
    return officer, leave


def test_a_look_at_personnel_records_leaves_a_line_about_the_officer() -> None:
    agency = an_agency()
    officer = an_officer(agency)
    sergeant = a_supervisor(agency)

    actions.open_records(sergeant, officer, now=LATER)
    with pytest.raises(NotAllowed):
        actions.open_records(an_actor(Role.DISPATCHER, agency), officer, now=LATER)

    line = Line.objects.order_by("-pk")[0]
    assert (line.verb, line.actor_id, line.subject_id) == (
        "officers.open_records",
        sergeant.person_id,
        officer.person_id,
    )
