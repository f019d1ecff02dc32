"""What the public reads: every string on a page that needs no sign-in, found from the views themselves."""

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, Final

from django.forms import BaseForm
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver

from .messages import PROGRAM, Message, in_file, in_python

_NAMED: Final = re.compile(r"""{%\s*(?:extends|include)\s+["']([^"'#]+)["']""")
PARTS: Final = (
    "rapport.foundation.ui.views.parts"  # shows every part; read by those who build pages
)


def views() -> list[Callable[..., Any]]:
    """Return the program's views that need no sign-in."""
    return [
        view
        for view in _views(get_resolver().url_patterns)
        if getattr(view, "login_required", True) is False
        and view.__module__.startswith("rapport.")
        and f"{view.__module__}.{view.__name__}" != PARTS
    ]


def messages() -> list[Message]:
    """Return every string that the public may read: in templates, in forms, and in what views call."""
    found: dict[Message, None] = {}
    seen: set[str] = set()
    for path in PROGRAM.rglob("templates/[45]*.html"):  # 404.html and its like
        found.update(dict.fromkeys(_of_template(path.name, seen)))
    for view in views():
        for message in _of_code(inspect.unwrap(view), _app_of(view), seen):
            found[message] = None
    return list(found)


def _views(patterns: list[Any]) -> Iterator[Callable[..., Any]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _views(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield pattern.callback


def _app_of(view: Callable[..., Any]) -> str:
    """Return the app a view belongs to: what it calls outside of it is not followed."""
    return view.__module__.partition(".views")[0]


def _of_code(thing: Any, app: str, seen: set[str]) -> Iterator[Message]:
    """Yield what a function or a form says, and what it calls in its own app."""
    name = f"{thing.__module__}.{thing.__qualname__}"
    if name in seen:
        return
    seen.add(name)
    source = textwrap.dedent(inspect.getsource(thing))
    yield from in_python(source)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and str(node.value).partition("#")[0].endswith(".html"):
            yield from _of_template(str(node.value).partition("#")[0], seen)
        elif (called := _called(node, thing)) and called.__module__.startswith(app):
            yield from _of_code(called, app, seen)


def _called(node: ast.AST, thing: Any) -> Any:
    """Return the function or form of the program that a name in the code of `thing` stands for."""
    at = vars(inspect.getmodule(thing))
    found: Any = None
    if isinstance(node, ast.Name):
        found = at.get(node.id)
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        module = at.get(node.value.id)
        found = getattr(module, node.attr, None) if isinstance(module, ModuleType) else None
    if isinstance(found, type):
        return (
            found
            if issubclass(found, BaseForm) and found.__module__.startswith("rapport.")
            else None
        )
    if callable(found):
        found = inspect.unwrap(found)
    return (
        found
        if isinstance(found, FunctionType) and found.__module__.startswith("rapport.")
        else None
    )


def _of_template(name: str, seen: set[str]) -> Iterator[Message]:
    """Yield what a template says, and those it extends or includes by name."""
    if name in seen:
        return
    seen.add(name)
    template: Any = get_template(name)
    path = Path(template.origin.name)
    yield from in_file(path)
    for other in _NAMED.findall(path.read_text(encoding="utf-8")):
        yield from _of_template(other, seen)
