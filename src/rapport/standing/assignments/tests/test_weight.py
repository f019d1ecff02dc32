"""What the board costs on the way: a first visit, and every later one."""

import re
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from rapport.foundation.access import Role
from rapport.standing.assignments.tests.test_pages import signed_in
from rapport.standing.assignments.tests.town import a_town


@pytest.mark.django_db
def test_a_board_of_fifty_officers_is_light_at_first_and_lighter_after(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in(client, a_town(60, 30).actor(Role.SUPERVISOR), monkeypatch)

    page = client.get("/board/", headers={"accept-encoding": "gzip"})

    plain = client.get("/board/").content.decode()
    assert plain.count("Pat Maple") >= 50
    linked = set(re.findall(r'(?:href|src)="/static/([^"]+)"', plain))
    assert {"ui/base.css", "ui/app.js"} <= linked
    files = [Path(str(finders.find(name))).read_bytes() for name in linked]
    later = len(page.content)
    assert page["Content-Encoding"] == "gzip"
    assert later < 20_000
    assert later + sum(len(brotli.compress(file)) for file in files) < 120_000
