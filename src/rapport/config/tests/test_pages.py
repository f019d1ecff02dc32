"""What holds for every page: headers, the log, words when the machine is at fault."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from django.db import OperationalError
from django.test import Client, RequestFactory

from rapport.config import views
from rapport.config.sessions import SessionStore
from rapport.foundation import clock, logs, registry
from rapport.foundation.access import NotAllowed

MARKER = "Wilhelmina-Quackenbush"
UNSAFE = ("unsafe-inline", "unsafe-eval", "*", "http:", "https:")


@pytest.fixture
def log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Path]:
    """The log's file, while pages are asked for."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    root.handlers = []
    logs.configure("web", tmp_path)
    yield tmp_path / "web.log"
    for handler in root.handlers:
        handler.close()
    root.handlers, root.level = before, level
    structlog.reset_defaults()


@pytest.fixture(autouse=True)
def asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Readiness is kept for two seconds; not from one test to the next."""
    monkeypatch.setattr(views, "_last", (-views.KEPT, {}))


class TestEveryPage:
    def test_bears_strict_headers(self, client: Client) -> None:
        headers = client.get("/nowhere").headers

        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert not [word for word in policy.replace(";", " ").split() if word.strip("'") in UNSAFE]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "geolocation=()" in headers["Permissions-Policy"]
        assert (
            "bluetooth" not in headers["Permissions-Policy"]
        )  # browsers do not know it, and say so
        assert headers["Cache-Control"] == "private, no-store"

    def test_says_no_word_of_the_server(self, client: Client) -> None:
        assert not {"Server", "X-Powered-By"} & set(client.get("/nowhere").headers)

    def test_is_refused_to_a_host_that_is_not_ours(self, client: Client) -> None:
        assert client.get("/readyz", headers={"host": "evil.example"}).status_code == 400


class TestAlive:
    def test_is_said_without_the_database(self, client: Client) -> None:
        response = client.get("/healthz")

        assert (response.status_code, response.content) == (200, b"alive\n")


class TestReady:
    pytestmark = pytest.mark.django_db

    def test_names_the_checks_and_tells_strangers_no_more(self, client: Client) -> None:
        response = client.get("/readyz")

        said = response.json()
        assert response.status_code == 503  # no worker goes round in a test
        assert [name for name, holds in said["checks"].items() if not holds] == ["worker"]
        assert set(said["checks"].values()) <= {True, False}

    def test_needs_no_session_so_that_a_full_disk_does_not_hide_what_is_wrong(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        session = SessionStore()
        session["_auth_user_id"] = "1"
        session.save()
        client.cookies["sessionid"] = session.session_key or ""
        for write in ("save", "load", "delete"):
            monkeypatch.setattr(SessionStore, write, full)

        assert "worker" in client.get("/readyz").json()["checks"]

    def test_fails_where_the_clock_stepped_back(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def back() -> None:
            raise clock.ClockWentBack("back")

        monkeypatch.setattr(registry.health, "_things", {"x": registry.Health("x", back)})

        assert client.get("/readyz").json() == {"ready": False, "checks": {"x": False}}


def full(*said: object) -> None:
    raise OperationalError("database or disk is full")


@pytest.mark.parametrize(
    "trouble", [OperationalError("database is locked"), clock.ClockWentBack("x")]
)
def test_a_fault_of_the_machine_is_said_on_the_page_without_its_detail(
    trouble: Exception, monkeypatch: pytest.MonkeyPatch, log: Path
) -> None:
    def fail() -> None:
        raise trouble

    monkeypatch.setattr(clock, "now", fail)

    response = Client(raise_request_exception=False).get("/readyz")

    page = response.content.decode()
    assert response.status_code == 503
    assert "cannot work just now" in page
    assert "Nothing was half saved" in page
    assert "locked" not in page
    assert type(trouble).__name__ in log.read_text()


def test_a_fault_of_the_program_is_said_on_the_page_and_its_place_is_in_the_log(
    monkeypatch: pytest.MonkeyPatch, log: Path
) -> None:
    def fail() -> None:
        raise ZeroDivisionError(MARKER)

    monkeypatch.setattr(clock, "now", fail)

    response = Client(raise_request_exception=False).get("/readyz")

    assert response.status_code == 500
    assert "went wrong here" in response.content.decode()
    assert "ZeroDivisionError" in log.read_text()
    assert MARKER not in response.content.decode() + log.read_text()


@pytest.mark.django_db
def test_nothing_that_someone_typed_reaches_the_log(log: Path) -> None:
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    client.cookies["theme"] = MARKER

    client.get(f"/{MARKER}/", {"q": MARKER})
    client.get("/search/", {"q": MARKER})
    client.post("/look/theme/", {"theme": MARKER, "next": f"//{MARKER}"})
    client.post("/readyz", {MARKER: MARKER}, headers={"referer": f"https://{MARKER}/"})
    client.get("/readyz", headers={"host": f"{MARKER}.example", "user-agent": MARKER})

    said = log.read_text()
    assert MARKER.lower() not in said.lower()
    lines = [json.loads(line) for line in said.splitlines()]
    assert next(line["status"] for line in lines if line["event"] == "request") == 404
    assert all(set(line) <= logs.ALLOWED for line in lines)


def test_a_refusal_answers_as_if_nothing_were_there(rf: RequestFactory) -> None:
    answer = views.not_there(rf.get("/x/"), NotAllowed("x"))

    assert answer.status_code == 404
