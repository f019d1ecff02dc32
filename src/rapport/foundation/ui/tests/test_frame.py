"""The frame of every page: theme, language, demo note, errors in words."""

import pytest
from django.test import Client, RequestFactory, override_settings

from rapport.foundation.ui.frame import frame

pytestmark = pytest.mark.django_db


def test_a_theme_is_kept_in_a_cookie_and_leads_back(client: Client) -> None:
    answer = client.post("/look/theme/", {"theme": "dark", "next": "/search/?q=a"})

    assert answer["Location"] == "/search/?q=a"
    assert answer.cookies["theme"].value == "dark"


def test_a_theme_leads_nowhere_else(client: Client) -> None:
    answer = client.post("/look/theme/", {"theme": "dark", "next": "https://elsewhere.example/"})

    assert answer["Location"] == "/"


@pytest.mark.parametrize(
    ("cookie", "media"),
    [
        ("dark", "screen"),
        ("light", "not all"),
        ("", "screen and (prefers-color-scheme: dark)"),
        ("<script>", "screen and (prefers-color-scheme: dark)"),
    ],
)
def test_dark_is_for_screens_alone(cookie: str, media: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES["theme"] = cookie

    assert frame(request).dark_media == media


@override_settings(RAPPORT_IS_DEMO=True)
def test_the_demo_says_on_screen_and_on_paper_that_its_people_are_invented(client: Client) -> None:
    page = client.get("/no/such/page/").content.decode()

    assert page.count("certificates are invented; schools are real") == 2


def test_the_parts_are_for_the_demo_and_the_signed_in(client: Client) -> None:
    assert client.get("/parts/").status_code == 404


def test_a_page_holds_no_style_and_no_script_of_its_own(client: Client) -> None:
    page = client.get("/no/such/page/").content.decode()

    assert "style=" not in page
    assert "<style" not in page
    assert "onclick" not in page
    assert page.count("<script") == page.count("<script src=")


def test_a_page_that_is_not_there_says_so_in_the_reader_s_language(client: Client) -> None:
    answer = client.get("/no/such/page/", headers={"accept-language": "en"})

    assert answer.status_code == 404
    assert "There is no such page" in answer.content.decode()
