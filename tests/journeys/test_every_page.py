"""Every page of the demo town looks right: on phone and desk, by day and by night, as several people."""

import re
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from .conftest import be

Way = Literal["light", "dark"]
pytestmark = [pytest.mark.journey, pytest.mark.slow]
# By what the demo says they do, and by which name their pictures are kept.
PEOPLE = {
    "supervisor": "supervises the officers",
    "administrator": "runs the machine",
    "privacy": "watches over the district",
    "head": "heads the agency",
    "superintendent": "heads the district",
    "principal": "leads a school",
    "officer": "serves at schools",
}
WAYS: tuple[tuple[int, Way], ...] = ((1280, "light"), (1280, "dark"), (390, "light"), (390, "dark"))
ALIKE = (WAYS[0], WAYS[3])  # the forms of facts differ in their fields alone


def test_every_page_of_the_town_looks_right(
    town: str, browser: Browser, looks_right: Callable[..., None]
) -> None:
    seen: set[str] = set()
    wrong: list[str] = []

    for name, work in {"stranger": "", **PEOPLE}.items():
        window = browser.new_context(base_url=town, locale="en-US")
        page = window.new_page()
        if work:
            be(page, work)
        page.on("pageerror", _kept_in(wrong))
        for path in _walk(page, seen):
            shape = _shape(path).strip("/").replace("/", "_") or "start"
            wrong += _looked_at(page, f"{shape}-{name}", looks_right)
        window.close()

    assert not wrong, "\n\n".join(wrong)


def _kept_in(wrong: list[str]) -> Callable[[Any], None]:
    return lambda trouble: wrong.append(str(trouble))


def _walk(page: Page, seen: set[str]) -> Iterator[str]:
    """Yield each path after opening it: one of each shape, as far as links lead."""
    waiting = deque(["/"])
    seen.discard("/")  # where everybody begins, each with other links
    while waiting:
        asked = waiting.popleft()
        if _shape(asked) in seen:
            continue
        seen.add(_shape(asked))
        answer = page.goto(asked, wait_until="load")
        path = urlsplit(page.url).path
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            continue
        if path == asked or _shape(path) not in seen:
            seen.add(_shape(path))
            yield path
        links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
        waiting.extend(_within(page.url, link) for link in links if _is_ours(link))


def _is_ours(link: str) -> bool:
    return not link.startswith(("#", "http", "mailto:", "tel:")) and "download" not in link


def _within(here: str, link: str) -> str:
    return urlsplit(urljoin(here, link)).path


def _shape(path: str) -> str:
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+|(?<=courses/)[^/]+(?=/edit)", "x", path)


def _looked_at(page: Page, name: str, looks_right: Callable[..., None]) -> list[str]:
    wrong = []
    for width, scheme in ALIKE if name.startswith("facts_") else WAYS:
        page.set_viewport_size({"width": width, "height": 900 if width > 600 else 844})
        page.emulate_media(color_scheme=scheme)
        try:
            looks_right(page, f"{name}-{width}-{scheme}")
        except AssertionError as fault:
            wrong.append(f"{name} {width} {scheme}: {fault}")
    return wrong
