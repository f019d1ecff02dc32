"""Coming in for the first time, going on after the lock, and saying that somebody is typing."""

from collections.abc import Callable
from typing import Any

import pyotp
import pytest
from playwright.sync_api import expect

from rapport.foundation import clock
from rapport.foundation.access import SYSTEM, Role
from rapport.organizations.people.tests.build import PASSWORD, a_person, a_role, an_account
from rapport.organizations.sign_in import actions

from .conftest import Visit

pytestmark = pytest.mark.journey
Look = Callable[..., None]


@pytest.mark.parametrize(("width", "dark"), [(390, False), (1280, True)])
def test_somebody_invited_joins_sets_up_an_app_and_comes_in_again_by_it(
    visit: Visit, looks_right: Look, settings: Any, width: int, dark: bool
) -> None:
    settings.RAPPORT_SECOND_FACTOR = True
    person = a_person("Dana Ruiz")
    a_role(person, Role.ADMINISTRATOR)
    sent = actions.invite(SYSTEM, person, email="dana@maple.example", now=clock.now())
    name = f"sign-in-{width}"

    page = visit(f"/join/{sent.token}/", width=width, dark=dark)
    looks_right(page, f"{name}-join")
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Choose this password and join").click()
    looks_right(page, f"{name}-second-factor")
    page.goto("/account/passkeys/new/")
    looks_right(page, f"{name}-new-passkey")
    page.goto("/account/second-factor/")
    page.get_by_role("button", name="Set up an app").click()
    looks_right(page, f"{name}-app")
    app = pyotp.TOTP(page.locator("code").inner_text().replace(" ", ""))
    page.get_by_label("Code").fill(app.now())
    page.get_by_role("button", name="Confirm").click()
    looks_right(page, f"{name}-recovery")
    page.get_by_role("button", name="Show my ten codes").click()
    looks_right(page, f"{name}-codes")
    kept = page.locator(".codes code").all_inner_texts()
    assert len(set(kept)) == 10
    page.goto("/account/")
    looks_right(page, f"{name}-account")
    page.get_by_role("link", name="Remove", exact=True).click()
    looks_right(page, f"{name}-remove-app")

    page.context.clear_cookies()
    page.goto("/sign-in/?next=/account/")
    looks_right(page, name)
    page.get_by_label("E-mail address").fill("dana@maple.example")
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    looks_right(page, f"{name}-code")
    page.goto("/sign-in/")
    page.get_by_role("link", name="Use a recovery code").click()
    looks_right(page, f"{name}-recover")
    page.get_by_label("E-mail address").fill("dana@maple.example")
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_label("Recovery code").fill(kept[0])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.goto("/account/")
    expect(page.get_by_text("9 codes are left")).to_be_visible()


def test_somebody_of_the_demo_who_was_locked_goes_on_with_one_tap(
    visit: Visit, looks_right: Look, settings: Any
) -> None:
    settings.RAPPORT_IS_DEMO = True
    a_role(a_person("Casey Nguyen"), Role.ADMINISTRATOR)
    page = visit("/demo/", width=390)
    page.get_by_role("button", name="Be Casey Nguyen").click()
    page.goto("/account/?from=here")
    page.locator("details.menu summary").last.click()
    page.get_by_role("button", name="Lock now").click()
    looks_right(page, "sign-in-demo-locked")

    page.get_by_role("button", name="Be Casey Nguyen again").click()

    expect(page.locator("h1")).to_have_text("How do you sign in?")
    assert page.url.endswith("/account/?from=here")


def test_a_page_says_once_a_minute_that_somebody_is_typing(visit: Visit) -> None:
    account = an_account(a_person())
    page = visit("/account/", account=account)
    page.clock.install()
    page.goto("/account/prove/")
    field = page.locator("input[name=proof]")
    told: list[str] = []
    page.on("request", lambda sent: told.append(sent.url) if "/here/" in sent.url else None)

    field.press_sequentially("abc")
    assert told == []
    page.clock.fast_forward("01:01")
    with page.expect_response("**/here/") as answer:
        field.press_sequentially("def")

    assert answer.value.status == 204
    assert len(told) == 1
    page.goto("about:blank")
