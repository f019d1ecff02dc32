"""Tags and filters of the pages. They read no clock and no database."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Any, Final
from uuid import UUID
from xml.etree import ElementTree
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import lucide
from django import template
from django.conf import settings
from django.utils import formats
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from rapport.foundation.tables.cells import Cell
from rapport.foundation.tables.export import Why
from rapport.foundation.ui.words import standing_words

register = template.Library()

# Icons that point along the line of writing turn round where it runs from right to left.
_POINTING = ("arrow-left", "arrow-right", "chevron-left", "chevron-right", "log-in", "log-out")
_STATES = {
    "success": ("ok", "circle-check"),
    "warning": ("warn", "triangle-alert"),
    "error": ("bad", "circle-alert"),
    "ok": ("ok", "circle-check"),
    "warn": ("warn", "clock"),
    "bad": ("bad", "octagon-x"),
    "na": ("na", "circle-dashed"),
}
_INFO = ("info", "info")
SVG: Final = "{http://www.w3.org/2000/svg}"


@register.simple_tag
def icon(name: str, size: int = 18, extra: str = "", label: str = "") -> SafeString:
    """Return the lucide icon `name` as inline SVG, hidden from screen readers unless it has a `label`."""
    return _drawn(str(name), int(size), str(extra), str(label))


@lru_cache(maxsize=1024)
def _drawn(name: str, size: int, extra: str, label: str) -> SafeString:
    classes = " ".join(filter(None, ["i", "flip" if name in _POINTING else "", extra]))
    said = {"role": "img", "aria_label": label} if label else {"aria_hidden": "true"}
    attributes = {"class": classes, **said}
    svg = ElementTree.fromstring(_drawings().read(f"{name}.svg"))  # noqa: S314  the package's own
    svg.attrib |= {"width": str(size), "height": str(size)}
    svg.attrib |= {key.replace("_", "-"): value for key, value in attributes.items()}
    for node in svg.iter():
        node.tag = node.tag.removeprefix(SVG)
    return mark_safe(ElementTree.tostring(svg, encoding="unicode"))  # noqa: S308  it escapes attributes


@lru_cache(maxsize=1)
def _drawings() -> ZipFile:
    """Return lucide's archive, opened once: to read its list of names takes longer than to draw ten."""
    return ZipFile(BytesIO((files(lucide) / "lucide.zip").read_bytes()))


@register.filter
def state(word: str) -> str:
    """Return the class of a state: `ok`, `warn`, `bad`, `na` or `info`; takes message levels too."""
    return _STATES.get(str(word), _INFO)[0]


@register.filter
def state_icon(word: str) -> str:
    """Return the icon of a state."""
    return _STATES.get(str(word), _INFO)[1]


@register.filter
def day(value: date | None) -> SafeString | str:
    """Return a date as `<time>`: 12 Dec 2026; a dash where there is none."""
    if value is None:
        return "–"
    return format_html(
        '<time datetime="{}" class="nowrap">{}</time>',
        value.isoformat(),
        formats.date_format(value, "DATE_FORMAT"),
    )


@register.filter
def through(until: date | None) -> SafeString | str:
    """Return the last day on which something still holds: the day before `until`."""
    return day(until and until - timedelta(days=1))


@register.simple_tag
def moment(value: datetime | None, zone: str | None = None) -> SafeString | str:
    """Return a moment as `<time>` in `zone` (else the program's), which is named."""
    if value is None:
        return "–"
    local = value.astimezone(ZoneInfo(zone or settings.RAPPORT_ZONE))
    return format_html(
        '<time datetime="{}" class="nowrap">{} {}</time>',
        value.isoformat(),
        formats.date_format(local, "DATETIME_FORMAT"),
        local.tzname(),
    )


@register.inclusion_tag("ui/parts/standing.html")
def standing(
    word: str,
    until: date | None = None,
    size: str = "",
    by_exception: bool = False,  # noqa: FBT001, FBT002  a template hands over the value itself
) -> dict[str, Any]:
    """Show a standing (`cleared`, `provisional`, `not_cleared`, else unknown) as a pill with its words.

    `until` is the first day on which it ends, where that is in sight.
    """
    shown = {"cleared": "warn" if until else "ok", "provisional": "warn", "not_cleared": "bad"}
    words = standing_words(str(word), until, by_exception=by_exception)
    return {"state": shown.get(str(word), "na"), "words": words, "size": size}


@register.inclusion_tag("ui/parts/uid.html")
def uid(value: UUID | str) -> dict[str, Any]:
    """Show an id whole, with a button that copies it."""
    return {"uid": str(value)}


@register.simple_tag
def yes_no(value: bool | None) -> str:  # noqa: FBT001  a template hands over the value itself
    """Return yes, no, or that it is not recorded: three values everywhere."""
    return _("not recorded") if value is None else _("yes") if value else _("no")


@register.simple_tag
def cell(value: Any) -> SafeString | str:
    """Return a cell of a list: a plain value, or a `Cell` with its link, note and state."""
    if not isinstance(value, Cell):
        return _plain(value, None)
    shown = _plain(value.text, value.zone or None)
    if value.state:
        drawn = icon(value.icon or state_icon(value.state), 15)
        shown = format_html(
            '<span class="pill {}">{}<span>{}</span></span>', state(value.state), drawn, shown
        )
    if value.url:
        shown = format_html('<a href="{}">{}</a>', value.url, shown)
    return format_html("{} <small>{}</small>", shown, value.note) if value.note else shown


def _plain(value: Any, zone: str | None) -> SafeString | str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return yes_no(value)
    if isinstance(value, datetime):
        return moment(value, zone)
    if isinstance(value, date):
        return day(value)
    return conditional_escape(value)


@register.simple_tag
def file_reasons() -> list[tuple[str, Any]]:
    """Return what a file can be for."""
    return list(Why.choices)
