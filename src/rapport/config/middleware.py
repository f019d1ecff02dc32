"""Seat the actor before any view runs, and give templates their frame."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from rapport.foundation import clock
from rapport.foundation.access import STRANGER, Request
from rapport.foundation.ui.frame import frame
from rapport.organizations.people import queries


def seat_the_actor(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[Request], HttpResponse]:
    """Set `request.now` and `request.actor`."""

    def middleware(request: Request) -> HttpResponse:
        request.now = clock.now()
        user = request.user
        request.actor = (
            queries.actor_for(user, now=request.now) if user.is_authenticated else STRANGER
        )
        return get_response(request)

    return middleware


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Return what every page's frame shows: the menu of this actor."""
    return {"actor": getattr(request, "actor", STRANGER), "frame": frame(request)}
