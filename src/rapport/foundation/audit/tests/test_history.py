"""Who reads what of the history, in which words; and what a page of it costs."""

import csv
import io
import json
import unicodedata
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from rapport.foundation import registry
from rapport.foundation.access import (
    SYSTEM,
    Actor,
    Channel,
    Place,
    RecordClass,
    Right,
    Role,
    RoleAt,
    Scope,
    Verb,
)
from rapport.foundation.audit import access, queries, rules, trail
from rapport.foundation.audit.forms import THINGS, HistoryForm, things
from rapport.foundation.audit.models import Line
from rapport.foundation.audit.queries import Asked

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)
MAPLE, OAK = 1, 2  # agencies, and the districts of the same number
AT_MAPLE = Place(agency_id=MAPLE, district_id=MAPLE, school_id=11)
AT_OAK = Place(agency_id=OAK, district_id=OAK, school_id=12)


def an_actor(role: Role, scope: Scope, number: int | None = None, person: int = 900) -> Actor:
    return Actor(person_id=person, roles=frozenset({RoleAt(role, scope, number)}))


CHIEF = an_actor(Role.AGENCY_HEAD, Scope.AGENCY, MAPLE, 901)
DIRECTOR = an_actor(Role.SAFETY_DIRECTOR, Scope.DISTRICT, MAPLE, 902)
ADMINISTRATOR = an_actor(Role.ADMINISTRATOR, Scope.PROGRAM, None, 903)
OFFICER = an_actor(Role.OFFICER, Scope.AGENCY, MAPLE, 904)
PRINCIPAL = an_actor(Role.PRINCIPAL, Scope.SCHOOL, 11, 905)
CLASSES: list[RecordClass | None] = [*RecordClass, None]


@pytest.fixture
def verbs(monkeypatch: pytest.MonkeyPatch) -> dict[str, Verb]:
    """A verb of each class, and one without."""
    monkeypatch.setattr(registry.verbs, "_things", dict(registry.verbs._things))
    names = {str(c): c for c in CLASSES}
    return {
        name: registry.verb(f"tests.{name}", "thing", c, Right.READ if c else None, f"did {name}")
        for name, c in names.items()
    }


def read_by(actor: Actor) -> set[tuple[str, str]]:
    """Return which verbs an actor reads, and where."""
    where = {MAPLE: "maple", OAK: "oak", None: "nowhere"}
    return {
        (line.verb.removeprefix("tests."), where[line.agency_id])
        for line in access.visible_lines(actor)
        if line.verb.startswith("tests.")
    }


@pytest.fixture
def lines(verbs: dict[str, Verb]) -> dict[str, Verb]:
    """A line of each class in each of two places, and nowhere; somebody else did them."""
    other = Actor(person_id=999)
    for verb in verbs.values():
        for place in (AT_MAPLE, AT_OAK, Place()):
            trail.record(other, verb, 5, at=NOON, place=place)
    return verbs


# What the wall's table gives each office, written out by hand: class → where.
READS: dict[str, tuple[Actor, set[tuple[str, str]]]] = {
    "chief": (
        CHIEF,
        {
            ("program", "maple"),
            ("law_unit", "maple"),
            ("personnel", "maple"),
            ("internal_affairs", "maple"),
            ("security", "maple"),
            ("public", "maple"),
            ("public", "oak"),
            ("public", "nowhere"),
            ("None", "maple"),
        },
    ),
    "administrator": (ADMINISTRATOR, {("None", "maple"), ("None", "oak"), ("None", "nowhere")}),
    "officer": (OFFICER, set()),
    "principal": (PRINCIPAL, set()),
    "nobody": (Actor(), set()),
}


@pytest.mark.parametrize("who", sorted(READS))
def test_a_line_is_read_by_who_may_read_its_class_where_it_lies(
    lines: dict[str, Verb], who: str
) -> None:
    actor, expected = READS[who]

    found = read_by(actor)

    if who == "administrator":
        found = {(c, w) for c, w in found if c != "public"}
    assert found == expected


def test_a_district_reads_nothing_of_the_agencys_own_classes(lines: dict[str, Verb]) -> None:
    found = read_by(DIRECTOR)

    assert ("program", "maple") in found
    assert not {("personnel", "maple"), ("internal_affairs", "maple"), ("program", "oak")} & found


def test_the_administrator_reads_no_line_about_a_record_of_a_class(lines: dict[str, Verb]) -> None:
    file = type("File", (), {"pk": 7, "record_class": "tip", "agency_id": MAPLE})()
    trail.record(Actor(person_id=999), lines["None"], file, at=NOON)

    line = Line.objects.latest("id")

    assert (line.record_class, line.agency_id) == ("tip", MAPLE)
    assert line.pk not in set(access.visible_lines(ADMINISTRATOR).values_list("pk", flat=True))


