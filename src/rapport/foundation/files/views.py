"""Pages of kept files: the list, one of them, its bytes, a new one, and another class for one."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.foundation import clock
from rapport.foundation.access import RecordClass, Request, Scope
from rapport.foundation.facts import Overtaken, Refused
from rapport.foundation.files import actions, queries
from rapport.foundation.files.forms import ClassForm, KeepForm
from rapport.foundation.files.kept import Damaged
from rapport.foundation.files.models import StoredFile
from rapport.foundation.files.queries import Shown
from rapport.foundation.files.rules import Kind, Reason
from rapport.foundation.tables import export
from rapport.foundation.tables.cells import Cell
from rapport.foundation.tables.listing import Column, Filter, Table
from rapport.foundation.ui.once import made_once
from rapport.foundation.ui.words import class_word, class_words


def _table(request: Request) -> Table[Shown]:
    return Table(
        name="files",
        columns=(
            Column("name", _("File"), _name_cell, sort="shown_name"),
            Column("class", _("Class"), lambda s: class_word(s.file.record_class), "record_class"),
            Column("kind", _("Kind"), lambda s: s.file.get_kind_display(), sort="kind"),
            Column("where", _("Belongs to"), lambda s: s.where),
            Column("size", _("Size"), lambda s: _size(s.file), numeric=True),
            Column("kept", _("Kept"), lambda s: s.file.kept_at, sort="kept_at"),
        ),
        unit=lambda n: ngettext("%d file", "%d files", n) % n,
        search=("shown_name",),
        filters=(
            Filter("class", _("Class"), "record_class", class_words()),
            Filter("kind", _("Kind"), "kind", Kind.choices),
        ),
        sort="-kept",
        enrich=lambda rows: queries.shown(request.actor, rows, now=request.now),
    )


def _name_cell(shown: Shown) -> Cell:
    if not shown.is_open:
        return Cell(_("you may know of it, not read it"))
    return Cell(shown.name, url=shown.file.get_absolute_url())


def _size(file: StoredFile) -> str:
    return f"{-(-file.size // 1024)} kB"


@require_safe
def index(request: Request) -> HttpResponse:
    """List the files that the asker may know of."""
    listing = _table(request).read(request.GET, queries.listed(request.actor, now=request.now))
    shown: dict[str, Any] = {c.filter.key: c.value for c in listing.controls if c.value}
    shown |= {"searched": bool(listing.words), "page": listing.number}
    if listing.wants_file:
        shown["why"] = export.why(listing).value
    if request.method == "GET":
        actions.list_files(
            request.actor,
            listing.found,
            shown,
            count=listing.count,
            as_file=listing.wants_file,
            now=request.now,
        )
    if listing.wants_file:
        return export.respond(listing, who=request.actor.name, now=request.now)
    may_keep = bool(queries.keepable(request.actor))
    return render(request, "files/list.html", {"listing": listing, "may_keep": may_keep})


@require_safe
def about(request: Request, uid: UUID) -> HttpResponse:
    """Show what is known of a file, and what can be done with it."""
    file = _found(request, uid)
    if request.method == "GET":
        actions.look_at_file(request.actor, file, now=request.now)
    return render(request, "files/about.html", _page(request, file))


def _page(request: Request, file: StoredFile) -> dict[str, Any]:
    (shown,) = queries.shown(request.actor, [file], now=request.now)
    return {
        "file": file,
        "shown": shown,
        "class": class_word(file.record_class),
        "size": _size(file),
        "proposals": queries.proposals(request.actor, file),
        "may": queries.what_may(request.actor, file),
        "form": forms.Form(),
    }


@login_not_required
@require_safe
def download(request: Request, uid: UUID) -> HttpResponse:
    """Send the bytes of a file, as an attachment that no page can run. What is public needs no sign-in."""
    file = queries.find(request.actor, uid, now=request.now)
    if file is None and request.actor.person_id is None:
        return redirect_to_login(request.get_full_path())
    if file is None:
        raise Http404
    (shown,) = queries.shown(request.actor, [file], now=request.now)
    name = shown.name or "file"
    if request.method == "HEAD":  # its headers name the file
        actions.look_at_file(request.actor, file, now=request.now)
        return _sent(file, name, b"")
    try:
        data = actions.open_file(request.actor, file, now=request.now)
    except Damaged:
        return render(request, "files/damaged.html", {"file": file}, status=503)
    return _sent(file, name, data)


def _sent(file: StoredFile, name: str, data: bytes) -> HttpResponse:
    charset = "; charset=utf-8" if file.media_type.startswith("text/") else ""
    response = HttpResponse(data, content_type=file.media_type + charset)
    response["Content-Length"] = str(file.size)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@made_once
def new(request: Request) -> HttpResponse:
    """Show the form that keeps a file; on POST keep it."""
    classes = queries.keepable(request.actor)
    if not classes:
        raise Http404
    spots = queries.all_spots(request.actor, day=clock.today(request.now, settings.RAPPORT_ZONE))
    form = KeepForm(classes, spots, request.POST or None, request.FILES or None)
    if form.is_valid() and (file := _kept(request, form)):
        messages.success(request, _("Kept."))
        return redirect("files:about", file.uid)
    limit = settings.RAPPORT_MAX_BODY // (1024 * 1024)
    page = {"form": form, "limit": limit}
    return render(request, "files/new.html", page, status=422 if form.errors else 200)


def _kept(request: Request, form: KeepForm) -> StoredFile | None:
    said = form.cleaned_data
    record_class = RecordClass(said["record_class"])
    if not queries.may_keep(request.actor, record_class, form.place):
        form.add_error("at", _("You cannot keep a record of this kind there. Choose another."))
        return None
    upload: UploadedFile[Any] = said["file"]
    asked = actions.New(
        data=upload.read(),
        name=upload.name or "",
        record_class=record_class,
        at=form.place,
        kind=Kind(said["kind"]),
        about_minor=said["about_minor"],
    )
    try:
        return actions.keep_file(request.actor, asked, now=request.now)
    except Refused as problem:
        form.add_error(problem.field, str(problem))
        return None


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: Request, uid: UUID) -> HttpResponse:
    """Show the form that proposes another class; on POST propose it."""
    file = _found(request, uid)
    if not queries.what_may(request.actor, file).propose:
        raise Http404
    places = [queries.elsewhere(request.actor, file, s) for s in (Scope.AGENCY, Scope.DISTRICT)]
    form = ClassForm(file.place, file.record_class, *places, request.POST or None)
    if form.is_valid():
        said = form.cleaned_data
        asked = actions.Proposal(
            to_class=RecordClass(said["to_class"]),
            at=form.place,
            reason=Reason(said["reason"]),
            why=said["why"],
        )
        try:
            actions.propose_class(request.actor, file, asked, now=request.now)
        except (Refused, Overtaken) as problem:
            field = getattr(problem, "field", None)
            form.add_error(field if field in form.fields else None, str(problem))
        else:
            messages.success(request, _("Proposed. Somebody else who may disclose it decides."))
            return redirect("files:about", uid)
    page = _page(request, file) | {"form": form}
    return render(request, "files/class.html", page, status=422 if form.errors else 200)


@require_POST
def decide(request: Request, uid: UUID, answer: str) -> HttpResponse:
    """Approve or refuse what was proposed about a file's class."""
    file = _found(request, uid)
    proposal = queries.to_decide(request.actor, file)
    if proposal is None:
        raise Http404
    try:
        actions.decide_class(request.actor, proposal, approve=answer == "approve", now=request.now)
    except (Refused, Overtaken) as problem:
        messages.warning(request, str(problem))
    else:
        done = _("It has its new class.") if answer == "approve" else _("It keeps its class.")
        messages.success(request, done)
    still_there = queries.find(request.actor, uid, now=request.now)
    return redirect("files:about", uid) if still_there else redirect("files:index")


def _found(request: Request, uid: UUID) -> StoredFile:
    file = queries.find(request.actor, uid, now=request.now)
    if file is None:
        raise Http404
    return file
