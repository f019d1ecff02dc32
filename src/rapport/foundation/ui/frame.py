"""What every page's frame shows: one small value a page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from rapport.foundation import registry
from rapport.foundation.access import STRANGER, Actor
from rapport.foundation.registry import Notice
from rapport.foundation.ui.words import class_word

TABS: Final = 4  # beside "More"; five fit a phone of 390 px
_MEDIA = {"dark": "screen", "light": "not all"}


@dataclass(frozen=True, slots=True)
class Link:
    """A place in the menu; `current` where the page lies under it."""

    label: str
    url: str
    icon: str
    current: bool
    on_phone: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """Emergency access as the strip over the bar tells it."""

    what: str
    where: str
    until: datetime
    end_url: str


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame of one page for one actor."""

    path: str
    theme: str  # "light", "dark", or empty: as the device has it
    signed_in: bool
    name: str
    demo: bool
    now: datetime | None
    zone: str
    opened: tuple[Opened, ...]
    notices: tuple[Notice, ...]
    links: tuple[Link, ...]

    @property
    def dark_media(self) -> str:
        """Return for which media the dark tokens hold: never for print."""
        return _MEDIA.get(self.theme, "screen and (prefers-color-scheme: dark)")

    @property
    def tabs(self) -> tuple[Link, ...]:
        """Return the links at the foot of a phone."""
        chosen = tuple(link for link in self.links if link.on_phone)
        return chosen if len(self.links) <= TABS + 1 == len(chosen) else chosen[:TABS]

    @property
    def more(self) -> tuple[Link, ...]:
        """Return the links that a phone keeps behind "More"."""
        return tuple(link for link in self.links if link not in self.tabs)


def frame(request: HttpRequest) -> Frame:
    """Return the frame of the page that is asked for."""
    actor: Actor = getattr(request, "actor", STRANGER)
    theme = request.COOKIES.get("theme", "")
    return Frame(
        path=request.get_full_path(),
        theme=theme if theme in _MEDIA else "",
        signed_in=actor.person_id is not None,
        name=actor.name,
        demo=settings.RAPPORT_IS_DEMO,
        now=getattr(request, "now", None),
        zone=settings.RAPPORT_ZONE,
        opened=_opened(actor),
        notices=_notices(request, actor),
        links=_links(actor, request.path),
    )


def _opened(actor: Actor) -> tuple[Opened, ...]:
    found = sorted(actor.emergencies, key=lambda opened: (opened.until, opened.id))
    return tuple(Opened(class_word(o.record_class), o.where, o.until, o.end_url) for o in found)


def _notices(request: HttpRequest, actor: Actor) -> tuple[Notice, ...]:
    now: datetime | None = getattr(request, "now", None)
    if now is None or actor.person_id is None:
        return ()
    return tuple(notice for ask in registry.notices for notice in ask(actor, now))


def _links(actor: Actor, path: str) -> tuple[Link, ...]:
    shown = sorted((m for m in registry.menu if m.shown(actor)), key=lambda m: m.order)
    found = [(item, url) for item in shown if (url := _url(item.url_name)) is not None]
    under = max((url for _, url in found if _lies_under(path, url)), key=len, default=None)
    return tuple(
        Link(str(item.label), url, item.icon, url == under, item.on_phone) for item, url in found
    )


def _lies_under(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


def _url(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:  # the link of the chain that owns the page is off
        return None
