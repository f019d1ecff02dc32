"""The door: what stops a request before its view runs. Called by the middleware."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from rapport.foundation.access import Request
from rapport.organizations.people.models import Account
from rapport.organizations.sign_in import actions, queries
from rapport.organizations.sign_in.forms import ProofForm, WholeProofForm
from rapport.organizations.sign_in.rules import sessions
from rapport.organizations.sign_in.views.session import account, can_have_passkeys, next_query

LOCKED: Final = 423
QUIET: Final = (
    "Rapport-Quiet"  # sent by what asks by itself, so that it does not keep a session open
)
NEVER_HELD: Final = frozenset({"csrfmiddlewaretoken", "password", "proof"})
FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")


def is_locked(request: Request) -> bool:
    """Tell whether the session of this request is locked."""
    return request.user.is_authenticated and sessions.is_locked(request.session, request.now)


def stop(request: Request, view: Callable[..., Any]) -> HttpResponse | None:
    """Return what answers in place of `view`: the lock, or the way to a second factor; None lets it run."""
    if not request.user.is_authenticated or not getattr(view, "login_required", True):
        return None
    if sessions.is_locked(request.session, request.now):
        return None if getattr(view, "answers_while_locked", False) else _held(request)
    if QUIET not in request.headers:
        note(request)
    if getattr(view, "answers_before_second_factor", False) or not lacks_second(request):
        return None
    return HttpResponseRedirect(reverse("sign_in:second_factor"))


def note(request: Request) -> None:
    """Note that somebody did something, at most once a minute."""
    kept = sessions.SEEN in request.session
    if kept and sessions.is_to_be_noted(request.session, request.now):
        request.session[sessions.SEEN] = request.now.isoformat()


def lacks_second(request: Request) -> bool:
    """Tell whether the roles of this person ask for a second factor that is not there."""
    if not settings.RAPPORT_SECOND_FACTOR or request.session.get(sessions.SECOND):
        return False
    if settings.RAPPORT_IS_DEMO and request.session.get(sessions.DEMO):
        return False
    return queries.lacks_second_factor(request.actor, account(request))


def _held(request: Request) -> HttpResponse:
    """Keep what was sent, and show the lock."""
    kept = _keep(request) if request.method == "POST" else None
    to = reverse("sign_in:held", args=[kept]) if kept else request.get_full_path()
    if request.headers.get("HX-Request"):
        where = {"HX-Redirect": to} if kept else {"HX-Refresh": "true"}
        return HttpResponse(status=LOCKED, headers=where)
    return lock_page(request, to=to if request.method in ("GET", "HEAD") or kept else "/")


def lock_page(request: Request, *, to: str, form: Any = None) -> HttpResponse:
    """Show the lock. Nothing of the page behind it is sent."""
    mine: Account = account(request)
    factors = queries.factors(mine)
    deep = sessions.is_deep(request.session, request.now)
    whole = deep and factors.has_second
    return render(
        request,
        "sign_in/locked.html",
        {
            "form": form or unlock_form(request),
            "account": mine,
            "next": to,
            "next_query": next_query(to),
            "has_password": factors.has_password
            and (not whole or factors.app or factors.codes_left),
            "has_passkey": bool(factors.passkeys) and can_have_passkeys(request),
            "kept": queries.held(mine).exists(),
            "be": be_again(request),
        },
        status=LOCKED,
    )


def be_again(request: Request) -> str | None:
    """Return the address at which a person of the demo, who has no password, goes on; None elsewhere."""
    if not settings.RAPPORT_IS_DEMO or not request.session.get(sessions.DEMO):
        return None
    return reverse("sign_in:be", args=[account(request).person.uid])


def unlock_form(request: Request, data: Any = None) -> ProofForm | WholeProofForm:
    """Return the form that opens this session: password or code; both where it began long ago."""
    whole = sessions.is_deep(request.session, request.now)
    if whole and queries.factors(account(request)).has_second:
        return WholeProofForm(data)
    return ProofForm(data)


def _keep(request: Request) -> str | None:
    """Seal the fields of a form that was sent; return the uid under which they are kept."""
    if request.content_type not in FORMS:
        return None
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in NEVER_HELD
    ]
    files = [file.name for several in request.FILES.lists() for file in several[1]]
    if not fields and not files:
        return None
    words = json.dumps({"fields": fields, "files": files}).encode()
    path = request.get_full_path()[:1000]
    return str(actions.hold(request.actor, account(request), path, words, now=request.now).uid)


def let_go(request: Request, response: HttpResponseBase) -> None:
    """Forget what was held once it was sent again and taken, or shown again for mending."""
    if request.method != "POST" or "held" not in request.GET or not request.user.is_authenticated:
        return
    if response.status_code < 400 or response.status_code == 422:
        with suppress(ValueError):
            uid = UUID(request.GET["held"])
            actions.let_go(request.actor, account(request), uid)


def with_held(path: str, uid: object) -> str:
    """Return `path` with a mark that says which held form is being sent."""
    parts = urlsplit(path)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "held"]
    return f"{parts.path}?{urlencode([*query, ('held', str(uid))])}"


def fields_of(words: bytes) -> tuple[QueryDict, list[str]]:
    """Return the fields and the names of the files of a held form."""
    kept = json.loads(words)
    fields = QueryDict(mutable=True)
    for name, value in kept["fields"]:
        fields.appendlist(name, value)
    return fields, kept["files"]
