"""What every journey needs: a real browser, a real server, and an eye for what looks wrong.

A journey is marked `journey`; it takes `live` (the address of a server on a copy of the suite's
database, so that what it commits is thrown away) and `visit` (a function that opens pages).
"""

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A card must hold what lies in it, and the page must not be wider than the screen.
OUTSIDE = Path(__file__).with_name("fits.js").read_text(encoding="utf-8")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser that hangs up half way leaves the server's files to the collector: no fault of ours."""
    for item in items:
        if item.get_closest_marker("journey"):
            for warning in (
                "ignore::ResourceWarning",
                "ignore::pytest.PytestUnraisableExceptionWarning",
                "ignore:StreamingHttpResponse must consume",
            ):
                item.add_marker(pytest.mark.filterwarnings(warning))


class Visit(Protocol):
    """Opens an address of the live server in a fresh window, signed in as `account` if one is given."""

    def __call__(
        self, path: str, *, width: int = 1280, dark: bool = False, account: Any = None
    ) -> Page: ...


def chromium() -> str | None:
    """Return the path of a Chromium: CHROMIUM names one, else the first that is installed."""
    named = os.environ.get("CHROMIUM", "")
    return named or next((found for name in CHROMIUM if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A browser for the whole run; without one the journeys are skipped, and fail with CI=true."""
    path = chromium()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail(
                "No Chromium: install Debian's package chromium, or name one with CHROMIUM."
            )
        pytest.skip("No Chromium: journeys not run.")
    # Playwright keeps an event loop in this thread, where Django would refuse plain queries.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture
def live(committed: str) -> Iterator[str]:
    """The address of a server that runs the program on a copy of the suite's database."""
    import uvicorn
    from django.core.asgi import get_asgi_application

    application: Any = get_asgi_application()
    server = uvicorn.Server(
        uvicorn.Config(application, port=0, log_level="critical", lifespan="off")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://localhost:{port}"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture
def visit(browser: Browser, live: str) -> Iterator[Visit]:
    """A function that opens a page; every window is closed at the end, and had no error of its own."""
    windows: list[Any] = []
    troubles: list[str] = []

    def open_page(path: str, *, width: int = 1280, dark: bool = False, account: Any = None) -> Page:
        window = browser.new_context(
            base_url=live,
            viewport={"width": width, "height": 844 if width < 600 else 900},
            color_scheme="dark" if dark else "light",
            has_touch=width < 600,
            locale="en-US",
        )
        windows.append(window)
        if account is not None:
            window.add_cookies([_session_of(account, live)])
        page = window.new_page()
        page.on("pageerror", lambda trouble: troubles.append(str(trouble)))
        page.on("console", lambda said: troubles.append(said.text) if _is_trouble(said) else None)
        page.goto(path)
        return page

    yield open_page
    for window in windows:
        window.close()
    assert troubles == []


@pytest.fixture(scope="session")
def town_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the demo town, made once; nobody serves it."""
    home = tmp_path_factory.mktemp("town") / "home"
    done = subprocess.run(
        [sys.executable, "-m", "rapport", "demo"], env=_around(home), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture(scope="module")
def town(town_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the demo town, served by the program itself from a copy of the module's own."""
    home = tmp_path_factory.mktemp("served") / "home"
    shutil.copytree(town_home, home)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "rapport", "serve", "--port", str(port)],
        env=_around(home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(f"http://localhost:{port}/healthz")
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait(timeout=15)


def be(page: Page, work: str) -> None:
    """Become the first of the demo's people of whose work the demo says this."""
    page.goto("/demo/")
    page.locator("form", has_text=work).first.get_by_role("button").click()


def virtual_key(page: Page) -> None:
    """Give a window a passkey that says yes to everything."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def _around(home: Path) -> dict[str, str]:
    ours = ("RAPPORT_", "DATABASE_", "DJANGO_")
    known = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
    source = str(Path(__file__).resolve().parents[2] / "src")
    return known | {"RAPPORT_HOME": str(home), "PYTHONPATH": source}


def _wait_for(url: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(url, timeout=1)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"{url} did not answer.")


def _session_of(account: Any, url: str) -> Any:
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(account)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    return {"name": cookie.key, "value": cookie.value, "url": url}


def _is_trouble(said: Any) -> bool:
    return said.type == "error" and "the server responded with a status of 4" not in said.text


@pytest.fixture(scope="session")
def looks_right() -> Callable[..., None]:
    """A function that fails where axe finds something or something does not fit; keeps a picture.

    Pictures go to the folder RAPPORT_SHOTS names, if any, so that they can be looked at one by one.
    """
    axe = Axe()

    def look(page: Page, name: str = "") -> None:
        if shots := os.environ.get("RAPPORT_SHOTS"):
            Path(shots).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{shots}/{name or 'page'}.png", full_page="menu" not in name)
        outside = page.evaluate(OUTSIDE)
        assert not outside, f"{page.url} at {page.viewport_size}: " + "; ".join(outside)
        result = axe.run(page)
        assert result.violations_count == 0, f"{page.url}\n{result.generate_report()}"

    return look
