"""In front of Django: bodies that are too large, before a byte of them reaches the disk."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, Final

Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]

# Without a stated length nothing may reach the disk before the end is known: Django keeps this much in memory.
UNSTATED: Final = 2 * 1024 * 1024
# Seconds, and bytes, for which a refused body is read and thrown away, so that the answer is heard.
PATIENCE = 3.0
HEARD: Final = 16 * 1024 * 1024


class SizeGuard:
    """Refuses a body larger than `limit` bytes with 413: by its stated length, and by counting.

    Where no length is stated (chunked), `UNSTATED` is the limit: Django's handler would write
    what it receives to a temporary file for any address, known or not.
    """

    def __init__(self, app: App, limit: int) -> None:
        self.app, self.limit = app, limit

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Pass a request on, unless its body is too large."""
        if scope["type"] != "http":
            return
        stated = dict(scope["headers"]).get(b"content-length")
        limit = self.limit if stated is not None else min(UNSTATED, self.limit)
        if stated is not None and (not stated.isdigit() or int(stated) > limit):
            await refuse(receive, send, limit)
            return
        seen, refused = 0, False

        async def counting() -> Message:
            nonlocal seen, refused
            message = await receive()
            if message["type"] == "http.request":
                seen += len(message.get("body", b""))
                if seen > limit and not refused:
                    refused = True
                    await refuse(receive, send, limit)
                    return {"type": "http.disconnect"}
            return message

        await self.app(scope, counting, send)


async def refuse(receive: Receive, send: Send, limit: int) -> None:
    """Answer 413 in words, hear the sender out for a moment, and close."""
    text = (
        f"This is larger than {limit // (1024 * 1024)} MB, so it was not read and nothing was kept. "
        "Send it in smaller parts.\n"
    ).encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(text)).encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": text, "more_body": True})
    heard = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while heard < HEARD and (message := await receive()).get("more_body"):
                heard += len(message["body"])
    await send({"type": "http.response.body", "body": b"", "more_body": False})
