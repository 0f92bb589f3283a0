"""TOML text → values and the place of every key. Values and errors are tomli's, places come from tree-sitter's grammar.

No TOML reader tells where the keys of a *valid* document stand, and an error without its line is no help to anybody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import tomli
import tree_sitter
import tree_sitter_toml

from arshjul.core.document import Document, Path
from arshjul.core.problems import Place, Problem

_PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_toml.language()))

_SYNTAX = {
    "Cannot overwrite a value": "Den samme nøkkelen står to ganger.",
    "Cannot declare": "Den samme overskriften i hakeparentes står to ganger.",
    "Duplicate inline table key": "Den samme nøkkelen står to ganger.",
    "Expected '=' after a key": "Her mangler et likhetstegn (=) etter nøkkelen.",
    "Invalid value": "Verdien kan ikke leses. Tekst skal stå i anførselstegn.",
    "Unterminated string": "Teksten mangler anførselstegn til slutt.",
    "Illegal character": "Her står et tegn som ikke kan brukes; mangler det et anførselstegn?",
    "Expected newline or end of document": "Det står noe mer på linjen etter verdien.",
    "Unclosed array": "Listen mangler ] til slutt.",
    "Unclosed inline table": "Krøllparentesen mangler } til slutt.",
    "Invalid statement": "Linjen kan ikke leses.",
    "Expected ']'": "Overskriften mangler ] til slutt.",
    "Invalid initial character for a key": "Her skulle det stått en nøkkel.",
}


def read_toml(text: str, file: str) -> tuple[Document, list[Problem]]:
    """Return the document, or an empty one and the problem that kept the text from being read."""
    try:
        data = tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        place = Place(file, getattr(error, "lineno", 1), getattr(error, "colno", 1))
        return Document(file), [
            Problem(place, _syntax(str(error)), "Filen er ikke gyldig TOML, så ingenting i den er lest.")
        ]
    places = _Places(file, text.split("\n"))
    places.visit(_PARSER.parse(text.encode()).root_node)
    return Document(file, data, places.keys, places.values, places.ends), []


def _syntax(message: str) -> str:
    return next(
        (said for known, said in _SYNTAX.items() if message.startswith(known)), f"Filen kan ikke leses: {message}."
    )


@dataclass(slots=True)
class _Places:
    """Collects the places while it goes through the tree once."""

    file: str
    lines: list[str]
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    ends: dict[Path, Place] = field(default_factory=dict)
    arrays: Counter[Path] = field(default_factory=Counter)

    def visit(self, root: tree_sitter.Node) -> None:
        for node in root.named_children:
            if node.type in ("table", "table_array_element"):
                self._table(node)
            elif node.type == "pair":
                self._pair(node, ())

    def _table(self, node: tree_sitter.Node) -> None:
        path: Path = ()
        names = list(_names(node.named_children[0]))
        for number, (name, key) in enumerate(names, start=1):
            path = (*path, name)
            if node.type == "table_array_element" and number == len(names):
                self.arrays[path] += 1
            if path in self.arrays:
                path = (*path, self.arrays[path] - 1)
            self.keys.setdefault(path, self._place(key.start_point))
        for child in node.named_children[1:]:
            if child.type == "pair":
                self._pair(child, path)

    def _pair(self, node: tree_sitter.Node, path: Path) -> None:
        key, value = [child for child in node.named_children if child.type != "comment"]
        for name, part in _names(key):
            path = (*path, name)
            self.keys.setdefault(path, self._place(part.start_point))
        self._value(value, path)

    def _value(self, node: tree_sitter.Node, path: Path) -> None:
        self.values[path], self.ends[path] = self._place(node.start_point), self._place(node.end_point)
        children = [child for child in node.named_children if child.type != "comment"]
        if node.type == "array":
            for number, child in enumerate(children):
                self.keys[*path, number] = self._place(child.start_point)
                self._value(child, (*path, number))
        elif node.type == "inline_table":
            for child in children:
                self._pair(child, path)

    def _place(self, point: tuple[int, int]) -> Place:
        row, byte = point
        line = self.lines[row] if row < len(self.lines) else ""
        return Place(self.file, row + 1, len(line.encode()[:byte].decode(errors="ignore")) + 1)


def _names(key: tree_sitter.Node) -> Iterator[tuple[str, tree_sitter.Node]]:
    """Yield each part of a key, dotted or not, as tomli will have understood it."""
    if key.type == "dotted_key":
        for part in key.named_children:
            yield from _names(part)
        return
    text = (key.text or b"").decode()
    yield (next(iter(tomli.loads(f"{text} = 0"))) if key.type == "quoted_key" else text), key
