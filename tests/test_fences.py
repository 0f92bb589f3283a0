"""Who may import whom, and what may stand where. The rules are those of the design; each is one line here."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import house
from benchmarks.house import PACKAGE, nodes
from benchmarks.house import module_name as name

ROOT = Path(__file__).parents[1]
MODULES = sorted(PACKAGE.rglob("*.py"))

LAYERS = [
    "printable disk lint words wording timing",
    "keys",
    "plan",
    "year",
    "mail feeds",
    "letters",
    "health settings config",
    "store",
    "organisation loading",
    "rounds",
    "web",
    "service",
    "cli",
]
"""The rooms and what stands beside them, from the bottom. A module imports from its own line and from lower ones."""

ONLY_IN = {
    "sqlmodel": ("store",),
    "sqlalchemy": ("store", "rounds.holds", "rounds.ledger"),
    "alembic": ("store",),
    "apscheduler": ("service",),
    "aiosmtplib": ("mail",),
    "msal": ("mail.smtp",),
    "dns": ("mail.probe",),
    "starlette": ("web", "service"),
    "uvicorn": ("web", "service"),
    "icalendar": ("feeds.ics",),
    "tree_sitter": ("plan.files",),
    "watchfiles": ("service.watching",),
}

WORLDLY = {
    "disk", "plan.files", "config", "letters.templating", "letters.render", "mail.smtp", "mail.transports",
    "mail.probe", "mail.message", "store", "organisation", "loading", "rounds", "web", "service", "cli", "settings",
}  # fmt: skip
"""What may touch the world; everything else computes from its arguments."""

WORLD = {
    "asyncio", "concurrent", "fcntl", "logging", "os", "pathlib", "random", "secrets", "shutil", "signal", "socket",
    "ssl", "subprocess", "tempfile", "threading", "time", "urllib.request",
}  # fmt: skip

CLOCKS = re.compile(r"\b(datetime\.now|date\.today|utcnow|time\.time)\(")
LONGEST_FILE = 500
"""Lines that are not blank."""
MOST_MODULES, LONGEST_CHAIN = 120, 15
LONGEST_FUNCTION = 60


def part(module: str) -> str:
    return module.split(".", maxsplit=1)[0]


def layer(module: str) -> int:
    return next((number for number, parts in enumerate(LAYERS) if part(module) in parts.split()), len(LAYERS))


def is_worldly(module: str) -> bool:
    return module in WORLDLY or part(module) in WORLDLY


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

    wrong = [other for other in ours(path) if part(other) != part(module) and layer(other) > layer(module)]

    assert wrong == []


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_library_is_used_only_behind_its_fence(path: Path) -> None:
    module = name(path)
    fenced = [(found, homes) for found in imports(path) if (homes := ONLY_IN.get(found.split(".")[0]))]

    assert [found for found, homes in fenced if not any(f"{module}.".startswith(f"{home}.") for home in homes)] == []


@pytest.mark.parametrize("path", [path for path in MODULES if not is_worldly(name(path))], ids=name)
def test_what_computes_reaches_nothing_of_the_world(path: Path) -> None:
    assert [found for found in imports(path) if found in WORLD or found.split(".")[0] in WORLD] == []


@pytest.mark.parametrize("path", [path for path in MODULES if part(name(path)) not in ("service", "cli")], ids=name)
def test_clock_is_read_only_where_rounds_begin(path: Path) -> None:
    assert CLOCKS.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", [path for path in MODULES if name(path) != "config"], ids=name)
def test_environment_is_read_only_in_config(path: Path) -> None:
    assert re.findall(r"os\.environ|getenv", path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_file_is_short_and_says_what_is_in_it(path: Path) -> None:
    functions = [node for node in nodes(path) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]

    assert any(ast.get_docstring(node) for node in nodes(path) if isinstance(node, ast.Module))
    assert house.lines(path) <= LONGEST_FILE
    assert [one.name for one in functions if (one.end_lineno or 0) - one.lineno >= LONGEST_FUNCTION] == []


def joins_with_a_slash(node: ast.AST) -> bool:
    """Tell whether it is an f-string with a slash between two values, as in a key."""
    parts = node.values if isinstance(node, ast.JoinedStr) else []
    kinds = [part.value if isinstance(part, ast.Constant) else part for part in parts]
    return any(
        isinstance(before, ast.FormattedValue) and middle == "/" and isinstance(after, ast.FormattedValue)
        for before, middle, after in zip(kinds, kinds[1:], kinds[2:], strict=False)
    )


SLASHES = {
    "plan.announced": "a stretch of days in a file: 2027-02-01/2027-02-05",
    "timing.days": "the hours of a day: 10:00/12:00",
    "cli.feeds": "the path of a file below its token",
    "letters.render": "the path of a template below its language",
    "timing.describe": "the turn of a month: januar/februar",
}


@pytest.mark.parametrize("path", [path for path in MODULES if name(path) not in ("keys", *SLASHES)], ids=name)
def test_keys_are_put_together_in_one_module(path: Path) -> None:
    assert [node.lineno for node in nodes(path) if isinstance(node, ast.JoinedStr) and joins_with_a_slash(node)] == []


def test_broad_excepts_are_at_most_two() -> None:
    handlers = [
        f"{name(path)}:{node.lineno}"
        for path in MODULES
        for node in nodes(path)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")))
    ]

    assert len(handlers) <= 2, handlers


def test_no_import_goes_in_a_ring_and_no_chain_is_long() -> None:
    paths = house.modules()
    found = house.chains(paths)

    assert set(found) == set(paths), "the others import each other"
    assert [chain for chain in found.values() if len(chain) > LONGEST_CHAIN] == []


def test_modules_are_few_and_each_name_is_of_one() -> None:
    paths = house.modules()

    assert len(paths) <= MOST_MODULES
    assert house.names_used_twice(paths) == []
