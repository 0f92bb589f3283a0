"""What is wrong in a file, where, and what to do: problems, notes, and a document with the place of every key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

from arshjul.printable import number_in_digits, printable

TOLD: Final = 100
"""Problems of one file that are told: thousands would hide them, and `check` is run again when they are put right."""

LONGEST: Final = 2000
"""UTF-16 units of a message or a hint. A path or a value from a file is in many."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A spot in a file: line and column count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{printable(self.file)}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """What is wrong, in Norwegian, and a hint at what would be right."""

    place: Place
    message: str
    hint: str = ""

    def __post_init__(self) -> None:
        _make_printable(self)

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" + (f"\n    {self.hint}" if self.hint else "")


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """What the administrator may not have meant, though it can be so: it is told, and the files are taken in."""

    place: Place
    message: str
    hint: str = ""

    def __post_init__(self) -> None:
        _make_printable(self)

    def __str__(self) -> str:
        return f"{self.place}: Merk: {self.message}" + (f"\n    {self.hint}" if self.hint else "")


def _make_printable(one: Problem | Note) -> None:
    """Values quoted from the files are shown on terminals, in the log, on the page and in letters."""
    object.__setattr__(one, "message", printable(one.message, LONGEST))
    object.__setattr__(one, "hint", printable(one.hint, LONGEST))


def note_at(place: Place | None, message: str, hint: str = "") -> Note:
    """Return a note whose place may not be known."""
    return Note(place or Place("?"), message, hint)


def problem_at(place: Place | None, message: str, hint: str = "") -> Problem:
    """Return a problem whose place may not be known."""
    return Problem(place or Place("?"), message, hint)


def told(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the first problems of each file in order, then how many more there are, at the place of the next."""
    by_file = groupby(sorted(problems), lambda problem: problem.place.file)
    return tuple(one for _, found in by_file for one in _first(list(found)))


def _first(problems: list[Problem]) -> Iterator[Problem]:
    yield from problems[:TOLD]
    if rest := problems[TOLD:]:
        yield Problem(rest[0].place, f"… og {number_in_digits(len(rest))} til.")


KeyPath = tuple[str | int, ...]
"""The way to a value: ("event", 3, "announced", "2026")."""


@dataclass(frozen=True, slots=True)
class Document:
    """One file's values. `keys` and `values` say where a key, and the value behind it, stand; `ends` where that ends.

    An end is the place right after the value's last sign.
    """

    file: str
    data: Mapping[str, Any] = field(default_factory=dict)
    keys: Mapping[KeyPath, Place] = field(default_factory=dict)
    values: Mapping[KeyPath, Place] = field(default_factory=dict)
    ends: Mapping[KeyPath, Place] = field(default_factory=dict)

    def key_place(self, *path: str | int) -> Place:
        """Return the key's place (of [[tables]] that of the first), or that of the nearest thing around it."""
        return self.keys.get(path) or self.keys.get((*path, 0)) or self._around(path)

    def value_place(self, *path: str | int) -> Place:
        """Return the value's place, or that of the nearest thing around it."""
        return self.values.get(path) or self.values.get(path[:-1]) or self._around(path)

    def at(self, *path: str | int) -> Any:  # noqa: ANN401  (TOML holds anything)
        """Return the raw value at a path, None where there is none."""
        value: Any = self.data
        for part in path:
            if isinstance(value, Mapping):
                value = value.get(str(part))
            elif isinstance(value, list) and isinstance(part, int) and part < len(value):
                value = value[part]
            else:
                return None
        return value

    def _around(self, path: KeyPath) -> Place:
        for length in range(len(path) - 1, 0, -1):
            if found := self.keys.get(path[:length]):
                return found
        return Place(self.file)
