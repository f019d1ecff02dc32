"""The page of what somebody can see agrees with the function that decides it."""

from datetime import date
from itertools import product
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st
from pytest_django import Settings

from rapport.foundation import registry
from rapport.foundation.access import (
    NOT_ABOUT_ONESELF,
    SYSTEM,
    Actor,
    Place,
    Reach,
    RecordClass,
    Right,
    Role,
    RoleAt,
    Scope,
    gives,
)
from rapport.foundation.disclosure import actions as disclosures
from rapport.foundation.disclosure.tests.test_disclosure import terms
from rapport.foundation.files import queries as file_queries
from rapport.foundation.files.tests.build import (
    AGENCY,
    DISTRICT,
    ELSEWHERE,
    HERE,
    NOW,
    OTHER_AGENCY,
    SCHOOL,
    SECOND,
    a_file,
    an_actor,
)
from rapport.foundation.registry import Atlas, Someone
from rapport.foundation.sharing import access, queries
from rapport.foundation.sharing.queries import Why

DAY = date(2026, 11, 24)
ABOUT_ME = HERE._replace(about_person_id=1)
PLACES = (
    HERE,
    SECOND,
    ELSEWHERE,
    ABOUT_ME,
    Place(),
    Place(AGENCY),
    Place(None, DISTRICT),
    Place(None, DISTRICT, SCHOOL),
)
SCOPES = {
    Scope.PROGRAM: None,
    Scope.AGENCY: AGENCY,
    Scope.DISTRICT: DISTRICT,
    Scope.SCHOOL: SCHOOL,
}


def as_read(actor: Actor, why: tuple[Why, ...], at: Place, record_class: RecordClass) -> bool:
    """Read the page's words as its reader would: is this right given on a record that lies `at`?"""
    own = at.about_person_id == actor.person_id
    if own and record_class in NOT_ABOUT_ONESELF:
        return False
    return any(
        {
            Reach.ALL: True,
            Reach.OWN: own,
            Reach.OFFICIAL: at.school_id in actor.official_schools,
            Reach.HELD: w.held.scope is Scope.PROGRAM
            or getattr(at, f"{w.held.scope}_id", None) == w.held.scope_id,
        }[w.reach]
        for w in why
    )


def agrees(actor: Actor) -> None:
    held = sorted(actor.every_role, key=str)
    where = dict.fromkeys(held, "")
    for record_class, right, at in product(RecordClass, Right, PLACES):
        why = queries.reasons(actor, record_class, right, held, where)
        said = as_read(actor, why, at, record_class)
        assert said is gives(actor, right, record_class, at), (record_class, right, at)


@pytest.mark.parametrize(("role", "scope"), list(product(Role, Scope)))
def test_for_every_role_at_every_scope_the_page_says_what_the_wall_gives(
    role: Role, scope: Scope
) -> None:
    agrees(an_actor(role, scope, SCOPES[scope]))
    agrees(an_actor(role, scope, SCOPES[scope], official=(SCHOOL,)))


@given(
    st.frozensets(
        st.builds(
            lambda r, s: RoleAt(r, s, SCOPES[s]), st.sampled_from(Role), st.sampled_from(Scope)
        ),
        max_size=4,
    ),
    st.sampled_from([frozenset(), frozenset({SCHOOL})]),
)
@effort(max_examples=60, deadline=None)
def test_for_many_roles_together_the_page_says_what_the_wall_gives(
    roles: frozenset[RoleAt], official: frozenset[int]
) -> None:
    agrees(Actor(1, roles, official_schools=official))


# Who may look


@pytest.fixture(autouse=True)
def atlas(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {SCHOOL: DISTRICT}
    atlas = Atlas(lambda s, i, d: [Place(None, known.get(i or 0), i)], lambda s: [])
    monkeypatch.setattr(registry.atlases, "_things", {"town": atlas})


OFFICER = an_actor(Role.OFFICER, Scope.AGENCY, AGENCY, person=2)
PRINCIPAL = an_actor(Role.PRINCIPAL, Scope.SCHOOL, SCHOOL, person=3)


@pytest.mark.parametrize(
    ("asker", "officer", "principal", "counts"),
    [
        (an_actor(Role.ADMINISTRATOR, person=9), True, True, False),
        (an_actor(Role.AGENCY_HEAD, Scope.AGENCY, AGENCY, person=9), True, False, True),
        (an_actor(Role.AGENCY_HEAD, Scope.AGENCY, OTHER_AGENCY, person=9), False, False, False),
        (an_actor(Role.SUPERINTENDENT, Scope.DISTRICT, DISTRICT, person=9), False, True, True),
        (an_actor(Role.PRIVACY_OFFICER, Scope.DISTRICT, DISTRICT, person=9), False, True, True),
        (an_actor(Role.PRIVACY_OFFICER, person=9), True, True, True),
        (an_actor(Role.SUPERVISOR, Scope.AGENCY, AGENCY, person=9), False, False, False),
        (an_actor(Role.PRINCIPAL, Scope.SCHOOL, SCHOOL, person=9), False, False, False),
        (an_actor(Role.BOARD_MEMBER, person=9), False, False, False),
        (Actor(9), False, False, False),
        (Actor(), False, False, False),
    ],
)
def test_who_may_look_at_what_another_person_can_see(
    asker: Actor, officer: bool, principal: bool, counts: bool
) -> None:
    assert access.may_look(asker, OFFICER, day=DAY) is officer
    assert access.may_look(asker, PRINCIPAL, day=DAY) is principal
    seen = [o for o in (OFFICER, PRINCIPAL) if access.may_look(asker, o, day=DAY)]
    assert any(access.may_count(asker, o, day=DAY) for o in seen) is counts


def test_everybody_may_look_at_himself_with_counts() -> None:
    for actor in (OFFICER, PRINCIPAL, Actor(5), an_actor(Role.ADMINISTRATOR)):
        assert access.may_look(actor, actor, day=DAY)
        assert access.may_count(actor, actor, day=DAY)


# Counts and disclosures


def test_counted_and_listed_is_only_what_the_asker_may_know_of_himself(
    db: None, settings: Settings, tmp_path: Path
) -> None:
    settings.RAPPORT_FILES = str(tmp_path)
    a_file(at=HERE)
    a_file(at=ELSEWHERE)
    told = a_file(RecordClass.EDUCATION, at=HERE)
    record = file_queries.to_disclose(SYSTEM, told.uid, NOW)
    assert record is not None
    disclosures.record_disclosure(SYSTEM, record, terms(persons=(2,)), now=NOW)
    both = (
        RoleAt(Role.BOARD_MEMBER, Scope.PROGRAM, None),
        RoleAt(Role.OFFICER, Scope.AGENCY, AGENCY),
    )
    everywhere = Actor(2, frozenset(both))
    chief = an_actor(Role.AGENCY_HEAD, Scope.AGENCY, AGENCY, person=9)
    someone = Someone(2, uuid4(), "Person 2")

    def seen(asker: Actor) -> tuple[int, int]:
        found = queries.sees(asker, someone, everywhere, day=DAY, now=NOW)
        (line,) = [x for x in found.lines if x.record_class is RecordClass.PROGRAM]
        (count,) = [n for name, _, n in line.counts if name == "Files"]
        return count, len(found.disclosures)

    assert seen(everywhere) == (2, 1)
    assert seen(chief) == (1, 0)
