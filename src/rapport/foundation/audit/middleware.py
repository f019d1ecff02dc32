"""A refusal leaves a line, and looks like a page that is not there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.models import Value
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch
from django.views.defaults import page_not_found

from rapport.foundation.access import (
    Actor,
    NotAllowed,
    Place,
    RecordClass,
    Request,
    Right,
    gives,
)
from rapport.foundation.audit import access, queries, trail
from rapport.foundation.audit.keys import KeyTrouble

log = structlog.get_logger(__name__)
METHODS: Final = frozenset({"GET", "HEAD", "POST"})
# Asking again for the same thing within this time leaves no second line.
ONCE_IN: Final = timedelta(hours=1)
MOST: Final = 40  # lines of one person within that time; a refusal more leaves none
PATIENCE: Final = 50  # milliseconds: whoever waits for a writer tells by it that the thing is there


class LogRefusals:
    """Write one line for what was refused, and answer 404.

    Refused is what the sharing rules did not let an act do (`NotAllowed`, after its rollback), and a
    page asked for by the uid of something that is there and was not found for this person.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        """Answer the request."""
        response = self.get_response(request)
        if response.status_code == 404 and not isinstance(response, _Refused):
            _note_what_was_hidden(request)
        return response

    def process_exception(self, request: Request, problem: Exception) -> HttpResponse | None:
        """Answer a refusal; leave anything else to others."""
        if not isinstance(problem, NotAllowed):
            return None
        verb, at = (*problem.args, "", None)[:2]
        if queries.refusals(request.actor, since=request.now - ONCE_IN) >= MOST:
            return _Refused(page_not_found(request, problem).content)
        trail.record_apart(
            request.actor,
            access.REFUSED,
            0,
            at=request.now,
            place=at if at is not None else Place(),
            verb=str(verb),
            thing=getattr(at, "pk", None),
            page=request.resolver_match.view_name if request.resolver_match else "",
            method=_method(request),
        )
        return _Refused(page_not_found(request, problem).content)


class _Refused(HttpResponseNotFound):
    """A refusal of which the line is written."""


def _method(request: HttpRequest) -> str:
    return request.method if request.method in METHODS else "other"


def _note_what_was_hidden(request: Request) -> None:
    """Write a line for each thing that this address names by uid, that is there, and was not found.

    What cannot be written at once changes no answer and holds none up: that would tell that the
    thing is there.
    """
    match = request.resolver_match
    if match is None or request.actor.person_id is None:
        return
    try:
        with _impatient():
            for uid in {v for v in match.kwargs.values() if isinstance(v, UUID)}:
                _note(request, match, uid)
    except (DatabaseError, KeyTrouble, OSError) as trouble:
        log.warning("refusal_not_written", problem=type(trouble).__name__)


def _note(request: Request, match: ResolverMatch, uid: UUID) -> None:
    actor, since = request.actor, request.now - ONCE_IN
    thing = _named(uid)
    if thing is None or not _is_hidden(actor, thing):
        return
    if queries.was_refused(actor, uid, since=since):
        return
    if queries.refusals(actor, since=since) >= MOST:
        return
    kept = str(getattr(thing, "record_class", ""))
    said: dict[str, Any] = {"uid": str(uid), "page": match.view_name, "method": _method(request)}
    said |= {"class": kept} if kept else {}
    with transaction.atomic():
        trail.record(actor, access.REFUSED, 0, at=request.now, place=thing, **said)


def _is_hidden(actor: Actor, thing: Any) -> bool:
    """Tell whether this is hidden from the actor, and was not merely looked for under another address."""
    own = {getattr(thing, "about_person_id", None), getattr(thing, "person_id", None)}
    if own & actor.persons:
        return False
    kept = getattr(thing, "record_class", None)
    if kept is None or not all(hasattr(thing, f"{scope}_id") for scope in trail.SCOPES):
        return kept != RecordClass.PUBLIC
    return not gives(actor, Right.KNOW, RecordClass(kept), thing)


@contextmanager
def _impatient() -> Iterator[None]:
    """Wait for no other writer on SQLite."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        kept = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(kept)}")


def _named(uid: UUID) -> Any:
    """Return whatever bears this uid, of any kind: one query whether it is there or not."""
    kinds = [m for m in apps.get_models() if any(f.name == "uid" for f in m._meta.fields)]
    asked = [
        m._default_manager.filter(uid=uid)
        .order_by()
        .annotate(named_by=Value(m._meta.label))
        .values_list("named_by", "pk")
        for m in kinds
    ]
    for kind, pk in asked[0].union(*asked[1:], all=True):
        return apps.get_model(kind)._default_manager.filter(pk=pk).first()
    return None
