"""A crawl as every person over every address: what may be seen is seen, and nothing else is.

The oracle is `may_see.csv`, written by hand. The crawl begins at every address of the program, with
ids that the person may and may not see, follows links, takes lists as files, and searches for every
marker; it reads pages, files, headers and error pages alike.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client

from tests.wall.addresses import addresses, patterns
from tests.wall.test_walk import signed_in
from tests.wall.town import CAST, STRANGER, Town

EVERYBODY: Final = (*CAST, STRANGER)
GROUPS: Final = {
    "EVERYBODY": EVERYBODY,
    "AGENCY": (
        "officer",
        "officer_second",
        "team_officer",
        "supervisor",
        "agency_head",
        "investigator",
        "dispatcher",
        "board_agency",
    ),
    "SWORN": (
        "officer",
        "officer_second",
        "team_officer",
        "supervisor",
        "agency_head",
        "investigator",
    ),
    "SCHOOL": (
        "principal",
        "front_office",
        "front_emergency",
        "school_staff",
        "counselor",
        "team_member",
    ),
    "DISTRICT": (
        "counselor_district",
        "team_district",
        "safety_director",
        "superintendent",
        "privacy_officer",
        "board_district",
    ),
    "DISTRICT_EDUCATION": (
        "counselor_district",
        "team_district",
        "safety_director",
        "superintendent",
        "privacy_officer",
        "privacy_program",
    ),
    "PROGRAM": ("privacy_program", "board_member"),
}
# Which rows the wall's filter gives is asked of everybody on SQLite; on PostgreSQL somebody of each
# kind of place shows that it gives the same ones there: agency, school, district, program, two at
# once, an emergency, elsewhere, none.
ON_POSTGRESQL: Final = (
    "officer",
    "team_officer",
    "principal",
    "front_emergency",
    "superintendent",
    "privacy_program",
    "chief_elsewhere",
    "nobody",
    STRANGER,
)
CRAWLING: Final = ON_POSTGRESQL if connection.vendor == "postgresql" else EVERYBODY
MOST_PAGES: Final = 1500  # of one person: a crawl that runs away is a fault of its own


def may_see() -> dict[str, frozenset[str]]:
    """Return marker → who sees it, as written by hand."""
    text = Path(__file__).with_name("may_see.csv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    found = {}
    for marker, who in csv.reader(lines):
        people = [p for word in who.split() for p in GROUPS.get(word, (word,))]
        assert marker not in found, f"{marker} is written twice"
        found[marker] = frozenset(people)
    return found


class Crawl:
    """One person's crawl: what was read where."""

    def __init__(self, town: Town, key: str) -> None:
        self.town, self.key = town, key
        self.client: Client = signed_in(town, key)
        self.seen: dict[str, set[str]] = defaultdict(set)  # marker → addresses
        self.visited: set[str] = set()
        self.broken: dict[str, int] = {}

    def run(self) -> None:
        """Read every address, then whatever they link to, then search for every marker."""
        waiting = [*addresses(self.town), *exports()]
        while waiting:
            address = waiting.pop()
            if address in self.visited:
                continue
            assert len(self.visited) < MOST_PAGES, sorted(self.visited)[::50]
            waiting += self.read(address)
        for marker, text in self.town.markers.items():
            # Asked in capitals, so that the question, which the page repeats, is not taken for a find.
            self.read(f"/search/?q={text.upper()}", only=marker)

    def read(self, address: str, only: str | None = None) -> list[str]:
        """Read one address and return where it links to."""
        self.visited.add(address)
        answer = self.client.get(address)
        if answer.status_code >= 500 and urlsplit(address).path != "/readyz":
            self.broken[address] = answer.status_code
        said = text_of(answer)
        for marker, text in self.town.markers.items():
            if only in (None, marker) and text in said:
                self.seen[marker].add(address)
        is_page = answer.headers.get("Content-Type", "").startswith("text/html")
        return [*links(said, address)] if is_page or answer.status_code in (301, 302) else []


def exports() -> list[str]:
    """Return every address without parameters, asked as a file."""
    return [f"/{route}?format=csv" for route, _, p in patterns() if not p.pattern.converters]


# What a form offers to choose from says nothing about anybody.
CHOICES: Final = re.compile(r"<select.*?</select>|<fieldset.*?</fieldset>", re.DOTALL)


def text_of(answer: HttpResponseBase) -> str:
    """Return all that an answer says: its headers and its body, without the choices of its forms."""
    body = answer.getvalue() if answer.streaming else answer.content  # type: ignore[attr-defined]
    headers = "\n".join(f"{k}: {v}" for k, v in answer.headers.items())
    said = bytes(body).decode("utf-8", "replace")
    return headers + "\n" + CHOICES.sub("", unescape(said))


def links(said: str, address: str) -> Iterator[str]:
    """Yield the addresses of this program that a page links to, or is redirected to."""
    found = re.findall(r'href="([^"#]+)', said) + re.findall(
        r"^Location: (\S+)", said, re.MULTILINE
    )
    for link in found:
        if link.startswith("?"):
            link = urlsplit(address).path + link
        if link.startswith("/") and not link.startswith(("/static/", "//")) and is_new(link):
            yield link


def is_new(link: str) -> bool:
    """Tell whether a link may lead to something else than the same page in another order or as a file again."""
    asked = urlsplit(link).query
    if link.startswith(("/parts/", "/sign-in/?")):
        return False
    return not re.search(r"(^|&)(sort|why)=", asked)


@pytest.mark.slow
@pytest.mark.parametrize("key", CRAWLING)
def test_a_crawl_sees_exactly_what_the_hand_written_table_says(town: Town, key: str) -> None:
    crawl = Crawl(town, key)

    crawl.run()

    table = may_see()
    wrongly = {m: sorted(where)[:4] for m, where in crawl.seen.items() if key not in table[m]}
    missed = sorted(m for m, who in table.items() if key in who and m not in crawl.seen)
    assert not crawl.broken
    assert not wrongly, f"{key} sees what is not theirs"
    assert not missed, f"{key} does not see what is theirs"


def test_the_hand_written_table_names_every_marker_of_the_town_and_only_people_of_it(
    town: Town,
) -> None:
    table = may_see()

    assert set(table) == set(town.markers)
    assert {who for people in table.values() for who in people} <= set(EVERYBODY)
    texts = list(town.markers.values())
    assert not [(a, b) for a in texts for b in texts if a is not b and a in b]
