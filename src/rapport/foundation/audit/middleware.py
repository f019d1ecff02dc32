"""A refusal leaves a line, and looks like a page that is not there."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.defaults import page_not_found

from rapport.foundation.access import NotAllowed, Place, Request
from rapport.foundation.audit import access, trail

METHODS: Final = frozenset({"GET", "HEAD", "POST"})


class LogRefusals:
    """Write one line for what the sharing rules refused, after its rollback, and answer 404."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        return self.get_response(request)

    def process_exception(self, request: Request, problem: Exception) -> HttpResponse | None:
        """Answer a refusal; leave anything else to others."""
        if not isinstance(problem, NotAllowed):
            return None
        verb, at = (*problem.args, "", None)[:2]
        trail.record_apart(
            request.actor,
            access.REFUSED,
            0,
            at=request.now,
            place=at if at is not None else Place(),
            verb=str(verb),
            thing=getattr(at, "pk", None),
            page=request.resolver_match.view_name if request.resolver_match else "",
            method=request.method if request.method in METHODS else "other",
        )
        return page_not_found(request, problem)
