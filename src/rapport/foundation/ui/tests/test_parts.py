"""Tags, fields, the bar of time and the search, each by what a reader sees."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import lucide
import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from rapport.foundation import registry
from rapport.foundation.access import STRANGER, Actor
from rapport.foundation.registry import Gathered, Hit
from rapport.foundation.tables.cells import Cell
from rapport.foundation.ui import searching
from rapport.foundation.ui.fields import DayField
from rapport.foundation.ui.messages import PROGRAM
from rapport.foundation.ui.timebar import Bar, Stretch


def drawn(source: str, **context: Any) -> str:
    template = Template("{% load rapport %}" + source)
    return template.render(Context(context | {"request": RequestFactory().get("/")})).strip()


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_a_date_is_written_so_that_nobody_reads_it_as_another() -> None:
    assert drawn("{{ d|day }}", d=date(2026, 3, 4)) == (
        '<time datetime="2026-03-04" class="nowrap">4 Mar 2026</time>'
    )
    assert drawn("{{ d|day }}", d=None) == "–"


def test_through_is_the_last_day_on_which_something_holds() -> None:
    assert words(drawn("{{ d|through }}", d=date(2026, 3, 1))) == "28 Feb 2026"
    assert drawn("{{ d|through }}", d=None) == "–"


def test_a_moment_names_its_zone() -> None:
    at = datetime(2026, 7, 1, 3, 5, tzinfo=UTC)

    assert words(drawn('{% moment at "America/New_York" %}', at=at)) == "30 Jun 2026, 23:05 EDT"


def test_a_moment_stands_in_the_zone_of_the_program_where_none_is_named(settings: Any) -> None:
    settings.RAPPORT_ZONE = "America/Chicago"
    at = datetime(2026, 7, 1, 3, 5, tzinfo=UTC)

    assert words(drawn("{% moment at %}", at=at)) == "30 Jun 2026, 22:05 CDT"
    assert words(drawn("{% cell at %}", at=at)) == "30 Jun 2026, 22:05 CDT"


@pytest.mark.parametrize(
    ("word", "until", "said"),
    [
        ("cleared", None, "Cleared"),
        ("cleared", date(2026, 12, 12), "Cleared through 11 Dec 2026"),
        ("provisional", date(2026, 12, 12), "Cleared through 11 Dec 2026"),
        ("not_cleared", None, "Not cleared"),
        ("", None, "Not known"),
    ],
)
def test_a_standing_is_a_word_and_an_icon(word: str, until: date | None, said: str) -> None:
    html = drawn("{% standing word until %}", word=word, until=until)

    assert words(html) == said
    assert "<svg" in html


def test_yes_no_and_not_recorded_are_three_answers() -> None:
    said = [drawn("{% yes_no value %}", value=value) for value in (True, False, None)]

    assert said == ["yes", "no", "not recorded"]


def test_a_cell_shows_what_was_typed_as_words_never_as_markup() -> None:
    evil = "<script>alert(1)</script>"

    html = drawn("{% cell c %}", c=Cell(evil, note=evil, url='/x/"onclick="', state="ok"))

    assert "<script" not in html
    assert 'x/"onclick' not in html


@pytest.mark.parametrize(
    ("value", "said"),
    [(None, "–"), ("", "–"), (0, "0"), (False, "no"), (date(2026, 1, 2), "2 Jan 2026")],
)
def test_a_plain_cell_says_its_value(value: Any, said: str) -> None:
    assert words(drawn("{% cell c %}", c=value)) == said


def test_every_icon_that_a_page_names_is_there() -> None:
    named = set()
    for path in PROGRAM.rglob("*.html"):
        source = path.read_text(encoding="utf-8")
        named |= set(re.findall(r'{% icon "([^"]+)"', source))
        named |= set(re.findall(r'picture="([^"]+)"', source))
    named |= {item.icon for item in registry.menu}

    missing = [name for name in sorted(named) if not _is_there(name)]

    assert missing == []


def _is_there(name: str) -> bool:
    try:
        lucide._load_icon(name)
    except lucide.IconDoesNotExist:
        return False
    return True


class Sample(forms.Form):
    name = forms.CharField(label="Name", help_text="As on paper.")
    since = DayField(label="Since")
    note = forms.CharField(label="Note", required=False)


def test_a_refused_form_says_what_is_wrong_on_top_and_beside_each_field_and_keeps_what_was_typed() -> (
    None
):
    form = Sample({"name": "", "since": "31/02/2026", "note": "Kept"})

    html = drawn('{% include "ui/form.html" with submit="Go" %}', form=form)

    assert html.count("This field is required.") == 2
    assert 'href="#id_name"' in html
    assert 'href="#id_since"' in html
    assert re.search(
        r'<input[^>]+aria-invalid="true"[^>]+aria-describedby="id_name_helptext id_name_error"',
        html,
    )
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert re.search(r'<input type="text" name="since" value="31/02/2026"', html)
    assert 'value="Kept"' in html
    assert "Note <span" in html


def test_a_day_that_is_one_is_shown_in_a_date_field() -> None:
    html = drawn("{{ form }}", form=Sample({"since": "2026-02-28"}))

    assert re.search(r'<input type="date" name="since" value="2026-02-28"', html)


def test_a_date_may_be_typed_in_several_ways() -> None:
    for typed in ("2026-12-01", "12/01/2026", "1 Dec 2026", "Dec 1, 2026"):
        assert DayField().clean(typed) == date(2026, 12, 1)


DAYS = st.dates(date(2015, 1, 1), date(2035, 1, 1))


@given(st.lists(DAYS, min_size=4, max_size=4, unique=True))
def test_nothing_of_a_bar_lies_outside_it(days: list[date]) -> None:
    start, until = sorted(days[:2])
    first, last = sorted(days[2:])
    bar = Bar("Bar", start, until, (Stretch(first, last, "ok", "Held"),), at=first)

    for part in bar.drawn:
        left, width = float(part.x[:-1]), float(part.width[:-1])
        assert 0 <= left <= 100
        assert 0 <= left + width <= 100.01
    assert len(bar.ticks) <= 11
    assert bool(bar.mark) is (start <= first <= until)


def test_a_stretch_without_an_end_reaches_the_end_of_the_bar() -> None:
    bar = Bar(
        "Bar", date(2026, 1, 1), date(2027, 1, 1), (Stretch(date(2026, 7, 2), None, "ok", "On"),)
    )

    (part,) = bar.drawn

    assert (part.x, part.width) == ("49.86%", "50.14%")


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> Gathered[Any]:
    found: Gathered[Any] = Gathered("search")
    monkeypatch.setattr(registry, "searches", found)
    return found


def test_the_search_gathers_by_kind_with_the_exact_number_first(searches: Gathered[Any]) -> None:
    def officers(actor: Actor, words: str) -> list[Hit]:
        return [
            Hit("Officers", "Ann 4471b", "/1/", "Badge 144710"),
            Hit("Officers", "Bo", "/2/", "Badge 4471, Fallow Creek"),
        ]

    searches.add("agreements", lambda actor, words: [Hit("Agreements", "On 44710", "/3/")])
    searches.add("officers", officers)

    found = searching.gather(STRANGER, "4471")

    assert [(f.kind, [h.url for h in f.hits]) for f in found] == [
        ("Officers", ["/2/", "/1/"]),
        ("Agreements", ["/3/"]),
    ]


def test_the_search_stops_after_twenty_of_a_kind_and_says_so(searches: Gathered[Any]) -> None:
    asked: list[int] = []

    def endless(actor: Actor, words: str) -> Any:
        for number in range(10_000):
            asked.append(number)
            yield Hit("Schools", f"School {number}", f"/{number}/")

    searches.add("schools", endless)

    (found,) = searching.gather(STRANGER, "school")

    assert (len(found.hits), found.more) == (20, True)
    assert len(asked) == 21


def test_nothing_asked_finds_nothing(searches: Gathered[Any]) -> None:
    searches.add("all", lambda actor, words: [Hit("Schools", "Any", "/1/")])

    assert searching.gather(STRANGER, "") == []


def test_no_page_names_a_color_or_a_side_of_its_own() -> None:
    for path in Path(__file__).parents[1].glob("static/ui/*.css"):
        source = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        if path.name not in ("base.css", "dark.css"):
            assert re.findall(r"#[0-9a-f]{3,6}\b(?!\))", source) == [], path.name
        sides = re.findall(r"(?<![-\w])(?:margin|padding|border)-(?:left|right)\b", source)
        assert sides == [], path.name


def test_no_two_places_of_the_menu_look_alike() -> None:
    icons = [item.icon for item in registry.menu]
    places = [item.order for item in registry.menu]

    assert sorted(set(icons)) == sorted(icons)
    assert sorted(set(places)) == sorted(places)
