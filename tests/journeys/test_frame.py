"""The frame around every page, as someone who is signed in sees it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from rapport.foundation import registry
from rapport.foundation.registry import Gathered, MenuItem
from rapport.organizations.people.models import Account, Person

from .conftest import Visit

pytestmark = pytest.mark.journey
PLACES = (
    ("Board", "layout-dashboard"),
    ("Officers", "id-card"),
    ("Schools", "school"),
    ("Agreements", "handshake"),
    ("Rules", "scale"),
    ("People and roles", "users"),
    ("History", "history"),
)


@pytest.fixture
def sergeant(committed: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Account:
    settings.RAPPORT_IS_DEMO = True
    menu: Gathered[MenuItem] = Gathered("menu item")
    for order, (label, icon) in enumerate(PLACES):
        name = "ui:parts" if order == 1 else "ui:search"
        menu.add(label, MenuItem(order, label, name, icon, lambda actor: True, order != 4))
    monkeypatch.setattr(registry, "menu", menu)
    person = Person.objects.create(name="Maximiliane Featherstonehaugh", title="Sgt.")
    return Account.objects.create(
        email="max@agency.example", person=person, created_at=datetime(2026, 1, 1, tzinfo=UTC)
    )


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_frame_looks_right(
    visit: Visit, sergeant: Account, looks_right: Callable[..., None], width: int, dark: bool
) -> None:
    page = visit("/parts/", width=width, dark=dark, account=sergeant)
    name = f"frame-{width}-{'dark' if dark else 'light'}"

    looks_right(page, name)
    page.locator("header .menu summary").click()
    looks_right(page, f"{name}-menu")
    if width < 600:
        page.keyboard.press("Escape")
        page.locator(".tabs summary").click()
        looks_right(page, f"{name}-more")


def test_a_slash_leads_to_the_search(visit: Visit, sergeant: Account) -> None:
    page = visit("/parts/", account=sergeant)

    page.keyboard.press("/")
    page.keyboard.type("whitfield")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=whitfield")

    assert page.get_by_role("heading", level=1).inner_text() == "What is there on “whitfield”?"


def test_the_language_is_switched_in_place(visit: Visit, sergeant: Account) -> None:
    page = visit("/parts/?sort=name", account=sergeant)

    page.locator("header .menu summary").click()
    page.get_by_role("button", name="Español").click()

    assert page.url.endswith("/parts/?sort=name")
    assert page.locator("html").get_attribute("lang") == "es"
