"""A form that makes something makes it once, however often its button is pressed."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from hashlib import sha256
from typing import Any, Final
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from rapport.foundation.access import Request
from rapport.foundation.ui.models import Sent

View = Callable[..., HttpResponse]
KEPT: Final = timedelta(days=1)


def made_once(view: View) -> View:
    """Give the view's form a mark of its own; sent a second time, it leads to what the first made.

    Mark and what is made are one commit. A view that redirects has made something; where it shows
    the form again it has not, and the same mark may be sent anew.
    """

    @wraps(view)
    def wrapped(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        typed = _uuid(request.POST.get("once", "")) if request.method == "POST" else None
        request.once = typed or uuid4()
        if typed is None or request.actor.person_id is None:
            return view(request, *args, **kwargs)
        return _at_most_once(request, typed, lambda: view(request, *args, **kwargs))

    wrapped.is_made_once = True  # type: ignore[attr-defined]  # looked for by a test of every form
    return wrapped


@transaction.atomic
def _at_most_once(request: Request, once: UUID, go: Callable[[], HttpResponse]) -> HttpResponse:
    Sent.objects.filter(sent_at__lt=request.now - KEPT).delete()
    said = {
        "person_id": request.actor.person_id,
        "sent_at": request.now,
        "said": _digest(request),
    }
    # A second press waits here for the first: on its row in PostgreSQL, for the file in SQLite.
    mark, is_first = Sent.objects.get_or_create(once=once, defaults=said)
    if not is_first:
        same = mark.person_id == request.actor.person_id and mark.said == said["said"]
        if not same or not url_has_allowed_host_and_scheme(mark.url, allowed_hosts=None):
            return (
                go()
            )  # a mark of somebody else says nothing, nor that of another form or other words
        messages.info(
            request,
            _("This form was sent already, and what it made is here. Nothing was made twice."),
        )
        return redirect(mark.url)
    response = go()
    if response.status_code == 302:
        Sent.objects.filter(pk=mark.pk).update(url=response["Location"])
    else:
        mark.delete()
    return response


def _digest(request: Request) -> str:
    """Return a digest of where and what was sent, without the words of the files."""
    fields = sorted(
        (n, *v) for n, v in request.POST.lists() if n not in ("csrfmiddlewaretoken", "once")
    )
    files = sorted((n, [(f.name, f.size) for f in request.FILES.getlist(n)]) for n in request.FILES)
    return sha256(repr((request.path, fields, files)).encode()).hexdigest()


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
