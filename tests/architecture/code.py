"""The program's source as the architecture tests read it: modules, functions, who calls whom."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
PACKAGE = TOP / "src" / "rapport"
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One source file."""

    path: Path
    name: str  # rapport.standing.officers.actions
    tree: ast.Module

    @property
    def text(self) -> str:
        """Return its source."""
        return self.path.read_text(encoding="utf-8")

    @property
    def place(self) -> str:
        """Return its path below the top, as it is printed."""
        return str(self.path.relative_to(TOP))

    @property
    def shelf(self) -> str:
        """Return the shelf that it stands on: the file's name, or that of the folder that stands for one."""
        parts = self.path.relative_to(PACKAGE).with_suffix("").parts
        return next((p for p in parts if p in SHELVES), parts[-1])

    def functions(self) -> Iterator[Function]:
        """Yield its public functions."""
        for node in self.tree.body:
            if isinstance(node, Function) and not node.name.startswith("_"):
                yield node


SHELVES = frozenset(
    ["rules", "models", "access", "queries", "actions", "forms", "views", "urls", "apps", "commands", "demo"]
)  # fmt: skip


@cache
def modules() -> tuple[Module, ...]:
    """Return every module of the program but tests and migrations."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        if {"tests", "migrations"} & set(parts):
            continue
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found.append(Module(path, name, ast.parse(path.read_text(encoding="utf-8"))))
    return tuple(found)


def on_shelf(*shelves: str) -> list[Module]:
    """Return the modules of apps on these shelves."""
    return [m for m in modules() if m.shelf in shelves]


def face(module: Module) -> list[Function]:
    """Return the functions that a module offers: where a shelf is a folder, those that the folder hands on."""
    if module.path.stem == module.shelf or module.path.name == "__init__.py":
        return list(module.functions())
    parent = next(p for p in module.path.parents if p.name == module.shelf)
    folder = next(m for m in modules() if m.path == parent / "__init__.py")
    offered = set(imported(folder).values())
    return [f for f in module.functions() if f"{module.name}.{f.name}" in offered]


@cache
def imported(module: Module) -> dict[str, str]:
    """Return what each imported name of a module stands for, as a dotted path."""
    found: dict[str, str] = {}
    package = module.name if module.path.name == "__init__.py" else module.name.rpartition(".")[0]
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom):
            up = (
                package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            )
            base = ".".join([*up, *([node.module] if node.module else [])])
            found |= {a.asname or a.name: f"{base}.{a.name}" for a in node.names}
        elif isinstance(node, ast.Import):
            found |= {a.asname or a.name.split(".")[0]: a.name for a in node.names}
    return found


def calls(module: Module, function: ast.AST) -> set[str]:
    """Return the dotted paths of what a function calls or hands on, as far as names tell."""
    names = imported(module)
    found = set()
    for node in ast.walk(function):
        dotted = _dotted(node)
        if dotted is None:
            continue
        first, _, rest = dotted.partition(".")
        known = names.get(first, f"{module.name}.{first}")
        found.add(f"{known}.{rest}" if rest else known)
    return found


def _dotted(node: ast.AST) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        inner = _dotted(node.value)
        return f"{inner}.{node.attr}" if inner else None
    return None


@cache
def _everything() -> dict[str, set[str]]:
    """Return, by dotted path, what each function, class and module-level name of the program reaches at once."""
    found: dict[str, set[str]] = {}
    for module in modules():
        for node in module.tree.body:
            if isinstance(node, Function | ast.ClassDef):
                found[f"{module.name}.{node.name}"] = calls(module, node)
            elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in targets:
                    if isinstance(target, ast.Name):
                        found[f"{module.name}.{target.id}"] = calls(module, node.value)
        # A name that a package hands on from one of its modules.
        for name, stands_for in imported(module).items():
            found.setdefault(f"{module.name}.{name}", {stands_for})
    return found


@cache
def reaches(start: str) -> frozenset[str]:
    """Return everything that a function reaches, through whatever it calls in the program."""
    known, seen, ahead = _everything(), {start}, [start]
    while ahead:
        for called in known.get(ahead.pop(), ()):
            # A method of something that is known counts as what it belongs to.
            for path in {called, called.rpartition(".")[0]}:
                if path and path not in seen:
                    seen.add(path)
                    if path in known:
                        ahead.append(path)
    return frozenset(seen)
