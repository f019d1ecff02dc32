"""A walk of every address with POST, as whoever has a form there: words far too long, and signs of no text.

Whatever is sent, the program does not fail; and where there was something to type, nothing is written.
"""

import re
from html.parser import HTMLParser
from typing import Any, Final

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from tests.wall.addresses import addresses, patterns
from tests.wall.test_walk import digest, signed_in
from tests.wall.town import STRANGER, Town

ODD: Final = ("x" * 5000, "x" * 100_000, "9" * 5000, "a\0b", "\u202eab")
# Between them they have every form of the program.
WHO: Final = ("administrator", "agency_head", "superintendent", "privacy_officer", STRANGER)
# Wrong passwords and codes are counted; a form that was not taken has used up no mark.
MAY_BE_WRITTEN: Final = {"sign_in_tries", "ui_sent", "audit_asked"}


class Fields(HTMLParser):
    """What the forms of a page that post to it ask for: to type, to choose (with one choice), to upload."""

    def __init__(self, page: str, address: str) -> None:
        super().__init__()
        self.typed: set[str] = set()
        self.files: set[str] = set()
        self.chosen: dict[str, str] = {}
        self.hidden: dict[str, str] = {}
        self._address, self._inside, self._select = address, False, ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a field of such a form."""
        said = {name: value or "" for name, value in attrs}
        name, kind = said.get("name", ""), said.get("type", "text")
        if tag == "form":
            here = said.get("action", "") in ("", self._address)
            self._inside = here and said.get("method", "").lower() == "post"
        if not self._inside:
            return
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select and said.get("value"):
            self.chosen.setdefault(self._select, said["value"])
        elif tag == "textarea":
            self.typed.add(name)
        elif tag == "input" and name:
            self._input(name, kind, said.get("value", "on"))

    def _input(self, name: str, kind: str, value: str) -> None:
        if kind in ("radio", "checkbox"):
            self.chosen.setdefault(name, value)
        elif kind == "hidden":
            self.hidden[name] = value
        elif kind == "file":
            self.files.add(name)
        else:
            self.typed.add(name)

    def sent(self, odd: str, *, choose: bool) -> dict[str, Any]:
        """Return a form with this in every field; with `choose` only in those to be typed."""
        every = {*self.typed, *self.hidden, *self.chosen}
        said: dict[str, Any] = dict.fromkeys(every - {"csrfmiddlewaretoken"}, odd)
        if choose:
            said |= self.hidden | self.chosen
        return said | {n: SimpleUploadedFile(f"{odd}.txt", b"of no use") for n in self.files}


@pytest.fixture(scope="module")
def there(town: Town) -> dict[str, list[str]]:
    """Return some addresses of each route."""
    found: dict[str, list[str]] = {}
    for address, route in addresses(town, at_most=3).items():
        found.setdefault(route, []).append(address)
    return found


def form_of(town: Town, there: list[str]) -> tuple[str, str, Fields | None]:
    """Return who finds a form at one of these addresses, the address and the form; else None for it."""
    for address in there:
        for key in WHO:
            answer = signed_in(town, key).get(address)
            if answer.status_code == 200 and "html" in answer["Content-Type"]:
                fields = Fields(answer.content.decode(), address)
                if fields.typed or fields.chosen or fields.files:
                    return key, address, fields
    return "administrator", there[0], None


def outermost() -> transaction.Atomic:
    """Return a block that counts as none, as those of test cases do: a line of its own commits in it."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    return block


@pytest.mark.slow
@pytest.mark.parametrize("route", sorted({route for route, _, _ in patterns()}))
def test_no_words_make_a_form_fail_or_write(
    town: Town, there: dict[str, list[str]], route: str
) -> None:
    with outermost():
        key, address, fields = form_of(town, there[route])
        before = digest()
        failed = []
        for odd in ODD:
            for choose in (False, True):
                client = signed_in(town, key)
                said = fields.sent(odd, choose=choose) if fields else {"name": odd, "next": odd}
                with outermost():
                    answer = client.post(address, said)
                    asks = fields and (fields.typed or not choose)
                    if not asks:
                        transaction.set_rollback(True)
                if answer.status_code >= 500:
                    failed.append((key, address, odd[:9], choose, answer.status_code))
        after = digest()
        transaction.set_rollback(True)

    changed = {t for t in before if before[t] != after[t]} - MAY_BE_WRITTEN
    assert not failed
    assert not changed, (key, address)
    if re.search(r"(^|/)(new|correct|edit|move)/", route) and "passkey" not in route:
        assert fields, "Nobody of WHO has the form of this address."