def test_everybody_reads_his_own_acts_and_nobody_elses(lines: dict[str, Verb]) -> None:
    mine = trail.record(PRINCIPAL, lines["tip"], 5, at=NOON, place=AT_OAK)

    found = [line.pk for line in access.visible_lines(PRINCIPAL)]

    assert found == [mine]


def test_a_verb_of_a_link_that_is_off_leaves_no_trace() -> None:
    off = Verb("gone.did", "thing", None, None, "did something")
    trail.record(CHIEF, off, 5, at=NOON)

    assert [line.verb for line in access.visible_lines(SYSTEM)].count("gone.did") == 0


def test_lines_are_sentences_with_names_and_the_newest_first(lines: dict[str, Verb]) -> None:
    person = apps.get_model("people", "Person").objects.create(name="Alex Morgan")
    agency = apps.get_model("places", "Agency").objects.create(name="Maple PD", state="VA")
    add = registry.verbs["places.add_agency"]
    place = Place(agency_id=agency.pk)
    chief = an_actor(Role.AGENCY_HEAD, Scope.AGENCY, agency.pk)
    later = NOON + timedelta(hours=1)
    trail.record(Actor(person_id=person.pk), add, agency.pk, at=NOON, place=place)
    trail.record(SYSTEM, add, agency.pk, at=later, place=place)

    newest, first = queries.page(chief, Asked(word="agency"))[0]

    assert (first.who, str(first.did), first.what) == ("Alex Morgan", "added an agency", "Maple PD")
    assert (newest.who, newest.way) == ("The program", "by a command on the machine")
    assert newest.at == later


def test_a_thing_without_a_name_is_named_by_whom_it_is_about(verbs: dict[str, Verb]) -> None:
    person = apps.get_model("people", "Person").objects.create(name="Alex Morgan")
    for about in (person.pk, None):
        trail.record(CHIEF, verbs["program"], 5, at=NOON, about=about, place=AT_MAPLE)

    newest, older = queries.page(CHIEF, Asked(word="thing"))[0]

    assert (newest.what, older.what) == ("", "Alex Morgan")


def test_what_one_did_himself_bears_no_name_of_what_he_may_not_know_any_more() -> None:
    agency = apps.get_model("places", "Agency").objects.create(name="Maple PD", state="VA")
    start = registry.verbs["places.start_agency"]
    place = Place(agency_id=agency.pk)
    officer = an_actor(Role.OFFICER, Scope.AGENCY, agency.pk)
    elsewhere = an_actor(Role.OFFICER, Scope.AGENCY, agency.pk + 1)
    trail.record(officer, start, agency.pk, at=NOON, place=place)

    (then,) = queries.page(officer, Asked())[0]
    (now,) = queries.page(elsewhere, Asked())[0]

    assert (str(then.did), then.what) == ("recorded an agency's start in the program", "Maple PD")
    assert (now.did, now.what) == (then.did, "")


def test_whoever_is_signed_in_finds_the_history_in_the_menu_and_its_choices_by_their_words() -> (
    None
):
    (item,) = [m for m in registry.menu if m.url_name == "audit:history"]
    assert item.shown(OFFICER)
    assert item.shown(Actor(5))
    assert not item.shown(Actor())

    for language in ("en", "es"):
        with translation.override(language):
            fields: Any = HistoryForm().fields
            for name in ("what", "of"):
                words = [str(label).casefold() for _value, label in fields[name].choices[1:]]
                plain = [unicodedata.normalize("NFKD", word) for word in words]
                assert plain == sorted(plain), (language, name)


def test_every_kind_of_thing_in_the_history_has_a_word() -> None:
    assert things() <= set(THINGS)


def asked(text: str) -> Asked:
    return HistoryForm(QueryDict(text)).asked(SYSTEM)


def test_the_address_says_what_is_asked_for() -> None:
    person = apps.get_model("people", "Person").objects.create(name="Alex Morgan")
    apps.get_model("people", "RoleHeld").objects.create(
        person=person,
        role="administrator",
        scope="program",
        valid_from=date(2026, 1, 1),
        recorded_at=NOON,
    )

    found = asked(
        "who=morgan&about=alex&what=sign_in.enter&of=account&since=2026-03-01&until=2026-03-02"
    )

    assert found == Asked(
        persons=frozenset({person.pk}),
        about=frozenset({person.pk}),
        verb="sign_in.enter",
        word="account",
        since=datetime(2026, 3, 1, 5, tzinfo=UTC),  # midnight in Virginia
        until=datetime(2026, 3, 3, 4, 59, 59, 999999, tzinfo=UTC),
    )
    assert asked("before=0-41").before == 41


