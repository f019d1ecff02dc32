"""Languages: strings are found wherever they stand, compiled without a system program, public pages whole."""

import gettext
import io
from argparse import Namespace
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.utils import translation

from rapport.foundation.ui import messages, public
from rapport.foundation.ui.commands import MESSAGES
from rapport.foundation.ui.messages import Message


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_the_compiled_file_is_what_the_source_compiles_to(language: str) -> None:
    path = messages.po(language)

    assert path.with_suffix(".mo").read_bytes() == messages.compiled(messages.read(language))


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_string_the_public_reads_is_translated(language: str) -> None:
    assert messages.untranslated(messages.read(language), public.messages()) == []


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_translations_keep_the_placeholders(language: str) -> None:
    assert messages.broken(messages.read(language)) == []


def test_strings_are_found_in_code_with_context_and_plural() -> None:
    source = '_("One")\nngettext("%d day", "%d days", n)\npgettext("verb", "Lock")\nother("no")'

    assert list(messages.in_python(source)) == [
        Message("One"),
        Message(("%d day", "%d days")),
        Message("Lock", "verb"),
    ]


def test_strings_are_found_in_templates_whatever_their_indentation() -> None:
    source = """{% load i18n %}
      <p>It's {% translate "plain" %}</p>
   {% include "x.html" with submit=_("Save it") %}
 {% blocktranslate count n=n trimmed %}
       {{ n }} day
     {% plural %}
 {{ n }} days{% endblocktranslate %}
    {% translate "Lock" context "verb" %}"""

    assert list(messages.in_template(source)) == [
        Message("plain"),
        Message("Save it"),
        Message(("%(n)s day", "%(n)s days")),
        Message("Lock", "verb"),
    ]


def test_a_string_without_translation_and_a_lost_placeholder_are_named() -> None:
    catalog = Catalog(locale="es")
    catalog.add("Hello %(name)s", "Hola %(nombre)s")
    catalog.add(("One day", "%d days"), ("Un día", "%d días"))
    catalog.add("Empty", "")
    asked = [Message("Hello %(name)s"), Message("Empty"), Message("New")]

    assert messages.untranslated(catalog, asked) == ["Empty", "New"]
    assert messages.broken(catalog) == ["'Hello %(name)s': other placeholders in 'Hola %(nombre)s'"]


def test_python_s_own_reader_reads_the_compiled_file() -> None:
    catalog = Catalog(locale="es")
    catalog.add(("%d day", "%d days"), ("%d día", "%d días"))

    read = gettext.GNUTranslations(io.BytesIO(messages.compiled(catalog)))

    assert read.ngettext("%d day", "%d days", 3) == "%d días"


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(messages, "LOCALE", tmp_path)
    return tmp_path


@pytest.mark.slow
def test_the_check_fails_until_the_files_are_written_and_translated(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert MESSAGES.run(Namespace(check=True)) == 1
    assert not list(elsewhere.iterdir())

    assert MESSAGES.run(Namespace(check=False)) == 1
    assert messages.po("es").exists()
    assert "a public page lacks: 'There is no such page'" in capsys.readouterr().err


@login_not_required
def _view(request: HttpRequest) -> HttpResponse:
    return _said("ui/search.html")


def _said(name: str) -> HttpResponse:
    return HttpResponse(translation.gettext(name) + gettext.gettext("Said by what a view calls"))


def test_what_a_public_view_renders_and_calls_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public, "views", lambda: [_view])

    words = {m.words for m in public.messages()}

    assert "Said by what a view calls" in words
    assert "There is no such page" in words
    assert "Skip to content" in words


@pytest.mark.django_db
def test_a_stranger_reads_spanish(client: Client) -> None:
    page = client.get("/no/such/page/", headers={"accept-language": "es-MX,es;q=0.9"})

    assert "Esta página no existe" in page.content.decode()
    assert 'lang="es"' in page.content.decode()
