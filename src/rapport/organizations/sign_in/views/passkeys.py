"""What a browser asks and answers about passkeys, as JSON. The pages work without."""

import json
import secrets
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import wraps
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rapport.foundation.access import Request
from rapport.foundation.facts import Overtaken, Refused
from rapport.organizations.people import queries as people
from rapport.organizations.sign_in import actions, queries
from rapport.organizations.sign_in.rules import passkeys, sessions
from rapport.organizations.sign_in.rules.passkeys import Question
from rapport.organizations.sign_in.views.session import (
    account,
    before_second_factor,
    can_have_passkeys,
    enter_silently,
    fresh,
    go_on,
    next_of,
    proved,
    remember_device,
    short,
    site,
    while_locked,
)

LARGEST: Final = 64 * 1024
ANSWER_WITHIN: Final = timedelta(minutes=5)
Said = dict[str, Any]


def in_words(view: Callable[..., JsonResponse]) -> Callable[..., HttpResponse]:
    """Answer what is refused with its words, as JSON."""

    @wraps(view)
    def answered(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (Refused, Overtaken) as problem:
            return JsonResponse({"error": str(problem)}, status=422)

    return answered


def put(request: Request, question: Question) -> JsonResponse:
    """Ask the browser, and keep in the session what its answer will be checked against: once."""
    kept = {"state": question.state, "at": request.now.isoformat()}
    request.session[sessions.DOOR] = kept
    if not request.user.is_authenticated:
        short(request)
    return JsonResponse(question.options)


def taken(request: Request) -> tuple[Mapping[str, Any], Said]:
    """Return the question's state and what the browser sent. Raises `Refused` where none was asked."""
    kept = request.session.pop(sessions.DOOR, None)
    if kept is None or len(request.body) > LARGEST:
        raise passkeys.refused()
    asked_at = sessions.moment(kept, "at")
    try:
        said = json.loads(request.body)
        answer = said["answer"]
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise passkeys.refused() from problem
    if not isinstance(answer, dict) or not asked_at or request.now - asked_at > ANSWER_WITHIN:
        raise passkeys.refused()
    return kept["state"], said


def challenge() -> bytes:
    """Return 32 random bytes."""
    return secrets.token_bytes(32)


@login_not_required
@while_locked
@before_second_factor
@require_POST
@in_words
def ask(request: Request) -> JsonResponse:
    """Ask for any passkey of this site: to sign in, to unlock, or to prove it is still the same person."""
    return put(request, passkeys.ask(site(request), challenge=challenge()))


@login_not_required
@require_POST
@in_words
def sign_in(request: Request) -> JsonResponse:
    """Sign in whoever's passkey answered."""
    state, said = taken(request)
    found = actions.check_passkey(
        request.actor, site(request), state, said["answer"], now=request.now
    )
    to = next_of(request, default="/")
    enter_silently(request, found, how=["passkey"])
    response = JsonResponse({"next": to})
    remember_device(request, response, found)
    return response


@while_locked
@before_second_factor
@require_POST
@in_words
def prove(request: Request) -> JsonResponse:
    """Unlock the session, or note a fresh proof: only by a passkey of the very account that sits in it."""
    state, said = taken(request)
    found = actions.check_passkey(
        request.actor, site(request), state, said["answer"], now=request.now
    )
    if found.pk != account(request).pk:
        raise Refused(_("This passkey belongs to somebody else. Sign out first."))
    unlock_or_prove(request, how=["passkey"])
    return JsonResponse({"next": next_of(request, default="/")})


@before_second_factor
@require_POST
@fresh
@in_words
def ask_for_new(request: Request) -> JsonResponse:
    """Ask the browser to make a further passkey for this account."""
    mine = account(request)
    if not can_have_passkeys(request):
        raise Refused(_("Passkeys need the program's own name over HTTPS, not a number."))
    has = [key.credential_id for key in queries.factors(mine).passkeys]
    question = passkeys.ask_for_new(
        site(request),
        handle=mine.uid.bytes,
        address=mine.email,
        name=request.actor.name,
        has=has,
        challenge=challenge(),
    )
    return put(request, question)


@before_second_factor
@require_POST
@fresh
@in_words
def add(request: Request) -> JsonResponse:
    """Keep the passkey that the browser has made."""
    state, said = taken(request)
    made = passkeys.made(site(request), state, said["answer"])
    mine = account(request)
    actions.add_passkey(
        request.actor,
        mine,
        made,
        site=site(request).host,
        name=str(said.get("name", "")),
        now=request.now,
    )
    go_on(request, mine)
    proved(request, second=True)
    return JsonResponse({"next": reverse("sign_in:account")})


def unlock_or_prove(request: Request, *, how: list[str]) -> None:
    """Open the session where it is locked, with a line; in any case note the proof."""
    second = bool({"app", "recovery", "passkey"} & set(how))
    if sessions.is_locked(request.session, request.now):
        mine = account(request)
        request.session.pop(sessions.LOCKED, None)
        if sessions.is_deep(request.session, request.now):
            request.session[sessions.SIGNED_IN] = request.now.isoformat()
        request.session[sessions.SEEN] = request.now.isoformat()
        actor = people.actor_for(mine, now=request.now)
        actions.record_unlock(actor, mine, how=how, now=request.now)
    proved(request, second=second)