@pytest.mark.parametrize(
    "text",
    [
        "",
        "what=x",
        "of=x",
        "since=never",
        "until=2026-02-30",
        "before=x",
        "before=0--1",
        "x=%00",
        "since=0001-01-01",
        "until=9999-12-31",
    ],
)
def test_what_cannot_be_followed_is_left_out(text: str) -> None:
    assert asked(text) == Asked()


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (Asked(persons=frozenset({901})), {1}),
        (Asked(about=frozenset({502})), {2}),
        (Asked(verb="tests.program"), {1, 2}),
        (Asked(word="thing", since=NOON + timedelta(minutes=2)), {2, 3}),
        (Asked(word="thing", until=NOON + timedelta(minutes=1)), {1}),
        (Asked(word="no such thing"), set()),
        (Asked(persons=frozenset()), set()),
    ],
)
def test_the_history_is_narrowed(verbs: dict[str, Verb], part: Asked, expected: set[int]) -> None:
    acts = [(CHIEF, "program"), (DIRECTOR, "program"), (DIRECTOR, "None")]
    for number, (actor, word) in enumerate(acts, 1):
        at = NOON + timedelta(minutes=number)
        trail.record(actor, verbs[word], number, at=at, about=500 + number, place=AT_MAPLE)

    found = queries.history(SYSTEM, part).filter(verb__startswith="tests.")

    assert {line.object_id for line in found} == expected


def test_pages_follow_each_other_without_a_gap_also_where_lines_are_of_one_instant(
    verbs: dict[str, Verb], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "A_PAGE", 4)
    for number in range(10):
        trail.record(CHIEF, verbs["program"], number, at=NOON)

    read: list[str] = []
    older = ""
    for _page in range(5):
        before = rules.read(older) if older else 0
        sentences, older = queries.page(CHIEF, Asked(before=before))
        read += [s.number for s in sentences]
        if not older:
            break

    assert len(read) == len(set(read)) == 10
    assert older == ""


def test_a_page_costs_a_fixed_number_of_queries(verbs: dict[str, Verb]) -> None:
    counts = []
    for count in (3, 40):
        for number in range(count):
            trail.record(CHIEF, verbs["program"], number, at=NOON, place=AT_MAPLE)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            queries.page(CHIEF, Asked())
        counts.append(len(seen))

    assert counts == [4, 4]


def test_refusals_name_what_was_refused() -> None:
    trail.record_apart(CHIEF, access.REFUSED, 0, at=NOON, verb="places.add_agency", thing=None)

    (line,) = queries.page(ADMINISTRATOR, Asked())[0]
    assert queries.page(CHIEF, Asked())[0] == []  # it would tell him what there is

    assert f"{line.who} {line.did}: {line.what}".endswith("was refused something: added an agency")


def test_somebody_not_signed_in_is_said_to_be_so(verbs: dict[str, Verb]) -> None:
    trail.record(Actor(channel=Channel.PUBLIC), verbs["None"], 0, at=NOON)

    (line,) = [s for s in queries.page(ADMINISTRATOR, Asked())[0] if s.verb == verbs["None"]]

    assert (line.who, line.way) == ("Somebody not signed in", "on a public page")


def test_a_name_that_is_gone_leaves_the_line(verbs: dict[str, Verb]) -> None:
    trail.record(CHIEF, verbs["None"], 0, at=NOON)

    (line,) = [s for s in queries.page(ADMINISTRATOR, Asked())[0] if s.verb == verbs["None"]]

    assert line.who == "Somebody whose name is gone"


def in_file(text: str) -> list[dict[str, Any]]:
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))


def test_a_file_holds_what_the_page_shows_and_leaves_a_line(
    verbs: dict[str, Verb], client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.test import RequestFactory

    from rapport.foundation.audit import views

    for number in range(60):
        trail.record(CHIEF, verbs["program"], number, at=NOON, place=AT_MAPLE)
    request: Any = RequestFactory().get(
        "/history/", {"format": "csv", "what": "tests.program", "why": "review"}
    )
    request.actor, request.now = CHIEF, NOON

    response = views.history(request)

    rows = in_file(response.content.decode())
    assert len(rows) == 60
    assert {row["Verb"] for row in rows} == {"tests.program"}
    line = Line.objects.latest("id")
    said = json.loads(line.detail)
    assert (line.verb, said["rows"], said["why"], said["verb"]) == (
        "audit.export",
        60,
        "review",
        "tests.program",
    )


def test_looking_at_the_head_of_a_file_leaves_no_line(verbs: dict[str, Verb]) -> None:
    from django.test import RequestFactory

    from rapport.foundation.audit import views

    request: Any = RequestFactory().head("/history/", {"format": "csv"})
    request.actor, request.now = CHIEF, NOON
    lines = Line.objects.count()

    views.history(request)

    assert Line.objects.count() == lines
