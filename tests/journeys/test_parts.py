"""Every part of the pages, on a phone and a desk, by day and by night, in long words and right to left."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Dialog, Page

from .conftest import Visit

pytestmark = pytest.mark.journey
WIDTHS = (390, 1280)
ALONE = ("404", "403", "old", "400", "500", "locked", "confirm", "search", "nothing")
LONGER = """() => {
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const node = words.currentNode;
    if (node.textContent.trim().length > 2 && !node.parentElement.closest("script, svg, option, .uid, time"))
      node.textContent = `${node.textContent} ${node.textContent}`;
  }
}"""


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.RAPPORT_IS_DEMO = True


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_every_part_looks_right(
    visit: Visit, looks_right: Callable[..., None], width: int, dark: bool
) -> None:
    page = visit("/parts/", width=width, dark=dark)

    looks_right(page, f"parts-{width}-{'dark' if dark else 'light'}")


@pytest.mark.parametrize("name", ALONE)
def test_every_page_that_stands_alone_looks_right(
    visit: Visit, looks_right: Callable[..., None], name: str
) -> None:
    for width in WIDTHS:
        for dark in (False, True):
            page = visit(f"/parts/?page={name}", width=width, dark=dark)
            looks_right(page, f"alone-{name}-{width}-{'dark' if dark else 'light'}")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_parts_hold_words_twice_as_long_and_from_right_to_left(
    visit: Visit, looks_right: Callable[..., None], width: int
) -> None:
    page = visit("/parts/", width=width)

    page.evaluate(LONGER)
    looks_right(page, f"long-{width}")
    page.evaluate("document.documentElement.dir = 'rtl'")
    looks_right(page, f"rtl-{width}")


def test_a_menu_opens_and_closes_by_key(visit: Visit, looks_right: Callable[..., None]) -> None:
    page = visit("/parts/")

    page.locator("header .menu summary").click()
    looks_right(page, "menu-1280")
    page.keyboard.press("Escape")

    assert page.locator("header .menu[open]").count() == 0


def test_the_theme_is_switched_at_once_kept_and_never_printed_dark(visit: Visit) -> None:
    page = visit("/parts/")

    page.locator("header .menu summary").click()
    page.get_by_role("button", name="Dark").click()
    assert _background(page) == "rgb(13, 19, 26)"
    page.reload()
    assert _background(page) == "rgb(13, 19, 26)"
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(20, 32, 46)"


def test_keys_lead_through_a_list_and_name_themselves(visit: Visit) -> None:
    page = visit("/parts/#list")

    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "Chidi Okafor"
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.textContent") == "Lee Whitfield"
    page.keyboard.press("?")
    assert page.get_by_role("dialog", name="Keys").is_visible()


def test_a_half_filled_form_asks_before_it_is_left(visit: Visit) -> None:
    page = visit("/parts/")
    asked: list[str] = []

    def accept(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)

    page.locator("#right_name").fill("Dana")
    page.goto("/parts/?page=404")

    assert asked == ["beforeunload"]


def test_without_javascript_the_theme_and_the_list_still_work(browser: Any, live: str) -> None:
    window = browser.new_context(base_url=live, java_script_enabled=False)
    page = window.new_page()
    page.goto("/parts/")

    page.locator("header .menu summary").click()
    page.get_by_role("button", name="Dark").click()
    page.locator("#officers").get_by_label("Search in this list").fill("okafor")
    page.locator("#officers").get_by_role("button", name="Show").click()

    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert "of 134 officers" in page.locator("#officers [role=status]").inner_text()
    window.close()


def _background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_on_paper_nothing_is_folded_and_pages_bear_their_numbers(visit: Visit) -> None:
    page = visit("/parts/")
    shown = """() => [...document.querySelectorAll("main details:not([open], .no-print)")]
        .map(d => getComputedStyle(d, "::details-content").contentVisibility === "visible")"""
    assert set(page.evaluate(shown)) == {False}

    page.emulate_media(media="print")

    assert set(page.evaluate(shown)) == {True}
    rules = page.evaluate(
        """() => [...document.styleSheets].flatMap(s => [...s.cssRules])
        .filter(r => r.media?.mediaText === "print").map(r => r.cssText).join()"""
    )
    assert "counter(pages)" in rules


def test_what_was_folded_for_paper_is_folded_again(visit: Visit) -> None:
    page = visit("/parts/")
    before = page.locator("main details[open]").count()

    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("main details:not([open], .no-print)").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")

    assert page.locator("main details[open]").count() == before


def test_on_paper_a_page_says_who_and_when_and_leaves_the_frame_away(
    visit: Visit, looks_right: Callable[..., None]
) -> None:
    page = visit("/parts/", width=720, dark=True)

    page.emulate_media(media="print")
    looks_right(page, "print")

    assert page.locator(".paper").is_visible()
    assert (
        "agencies, people, agreements and certificates are invented"
        in page.locator(".paper").inner_text()
    )
    assert re.search(r"\d{1,2} \w{3} \d{4}, \d\d:\d\d E[SD]T", page.locator(".paper").inner_text())
    for gone in (".bar", ".strip.demo", ".filters", ".pager ol", ".buttons .btn"):
        assert not page.locator(gone).first.is_visible(), gone


def test_an_id_is_copied_and_it_is_said(visit: Visit) -> None:
    page = visit("/parts/")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    page.get_by_role("button", name="Copy").click()

    page.locator("#toast").get_by_text("Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "8c7e9a52-1d0f-4f43-9a52-3a5a3f6f2b10"


def test_a_filter_applies_at_once_by_pointer_and_waits_for_the_button_by_keyboard(
    visit: Visit,
) -> None:
    page = visit("/parts/")
    agency = page.locator("#officers").get_by_label("Agency")

    agency.focus()
    page.keyboard.press("ArrowDown")
    assert "agency" not in page.url
    agency.dispatch_event("pointerdown")
    agency.select_option("1")
    page.wait_for_url("**agency=1**")

    assert page.locator("#officers [role=status]").inner_text() == "67 of 134 officers"
