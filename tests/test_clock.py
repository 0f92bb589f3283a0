"""No test and no command reads the clock on the wall: the time is an argument, so a test that is green stays green."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks.house import module_name as name
from benchmarks.house import nodes
from tests.conftest import ROOT
from tests.test_fences import MODULES, part

TESTS = sorted((ROOT / "tests").rglob("*.py"))
HOW = "Take the time from tests/clock.py: main, command, going, NOON."

READERS = {
    "datetime": {"now", "today", "utcnow"},
    "date": {"today"},
    "time": {"time", "time_ns", "localtime", "gmtime", "ctime", "strftime", "clock_gettime"},
}
OURS = {"utc_now", "read_clocks"}
IMPORTS = {
    "time": READERS["time"],
    "arshjul.service.clock": OURS,
    "arshjul.cli": {"main"},
    "arshjul": {"cli"},
}
PROGRAM = ("-m", "arshjul")

ALLOWED = {
    "tests/attack/test_moved_clock.py": "the clock on the wall is what is moved; letters would go to a folder",
    "tests/cli/test_commands.py": "`read --year` and what is imported by `check`: neither depends on the day",
}
"""The tests that run the program itself, which has the clock on the wall, and why no day can turn them red."""


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def readings(nodes_of_file: tuple[ast.AST, ...]) -> Iterator[str]:
    """Yield each thing by which the clock on the wall is read or can be, with its line."""
    for node in nodes_of_file:
        match node:
            case ast.Attribute(ast.Name(of) | ast.Attribute(attr=of), what) if what in READERS.get(of, ()):
                yield f"{node.lineno}: {of}.{what}"
            case ast.Call(ast.Attribute(ast.Name("gzip"), "compress"), keywords=given) if "mtime" not in named(given):
                yield f"{node.lineno}: gzip.compress without mtime"
            case ast.ImportFrom(module=str(module), names=names):
                forbidden = IMPORTS.get(module, set())
                yield from (f"{node.lineno}: {module}.{one.name}" for one in names if one.name in forbidden)
            case ast.Attribute(_, what) if what in OURS:
                yield f"{node.lineno}: {what}"


def named(keywords: list[ast.keyword]) -> set[str | None]:
    return {one.arg for one in keywords}


def programs(nodes_of_file: tuple[ast.AST, ...]) -> Iterator[str]:
    """Yield the line of each place where the program itself is run, or its `main` in a text."""
    for node in nodes_of_file:
        if isinstance(node, ast.List | ast.Tuple):
            texts = [one.value if isinstance(one, ast.Constant) else None for one in node.elts]
            if PROGRAM in pairwise(texts):
                yield f"{node.lineno}: python -m arshjul"
        elif isinstance(node, ast.Constant) and "from arshjul.cli import main" in str(node.value):
            yield f"{node.lineno}: arshjul.cli.main in a text"


def parsed(text: str) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(text)))


@pytest.mark.parametrize("path", [path for path in TESTS if path.name not in ("clock.py", "test_clock.py")], ids=place)
def test_no_test_reads_the_clock_on_the_wall(path: Path) -> None:
    assert list(readings(nodes(path))) == [], HOW
    assert place(path) in ALLOWED or list(programs(nodes(path))) == [], HOW


def test_every_exception_is_still_one() -> None:
    assert [one for one in ALLOWED if not list(programs(nodes(ROOT / one)))] == []


@pytest.mark.parametrize("path", [path for path in MODULES if part(name(path)) == "cli"], ids=name)
def test_command_has_its_clock_as_an_argument(path: Path) -> None:
    found = {reading.partition(": ")[2] for reading in readings(nodes(path))}

    # `read_clocks` is given the clock that the command has.
    left = found - {"arshjul.service.clock.read_clocks"}
    assert left == ({"arshjul.service.clock.utc_now"} if name(path) == "cli" else set())


@pytest.mark.parametrize(
    "text",
    [
        "datetime.now(UTC)",
        "now = datetime.datetime.now",
        "date.today().year",
        "time.time()",
        "time.strftime('%Y')",
        "from time import time_ns",
        "gzip.compress(b'')",
        "from arshjul.service.clock import utc_now",
        "clock.utc_now()",
        "from arshjul.cli import main",
        "from arshjul import cli",
    ],
)
def test_reading_is_found(text: str) -> None:
    assert len(list(readings(parsed(text)))) == 1


@pytest.mark.parametrize("text", ["[sys.executable, '-m', 'arshjul', 'send']", "('x', '-m', 'arshjul')"])
def test_program_is_found(text: str) -> None:
    assert len(list(programs(parsed(text)))) == 1


@pytest.mark.parametrize("text", ["time.monotonic()", "datetime(2027, 1, 4)", "from tests.clock import main", "now()"])
def test_what_reads_no_clock_is_left_alone(text: str) -> None:
    assert [*readings(parsed(text)), *programs(parsed(text))] == []
