"""What leans on what: rings, and how long the chains are. Each thing is looked at once, however they are tangled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Chains:
    """`rings` of names, each as it was come upon; the `depth` of each name (1: leans on nothing), innermost first."""

    rings: list[list[str]] = field(default_factory=list)
    depth: dict[str, int] = field(default_factory=dict)
    start: dict[str, str] = field(default_factory=dict)
    """The name at the bottom of the longest chain from each name."""


def chains(names: Iterable[str], leans_on: Callable[[str], Sequence[str]]) -> Chains:
    """Return the rings and depths of all names and of what they lean on."""
    found = Chains()
    for name in names:
        if name not in found.depth:
            _walk(name, leans_on, found)
    return found


def _walk(first: str, leans_on: Callable[[str], Sequence[str]], found: Chains) -> None:
    """Go through all that a name leans on; without recursion, for a file can hold a chain of thousands."""
    path, on_path = [first], {first}
    waiting: list[Iterator[str]] = [iter(leans_on(first))]
    while path:
        other = next(waiting[-1], None)
        if other is None:
            _leave(path.pop(), leans_on, found, on_path)
            waiting.pop()
        elif other in on_path:
            found.rings.append(path[path.index(other) :])
        elif other not in found.depth:
            path.append(other)
            on_path.add(other)
            waiting.append(iter(leans_on(other)))


def _leave(name: str, leans_on: Callable[[str], Sequence[str]], found: Chains, on_path: set[str]) -> None:
    on_path.remove(name)
    below = [other for other in leans_on(name) if other in found.depth]
    deepest = max(below, key=lambda other: found.depth[other], default=None)
    found.depth[name] = 1 + (found.depth[deepest] if deepest else 0)
    found.start[name] = found.start[deepest] if deepest else name
