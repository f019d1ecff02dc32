"""The guard in front of Django, on a real server and with real sockets."""

import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import uvicorn
from asgiref.sync import async_to_sync
from django.core.asgi import get_asgi_application

from rapport.config import guard, sessions
from rapport.config.guard import AT_ONCE, OF_ONE, UNSTATED, SizeGuard
from rapport.config.sessions import SessionStore

LIMIT = 4 * 1024 * 1024
BLOCK = b"x" * 65536


@pytest.fixture
def spooled(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many bytes each body had when Django moved it to the disk."""
    sizes: list[int] = []
    rollover = tempfile.SpooledTemporaryFile.rollover

    def noted(file: Any) -> None:
        sizes.append(file.tell())
        rollover(file)

    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "rollover", noted)
    return sizes


async def seated(cookies: str) -> str | None:
    """Everybody who names a session is signed in by it."""
    return cookies.partition("session=")[2] or None


@pytest.fixture(scope="module")
def door() -> Iterator[int]:
    """The port of a server whose limit is 4 MB."""
    patience, guard.PATIENCE = guard.PATIENCE, 0.5
    listening = socket.create_server(("127.0.0.1", 0))
    app: Any = SizeGuard(get_asgi_application(), LIMIT, seated)
    config = uvicorn.Config(app, http="httptools", lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield listening.getsockname()[1]
    server.should_exit = True
    thread.join(10)
    guard.PATIENCE = patience


def asked(port: int, head: str, *body: bytes) -> tuple[str, int]:
    """Send a head and then a body as long as it is taken; return what came back, and how much was sent."""
    sent = 0
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(f"{head}\r\nHost: localhost\r\n".encode())
        try:
            for piece in body:
                line.sendall(piece)
                sent += len(piece)
        except OSError:
            pass  # the other side has closed, as it may
        got = b""
        try:
            while piece := line.recv(65536):
                got += piece
        except (ConnectionResetError, TimeoutError):
            pass
    return got.decode(errors="replace"), sent


@pytest.mark.parametrize("address", ["/", "/nowhere", "/static/x", "/readyz", "/healthz"])
def test_a_body_of_two_gigabytes_is_refused_at_any_address(
    door: int, spooled: list[int], address: str
) -> None:
    answer, _ = asked(door, f"POST {address} HTTP/1.1\r\nContent-Length: {2**31}", b"\r\n", BLOCK)

    assert answer.startswith("HTTP/1.1 413 ")
    assert "larger than 4 MB" in answer
    assert "nothing was kept" in answer
    assert spooled == []


def test_who_keeps_sending_two_gigabytes_is_cut_off_soon(door: int, spooled: list[int]) -> None:
    began = time.monotonic()

    answer, sent = asked(
        door, f"POST / HTTP/1.1\r\nContent-Length: {2**31}", b"\r\n", *([BLOCK] * 2**15)
    )

    assert answer == "" or answer.startswith("HTTP/1.1 413 ")
    assert sent < 2**31
    assert time.monotonic() - began < 30
    assert spooled == []


def test_a_body_without_a_length_is_counted(door: int, spooled: list[int]) -> None:
    chunk = b"%x\r\n" % len(BLOCK) + BLOCK + b"\r\n"
    many = UNSTATED // len(BLOCK) + 8

    answer, _ = asked(
        door, "POST /nowhere HTTP/1.1\r\nTransfer-Encoding: chunked", b"\r\n", *([chunk] * many)
    )

    assert answer.startswith("HTTP/1.1 413 ")
    assert spooled == []


def test_a_small_body_without_a_length_reaches_the_page(door: int, spooled: list[int]) -> None:
    chunks = b"\r\n5\r\na=b&c\r\n0\r\n\r\n"

    answer, _ = asked(
        door, "POST /nowhere HTTP/1.1\r\nConnection: close\r\nTransfer-Encoding: chunked", chunks
    )

    assert answer.startswith("HTTP/1.1 404 ")


def test_a_body_longer_than_it_claims_never_reaches_a_page(door: int, spooled: list[int]) -> None:
    answer, _ = asked(
        door, "POST /nowhere HTTP/1.1\r\nContent-Length: 10", b"\r\n", *([BLOCK] * 160)
    )

    assert "HTTP/1.1 200" not in answer
    assert spooled == []


def test_a_length_that_is_no_number_is_refused(door: int) -> None:
    answer, _ = asked(door, "POST / HTTP/1.1\r\nContent-Length: many", b"\r\n", b"x")

    assert answer.split(" ")[1] in ("400", "413")


def test_a_body_within_the_limit_reaches_the_page(door: int) -> None:
    answer, _ = asked(
        door,
        f"POST /nowhere HTTP/1.1\r\nConnection: close\r\nContent-Length: {len(BLOCK)}",
        b"\r\n",
        BLOCK,
    )

    assert answer.startswith("HTTP/1.1 404 ")


def a_form(size: int, session: str = "own") -> tuple[bytes, str]:
    """Return a form with a file of `size` bytes, and its head, from one session."""
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    body = part + b"y" * size + b"\r\n--x--\r\n"
    head = "POST /look/theme/ HTTP/1.1\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=x"
    head += f"\r\nCookie: session={session}" if session else ""
    return body, f"{head}\r\nContent-Length: {len(body)}"


def test_an_upload_of_any_size_never_lies_on_the_disk_in_plain(
    door: int, spooled: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Any] = []
    monkeypatch.setattr(
        "django.core.files.uploadedfile.TemporaryUploadedFile.__init__",
        lambda *said: written.append(said),
    )
    body, head = a_form(LIMIT - 1024)

    answer, sent = asked(door, head, b"\r\n", body)

    assert answer.startswith("HTTP/1.1 403 ")  # the form was read, and its token is missing
    assert sent >= len(body)
    assert (spooled, written) == ([], [])


def begun(port: int, session: str) -> socket.socket:
    """Return a connection on which a large body was begun and does not go on."""
    body, head = a_form(LIMIT - 1024, session)
    line = socket.create_connection(("127.0.0.1", port), timeout=10)
    line.sendall(f"{head}\r\nHost: localhost\r\n\r\n".encode() + body[:1000])
    return line


def test_idle_strangers_hold_no_place_of_those_who_are_signed_in(door: int) -> None:
    idle = [begun(door, "") for _ in range(3 * AT_ONCE)]
    try:
        body, head = a_form(LIMIT - 1024)
        began = time.monotonic()

        answer, _ = asked(door, head, b"\r\n", body)

        assert answer.startswith("HTTP/1.1 403 ")
        assert "nobody is signed in" not in answer  # a page was reached
        assert time.monotonic() - began < 5
        for line in idle:
            assert b"Sign in, then send it again" in line.recv(1000)
    finally:
        for line in idle:
            line.close()


def test_one_session_leaves_room_for_others(door: int) -> None:
    idle = [begun(door, "greedy") for _ in range(2 * AT_ONCE)]
    try:
        time.sleep(0.3)
        body, head = a_form(LIMIT - 1024, "other")

        answer, _ = asked(door, head, b"\r\n", body)

        assert OF_ONE < AT_ONCE
        assert answer.startswith("HTTP/1.1 403 ")
    finally:
        for line in idle:
            line.close()


def test_a_large_body_that_pauses_gives_its_place_back(
    door: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "PAUSE", 0.3)

    with begun(door, "pausing") as line:
        assert line.recv(100).startswith(b"HTTP/1.1 408 ")


def test_who_is_signed_in_is_known_by_the_session_alone(committed: str) -> None:
    signed_in, visitor = SessionStore(), SessionStore()
    signed_in["_auth_user_id"] = "1"
    for session in (signed_in, visitor):
        session.save()

    def seat(cookies: str) -> str | None:
        with ThreadPoolExecutor(
            1
        ) as apart:  # a browser of the journeys keeps a loop in this thread
            return apart.submit(async_to_sync(sessions.seat), cookies).result(10)

    assert seat(f"a=b; sessionid={signed_in.session_key}") == signed_in.session_key
    assert seat(f"sessionid={visitor.session_key}") is None
    assert seat("sessionid=nobody") is None
    assert seat("sessionid=a\0b; =;") is None
    assert seat("") is None


def test_more_large_bodies_than_there_is_room_for_wait_and_small_ones_do_not(door: int) -> None:
    body, head = a_form(LIMIT - 1024)
    slow = [begun(door, f"session{n}") for n in range(AT_ONCE)]
    try:
        time.sleep(0.3)
        waits = socket.create_connection(("127.0.0.1", door), timeout=0.5)
        waits.sendall(f"{head}\r\nHost: localhost\r\n\r\n".encode() + body[:1000])
        with pytest.raises(TimeoutError):
            waits.recv(100)

        answer, _ = asked(door, "GET /healthz HTTP/1.1\r\nConnection: close", b"\r\n")
        assert answer.startswith("HTTP/1.1 200 ")

        slow.pop().close()
        waits.settimeout(10)
        waits.sendall(body[1000:])
        assert waits.recv(100).startswith(b"HTTP/1.1 403 ")
    finally:
        for line in (*slow, waits):
            line.close()


def test_a_large_body_that_does_not_come_gives_its_place_back(
    door: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "IN_TIME", 0.3)
    body, head = a_form(LIMIT - 1024)

    answer, _ = asked(door, head, b"\r\n", body[:1000])

    assert answer.startswith("HTTP/1.1 408 ")
    assert "nothing was kept" in answer
