"""Around every page: the log, the headers, the actor, the frame."""

import time
from collections.abc import Callable
from typing import Any, Final

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from rapport.foundation import clock
from rapport.foundation.access import STRANGER, Request
from rapport.foundation.ui.frame import frame
from rapport.organizations.emergency_access import views as emergencies
from rapport.organizations.people import queries
from rapport.organizations.sign_in.views import door

log = structlog.get_logger(__name__)
GetResponse = Callable[[HttpRequest], HttpResponseBase]
# No page of ours uses any of these; a script that got in should not either.
UNUSED: Final = (
    "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "hid",
    "magnetometer", "microphone", "midi", "payment", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
PERMISSIONS: Final = ", ".join(f"{name}=()" for name in UNUSED)


def is_alive(get_response: GetResponse) -> GetResponse:
    """Answer /healthz before anything else: that the process is alive, without the database."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path == "/healthz":
            return HttpResponse(
                "alive\n", content_type="text/plain", headers={"Cache-Control": "no-store"}
            )
        return get_response(request)

    return middleware


def without_a_session(get_response: GetResponse) -> GetResponse:
    """Answer /readyz as nobody's: a session that cannot be written would hide what is wrong."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path == "/readyz":
            request.COOKIES = {}
        return get_response(request)

    return middleware


def log_requests(get_response: GetResponse) -> GetResponse:
    """Write a line a request: its method, the pattern that it met, the answer. Never an address."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = get_response(request)
        met = request.resolver_match
        static = request.path.startswith(settings.STATIC_URL)
        log.info(
            "request",
            method=request.method if request.method in METHODS else "other",
            route=met.route if met else "static" if static else "none",
            status=response.status_code,
            ms=round((time.perf_counter() - began) * 1000, 1),
        )
        return response

    return middleware


METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def set_headers(get_response: GetResponse) -> GetResponse:
    """Tell browsers what no page needs, and not to keep pages that were made for one person."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


def seat_the_actor(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[Request], HttpResponse]:
    """Set `request.now` and `request.actor`. While a session is locked, nobody sits in it."""

    def middleware(request: Request) -> HttpResponse:
        request.now = clock.now()
        user = request.user
        request.actor = (
            queries.actor_for(user, now=request.now)
            if user.is_authenticated and not door.is_locked(request)
            else STRANGER
        )
        return get_response(request)

    return middleware


class KeepTheDoor:
    """Show the lock in place of any page while the session is locked, and ask for a second factor first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        """Answer the request, and forget what it has sent again after a lock."""
        response = self.get_response(request)
        door.let_go(request, response)
        return response

    def process_view(
        self, request: Request, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Answer in place of `view`, or let it run."""
        return door.stop(request, view)


def note_readings(get_response: GetResponse) -> GetResponse:
    """Write down each page that is shown while emergency access is open; what cannot be written is not shown."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        emergencies.note_reading(request, response)
        return response

    return middleware


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Return what every page's frame shows: the menu of this actor."""
    return {"actor": getattr(request, "actor", STRANGER), "frame": frame(request)}
