"""Who may import whom, and what may stand where. The rules are those of the design; each is one line here."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "arshjul"
MODULES = sorted(PACKAGE.rglob("*.py"))

LAYERS = ["core", "disk", "files config store mail", "rounds", "web", "service", "cli"]
"""From the bottom. A module imports from its own part and lower layers; parts on one line do not know each other."""

ONLY_IN = {
    "sqlmodel": ("store",),
    "sqlalchemy": ("store",),
    "alembic": ("store",),
    "apscheduler": ("service",),
    "aiosmtplib": ("mail",),
    "msal": ("mail.oauth",),
    "dns": ("mail.names",),
    "starlette": ("web", "service"),
    "uvicorn": ("web", "service"),
    "icalendar": ("core.ics",),
    "tree_sitter": ("files.toml",),
}

IMPURE = {
    "asyncio", "concurrent", "fcntl", "logging", "os", "pathlib", "random", "secrets", "shutil", "signal", "socket",
    "ssl", "subprocess", "tempfile", "threading", "time", "urllib.request",
}  # fmt: skip

CLOCKS = re.compile(r"\b(datetime\.now|date\.today|utcnow|time\.time)\(")
LONGEST_FILE = 400
LONGEST_FUNCTION = 60


def name(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


def part(module: str) -> str:
    return module.split(".", maxsplit=1)[0]


def layer(module: str) -> int:
    return next((number for number, parts in enumerate(LAYERS) if part(module) in parts.split()), len(LAYERS))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def imports(path: Path) -> Iterator[str]:
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def ours(path: Path) -> list[str]:
    return [found.removeprefix("arshjul.") for found in imports(path) if found.startswith("arshjul.")]


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_module_imports_only_from_below_and_from_its_own_part(path: Path) -> None:
    module = name(path)

    wrong = [one for one in ours(path) if part(one) != part(module) and layer(one) >= layer(module)]

    assert wrong == []


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_library_is_used_only_behind_its_fence(path: Path) -> None:
    module = name(path)
    fenced = [(found, homes) for found in imports(path) if (homes := ONLY_IN.get(found.split(".")[0]))]

    assert [found for found, homes in fenced if not any(f"{module}.".startswith(f"{home}.") for home in homes)] == []


@pytest.mark.parametrize("path", [path for path in MODULES if part(name(path)) == "core"], ids=name)
def test_core_reaches_nothing_of_the_world(path: Path) -> None:
    assert [found for found in imports(path) if found in IMPURE or found.split(".")[0] in IMPURE] == []


@pytest.mark.parametrize("path", [path for path in MODULES if part(name(path)) not in ("service", "cli")], ids=name)
def test_clock_is_read_only_where_rounds_begin(path: Path) -> None:
    assert CLOCKS.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", [path for path in MODULES if name(path) != "config"], ids=name)
def test_environment_is_read_only_in_config(path: Path) -> None:
    assert re.findall(r"os\.environ|getenv", path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_file_is_short_and_says_what_is_in_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    functions = [node for node in nodes(path) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]

    assert any(ast.get_docstring(node) for node in nodes(path) if isinstance(node, ast.Module))
    assert len(text.splitlines()) <= LONGEST_FILE
    assert [one.name for one in functions if (one.end_lineno or 0) - one.lineno >= LONGEST_FUNCTION] == []


def test_broad_excepts_are_at_most_two() -> None:
    handlers = [
        f"{name(path)}:{node.lineno}"
        for path in MODULES
        for node in nodes(path)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")))
    ]

    assert len(handlers) <= 2, handlers


def test_no_import_goes_in_a_ring() -> None:
    graph = {name(path): set(ours(path)) for path in MODULES}
    known = {module: {one for one in found if one in graph and one != module} for module, found in graph.items()}
    while leaves := {module for module, found in known.items() if not found}:
        known = {module: found - leaves for module, found in known.items() if module not in leaves}

    assert known == {}
