"""What a standing promises, over histories that hypothesis makes up (FACTS B.5)."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.standing.assignments.rules import (
    Case,
    Chosen,
    Covered,
    Day,
    Pact,
    Side,
    Span,
    Standing,
    Taken,
    Word,
    Work,
    standing,
    timeline,
)
from rapport.standing.assignments.tests import build

START, LENGTH = date(2023, 1, 1), 900
DAYS = st.integers(0, LENGTH).map(lambda n: START + timedelta(days=n))
BEGAN = START + timedelta(days=100)
BOOKS = {
    state: build.shipped(*((state,) if state != "US" else ()))
    for state in ("US", "IN", "TX", "NC", "MD", "VA")
}
MANY = settings(max_examples=400, deadline=None)
KINDS = (
    "certified",
    "employed",
    "duty",
    "selected",
    "taken",
    "taken",
    "evaluated",
    "exceptions",
    "work",
    "terms",
    "signatures",
    "signatures",
    "coverages",
    "affirmations",
    "start",
)


@dataclass(frozen=True)
class Known:
    """A fact with the moments it was recorded and withdrawn (days, here)."""

    kind: str
    fact: Any
    recorded: int
    withdrawn: int | None


@st.composite
def spans(draw: st.DrawFn) -> tuple[date, date | None]:
    since = draw(DAYS)
    return since, draw(st.none() | st.integers(1, 700).map(lambda n: since + timedelta(days=n)))


@st.composite
def knowns(draw: st.DrawFn) -> Known:
    kind = draw(st.sampled_from(KINDS))
    since, until = draw(spans())
    uid = f"{kind}-{draw(st.integers(1, 10_000))}"
    fact: Any = Span(uid, draw(st.sampled_from(WORDS.get(kind, ("",)))), since, until)
    if kind == "selected":
        part = draw(st.sampled_from(("on_panel", "none", "unknown")))
        fact = Chosen(
            uid, draw(st.sampled_from(("selected", "selected", "not_selected"))), part, since, until
        )
    elif kind == "taken":
        hours = draw(st.sampled_from((None, 8.0, 16.0, 40.0)))
        fact = Taken(
            uid,
            draw(st.sampled_from(("completed", "completed", "not_completed"))),
            draw(st.sampled_from(COURSES)),
            hours,
            draw(st.integers(1, 9)),
            since,
            until,
        )
    elif kind == "work":
        fact = Work(uid, draw(st.sampled_from((None, 10.0, 19.5, 20.0, 40.0))), since, until)
    elif kind == "signatures":
        agency, district = draw(st.sampled_from(((build.AGENCY, None), (None, build.DISTRICT))))
        fact = Side(uid, agency, district, since, until)
    elif kind == "coverages":
        fact = Covered(
            uid, build.DISTRICT, draw(st.sampled_from((None, build.SCHOOL, 99))), since, until
        )
    elif kind == "exceptions":
        fact = fact._replace(until=until or since + timedelta(days=90))
    recorded = draw(st.integers(0, LENGTH))
    return Known(kind, fact, recorded, draw(st.none() | st.integers(recorded, LENGTH)))


WORDS = {
    "certified": ("certified", "certified", "suspended"),
    "duty": ("on_duty", "on_duty", "leave"),
    "exceptions": ("sworn", "selected", "trained", "agreed"),
}
COURSES = (
    "le-academy",
    "nasro-basic",
    "nasro-advanced",
    "in-sro",
    "tx-school-based-le",
    "nc-basic-sro",
    "md-model-curriculum",
    "md-preliminary",
    "md-center-notice",
    "va-sro",
)
HISTORIES = st.lists(knowns(), max_size=16)
STATES = st.sampled_from(tuple(BOOKS))


def case_of(history: list[Known], state: str, known: int | None = None) -> Case:
    facts: dict[str, list[Any]] = {kind: [] for kind in KINDS}
    for h in history:
        if (
            (h.withdrawn is None)
            if known is None
            else (h.recorded <= known and (h.withdrawn is None or h.withdrawn > known))
        ):
            facts[h.kind].append(h.fact)
    pact = Pact(
        1,
        facts.pop("terms"),
        [
            Side("pa", build.AGENCY, None, START, None),
            Side("pd", None, build.DISTRICT, START, None),
        ],
        facts.pop("signatures"),
        facts.pop("coverages"),
        facts.pop("affirmations"),
        [],
    )
    starts = sorted(facts.pop("start"), key=lambda s: (s.since, s.uid))
    work = facts.pop("work")
    return build.a_case(
        BOOKS[state],
        BEGAN,
        pacts=[pact],
        start=starts[0] if starts else None,
        work=work,
        first_began=min((w.since for w in work if w.since < BEGAN), default=BEGAN),
        **facts,
    )


def judged(history: list[Known], state: str, day: date, known: int | None = None) -> Standing:
    return standing(case_of(history, state, known), Day(day))


@MANY
@given(HISTORIES, STATES, DAYS, st.randoms())
def test_the_order_of_recording_does_not_matter(
    history: list[Known], state: str, day: date, chance: Random
) -> None:
    shuffled = list(history)
    chance.shuffle(shuffled)

    assert judged(history, state, day) == judged(shuffled, state, day)


@MANY
@given(HISTORIES, STATES, DAYS, st.integers(0, LENGTH), st.integers(0, 15), spans())
def test_a_later_correction_changes_nothing_known_before_it(
    history: list[Known],
    state: str,
    day: date,
    known: int,
    which: int,
    other: tuple[date, date | None],
) -> None:
    before = judged(history, state, day, known)
    changed = list(history)
    if changed:
        place = which % len(changed)
        old = changed[place]
        if old.withdrawn is None and old.recorded <= known and old.kind != "exceptions":
            changed[place] = Known(old.kind, old.fact, old.recorded, known + 1)
            new = old.fact._replace(uid="new", since=other[0], until=other[1])
            changed.append(Known(old.kind, new, known + 1, None))

    assert judged(changed, state, day, known) == before


@pytest.mark.slow
@MANY
@given(HISTORIES, STATES)
def test_the_pieces_of_a_timeline_touch_differ_and_agree_with_every_day(
    history: list[Known], state: str
) -> None:
    case, end = case_of(history, state), START + timedelta(days=LENGTH)

    pieces = list(timeline(case, START, end))

    assert pieces[0][0] == START
    assert pieces[-1][1] == end
    assert all(a[1] == b[0] and a[2] != b[2] for a, b in zip(pieces, pieces[1:], strict=False))
    for since, until, found in pieces:
        for n in range((until - since).days):
            assert standing(case, Day(since + timedelta(days=n))) == found


class Needed(NamedTuple):
    """A fact that a cleared standing in Indiana needs, and its ground."""

    field: str
    place: int
    ground: str


NEEDED = (
    Needed("certified", 0, "sworn"),
    Needed("employed", 0, "sworn"),
    Needed("duty", 0, "sworn"),
    Needed("selected", 0, "selected"),
    Needed("taken", 0, "trained"),
    Needed("taken", 1, "trained"),
    Needed("terms", 0, "agreed"),
    Needed("signatures", 0, "agreed"),
    Needed("signatures", 1, "agreed"),
    Needed("coverages", 0, "agreed"),
    Needed("parties", 0, "agreed"),
    Needed("districts", 0, "agreed"),
)
GOOD = build.a_case(
    BOOKS["IN"],
    BEGAN,
    taken=[build.a_course("le-academy", 600, START), build.a_course("in-sro", 40, START)],
)


@MANY
@given(st.sampled_from(NEEDED), st.integers(230, 850))
def test_ending_any_needed_fact_changes_its_ground_on_that_day_and_not_sooner(
    needed: Needed, n: int
) -> None:
    day = START + timedelta(days=n)
    ended = without(GOOD, needed, day)

    before, after = standing(ended, Day(day - timedelta(days=1))), standing(ended, Day(day))

    assert standing(GOOD, Day(day)).word is Word.CLEARED
    assert before.word is Word.CLEARED
    assert after.word is Word.NOT_CLEARED
    assert [name for name, ground in after.grounds.items() if not ground.holds] == [needed.ground]


def without(case: Case, needed: Needed, day: date) -> Case:
    """Return the case with one of its facts ended on `day`."""
    holder: Any = case if needed.field in Case._fields else case.pacts[0]
    rows = list(getattr(holder, needed.field))
    rows[needed.place] = rows[needed.place]._replace(until=day)
    changed = holder._replace(**{needed.field: rows})
    return changed if holder is case else case._replace(pacts=[changed])


@MANY
@given(HISTORIES, STATES, DAYS)
def test_cases_that_share_a_day_get_the_answers_they_get_alone(
    history: list[Known], state: str, day: date
) -> None:
    shared: dict[Any, Any] = {}
    case = case_of(history, state)
    elsewhere = case._replace(school=98, districts=[Covered("d8", 96, 98, START, None)])
    beside = case._replace(school=99, districts=[Covered("d9", build.DISTRICT, 99, START, None)])
    unnamed = case._replace(school=97, districts=[Covered("d7", build.DISTRICT, 97, START, None)])
    later = case._replace(began=day, first_began=day)

    for one in (case, elsewhere, beside, unnamed, later, case):
        together, alone = Day(day, shared), Day(day)
        assert standing(one, together) == standing(one, alone)
        assert together.settled_until == alone.settled_until
