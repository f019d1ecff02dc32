"""Pages of the program as a whole: is it ready, and what is said when it cannot work."""

import sys
import time
from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.defaults import page_not_found, server_error

from rapport.foundation import health
from rapport.foundation.audit.keys import KeyTrouble
from rapport.foundation.clock import ClockWentBack

KEPT: Final = 2.0  # seconds for which an answer is given again, so that asking costs nothing
_last: tuple[float, dict[str, bool]] = (-KEPT, {})


@login_not_required
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Return which checks hold, by name and without detail: 200 when all do, 503 when one does not."""
    global _last
    if time.monotonic() - _last[0] >= KEPT:
        found = health.findings(serving=True)
        _last = (time.monotonic(), {name: wrong is None for name, wrong in found.items()})
    holds = _last[1]
    return JsonResponse(
        {"ready": all(holds.values()), "checks": holds}, status=200 if all(holds.values()) else 503
    )


def not_there(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a refusal as if nothing were there: what one may not see does not exist."""
    return page_not_found(request, Http404())


def trouble(request: HttpRequest) -> HttpResponse:
    """Answer an exception that no view foresaw: 503 where the machine is at fault, else 500.

    Which machine's fault it is stands in the log and in `rapport check`, not on the page.
    """
    match sys.exc_info()[1]:
        case DatabaseError() | ClockWentBack() | KeyTrouble():
            response = render(request, "503.html", status=503, using=None)
            response.headers["Retry-After"] = "30"
            return response
        case _:
            return server_error(request)
