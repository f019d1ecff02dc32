"""In front of Django: bodies that are too large, and how many large ones wait in memory at once."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, Final
from weakref import WeakValueDictionary

Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]
# (the Cookie header) → the session of somebody signed in; None where there is none.
Seat = Callable[[str], Awaitable[str | None]]

# What is larger is a large body, and must state its length.
UNSTATED: Final = 2 * 1024 * 1024
# Bodies wait in memory, never on the disk in plain (settings, FILE_UPLOAD_…). So only so many large
# ones are taken in at once, the next wait; of one session so many; and each must go on coming within
# some seconds, and have come within some more. A stranger has nothing large to send.
AT_ONCE: Final = 4
OF_ONE: Final = 2
PAUSE = 15.0
IN_TIME = 120.0
# Seconds, and bytes, for which a refused body is read and thrown away, so that the answer is heard.
PATIENCE = 3.0
HEARD: Final = 16 * 1024 * 1024


class SizeGuard:
    """Refuses a body larger than `limit` bytes with 413: by its stated length, and by counting.

    Where no length is stated (chunked), `UNSTATED` is the limit. A larger body is taken from who is
    signed in alone, else refused with 403. It waits until fewer than `AT_ONCE` others are taken in, and
    fewer than `OF_ONE` of the same session, and is refused with 408 where it does not come in time:
    Django keeps what it receives, for any address, known or not.
    """

    def __init__(self, app: App, limit: int, seat: Seat) -> None:
        self.app, self.limit, self.seat = app, limit, seat
        self._room = asyncio.Semaphore(AT_ONCE)
        self._own: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Pass a request on, unless its body is too large."""
        if scope["type"] != "http":
            return
        headers = dict(scope["headers"])
        stated = headers.get(b"content-length")
        limit = self.limit if stated is not None else min(UNSTATED, self.limit)
        if stated is not None and (not stated.isdigit() or int(stated) > limit):
            await refuse(receive, send, 413, too_large(limit))
        elif stated is not None and int(stated) > UNSTATED:
            session = await self.seat(headers.get(b"cookie", b"").decode("latin-1"))
            if session is None:
                await refuse(receive, send, 403, SIGN_IN)
                return
            own = self._own.setdefault(session, asyncio.Semaphore(OF_ONE))
            async with own, self._room:
                await self.app(scope, counted(receive, send, limit, IN_TIME), send)
        else:
            await self.app(scope, counted(receive, send, limit), send)


def counted(receive: Receive, send: Send, limit: int, in_time: float | None = None) -> Receive:
    """Return `receive`, which refuses what is longer than it claimed, or has not come in time."""
    seen, is_over = 0, False
    began = time.monotonic()

    async def counting() -> Message:
        nonlocal seen, is_over
        left = None
        if in_time and not is_over:
            left = min(PAUSE, began + in_time - time.monotonic())
        try:
            message = await asyncio.wait_for(receive(), left)
        except TimeoutError:
            is_over = True
            await refuse(receive, send, 408, LATE)
            return {"type": "http.disconnect"}
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > limit and not is_over:
                is_over = True
                await refuse(receive, send, 413, too_large(limit))
                return {"type": "http.disconnect"}
            is_over = is_over or not message.get("more_body")
        return message

    return counting


SIGN_IN: Final = "This is large, and nobody is signed in here, so it was not read. Sign in, then send it again.\n"
LATE: Final = "This took too long to arrive, so nothing was kept. Try again.\n"


def too_large(limit: int) -> str:
    """Return what is said of a body larger than `limit` bytes."""
    return (
        f"This is larger than {limit // (1024 * 1024)} MB, so it was not read and nothing was kept. "
        "Send it in smaller parts.\n"
    )


async def refuse(receive: Receive, send: Send, status: int, words: str) -> None:
    """Answer with a status and in words, hear the sender out for a moment, and close."""
    text = words.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(text)).encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text, "more_body": True})
    heard = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while heard < HEARD and (message := await receive()).get("more_body"):
                heard += len(message["body"])
    await send({"type": "http.response.body", "body": b"", "more_body": False})
