"""Every page of the demo town looks right: on phone and desk, by day and by night, as several people."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, Page

Way = Literal["light", "dark"]
pytestmark = [pytest.mark.journey, pytest.mark.slow]
ROLES = ("supervisor", "administrator", "agency_head", "superintendent", "principal", "officer")
WAYS: tuple[tuple[int, Way], ...] = ((1280, "light"), (1280, "dark"), (390, "light"), (390, "dark"))
ALIKE = (WAYS[0], WAYS[3])  # the forms of facts differ in their fields alone
SESSIONS = """
import django
django.setup()
from django.test import Client
from rapport.foundation import clock
from rapport.organizations.people.models import Account, RoleHeld
for held in RoleHeld.objects.filter(withdrawn_at=None).select_related("person"):
    account, _made = Account.objects.get_or_create(
        person=held.person,
        defaults={"email": f"p{held.person_id}@town.example", "created_at": clock.now()},
    )
    client = Client()
    client.force_login(account)
    print(held.role, client.cookies["sessionid"].value)
"""


@dataclass(frozen=True)
class LiveTown:
    """The demo town, served by the program itself."""

    url: str
    sessions: dict[str, str]  # role → session of one who holds it


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveTown]:
    home = tmp_path_factory.mktemp("town") / "home"
    known = {k: v for k, v in os.environ.items() if not k.startswith(("RAPPORT_", "DATABASE_"))}
    around = known | {
        "RAPPORT_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "rapport.config.settings",
    }
    _run(around, "-m", "rapport", "demo")
    lines = _run(around, "-c", SESSIONS).split("\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "rapport", "serve", "--port", str(port)]
    server = subprocess.Popen(
        words, env=around, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    try:
        _wait_for(f"http://localhost:{port}/healthz")
        yield LiveTown(f"http://localhost:{port}", dict(line.split() for line in lines if line))
    finally:
        server.terminate()
        server.wait(timeout=15)


def _run(around: dict[str, str], *words: str) -> str:
    done = subprocess.run([sys.executable, *words], env=around, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _wait_for(url: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(url, timeout=1)
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} did not answer.")


def test_every_page_of_the_town_looks_right(
    town: LiveTown, browser: Browser, looks_right: Callable[..., None]
) -> None:
    seen: set[str] = set()
    wrong: list[str] = []

    for role in ("", *ROLES):
        window = browser.new_context(base_url=town.url, locale="en-US")
        if role:
            window.add_cookies([_cookie(town, role)])
        page = window.new_page()
        page.on("pageerror", _kept_in(wrong))
        for path in _walk(page, seen):
            name = f"{_shape(path).strip('/').replace('/', '_') or 'start'}-{role or 'stranger'}"
            wrong += _looked_at(page, name, looks_right)
        window.close()

    assert not wrong, "\n\n".join(wrong)


def _kept_in(wrong: list[str]) -> Callable[[Any], None]:
    return lambda trouble: wrong.append(str(trouble))


def _cookie(town: LiveTown, role: str) -> Any:
    return {"name": "sessionid", "value": town.sessions[role], "url": town.url}


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
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+", "x", path)


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
