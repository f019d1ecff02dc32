"""How large things are, where they stand, and what they may know."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django import forms
from django.urls import get_resolver

from rapport.foundation.ui.fields import Line, WordsField
from tests.architecture.code import PACKAGE, TOP, Function, modules

LONGEST_FILE, LONGEST_FUNCTION = 300, 40
# Files (by place) and functions (place:name) that are longer, each with the reason why it is one thing.
LONG: dict[str, str] = {}

LINKS = {"organizations", "standing"}
SHELVES = {
    "README.md", "__init__", "rules", "models", "access", "queries", "actions", "forms", "views", "urls", "apps",
    "commands", "demo", "templates", "tests", "migrations", "static", "locale", "rulesets", "case", "__pycache__",
}  # fmt: skip
# What an app has beside the shelves, with its reason.
BESIDE: dict[str, str] = {
    "agreements/clauses.toml": "the library of clauses, which people read",
    "places/data": "the real schools of the demo town, with their source",
    "training/courses.toml": "the courses that a release ships: data, not a rule set",
}


def apps() -> list[Path]:
    """Return the folders of the apps of the links."""
    return [p.parent for link in sorted(LINKS) for p in sorted((PACKAGE / link).glob("*/apps.py"))]


def lengths() -> Iterator[tuple[str, int, int]]:
    """Yield each file and function, how long it is, and how long it may be."""
    for module in modules():
        yield module.place, module.text.count("\n"), LONGEST_FILE
        for node in ast.walk(module.tree):
            if isinstance(node, Function):
                length = (node.end_lineno or 0) - node.lineno + 1
                yield f"{module.place}:{node.name}", length, LONGEST_FUNCTION


def test_nothing_is_longer_than_a_look_but_for_a_reason() -> None:
    long = {place: length for place, length, most in lengths() if length > most}

    assert set(long) == set(LONG), long


@pytest.mark.parametrize("app", apps(), ids=lambda p: p.name)
def test_every_app_has_the_shelves_and_no_others(app: Path) -> None:
    found = {p.name.removesuffix(".py") for p in app.iterdir()} - SHELVES

    assert {name for name in found if f"{app.name}/{name}" not in BESIDE} == set()


def imports(text: str) -> list[str]:
    """Return the modules that a source names in its imports."""
    return re.findall(r"^\s*(?:from|import) ([\w.]+)", text, re.M)


def test_only_the_vault_touches_the_sealing_library() -> None:
    touching = [
        m.name for m in modules() if any(i.startswith("cryptography") for i in imports(m.text))
    ]

    assert [name for name in touching if not name.startswith("rapport.foundation.vault")] == []
    assert touching


def test_a_rule_learns_of_the_day_only_by_asking_whether_a_date_was_reached() -> None:
    read = [
        f"{module.place}:{node.lineno}"
        for module in modules()
        if module.shelf == "rules" and module.path.name != "day.py"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr == "date"
        if isinstance(node.value, ast.Name) and node.value.id != "datetime"
    ]

    assert read == []


def test_a_rule_knows_no_database_no_clock_and_no_request() -> None:
    barred = re.compile(
        r"django\.(http|db(?!\.models$)).*|rapport\.foundation\.(clock|audit|live|outbox).*"
        r"|rapport\..*\.(models|queries|actions|views|case)"
    )

    found = [
        f"{module.place}: {name}"
        for module in modules()
        if module.shelf == "rules"
        for name in imports(module.text)
        if barred.fullmatch(name)
    ]

    assert found == []


def test_no_app_opens_anothers_pages_forms_or_commands() -> None:
    closed = re.compile(r"rapport\.(\w+\.\w+)\.(views|forms|urls|commands|demo|apps)\b.*")

    found = []
    for module in modules():
        own = ".".join(module.name.split(".")[1:3])
        if own.partition(".")[0] not in LINKS:
            continue
        for name in imports(module.text):
            other = closed.fullmatch(name)
            if other and other[1] != own and other[1].partition(".")[0] in LINKS:
                found.append(f"{module.place}: {name}")

    assert found == []


def test_every_address_takes_a_uid_with_or_without_its_hyphens() -> None:
    hyphens_only = "<uu" + "id:"

    assert [m.place for m in modules() if hyphens_only in m.text] == []


def test_no_shelf_has_a_name_that_says_nothing() -> None:
    vague = {"utils", "helpers", "services", "managers", "signals", "common", "misc"}

    assert [m.place for m in modules() if vague & set(m.name.split("."))] == []


def test_every_dependency_says_why_it_is_there() -> None:
    text = (TOP / "pyproject.toml").read_text(encoding="utf-8")
    listed = tomllib.loads(text)["project"]["dependencies"]
    lines = text[text.index("dependencies = [") :].split("\n]\n")[0].splitlines()[1:]

    assert len(lines) == len(listed)
    assert [line for line in lines if not re.search(r'",\s+# \w', line)] == []


def pins(name: str) -> dict[str, str]:
    text = (TOP / "requirements" / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([\w.\[\]-]+)==([^\s;\\]+)", text, re.M))


def test_the_locks_agree_and_hold_every_dependency_by_hash() -> None:
    runtime, dev = pins("runtime.lock.txt"), pins("dev.lock.txt")
    asked = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]["dependencies"]
    names = {re.split(r"[\[<>=~; ]", one)[0].lower() for one in asked}

    assert runtime.items() <= dev.items()
    assert names <= {name.split("[")[0] for name in runtime}
    for lock in ("runtime.lock.txt", "dev.lock.txt"):
        text = (TOP / "requirements" / lock).read_text()
        assert text.count("--hash=sha256:") >= len(pins(lock))
        assert "://" not in text
        assert "index-url" not in text


def test_every_form_that_makes_something_makes_it_once() -> None:
    """A button pressed twice, or a page sent again, makes no second one (`ui/once.py`)."""
    addresses = get_resolver().url_patterns
    making = {
        str(at.pattern): at.callback
        for there in addresses
        for at in getattr(there, "url_patterns", [there])
        if re.search(r"(^|/)new/", str(at.pattern))
    }

    missing = [
        address
        for address, view in making.items()
        if "passkey" not in address and not getattr(view, "is_made_once", False)
    ]

    assert len(making) > 8
    assert missing == []


# Fields of words that a form may take as they come, by class or by form and field.
AS_TYPED = {
    "Secret": "a password is taken as typed",
    "HistoryForm.who": "a search",
    "HistoryForm.about": "a search",
}


def test_every_form_takes_words_without_signs_that_cannot_be_seen() -> None:
    """One line is a `Line`, several are a `WordsField`: both refuse what the eye does not see."""
    found = []
    for form in _forms(forms.Form):
        for name, field in form.base_fields.items():
            if not isinstance(field, forms.CharField) or isinstance(field, Line | WordsField):
                continue
            hidden = isinstance(field.widget, forms.HiddenInput | forms.PasswordInput)
            if not hidden and not {type(field).__name__, f"{form.__name__}.{name}"} & set(AS_TYPED):
                found.append(f"{form.__module__}.{form.__name__}.{name}")

    assert len(_forms(forms.Form)) > 30
    assert found == []


def _forms(base: type[forms.Form]) -> list[type[forms.Form]]:
    get_resolver().url_patterns  # noqa: B018  loads every view, and with it every form
    below = [each for form in base.__subclasses__() for each in (form, *_forms(form))]
    return [
        form
        for form in below
        if form.__module__.startswith("rapport.") and ".tests." not in form.__module__
    ]
