"""A program of one's own, from an empty home to the first standing: by pages and README alone."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import virtual_key
from .town import rapport, served

pytestmark = pytest.mark.journey
Look = Callable[..., None]
SCHOOLS = Path(__file__).resolve().parents[2] / "docs/samples/two_schools.csv"
SIZES = ((390, 844), (1280, 900))


@pytest.fixture
def window(browser: Browser) -> Iterator[Callable[[str], Page]]:
    """A function that opens a window of its own at an address."""
    opened: list[Any] = []

    def open_window(base: str) -> Page:
        window = browser.new_context(
            base_url=base, viewport={"width": 1280, "height": 900}, locale="en-US"
        )
        opened.append(window)
        return window.new_page()

    yield open_window
    for each in opened:
        each.close()


def test_an_administrator_begins_a_program_of_ones_own_and_sees_the_first_standing(
    window: Callable[[str], Page], looks_right: Look, tmp_path: Path
) -> None:
    home = tmp_path / "program"
    rapport("migrate", home=home)
    with served(home) as base:
        admin = window(base)
        _join(admin, _first_link(home, base))
        _look_at_steps(admin, looks_right, "begin-empty")
        _set_up_the_places(admin, home)
        link = _let_the_chief_in(admin)
        _look_at_steps(admin, looks_right, "begin-administrator-done")
        expect(admin.get_by_text("Your part is done.", exact=False)).to_be_visible()

        chief = window(base)
        _join(chief, link)
        _look_at_steps(chief, looks_right, "begin-chief", path="/board/")
        _record_start_and_agreement(chief)
        _record_the_officer(chief)
        _assign(chief, looks_right)

        chief.goto("/board/")
        expect(chief.get_by_role("link", name="Ofc. Lee Maple").first).to_be_visible()
        expect(chief.get_by_text("The way to the first standing")).to_have_count(0)
        looks_right(chief, "begin-first-board")
        admin.goto("/")
        expect(admin.locator("h1")).to_have_text("Who is who in the program?")
        expect(admin.get_by_text("Getting started: what comes next")).to_have_count(0)
        said = rapport("standing", "--all", "--on", _today(chief), home=home).stdout
        assert "Lee Maple (12) at Sample High" in said


def _first_link(home: Path, base: str) -> str:
    words = ("--role", "administrator", "--name", "Dana Ruiz", "--email", "dana@maple.example")
    return rapport("invite", *words, "--url", base, home=home).stdout.strip()


def _join(page: Page, link: str) -> None:
    virtual_key(page)
    page.goto(link)
    page.get_by_role("button", name="passkey", exact=False).first.click()
    page.wait_for_url(lambda url: "/join/" not in url)


def _look_at_steps(page: Page, looks_right: Look, name: str, path: str = "/start/") -> None:
    page.goto("/")
    expect(page).to_have_url(re.compile(path))
    expect(page.get_by_text("The way to the first standing")).to_be_visible()
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        looks_right(page, f"{name}-{width}")


def _next(page: Page, button: str) -> None:
    """Go to the first page and press what it says is next."""
    page.goto("/")
    there = page.locator("a.btn.main", has_text=button)
    expect(there).to_be_visible()
    there.click()


def _set_up_the_places(page: Page, home: Path) -> None:
    _next(page, "Add a district")
    expect(page.get_by_text("rapport import schools FILE", exact=False)).to_be_visible()
    rapport("import", "schools", str(SCHOOLS), "--state", "VA", home=home)
    _next(page, "Add the agency")
    page.get_by_label("Name", exact=True).fill("Sample Police")
    page.get_by_label("State").select_option("VA")
    page.get_by_label("ORI").fill("VA0990100")
    page.get_by_role("button", name="Add the agency").click()
    page.goto("/districts/new/")
    page.get_by_label("Name", exact=True).fill("Second County")
    page.get_by_label("State").select_option("VA")
    page.get_by_role("button", name="Add the district").click()
    expect(page.get_by_text("Second County is added.")).to_be_visible()


def _let_the_chief_in(page: Page) -> str:
    _next(page, "Add people and give roles")
    page.get_by_role("link", name="Add a person").click()
    page.get_by_label("Name", exact=True).fill("Sam Oak")
    page.get_by_label("Work address").fill("sam@maple.example")
    page.get_by_label("Whose record is this?").select_option(label="Sample Police")
    page.get_by_role("button", name="Add the person").click()
    page.get_by_role("link", name="Give a role").click()
    page.get_by_label("Which role?").select_option("agency_head")
    page.get_by_label("Where?").fill("Sample Police")
    page.get_by_role("button", name="Record").click()
    page.get_by_role("link", name="Invite to sign in").click()
    page.get_by_role("button", name="Make the link").click()
    link = page.locator("code", has_text="/join/").inner_text()
    return "/join/" + link.partition("/join/")[2]


def _record_start_and_agreement(page: Page) -> None:
    _next(page, "Record the start")
    _day(page, "First day", _today(page))
    page.get_by_label("record", exact=False).first.check()
    page.get_by_role("button", name="Record").click()
    _next(page, "Record the agreement")
    page.get_by_label("What do you call it?").fill("SRO agreement")
    page.get_by_label("Sample Police").check()
    page.get_by_label("Sample County").check()
    page.get_by_label("all schools of these districts").check()
    _day(page, "First day", "2026-01-01")
    page.get_by_role("button", name="Enter the agreement").click()
    for _side in range(2):
        page.get_by_role("link", name="Record the signature").first.click()
        page.get_by_label("Who?").select_option(index=1 + _side)
        page.get_by_label("paper", exact=False).first.check()
        page.locator("input[name=valid_from]").fill("2026-01-01")
        page.locator("input[name=source]").first.check()
        page.get_by_role("button", name="Record").click()
    expect(page.get_by_text("in force").first).to_be_visible()


def _record_the_officer(page: Page) -> None:
    _next(page, "Add an officer")
    page.get_by_label("Name", exact=True).fill("Lee Maple")
    page.get_by_label("Rank").fill("Ofc.")
    page.get_by_label("Badge").fill("12")
    _day(page, "Employed since", "2020-01-01")
    _day(page, "Certified as an officer", "2020-01-01")
    page.get_by_label("On duty since the first day").check()
    page.locator("input[name=source]").first.check()
    page.get_by_role("button", name="Add to the roster").click()


def _assign(page: Page, looks_right: Look) -> None:
    """Assign on the agency's first day: cleared for now. Selection and course make it cleared."""
    _next(page, "Assign an officer to a school")
    page.get_by_label("Officer").select_option(label="Ofc. Lee Maple")
    page.get_by_label("School", exact=True).select_option(label="Sample High")
    page.locator("input[name=source]").first.check()
    page.get_by_role("button", name="Begin the assignment").click()
    expect(page.get_by_text("The assignment is recorded.")).to_be_visible()
    expect(page.get_by_text("Cleared through", exact=False).first).to_be_visible()
    looks_right(page, "begin-provisional")
    _record(page, "Selection")
    for name in ("outcome", "method", "district_part", "source"):
        page.locator(f"input[name={name}]").first.check()
    _day(page, "Day of the decision", "2026-01-01")
    page.get_by_role("button", name="Record").click()
    _record(page, "Completion")
    page.get_by_label("Course").select_option("va-sro")
    page.get_by_label("Hours").fill("40")
    _day(page, "Issued on", "2026-01-10")
    page.locator("input[name=source]").first.check()
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_text("Cleared", exact=True).first).to_be_visible()
    looks_right(page, "begin-cleared")


def _record(page: Page, what: str) -> None:
    page.locator("summary", has_text="Record something").click()
    page.get_by_role("link", name=what, exact=True).click()


def _day(page: Page, label: str, day: str) -> None:
    page.get_by_label(label).first.fill(day, timeout=5000)


def _today(page: Page) -> str:
    return str(
        page.evaluate("new Date().toLocaleDateString('en-CA', {timeZone: 'America/New_York'})")
    )
