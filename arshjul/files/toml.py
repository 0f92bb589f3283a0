"""TOML text → values and the place of every key. Values and errors are tomli's, places come from tree-sitter's grammar.

No TOML reader tells where the keys of a *valid* document stand, and an error without its line is no help to anybody.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field

import tomli
import tree_sitter
import tree_sitter_toml

from arshjul.core.document import Document, Path
from arshjul.core.problems import Place, Problem

_PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_toml.language()))

_SYNTAX = {
    "Cannot overwrite a value": "Den samme nøkkelen står to ganger, eller som både verdi og tabell.",
    "Cannot mutate immutable namespace": "Nøkkelen har allerede fått sin verdi ovenfor; den kan ikke få mer her.",
    "Cannot declare": "Den samme overskriften i hakeparentes står to ganger.",
    "Duplicate inline table key": "Den samme nøkkelen står to ganger.",
    "Expected '=' after a key": "Her mangler et likhetstegn (=) etter nøkkelen.",
    "Invalid value": "Verdien kan ikke leses. Tekst skal stå i anførselstegn.",
    "Unterminated string": "Teksten mangler anførselstegn til slutt.",
    'Expected "': "Teksten mangler anførselstegn til slutt.",
    "Unescaped '\\'": "En omvendt skråstrek (\\) i en tekst må skrives to ganger: \\\\.",
    "Escaped character is not": "Tegnet etter \\u finnes ikke.",
    "Invalid hex value": "Etter \\u skal det stå fire siffer eller bokstavene a–f.",
    "Illegal character": "Her står et tegn som ikke kan brukes; mangler det et anførselstegn?",
    "Found invalid character": "Her står et tegn som ikke kan brukes.",
    "Expected newline or end of document": "Det står noe mer på linjen etter verdien.",
    "Unclosed array": "Listen mangler ] til slutt.",
    "Unclosed inline table": "Krøllparentesen mangler } til slutt, eller et komma mellom to nøkler.",
    "Invalid statement": "Linjen kan ikke leses.",
    "Expected ']": "Overskriften mangler ] til slutt.",
    "Invalid initial character for a key": "Her skulle det stått en nøkkel.",
    "Invalid date or datetime": "Datoen finnes ikke.",
}
_NOTHING_READ = "Filen er ikke gyldig TOML, så ingenting i den er lest."
_INNER = range(0x80, 0xC0)
"""Bytes in UTF-8 that begin no sign."""
_LONG_NUMBER = re.compile(r"[0-9_]{4000,}")

DEEPEST = 20
"""How many lists, tables and dotted keys may stand within one another: ours need five, and a reader must not drown."""
LARGEST = 2_000_000
"""Characters in the largest file that is read: the shipped calendars have 40,000."""


class _TooDeepError(Exception):
    """The place where something stands deeper than DEEPEST."""

    def __init__(self, place: Place) -> None:
        super().__init__(str(place))
        self.place = place


def read_toml(text: str, file: str) -> tuple[Document, list[Problem]]:
    """Return the document, or an empty one and the problem that kept the text from being read."""
    if len(text) > LARGEST:
        return Document(file), [too_large(file)]
    places = _Places(file, text.split("\n"))
    try:
        data = tomli.loads(text)
        places.visit(_PARSER.parse(text.encode()).root_node)
    except tomli.TOMLDecodeError as error:
        return _unread(Place(file, error.lineno, error.colno), _syntax(error.msg))
    except (ValueError, RecursionError) as error:  # tomli has limits of its own, which tell no place
        return _beyond_limits(text, places, is_number=isinstance(error, ValueError))
    except _TooDeepError as error:
        return _too_deep(error.place)
    return Document(file, data, places.keys, places.values, places.ends), []


def too_large(file: str) -> Problem:
    return Problem(Place(file), "Filen er for stor til å være en kalender.", "Den kan ha høyst to millioner tegn.")


def _beyond_limits(text: str, places: _Places, *, is_number: bool) -> tuple[Document, list[Problem]]:
    if is_number:
        found = _LONG_NUMBER.search(text)
        before = text[: found.start()] if found else ""
        place = Place(places.file, before.count("\n") + 1, len(before) - before.rfind("\n"))
        return _unread(place, "Tallet er for langt.")
    try:
        places.visit(_PARSER.parse(text.encode()).root_node)
    except _TooDeepError as error:
        return _too_deep(error.place)
    return _too_deep(Place(places.file))


def _too_deep(place: Place) -> tuple[Document, list[Problem]]:
    return _unread(place, f"Her står mer enn {DEEPEST} lister, tabeller eller nøkler inni hverandre.")


def _unread(place: Place, message: str) -> tuple[Document, list[Problem]]:
    return Document(place.file), [Problem(place, message, _NOTHING_READ)]


def _syntax(message: str) -> str:
    return next((said for known, said in _SYNTAX.items() if message.startswith(known)), "Linjen kan ikke leses.")


@dataclass(slots=True)
class _Places:
    """Collects the places while it goes through the tree once.

    The parser counts bytes. `inner` are, by line, those that begin no sign: a long line is not read again for each of
    the thousands of values in it.
    """

    file: str
    lines: list[str]
    inner: dict[int, list[int]] = field(default_factory=dict)
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
        names = self._names(node.named_children[0], path)
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
        for name, part in self._names(key, path):
            path = (*path, name)
            self.keys.setdefault(path, self._place(part.start_point))
        self._value(value, path)

    def _value(self, node: tree_sitter.Node, path: Path) -> None:
        self.values[path], self.ends[path] = self._place(node.start_point), self._place(node.end_point)
        if len(path) > DEEPEST:
            raise _TooDeepError(self._place(node.start_point))
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
        if row not in self.inner:
            self.inner[row] = _inner_bytes(self.lines[row]) if row < len(self.lines) else []
        return Place(self.file, row + 1, byte - bisect_left(self.inner[row], byte) + 1)

    def _names(self, key: tree_sitter.Node, path: Path) -> list[tuple[str, tree_sitter.Node]]:
        """Return each part of a key, dotted or not, as tomli will have understood it."""
        parts, rest = [], [key]
        while rest:  # the grammar nests a dotted key once for each of its dots
            node = rest.pop()
            if node.type == "dotted_key":
                rest += reversed(node.named_children)
            else:
                parts.append((_name(node), node))
            if len(path) + len(parts) + len(rest) > DEEPEST + 1:
                raise _TooDeepError(self._place(key.start_point))
        return parts


def _inner_bytes(line: str) -> list[int]:
    """Return which of a line's bytes in UTF-8 begin no sign."""
    return [] if line.isascii() else [at for at, byte in enumerate(line.encode()) if byte in _INNER]


def _name(key: tree_sitter.Node) -> str:
    text = (key.text or b"").decode()
    return next(iter(tomli.loads(f"{text} = 0"))) if key.type == "quoted_key" else text
