"""Lists: search, filters, sorting and pages by address, from memory and from the database."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from rapport.foundation.tables.listing import Column, Filter, Listing, Table


@dataclass(frozen=True)
class Officer:
    name: str
    badge: str
    agency: str | None
    since: date | None = None


CAST = (
    Officer("Reyes, Dana", "4471", "1", date(2024, 8, 1)),
    Officer("de Souza, Ana", "12", "2", date(2025, 8, 1)),
    Officer("Okafor, Chidi", "300", None),
)
OFFICERS = Table[Officer](
    name="officers",
    columns=(
        Column("name", "Name", lambda o: o.name, sort="name"),
        Column("badge", "Badge", lambda o: o.badge),
        Column("since", "Since", lambda o: o.since, sort="since"),
    ),
    unit=lambda n: f"{n} officers",
    search=("name", "badge"),
    filters=(
        Filter("agency", "Agency", "agency", (("1", "Police"), ("2", "Sheriff")), empty=True),
        Filter("since", "Since", "since"),
    ),
    sort="name",
)


def listed(address: str, rows: Any = CAST, table: Table[Any] = OFFICERS) -> Listing[Any]:
    return table.read(QueryDict(address), rows)


def names(address: str) -> list[str]:
    return [officer.name.split(",")[0] for officer in listed(address).rows()]


def test_a_list_stands_in_its_own_order_whatever_the_case_of_letters() -> None:
    assert names("") == ["de Souza", "Okafor", "Reyes"]


def test_every_word_searched_for_must_occur_somewhere() -> None:
    assert names("q=dana+44") == ["Reyes"]
    assert names("q=dana+300") == []


def test_a_filter_takes_its_choices_and_none() -> None:
    assert names("agency=2") == ["de Souza"]
    assert names("agency=~") == ["Okafor"]
    assert names("since=2024-08-01") == ["Reyes"]


@pytest.mark.parametrize("address", ["agency=3", "since=tomorrow", "since=2024-13-01"])
def test_a_filter_that_cannot_be_followed_is_left_out_and_said(address: str) -> None:
    listing = listed(address)

    assert listing.count == 3
    assert len(listing.notes) == 1


def test_sorting_either_way_leaves_what_is_missing_at_the_end() -> None:
    assert names("sort=since") == ["Reyes", "de Souza", "Okafor"]
    assert names("sort=-since") == ["de Souza", "Reyes", "Okafor"]


@pytest.mark.parametrize("key", ["badge", "password", "-", "--name", "name__x"])
def test_a_sort_that_is_not_offered_is_ignored_with_a_note(key: str) -> None:
    listing = listed(f"sort={key}")

    assert [o.name for o in listing.rows()][0].startswith("de Souza")
    assert listing.notes


def test_a_heading_offers_the_other_way() -> None:
    headings = {h.column.key: h for h in listed("sort=-since").headings}

    assert (headings["since"].aria, headings["since"].next_sort) == ("descending", "since")
    assert (headings["name"].aria, headings["name"].next_sort) == ("none", "name")
    assert headings["badge"].aria == ""


def test_the_count_says_how_many_of_how_many() -> None:
    assert listed("").counted == "3 officers"
    assert listed("q=dana").counted == "1 of 3 officers"


@pytest.mark.parametrize(
    ("asked", "number"),
    [("", 1), ("0", 1), ("2", 2), ("99", 3), ("-1", 1), ("x", 1), ("²", 1), ("9" * 40, 3)],
)
def test_a_page_out_of_range_is_the_nearest_there_is(asked: str, number: int) -> None:
    rows = [Officer(f"Officer {n:03}", str(n), None) for n in range(101)]

    assert listed(f"page={asked}", rows).number == number


@given(st.integers(0, 130), st.integers(1, 60))
def test_pages_hold_every_row_once_and_in_order(count: int, per_page: int) -> None:
    table = Table[int](
        name="n",
        columns=(Column("n", "N", lambda n: n, sort=lambda n: n),),
        unit=str,
        sort="n",
        per_page=per_page,
    )
    rows = list(reversed(range(count)))
    first = table.read(QueryDict(""), rows)

    seen = [n for page in range(1, first.pages + 1) for n in table.read(_page(page), rows).rows()]

    assert seen == sorted(rows)
    assert all(len(table.read(_page(p), rows).rows()) <= per_page for p in (1, first.pages))


def _page(number: int) -> QueryDict:
    return QueryDict(f"page={number}")


@given(st.integers(1, 400), st.integers(1, 9))
def test_the_pager_names_first_last_and_neighbors_with_gaps_between(count: int, page: int) -> None:
    table = Table[int](name="n", columns=(), unit=str, per_page=10)
    listing = table.read(_page(page), range(count))

    numbers = [n for n in listing.numbers if n is not None]

    assert numbers == sorted(set(numbers))
    assert {1, listing.number, listing.pages} <= set(numbers)
    for left, right in zip(listing.numbers, listing.numbers[1:], strict=False):
        assert left is None or right is None or right == left + 1


def test_a_filter_may_not_take_a_name_the_engine_needs() -> None:
    with pytest.raises(ValueError, match="page"):
        Table[int](name="n", columns=(), unit=str, filters=(Filter("page", "Page", "x"),))


def test_what_a_row_needs_is_fetched_once_for_the_whole_page() -> None:
    asked: list[int] = []

    def enrich(rows: Any) -> list[str]:
        asked.append(len(rows))
        return [f"<{n}>" for n in rows]

    table = Table[str](name="n", columns=(), unit=str, per_page=10, enrich=enrich)

    listing = table.read(_page(2), range(25))

    assert listing.rows()[0] == "<10>"
    assert asked == [10]
    assert len(list(listing.every_row(piece=20))) == 25
    assert asked == [10, 20, 5]


KINDS = Table[ContentType](
    name="kinds",
    columns=(
        Column("app", "App", lambda c: c.app_label, sort=("app_label", "model")),
        Column("model", "Model", lambda c: c.model, sort="model"),
    ),
    unit=lambda n: f"{n} kinds",
    search=("app_label", "model"),
    filters=(Filter("app", "App", "app_label", (("zoo", "Zoo"),), empty=True),),
    sort="app",
    per_page=10,
)


@pytest.mark.django_db
def test_rows_of_the_database_are_searched_filtered_and_sorted_alike() -> None:
    for app, model in [("zoo", "ape"), ("zoo", "Bear"), ("zoo", "cat"), ("", "stray")]:
        ContentType.objects.create(app_label=app, model=model)
    rows = ContentType.objects.all()

    def models(address: str) -> list[str]:
        return [c.model for c in listed(address, rows, KINDS).rows()]

    assert models("app=zoo&sort=-model") == ["cat", "Bear", "ape"]
    assert models("app=~") == ["stray"]
    assert models("q=ZOO+ea") == ["Bear"]


@pytest.mark.django_db
def test_a_page_of_the_database_is_fetched_with_a_limit(
    django_assert_num_queries: Any,
) -> None:
    for number in range(40):
        ContentType.objects.create(app_label="zoo", model=f"beast{number:02}")

    with django_assert_num_queries(3) as asked:  # all, those left, the page
        listing = listed("app=zoo&page=2", ContentType.objects.all(), KINDS)
        rows = listing.rows()

    assert [r.model for r in rows] == [f"beast{n}" for n in range(10, 20)]
    assert "LIMIT 10" in asked.captured_queries[-1]["sql"]
    assert listing.counted.startswith("40 of ")


@pytest.mark.django_db
def test_a_function_cannot_narrow_rows_of_the_database() -> None:
    table = Table[Any](name="n", columns=(), unit=str, search=(lambda row: row.model,))

    with pytest.raises(TypeError, match="lookup paths"):
        table.read(QueryDict("q=a"), ContentType.objects.all())
