"""What a page costs on the way: a first visit, and every later one."""

from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.core.files.storage import storages
from django.test import Client, override_settings

from rapport.foundation.ui.storage import Storage


@override_settings(RAPPORT_IS_DEMO=True)
@pytest.mark.django_db
def test_the_heaviest_page_is_light_at_first_and_lighter_after(client: Client) -> None:
    page = client.get("/parts/", headers={"accept-encoding": "gzip"})
    files = [
        Path(str(finders.find(f"ui/{name}"))).read_bytes()
        for name in (
            "base.css",
            "dark.css",
            "frame.css",
            "parts.css",
            "forms.css",
            "tables.css",
            "app.js",
        )
    ]

    later = len(page.content)
    first = later + sum(len(brotli.compress(file)) for file in files)

    assert page["Content-Encoding"] == "gzip"
    assert later < 20_000
    assert first < 40_000


def test_a_collected_file_is_asked_for_by_a_name_that_changes_with_it(tmp_path: Path) -> None:
    storage = Storage(location=tmp_path, base_url="/static/")
    (tmp_path / "a.css").write_text("a{}")

    list(storage.post_process({"a.css": (storage, "a.css")}))

    name = storage.stored_name("a.css")
    assert name != "a.css"
    assert (tmp_path / name).read_text() == "a{}"


def test_a_file_that_was_not_collected_keeps_its_plain_name(tmp_path: Path) -> None:
    assert Storage(location=tmp_path, base_url="/static/").stored_name("ui/app.js") == "ui/app.js"


def test_the_suite_serves_plain_names() -> None:
    assert storages["staticfiles"].url("ui/app.js") == "/static/ui/app.js"
