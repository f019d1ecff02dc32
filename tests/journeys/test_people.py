"""Who is let in, with what, and what they may read in an emergency. On the demo town, in a real browser."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import be, virtual_key

pytestmark = pytest.mark.journey
Look = Callable[..., None]
WINDOWS = [(1280, False, "Rosa Diaz"), (390, True, "Ana Quiroga")]


@pytest.fixture
def opened(browser: Browser, town: str) -> Iterator[Callable[..., Page]]:
    """A function that opens a window at the town, of a width, light or dark."""
    windows: list[Any] = []

    def open_window(*, width: int, dark: bool) -> Page:
        window = browser.new_context(
            base_url=town,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            locale="en-US",
        )
        windows.append(window)
        return window.new_page()

    yield open_window
    for window in windows:
        window.close()


@pytest.mark.parametrize(("width", "dark", "name"), WINDOWS)
def test_an_administrator_invites_a_sergeant_and_gives_her_a_role_she_joins_and_sees_her_board(
    opened: Callable[..., Page], looks_right: Look, width: int, dark: bool, name: str
) -> None:
    shot, page = f"people-{width}", opened(width=width, dark=dark)
    be(page, "runs the machine")
    expect(page.locator("h1")).to_have_text("Who is who in the program?")
    looks_right(page, f"{shot}-list")

    page.get_by_role("link", name="Add a person").click()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Title or rank").fill("Sgt.")
    page.get_by_label("Work address").fill(f"{name.split()[0].lower()}@police.example")
    page.get_by_label("Whose record is this?").select_option(label="Rivanna Bend Police Department")
    looks_right(page, f"{shot}-new")
    page.get_by_role("button", name="Add the person").click()
    expect(page.get_by_text("No role that you may know of")).to_be_visible()
    looks_right(page, f"{shot}-added")

    page.get_by_role("link", name="Give a role").click()
    page.get_by_label("Which role?").select_option("supervisor")
    page.get_by_label("Where?").fill("Nowhere Police")
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_role("alert")).to_contain_text("There is no place called “Nowhere Police”")
    looks_right(page, f"{shot}-no-place")
    page.get_by_label("Where?").fill("rivanna bend police department")
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_text("SRO supervisor, Rivanna Bend Police Department")).to_be_visible()
    looks_right(page, f"{shot}-with-role")

    page.get_by_role("link", name="Invite to sign in").click()
    looks_right(page, f"{shot}-invite")
    page.get_by_role("button", name="Make the link").click()
    looks_right(page, f"{shot}-link")
    link = page.locator("code", has_text="/join/").inner_text()
    page.get_by_role("link", name="Done").click()
    expect(page.get_by_text("Invited", exact=True)).to_be_visible()

    hers = opened(width=width, dark=dark)
    virtual_key(hers)
    hers.goto("/join/" + link.partition("/join/")[2])
    expect(hers.locator("h1")).to_have_text(f"Are you Sgt. {name}?")
    expect(hers.get_by_text("SRO supervisor, Rivanna Bend Police Department")).to_be_visible()
    hers.get_by_role("button", name="passkey", exact=False).first.click()
    hers.wait_for_url(lambda url: "/join/" not in url)
    hers.goto("/")
    expect(hers).to_have_url(re.compile("/board/"))
    expect(hers.get_by_role("link", name="Ofc. Marcus Oyelaran").first).to_be_visible()
    looks_right(hers, f"{shot}-her-board")

    page.reload()
    expect(page.get_by_text("Can sign in", exact=True)).to_be_visible()


@pytest.mark.parametrize(("width", "dark", "_name"), WINDOWS)
def test_an_officer_opens_records_in_an_emergency_and_the_chief_says_afterwards_whether_it_was_right(
    opened: Callable[..., Page], looks_right: Look, width: int, dark: bool, _name: str
) -> None:
    shot, page = f"emergency-{width}", opened(width=width, dark=dark)
    be(page, "serves at schools")
    page.goto("/emergency-access/new/")
    page.get_by_label("threat assessment").check()
    page.get_by_label("Where?").fill("Charlottesville High")
    page.get_by_label("What has happened", exact=False).fill("urgent")
    page.get_by_role("button", name="Open it now").click()
    expect(page.get_by_role("alert")).to_contain_text("Say in a sentence what has happened")
    looks_right(page, f"{shot}-refused")
    why = f"Somebody was threatened in the gym at {width}; I must know what the team has agreed."
    page.get_by_label("What has happened", exact=False).fill(why)
    page.get_by_role("button", name="Open it now").click()
    looks_right(page, f"{shot}-open")
    page.goto("/board/")
    strip = page.get_by_role("status").filter(has_text="Emergency access:")
    expect(strip).to_contain_text("threat assessment, Charlottesville High")
    looks_right(page, f"{shot}-board")
    strip.get_by_role("button", name="End it now").click()
    expect(page.get_by_text("Those who look at it afterwards are told")).to_be_visible()
    expect(page.get_by_text("/board/", exact=True)).to_be_visible()
    looks_right(page, f"{shot}-over")

    be(page, "heads the agency")
    page.get_by_role("link", name="1 emergency access waits for your review").click()
    page.locator("tbody a").first.click()
    expect(page.get_by_text(why)).to_be_visible()
    looks_right(page, f"{shot}-review")
    page.get_by_label("it was right").check()
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_text("waits for your review")).to_have_count(0)
    looks_right(page, f"{shot}-reviewed")
