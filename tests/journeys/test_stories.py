"""Stories across apps, named as the people in them would name them. On the demo town, in a real browser."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import town
from tests.journeys.conftest import virtual_key

pytestmark = pytest.mark.journey
Look = Callable[..., None]
TODAY = datetime.now(UTC).date()
SERGEANT, PRINCIPAL = "Sgt. Luis Ferreira", "Principal Peter Brandvold"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a served demo town."""
    home = tmp_path_factory.mktemp("town") / "demo"
    town.rapport("demo", home=home)
    with town.served(home) as address:
        yield address


@pytest.fixture
def opened(browser: Browser, place: str) -> Iterator[Callable[..., Page]]:
    """A function that opens a window at the town, of a width, light or dark."""
    windows: list[Any] = []

    def open_window(path: str = "/", *, width: int = 1280, dark: bool = False) -> Page:
        window = browser.new_context(
            base_url=place,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            locale="en-US",
        )
        windows.append(window)
        page = window.new_page()
        page.goto(path)
        return page

    yield open_window
    for window in windows:
        window.close()


def be(page: Page, name: str) -> None:
    """Choose to be one of the demo's people."""
    page.goto("/demo/")
    page.get_by_role("button", name=f"Be {name}", exact=True).click()
    page.wait_for_url(lambda url: "/demo/" not in url)


def test_a_sergeant_finds_out_what_an_officer_needs_and_records_it(
    opened: Callable[..., Page], looks_right: Look
) -> None:
    page = opened()
    looks_right(page, "welcome")
    be(page, SERGEANT)
    expect(page.locator("h1")).to_contain_text("need something")
    looks_right(page, "board")

    page.get_by_role("link", name="Ofc. Marcus Oyelaran").first.click()
    expect(page.locator("h1")).to_have_text("May Ofc. Marcus Oyelaran serve?")
    expect(page.get_by_text("Cleared through").first).to_be_visible()
    looks_right(page, "officer")
    page.get_by_text("Record something").click()
    page.get_by_role("link", name="Completion").click()
    looks_right(page, "completion")
    page.locator("#id_course").select_option("va-sro")
    page.get_by_label("Hours", exact=False).fill("40")
    _fill_date(page, TODAY - timedelta(days=3))
    page.get_by_label("a certificate that was seen").check()
    page.locator("form.form button").first.click()

    page.goto("/board/?standing=cleared")
    expect(page.get_by_role("link", name="Ofc. Marcus Oyelaran").first).to_be_visible()


def _fill_date(page: Page, day: date) -> None:
    page.locator("input[type=date]").first.fill(day.isoformat())


def test_a_principal_sees_who_serves_the_school_and_on_what_grounds(
    opened: Callable[..., Page], looks_right: Look
) -> None:
    page = opened(width=390, dark=True)
    be(page, PRINCIPAL)

    page.goto("/schools/")
    looks_right(page, "schools-390-dark")
    page.get_by_role("link", name="Buford Middle").first.click()

    expect(page.locator("h1")).to_contain_text("Who serves Buford Middle")
    expect(page.get_by_role("link", name="Ofc. Marcus Oyelaran")).to_be_visible()
    for ground in ("Sworn", "Selected", "Trained", "Agreed"):
        expect(page.get_by_role("heading", name=ground)).to_be_visible()
    expect(page.get_by_text("434-555-0104")).to_be_visible()
    looks_right(page, "school-390-dark")


def test_someone_asks_what_was_known_on_the_day_of_an_incident_a_year_ago(
    opened: Callable[..., Page], looks_right: Look
) -> None:
    page = opened()
    be(page, SERGEANT)
    page.get_by_role("link", name="Ofc. Dana Whitlock").first.click()
    day = TODAY - timedelta(days=365)

    page.get_by_label("As it was on").fill(day.isoformat())
    page.get_by_label("As known at the end of").fill(day.isoformat())
    page.get_by_role("button", name="Show", exact=True).click()

    expect(page.get_by_text("as known at the end of").first).to_be_visible()
    expect(page.locator(".pill").first).to_be_visible()
    assert f"on={day.isoformat()}" in page.url
    assert f"known={day.isoformat()}" in page.url
    looks_right(page, "officer-a-year-ago")


def test_a_stranger_sees_only_what_is_public(
    opened: Callable[..., Page], looks_right: Look
) -> None:
    page = opened("/program/", width=390)

    expect(page.locator("h1")).to_have_text("Officers in our schools")
    expect(page.get_by_text("SRO agreement")).to_be_visible()
    assert "Oyelaran" not in page.content()
    looks_right(page, "public-390")
    for path in ("/board/", "/schools/", "/officers/", "/history/", "/people/"):
        answer = page.goto(path)
        assert answer is not None
        assert "Oyelaran" not in page.content()
        assert "/sign-in/" in page.url or answer.status == 404, path


def test_a_locked_out_officer_gets_in_by_passkey(
    browser: Browser, tmp_path: Path, looks_right: Look
) -> None:
    home = tmp_path / "home"
    town.rapport("migrate", home=home)
    words = (
        "invite",
        "--email",
        "dana@example.org",
        "--name",
        "Dana Whitlock",
        "--role",
        "administrator",
    )
    link = next(w for w in town.rapport(*words, home=home).stdout.split() if "/join/" in w)
    with town.served(home) as place:
        window = browser.new_context(base_url=place, locale="en-US")
        page = window.new_page()
        virtual_key(page)
        page.goto("/join/" + link.split("/join/")[1])
        looks_right(page, "join")
        _join_with_passkey(page)
        window.clear_cookies()

        page.goto("/sign-in/")
        looks_right(page, "sign-in")
        for _ in range(6):
            page.locator("input[name=email]").fill("dana@example.org")
            page.locator("input[name=password]").fill("not the right one at all")
            page.get_by_role("button", name="Sign in", exact=True).click()
        assert "/sign-in/" in page.url
        page.get_by_role("button", name="passkey", exact=False).click()
        page.wait_for_url(lambda url: "/sign-in/" not in url)

        expect(page.get_by_text("Dana Whitlock").first).to_be_visible()
        window.close()


def _join_with_passkey(page: Page) -> None:
    page.get_by_role("button", name="passkey", exact=False).first.click()
    page.wait_for_url(lambda url: "/join/" not in url)
