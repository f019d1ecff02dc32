"""Every address of the program: how a pattern of the URLconf is filled from the town.

A pattern with parameters that is not named here fails the tests by its name, so that no new page stays
unwalked.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from rapport.foundation import registry
from tests.wall.town import Town

NOWHERE: Final = UUID("00000000-0000-4000-8000-000000000000")
Args = list[tuple[Any, ...]]
Fill = Callable[[Town], Args]


def uids(*groups: str) -> Fill:
    """Return a filler with the uid of every row of these groups of the town, and one of nowhere."""

    def fill(town: Town) -> Args:
        rows = [row for group in groups for row in _rows(getattr(town, group))]
        return [(row.uid,) for row in rows] + [(NOWHERE,)]

    return fill


def _rows(group: Any) -> list[Any]:
    return list(group.values()) if isinstance(group, dict) else list(group)


def at(*keys: str) -> Fill:
    """Return a filler with the uid of these places, and one of nowhere."""
    return lambda town: [*((town.places[key].uid,) for key in keys), (NOWHERE,)]


agencies, districts, schools = at("A", "B"), at("D", "E"), at("S1", "S2", "S3")


def tokens(town: Town) -> Args:
    """Return the single-use link of an invitation that waits, and one that was never made."""
    return [(town.token,), ("never-made",)]


def nowhere(town: Town) -> Args:
    """Return an address of which the town has no row."""
    return [(NOWHERE,)]


def some(fill: Fill, every: int) -> Fill:
    """Return a filler that takes one address in so many, and the last, which leads nowhere."""

    def filled(town: Town) -> Args:
        *rows, nowhere = fill(town)
        return [*rows[::every], nowhere]

    return filled


def pairs(town: Town) -> Args:
    """Return two people of the town, side by side, and one beside nobody."""
    one, other, *_ = town.people.values()
    return [(one.uid, other.uid), (one.uid, NOWHERE)]


def to_disclose(town: Town) -> Args:
    return [*(("file", f.uid) for f in town.files.values()), ("tip", NOWHERE), ("file", NOWHERE)]


def new_facts(town: Town) -> Args:
    """Return every kind of fact with each row of the kind that it is about, and one of another kind."""
    owners: dict[str, list[Any]] = {
        "officer_id": list(town.officers.values()),
        "agreement_id": list(town.agreements.values()),
        "assignment_id": list(town.assignments.values()),
        "completion_id": [c.completion for c in town.completions.values()],
        "person_id": list(town.people.values())[:2],
        "agency_id": [town.places["A"], town.places["B"]],
        "district_id": [town.places["D"], town.places["E"]],
        "school_id": [town.places["S1"], town.places["S3"]],
    }
    found: Args = []
    for pages in registry.fact_pages:
        own = [*owners[pages.kind.model.owner], *owners["officer_id"]]
        found += [(pages.kind.name, row.uid) for row in [*own, town.places["S2"]]]
    return [*dict.fromkeys(found), ("nosuchkind", NOWHERE)]


def facts(town: Town) -> Args:
    """Return facts of every kind that has pages: the first two of each, and the last."""
    found: Args = []
    for pages in registry.fact_pages:
        rows = list(pages.kind.model.objects.order_by("pk"))
        found += [(pages.kind.name, row.uid) for row in [*rows[:2], *rows[-1:]]]
    return [*dict.fromkeys(found), ("nosuchkind", NOWHERE)]


# A pattern with parameters, as the URLconf writes it → how they are filled. Others need no line.
FILL: Final[dict[str, Fill]] = {
    "account/passkeys/<uid:uid>/remove/": nowhere,
    "agencies/<uid:uid>/": agencies,
    "agreements/<uid:uid>/": uids("agreements"),
    "agreements/<uid:uid>/clauses/": uids("agreements"),
    "courses/<slug:code>/edit/": lambda town: [("nasro-basic",), ("nowhere",)],
    "disclosures/<uid:uid>/": uids("disclosures"),
    "disclosures/<uid:uid>/end/": uids("disclosures"),
    "disclosures/new/<slug:word>/<uid:uid>/": some(to_disclose, 2),
    "demo/be/<uid:uid>/": some(uids("people"), 9),
    "districts/<uid:uid>/": districts,
    "districts/<uid:uid>/move/": districts,
    "districts/<uid:uid>/calendar/": districts,
    "districts/<uid:uid>/calendar/new/": districts,
    "districts/<uid:uid>/schools/new/": districts,
    "emergency-access/<uid:uid>/": uids("emergencies"),
    "emergency-access/<uid:uid>/end/": uids("emergencies"),
    "emergency-access/<uid:uid>/review/": uids("emergencies"),
    "facts/<slug:kind>/<uid:uid>/correct/": facts,
    "facts/<slug:kind>/<uid:uid>/end/": facts,
    "facts/<slug:kind>/<uid:uid>/withdraw/": facts,
    "facts/<slug:kind>/new/<uid:uid>/": new_facts,
    "files/<uid:uid>/": uids("files"),
    "files/<uid:uid>/about/": uids("files"),
    "files/<uid:uid>/class/": some(uids("files"), 2),
    "files/<uid:uid>/class/approve/": some(uids("files"), 10),
    "files/<uid:uid>/class/refuse/": some(uids("files"), 10),
    "history/losses/<uid:uid>/": nowhere,
    "officers/<uid:uid>/": uids("officers"),
    "held/<uid:uid>/": nowhere,
    "held/<uid:uid>/drop/": nowhere,
    "join/<slug:token>/": tokens,
    "join/<slug:token>/passkey/": tokens,
    "join/<slug:token>/passkey/ask/": tokens,
    "people/<uid:uid>/": uids("people"),
    "people/<uid:uid>/close/": some(uids("people"), 7),
    "people/<uid:uid>/correct/": some(uids("people"), 7),
    "people/<uid:uid>/invite/": some(uids("people"), 7),
    "people/<uid:uid>/invite/approve/": some(uids("people"), 7),
    "people/<uid:uid>/join/": some(uids("people"), 7),
    "people/<uid:uid>/join/<uid:other>/": pairs,
    "people/<uid:uid>/reopen/": some(uids("people"), 7),
    "people/joined/<uid:uid>/part/": nowhere,
    "people/<uid:uid>/sees/": some(uids("people"), 5),
    "schools/<uid:uid>/": schools,
    "schools/claims/<uid:uid>/": nowhere,
}

# Views that answer without sign-in, by the name of their pattern. Each has its reason.
PUBLIC: Final = {
    "files:file": "a file of the class public has readers without an account",
    "assignments:home": "it sends everybody to the first page that is of use to them",
    "assignments:public": "what the program tells everybody: that it clears officers, and by which agreement",
    "sign_in:be": "the demo alone: being one of its people",
    "sign_in:code": "the second step of the sign-in",
    "sign_in:join": "a single-use link: whoever holds it has no account yet",
    "sign_in:join_ask": "the same, by passkey",
    "sign_in:join_passkey": "the same, by passkey",
    "sign_in:passkey_ask": "the sign-in, by passkey",
    "sign_in:passkey_sign_in": "the sign-in, by passkey",
    "sign_in:recover": "the sign-in, where the password is closed",
    "sign_in:sign_in": "the sign-in",
    "sign_in:welcome": "the demo alone: its people",
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


def addresses(town: Town, *, at_most: int = 1000) -> dict[str, str]:
    """Return the addresses of the program, filled from the town, each with its route.

    `at_most` is how many addresses of one route are taken, spread over all that there are.
    """
    found = {}
    for route, name, pattern in patterns():
        filled = FILL[route](town) if pattern.pattern.converters else [()]
        step = -(-len(filled) // at_most)
        for args in dict.fromkeys([*filled[::step], filled[-1]]):
            kwargs = dict(zip(pattern.pattern.converters, args, strict=True))
            found[reverse(name, kwargs=kwargs)] = route
    return found
