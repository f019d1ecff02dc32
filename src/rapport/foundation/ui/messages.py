"""Languages: gather what people read, keep it in .po files, compile .mo files. No system program is needed.

`rapport messages` brings `locale/LANGUAGE/LC_MESSAGES/django.po` up to date with code and templates and
compiles `django.mo` beside it; both belong to the program and are committed. The .po has neither line
numbers nor dates, so that it changes only where words do.
"""

import io
import re
import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PROGRAM: Final = Path(__file__).resolve().parents[2]
LOCALE: Final = Path(__file__).resolve().parent / "locale"
LANGUAGES: Final = ("es",)
KEYWORDS: Final = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_lazy": None,  # where a module uses both, the lazy one has this name
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_PLACE: Final = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
_FIXED: Final = datetime(2026, 11, 24, tzinfo=UTC)
Words = str | tuple[str, ...]  # one form, or singular and plural


@dataclass(frozen=True, slots=True)
class Message:
    """Something people read: its words, and its context where one is given."""

    words: Words
    context: str | None = None


def in_python(source: str) -> Iterator[Message]:
    """Yield what Python code says to people."""
    for _line, words, _comments, context in extract(
        "python", io.BytesIO(source.encode()), keywords=KEYWORDS
    ):
        yield Message(words, context)


def in_template(source: str) -> Iterator[Message]:
    """Yield what a Django template says to people."""
    # Django turns a template into something like Python, with the indentation of HTML.
    like_python = "\n".join(line.lstrip() for line in templatize(source).splitlines())
    yield from in_python(like_python)


def in_file(path: Path) -> Iterator[Message]:
    """Yield what a file says to people."""
    source = path.read_text(encoding="utf-8")
    yield from in_template(source) if path.suffix in (".html", ".txt") else in_python(source)


def files() -> list[Path]:
    """Return the program's files that say something to people: neither tests nor the samples of parts."""
    found = (p for ending in ("*.py", "*.html", "*.txt") for p in PROGRAM.rglob(ending))
    left_out = {"tests", "migrations", "samples.py", "parts.html"}
    return sorted(p for p in found if not left_out & set(p.relative_to(PROGRAM).parts))


def gathered() -> Catalog:
    """Return everything the program says to people, untranslated."""
    template = Catalog(project="rapport", creation_date=_FIXED, charset="utf-8")
    for path in files():
        for message in in_file(path):
            template.add(message.words, context=message.context)
    return template


def po(language: str) -> Path:
    """Return where the translations into `language` are kept."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """Return the translations into `language`; an empty catalog where there are none yet."""
    path = po(language)
    if not path.exists():
        return Catalog(locale=language)
    return read_po(io.BytesIO(path.read_bytes()), locale=language)


def written(catalog: Catalog) -> bytes:
    """Return a catalog as a .po file: by words, without places and dates."""
    catalog.creation_date = catalog.revision_date = _FIXED
    catalog.header_comment = "# Translations of Rapport. Gathered and compiled by: rapport messages"
    catalog.fuzzy = False
    out = io.BytesIO()
    write_po(
        out, catalog, width=100, no_location=True, sort_output=True, ignore_obsolete=True
    )  # fmt: skip
    return out.getvalue()


def compiled(catalog: Catalog) -> bytes:
    """Return a catalog as the .mo file that Django reads."""
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def brought_up_to_date(language: str) -> Catalog:
    """Return the translations into `language` with every string there is now, and no other."""
    catalog = read(language)
    catalog.update(gathered(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    return catalog


def untranslated(catalog: Catalog, messages: Iterable[Message]) -> list[Words]:
    """Return the words of `messages` that the catalog does not translate whole, sorted."""
    missing = set()
    for message in messages:
        first = message.words if isinstance(message.words, str) else message.words[0]
        kept = catalog.get(first, message.context)
        if kept is None or not _whole(kept.string):
            missing.add(message.words)
    return sorted(missing, key=str)


def _whole(string: Any) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


def broken(catalog: Catalog) -> list[str]:
    """Return translations in which a placeholder is missing or made up; a singular may do without."""
    faults = []
    for message in catalog:
        given, forms = _forms(message.id), _forms(message.string)
        known = {place for form in given for place in _PLACE.findall(form)}
        for form in forms if message.id else []:
            there = set(_PLACE.findall(form))
            whole = form is forms[-1]
            if form and (there - known or (whole and there != set(_PLACE.findall(given[-1])))):
                faults.append(f"{given[0]!r}: other placeholders in {form!r}")
    return faults


def _forms(words: Any) -> list[str]:
    return [w or "" for w in words] if isinstance(words, tuple | list) else [words or ""]


def bring_up_to_date(args: Namespace) -> int:
    """Write .po and .mo anew; with --check write nothing and return 1 where something is behind."""
    from . import public

    behind = False
    for language in LANGUAGES:
        catalog = brought_up_to_date(language)
        source, machine = written(catalog), compiled(catalog)
        path = po(language)
        if args.check:
            kept = {
                p: p.read_bytes() if p.exists() else b"" for p in (path, path.with_suffix(".mo"))
            }
            behind |= kept != {path: source, path.with_suffix(".mo"): machine}
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(source)
            path.with_suffix(".mo").write_bytes(machine)
        missing = untranslated(catalog, public.messages())
        faults = broken(catalog)
        _say(language, catalog, missing, faults)
        behind |= bool(missing or faults)
    if args.check and behind:
        sys.stderr.write("The translations are behind. Run: rapport messages, then translate.\n")
    return 1 if behind else 0


def _say(language: str, catalog: Catalog, missing: list[Words], faults: list[str]) -> None:
    done = sum(1 for m in catalog if m.id and _whole(m.string))
    sys.stderr.write(f"{language}: {done} of {len(catalog)} translated.\n")
    for words in missing:
        sys.stderr.write(f"{language}: a public page lacks: {words!r}\n")
    for fault in faults:
        sys.stderr.write(f"{language}: {fault}\n")
