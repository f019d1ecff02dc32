"""What the page of UI parts shows: every part in every state, with invented values."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from rapport.foundation.access import Request
from rapport.foundation.registry import Hit
from rapport.foundation.tables.cells import Cell
from rapport.foundation.tables.listing import Column, Filter, Table

from .fields import DayField, Line, WordsField
from .searching import Found
from .timebar import Bar, Stretch

# Pages that stand alone, by the word in ?page=.
PAGES = {
    "404": "404.html",
    "403": "403.html",
    "old": "403_csrf.html",
    "400": "400.html",
    "500": "500.html",
    "locked": "ui/locked.html",
    "confirm": "ui/confirm.html",
    "search": "ui/search.html",
    "nothing": "ui/search.html",
}


class SampleForm(forms.Form):
    """Every kind of field."""

    name = Line(label=_("Name"), max_length=120, help_text=_("As it stands on the certificate."))
    badge = Line(label=_("Badge"), max_length=12, required=False)
    since = DayField(label=_("Valid from"), help_text=_("The first day on which it holds."))
    hours = forms.DecimalField(label=_("Hours"), min_value=0, required=False)
    agency = forms.ChoiceField(
        label=_("Agency"), choices=[("", "–"), ("1", "Fallow Creek Police"), ("2", "Sheriff")]
    )
    decision = forms.ChoiceField(
        label=_("Was the officer selected?"),
        help_text=_("Not known is an answer too."),
        widget=forms.RadioSelect,
        choices=[("yes", _("Yes")), ("no", _("No")), ("unknown", _("Not known"))],
    )
    topics = forms.MultipleChoiceField(
        label=_("What the course covered"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[("law", _("School law")), ("child", _("Child development")), ("need", _("Needs"))],
    )
    notes = WordsField(label=_("Notes"), required=False)
    file = forms.FileField(label=_("Certificate"), required=False)
    agree = forms.BooleanField(label=_("I have seen the certificate itself"))


class PasswordForm(forms.Form):
    """The one field of the locked page."""

    password = forms.CharField(label=_("Password"), widget=forms.PasswordInput)


class NoteForm(forms.Form):
    """The reason that a confirmation asks for."""

    reason = WordsField(label=_("Why?"), rows=2, max_length=400)


@dataclass(frozen=True)
class Officer:
    """A row of the sample list."""

    name: str
    badge: str
    agency: str
    state: str
    words: str
    since: date | None


NAMES = (
    "Dana Reyes",
    "Chidi Okafor",
    "Ana de Souza",
    "Lee Whitfield",
    "Maximiliane Featherstonehaugh",
)
STATES = (
    ("ok", _("Cleared")),
    ("warn", _("Cleared through 11 Dec 2026")),
    ("bad", _("Not cleared: needs the 40-hour course")),
    ("na", _("Not known")),
)
OFFICERS = [
    Officer(
        f"{NAMES[n % 5]} {n + 1}",
        str(4400 + n),
        str(n % 2),
        STATES[n % 4][0],
        str(STATES[n % 4][1]),
        date(2024 + n % 3, 8, 1) if n % 7 else None,
    )
    for n in range(134)
]


def officers_table(name: str) -> Table[Officer]:
    """Return the sample list."""
    return Table(
        name=name,
        columns=(
            Column(
                "name",
                _("Officer"),
                lambda o: Cell(o.name, note=f"Badge {o.badge}", url="/parts/"),
                sort="name",
            ),
            Column("standing", _("Standing"), lambda o: Cell(o.words, state=o.state)),
            Column("since", _("Since"), lambda o: o.since, sort="since"),
            Column("hours", _("Hours a week"), lambda o: int(o.badge) % 41, numeric=True),
        ),
        unit=lambda n: ngettext("%d officer", "%d officers", n) % n,
        search=("name", "badge"),
        filters=(
            Filter(
                "agency", _("Agency"), "agency", (("0", "Fallow Creek Police"), ("1", "Sheriff"))
            ),
            Filter("since", _("Since"), "since"),
        ),
        sort="name",
        per_page=8,
    )


def _bar() -> Bar:
    return Bar(
        label=_("Standing of Dana Reyes from January 2025 to December 2026"),
        start=date(2025, 1, 1),
        until=date(2026, 12, 31),
        stretches=(
            Stretch(date(2025, 1, 1), date(2025, 4, 1), "na", _("No assignment")),
            Stretch(date(2025, 4, 1), date(2026, 2, 1), "ok", _("Cleared")),
            Stretch(
                date(2026, 2, 1), date(2026, 5, 2), "warn", _("Cleared through a date"),
                _("The course was due by 1 May 2026"), "/parts/",
            ),
            Stretch(date(2026, 5, 2), date(2026, 6, 10), "bad", _("Not cleared"), _("Needed the course")),
            Stretch(date(2026, 6, 10), None, "ok", _("Cleared"), _("Course passed on 9 June 2026")),
        ),
        at=date(2026, 3, 12),
        at_word=_("12 Mar"),
    )  # fmt: skip


def samples(request: Request) -> dict[str, Any]:
    """Return the context of the page of parts."""
    filled = {"name": "", "badge": "4471", "since": "31/02/2026", "agency": "", "notes": "Kept."}
    table = officers_table("officers")
    return {
        "form": SampleForm(auto_id="right_%s"),
        "wrong": SampleForm(filled, auto_id="wrong_%s"),
        "listing": table.read(request.GET, OFFICERS),
        "none": officers_table("none").read(QueryDict(""), []),
        "unmatched": officers_table("unmatched").read(QueryDict("q=zzz&sort=rank"), OFFICERS),
        "bar": _bar(),
        "pages": list(PAGES),
        "until": date(2026, 12, 12),
        "at": datetime(2026, 11, 24, 18, 5, tzinfo=UTC),
        "uid": "8c7e9a52-1d0f-4f43-9a52-3a5a3f6f2b10",
        "states": ("ok", "warn", "bad", "na", "info"),
    }


def page(name: str) -> dict[str, Any]:
    """Return the context of a page that stands alone."""
    hits = (
        Hit(_("Officers"), "Dana Reyes", "/parts/", "Badge 4471 · Fallow Creek Police"),
        Hit(_("Officers"), "Dana Featherstonehaugh", "/parts/", "Badge 12"),
    )
    form = {"locked": PasswordForm(), "confirm": NoteForm()}.get(name)
    return {
        "form": form,
        "submit": {"locked": _("Unlock"), "confirm": _("Withdraw the fact")}.get(name),
        "cancel": "/parts/" if name == "confirm" else "",
        "stop": name == "confirm",
        "q": {"search": "dana", "nothing": "xyz"}.get(name, ""),
        "found": [Found(str(_("Officers")), hits, more=True)] if name == "search" else [],
    }
