"""A TOML file as values, with the place of every key in it. How the text is read is in `files.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from arshjul.core.problems import Place

Path = tuple[str | int, ...]
"""The way to a value: ("event", 3, "announced", "2026")."""


@dataclass(frozen=True, slots=True)
class Document:
    """One file's values. `keys` and `values` say where a key, and the value behind it, stand; `ends` where that ends.

    An end is the place right after the value's last sign.
    """

    file: str
    data: Mapping[str, Any] = field(default_factory=dict)
    keys: Mapping[Path, Place] = field(default_factory=dict)
    values: Mapping[Path, Place] = field(default_factory=dict)
    ends: Mapping[Path, Place] = field(default_factory=dict)

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

    def _around(self, path: Path) -> Place:
        for length in range(len(path) - 1, 0, -1):
            if found := self.keys.get(path[:length]):
                return found
        return Place(self.file)
