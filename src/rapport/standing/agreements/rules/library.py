"""The clause library: what a complete agreement should be able to hold (FIELD 2.3). Shipped as data."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class LibraryClause(NamedTuple):
    """One clause of the library: its number, its short title by language, and where it comes from."""

    number: int
    titles: Mapping[str, str]
    is_sourced: bool  # a law or a published model that was read asks for it
    source: str = ""

    def title(self, language: str) -> str:
        """Return the short title in a language such as "es" or "en-us"; English where there is none."""
        return self.titles.get(language.split("-")[0]) or self.titles["en"]


@cache
def clauses() -> Mapping[int, LibraryClause]:
    """Return the library by number, in its order."""
    text = files("rapport.standing.agreements").joinpath("clauses.toml").read_text(encoding="utf-8")
    return {
        row["number"]: LibraryClause(
            row["number"],
            {"en": row["en"], "es": row["es"]},
            row["basis"] == "sourced",
            row.get("source", ""),
        )
        for row in tomllib.loads(text)["clause"]
    }
