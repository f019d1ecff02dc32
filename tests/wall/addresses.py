"""Every address of the program: how a pattern of the URLconf is filled from the town.

A pattern that is not named here fails the tests by its name, so that no new page stays unwalked.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.wall.town import Town

NOWHERE: Final = UUID("00000000-0000-4000-8000-000000000000")
Args = list[tuple[Any, ...]]
Fill = Callable[[Town], Args]


def nothing(town: Town) -> Args:
    """Return the one address of a pattern without parameters."""
    return [()]


def uids(*groups: str) -> Fill:
    """Return a filler with the uid of every row of these groups of the town, and one of nowhere."""

    def fill(town: Town) -> Args:
        rows = [row for group in groups for row in _rows(getattr(town, group))]
        return [(row.uid,) for row in rows] + [(NOWHERE,)]

    return fill


def _rows(group: Any) -> list[Any]:
    return list(group.values()) if isinstance(group, dict) else list(group)


def schools(town: Town) -> Args:
    return [(town.places[key].uid,) for key in ("S1", "S2", "S3")] + [(NOWHERE,)]


def to_disclose(town: Town) -> Args:
    return [("file", f.uid) for f in town.files.values()] + [("file", NOWHERE), ("tip", NOWHERE)]


def new_facts(town: Town) -> Args:
    """Return every kind of fact with every row that it may be about."""
    from rapport.foundation import registry

    owners = [*town.officers.values(), *town.agreements.values(), *town.assignments.values()]
    owners += [town.places[key] for key in ("A", "B", "D", "E", "S1", "S2", "S3")]
    owners += list(town.people.values())[:3]
    found = [(kind, row.uid) for kind in registry.fact_pages.names() for row in owners]
    return [*found, ("nosuchkind", NOWHERE)]


def facts(town: Town) -> Args:
    """Return every fact of every kind that has pages, up to four a kind."""
    from rapport.foundation import registry

    found: Args = []
    for pages in registry.fact_pages:
        rows = list(pages.kind.model.objects.order_by("pk"))
        found += [(pages.kind.name, row.uid) for row in [*rows[:2], *rows[-2:]]]
    return [*dict.fromkeys(found), ("nosuchkind", NOWHERE)]


# The pattern as the URLconf writes it → how it is filled.
FILL: Final[dict[str, Fill]] = {
    "": nothing,
    "agreements/": nothing,
    "agreements/<uuid:uid>/": uids("agreements"),
    "agreements/<uuid:uid>/clauses/": uids("agreements"),
    "agreements/new/": nothing,
    "ask/": nothing,
    "assignments/new/": nothing,
    "board/": nothing,
    "courses/": nothing,
    "courses/<slug:code>/edit/": lambda town: [("nasro-basic",), ("nowhere",)],
    "courses/new/": nothing,
    "disclosures/": nothing,
    "disclosures/<uuid:uid>/": uids("disclosures"),
    "disclosures/<uuid:uid>/end/": uids("disclosures"),
    "disclosures/new/<slug:word>/<uuid:uid>/": to_disclose,
    "facts/<slug:kind>/<uuid:uid>/correct/": facts,
    "facts/<slug:kind>/<uuid:uid>/end/": facts,
    "facts/<slug:kind>/<uuid:uid>/withdraw/": facts,
    "facts/<slug:kind>/new/<uuid:uid>/": new_facts,
    "files/": nothing,
    "files/<uuid:uid>/": uids("files"),
    "files/<uuid:uid>/about/": uids("files"),
    "files/<uuid:uid>/class/": uids("files"),
    "files/<uuid:uid>/class/approve/": uids("files"),
    "files/<uuid:uid>/class/refuse/": uids("files"),
    "files/new/": nothing,
    "look/language/": nothing,
    "look/theme/": nothing,
    "me/sees/": nothing,
    "officers/<uuid:uid>/": uids("officers"),
    "officers/": nothing,
    "officers/former/": nothing,
    "officers/new/": nothing,
    "parts/": nothing,
    "people/<uuid:uid>/sees/": uids("people"),
    "readyz": nothing,
    "schools/": nothing,
    "schools/<uuid:uid>/": schools,
    "search/": nothing,
    "sharing-rules/": nothing,
}

# Views that answer without sign-in, by the name of their pattern. Each has its reason.
PUBLIC: Final = {
    "files:file": "a file of the class public has readers without an account",
    "assignments:home": "it sends everybody to the first page that is of use to them",
    "ready": "a load balancer asks whether the program can serve; it names checks, no record",
    "ui:parts": "every part of the pages, on made-up data; only a demo shows it to strangers",
    "ui:theme": "light or dark is a cookie, also on the sign-in page",
    "ui:language": "the language is a cookie, also on the sign-in page",
}


def patterns() -> Iterator[tuple[str, str, URLPattern]]:
    """Yield route, full name and pattern of every address of the URLconf."""
    yield from _walk(get_resolver().url_patterns, "", "")


def _walk(found: list[Any], route: str, space: str) -> Iterator[tuple[str, str, URLPattern]]:
    for entry in found:
        here = route + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _walk(entry.url_patterns, here, inner)
        else:
            yield here, f"{space}{entry.name}", entry


def addresses(town: Town) -> dict[str, str]:
    """Return every address of the program, filled from the town, with its route."""
    found = {}
    for route, name, pattern in patterns():
        for args in FILL[route](town):
            kwargs = dict(zip(pattern.pattern.converters, args, strict=True))
            found[reverse(name, kwargs=kwargs)] = route
    return found
