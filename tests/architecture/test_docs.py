"""What the docs name is there: commands, settings, addresses, files."""

import re
import shlex
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path

from django.urls import Resolver404, resolve

from rapport.config import commands, demo, serving  # noqa: F401  their import adds commands
from rapport.foundation import registry
from tests.architecture.code import PACKAGE, TOP

DOCS = [
    TOP / "README.md",
    TOP / "CHANGELOG.md",
    *sorted((TOP / "docs").rglob("*.md")),
    *sorted(PACKAGE.rglob("README.md")),
]
INVENTED = {"docs/recipes/add-a-page.md": "/districts/<uid>/partners/"}  # a recipe's own example


def named(pattern: str) -> Iterator[tuple[Path, str]]:
    """Yield each match of `pattern` in the docs, with the page that it stands on."""
    for page in DOCS:
        for found in re.finditer(pattern, page.read_text(encoding="utf-8"), re.M):
            yield page, found[1]


def test_every_command_that_the_docs_name_is_there() -> None:
    known = {command.words for command in registry.commands}
    groups = {words[:1] for words in known}

    unknown = {
        f"{page.relative_to(TOP)}: rapport {said}"
        for page, said in named(r"(?:^ {4,}|`|/)rapport ([a-z]+(?: [a-z-]+)?)")
        if tuple(said.split()) not in known | groups and tuple(said.split()[:1]) not in known
    }

    assert unknown == set()


def test_every_setting_that_the_docs_name_is_read_and_every_one_read_is_named() -> None:
    source = "".join(
        p.read_text(encoding="utf-8")
        for p in [*PACKAGE.rglob("*.py"), *(TOP / "tests").glob("*.py")]
    )
    read = set(
        re.findall(
            r'"(RAPPORT_[A-Z_]+|DATABASE_URL)"',
            (PACKAGE / "config/settings.py").read_text(encoding="utf-8"),
        )
    )
    within = {"RAPPORT_POOL"}  # set by `rapport serve` for its own processes

    told = {name for _, name in named(r"\b(RAPPORT_[A-Z_]+|DATABASE_URL)\b")}
    assert {name for name in told if f'"{name}"' not in source} == set()
    assert read - told - within == set()


def test_every_address_that_the_docs_name_leads_somewhere() -> None:
    lost = []
    for page, said in named(r"`(/[a-z][a-z-]*/?(?:[a-z<>_-]+/?)*)`"):
        place = str(page.relative_to(TOP))
        if said in ("/healthz", INVENTED.get(place)):
            continue
        address = re.sub(
            r"<(uid|fact|owner|assignment)>", "5f2b8b1e-2f0c-4f0e-9d1a-000000000000", said
        )
        address = re.sub(r"<kind>", "employment", re.sub(r"<code>", "nasro-basic", address))
        try:
            resolve(address)
        except Resolver404:
            lost.append(f"{place}: {said}")

    assert lost == []


def test_every_file_that_the_docs_link_to_is_there() -> None:
    lost = [
        f"{page.relative_to(TOP)}: {link}"
        for page, link in named(r"\]\(([^)#:\s]+)\)")
        if not (page.parent / link).exists()
    ]

    assert lost == []


def test_every_path_that_the_docs_name_is_there() -> None:
    invented = re.compile(r"oh_training|fleet|assignments/partners")
    roots = (
        TOP,
        PACKAGE,
        *(PACKAGE / link for link in ("foundation", "organizations", "standing")),
    )

    lost = []
    for page, said in named(
        r"`((?:src|tests|bench|docs|foundation|organizations|standing|requirements)/[\w./-]+)`"
    ):
        near = (*roots, page.parent)
        if not invented.search(said) and not any((root / said).exists() for root in near):
            lost.append(f"{page.relative_to(TOP)}: {said}")

    assert lost == []


def test_each_command_of_the_first_hour_is_one_that_the_program_takes() -> None:
    text = (TOP / "README.md").read_text(encoding="utf-8")
    hour = text.partition("## Your first hour")[2].partition("\n## ")[0]
    said = [
        shlex.split(words) for words in re.findall(r"^    \.venv/bin/rapport (.*)$", hour, re.M)
    ]

    assert [words[0] for words in said] == ["invite", "import"]
    for words in said:
        command = next(c for c in registry.commands if tuple(words[: len(c.words)]) == c.words)
        parser = ArgumentParser()
        parser.add_argument("--home")
        command.options(parser)
        asked = parser.parse_args(words[len(command.words) :])
        assert asked.home == "var/program"
        assert (TOP / getattr(asked, "file", "README.md")).exists()
