"""Rule sets as files that people can read: TOML, one a jurisdiction and topic. No database."""

import tomllib
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from typing import NamedTuple

from rapport.foundation.registry import Shelf


class FileVersion(NamedTuple):
    """One version in a file, with its rules as canonical JSON."""

    version: str
    since: date
    until: date | None
    body: str


class RuleFile(NamedTuple):
    """A rule set's file."""

    jurisdiction: str
    topic: str
    title: str
    versions: tuple[FileVersion, ...]


def read(shelf: Shelf) -> Iterator[RuleFile]:
    """Yield the rule sets of a shelf, by file name. Raises `ValueError` naming the file."""
    for path in sorted(files(shelf.package).joinpath("rulesets").iterdir(), key=lambda p: p.name):
        if path.name.endswith(".toml"):
            try:
                yield parsed(path.read_text(encoding="utf-8"), shelf)
            except (ValueError, KeyError) as problem:
                raise ValueError(f"{path.name}: {problem}") from problem


def parsed(text: str, shelf: Shelf) -> RuleFile:
    """Return the rule set that a file's text says."""
    said = tomllib.loads(text)
    versions = tuple(
        FileVersion(str(v["version"]), v["from"], v.get("until"), shelf.body_of(v))
        for v in said["version"]
    )
    return RuleFile(said["jurisdiction"], said["topic"], said["title"], versions)
