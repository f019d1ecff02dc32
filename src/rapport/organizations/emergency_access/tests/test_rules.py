"""What is opened, to whom, and what must be said: without a database."""

from datetime import timedelta

import pytest

from rapport.foundation.access import RecordClass, Role, RoleAt, Scope
from rapport.foundation.facts import Refused
from rapport.organizations.emergency_access import rules
from rapport.organizations.people.tests.build import NOON

OFFICER = RoleAt(Role.OFFICER, Scope.AGENCY, 1)
DISPATCHER = RoleAt(Role.DISPATCHER, Scope.AGENCY, 1)


def test_several_roles_open_what_each_of_them_opens() -> None:
    opens = rules.openable([OFFICER, DISPATCHER])

    assert opens[RecordClass.EDUCATION] == timedelta(minutes=30)
    assert opens[RecordClass.PROGRAM] == timedelta(minutes=60)
    assert rules.openable([RoleAt(Role.ADMINISTRATOR, Scope.PROGRAM)]) == {}


def test_the_role_that_opens_is_the_one_by_which_it_is_taken() -> None:
    assert rules.opening([OFFICER, DISPATCHER], RecordClass.PROGRAM) == DISPATCHER
    with pytest.raises(Refused, match="No emergency opens such records"):
        rules.opening([OFFICER, DISPATCHER], RecordClass.TIP)


@pytest.mark.parametrize(
    ("record_class", "scope", "fits"),
    [
        (RecordClass.EDUCATION, Scope.SCHOOL, True),
        (RecordClass.EDUCATION, Scope.DISTRICT, True),
        (RecordClass.EDUCATION, Scope.AGENCY, False),
        (RecordClass.LAW_UNIT, Scope.AGENCY, True),
        (RecordClass.LAW_UNIT, Scope.SCHOOL, False),
        (RecordClass.SECURITY, Scope.AGENCY, True),
        (RecordClass.SECURITY, Scope.SCHOOL, True),
        (RecordClass.EDUCATION, Scope.PROGRAM, False),
    ],
)
def test_a_class_is_opened_only_where_its_records_are_kept_and_never_everywhere(
    record_class: RecordClass, scope: Scope, *, fits: bool
) -> None:
    if fits:
        rules.ensure_scope(record_class, scope)
    else:
        with pytest.raises(Refused, match="Such records are kept at"):
            rules.ensure_scope(record_class, scope)


@pytest.mark.parametrize("typed", ["", "   ", "urgent", "x" * 19, "a \n" * 6])
def test_a_reason_is_a_sentence(typed: str) -> None:
    with pytest.raises(Refused, match="Say in a sentence"):
        rules.reason(typed)


def test_a_reason_has_an_end() -> None:
    assert len(rules.reason("ab" * 1000)) == 2000
    with pytest.raises(Refused, match="At most 2000"):
        rules.reason("ab" * 1001)


def test_it_is_over_at_the_moment_at_which_its_time_has_passed_or_when_it_was_ended() -> None:
    until = NOON + timedelta(minutes=30)

    assert not rules.is_over(until, None, until - timedelta(microseconds=1))
    assert rules.is_over(until, None, until)
    assert rules.is_over(until, NOON, NOON)
