"""Figures of the package's structure: modules, the longest chain of imports, names used twice, the longest modules.

The bounds are those of `tests/test_fences.py`, which asks the same functions.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "arshjul"
LONGEST_SHOWN = 10


def modules() -> dict[str, Path]:
    """Return the modules by their names in the package ("timing.days"), the migrations left out."""
    paths = (path for path in sorted(PACKAGE.rglob("*.py")) if "migrations" not in path.parts)
    return {module_name(path): path for path in paths}


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def imported(path: Path) -> set[str]:
    """Return the modules of the package that a module imports, also inside functions; names of symbols among them."""
    found = set()
    for node in nodes(path):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == PACKAGE.name:
            names = {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
            found |= {name.removeprefix(f"{PACKAGE.name}.") for name in names}
    return found


def chains(paths: Mapping[str, Path]) -> dict[str, list[str]]:
    """Return for each module the longest chain of imports below it, itself first; modules in a ring are left out."""
    graph = {module: (imported(path) & paths.keys()) - {module} for module, path in paths.items()}
    longest: dict[str, list[str]] = {}
    while ready := {module for module, below in graph.items() if module not in longest and below <= longest.keys()}:
        for module in ready:
            longest[module] = [module, *max((longest[other] for other in graph[module]), key=len, default=[])]
    return longest


def names_used_twice(paths: Mapping[str, Path]) -> list[str]:
    """Return the names that modules of several rooms have."""
    names = Counter(path.stem for path in paths.values() if path.stem not in ("__init__", "__main__"))
    return sorted(stem for stem, count in names.items() if count > 1)


def lines(path: Path) -> int:
    """Return how many lines are not blank."""
    return sum(bool(line.strip()) for line in path.read_text(encoding="utf-8").splitlines())


def main() -> None:
    paths = modules()
    chain = max(chains(paths).values(), key=len)
    long = sorted(paths, key=lambda name: -lines(paths[name]))[:LONGEST_SHOWN]
    print(f"{len(paths)} modules, {sum(map(lines, paths.values()))} lines that are not blank")
    print(f"longest chain of imports: {len(chain)}: {' → '.join(chain)}")
    print(f"names used twice: {', '.join(names_used_twice(paths)) or 'none'}")
    print("longest modules: " + ", ".join(f"{name} {lines(paths[name])}" for name in long))


if __name__ == "__main__":
    main()
