"""What every app's card says, in the same shape."""

import re
from pathlib import Path

import pytest
from django.apps import apps

from rapport.foundation import registry
from rapport.foundation.access import Verb
from tests.architecture.code import PACKAGE, SHELVES, modules

VERBS = list(registry.verbs)
PARTS = ("one sentence:", "nouns", "verbs", "who may", "never")


def folder_of(verb: Verb) -> Path:
    """Return the folder of the app that a verb's first word names, or of whoever declares it."""
    app = verb.name.partition(".")[0]
    if app in {config.label for config in apps.get_app_configs()}:
        return Path(apps.get_app_config(app).path)
    path = next(m.path for m in modules() if f'"{verb.name}"' in m.text)
    # A shelf that is a folder of its own lies in its app.
    return next(p for p in path.parents if p.name not in SHELVES)


FOLDERS = sorted({p.parent for p in PACKAGE.rglob("apps.py")} | {folder_of(v) for v in VERBS})


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda p: p.name)
def test_every_app_and_whoever_declares_a_verb_has_a_card(folder: Path) -> None:
    card = (folder / "README.md").read_text(encoding="utf-8").lower()

    assert [part for part in PARTS if part not in card] == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda p: p.name)
def test_every_verb_has_a_place_in_its_apps_card(folder: Path) -> None:
    card = (folder / "README.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`([^`]+)`", card))

    missing = []
    for verb in (v for v in VERBS if folder_of(v) == folder):
        part = verb.name.partition(".")[2]
        if not {verb.name, f".{part}", part} & told:
            missing.append(verb.name)

    assert missing == []


def test_no_card_names_a_verb_that_nobody_can_do() -> None:
    known = {v.name for v in VERBS}
    words = {name.partition(".")[0] for name in known}

    invented = {
        f"{folder.name}: {said}"
        for folder in FOLDERS
        for said in re.findall(
            r"`([a-z_]+\.[a-z_]+)`", (folder / "README.md").read_text(encoding="utf-8")
        )
        if said.partition(".")[0] in words and said not in known
    }

    assert invented == set()
