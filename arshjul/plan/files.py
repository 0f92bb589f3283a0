"""Files on disk → documents with the place of every key; copies of the last files in order, below `var`."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from stat import S_ISREG
from typing import Final

import tomli
import tree_sitter
import tree_sitter_toml

from arshjul import disk
from arshjul.plan.problems import Document, KeyPath, Place, Problem
from arshjul.printable import why

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
    keys: dict[KeyPath, Place] = field(default_factory=dict)
    values: dict[KeyPath, Place] = field(default_factory=dict)
    ends: dict[KeyPath, Place] = field(default_factory=dict)
    arrays: Counter[KeyPath] = field(default_factory=Counter)

    def visit(self, root: tree_sitter.Node) -> None:
        for node in root.named_children:
            if node.type in ("table", "table_array_element"):
                self._table(node)
            elif node.type == "pair":
                self._pair(node, ())

    def _table(self, node: tree_sitter.Node) -> None:
        path: KeyPath = ()
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

    def _pair(self, node: tree_sitter.Node, path: KeyPath) -> None:
        key, value = [child for child in node.named_children if child.type != "comment"]
        for name, part in self._names(key, path):
            path = (*path, name)
            self.keys.setdefault(path, self._place(part.start_point))
        self._value(value, path)

    def _value(self, node: tree_sitter.Node, path: KeyPath) -> None:
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

    def _names(self, key: tree_sitter.Node, path: KeyPath) -> list[tuple[str, tree_sitter.Node]]:
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


MOST_BYTES = 4 * LARGEST
"""What a file of the most characters can take in UTF-8."""

YOUNG = timedelta(seconds=3)
"""So long after a file was saved it may be saved again without another time: some disks keep whole seconds, or two."""

_MEANT = re.compile(r"\.toml(\.txt)?$", re.IGNORECASE)

Fingerprint = tuple[tuple[str, int, int, int], ...]
"""Names, inodes, sizes and times of files: what changes when any of them does."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was when it was read: its document, and the instant (UTC) at which it was last changed."""

    path: Path
    document: Document
    problems: tuple[Problem, ...]
    digest: str
    changed: datetime


def read_source(path: Path, shown_as: str, before: Source | None = None) -> Source:
    """Read one TOML file. A file that is missing, unreadable or not UTF-8 is a problem like any other.

    `before` is the file as it was: when it says the same, its document is not made anew.
    """
    place = Place(shown_as)
    try:
        status = path.stat()
        changed = datetime.fromtimestamp(status.st_mtime, UTC)
        if not S_ISREG(status.st_mode):  # a pipe would be waited for
            return _unreadable(path, Problem(place, "Dette er ingen vanlig fil."), changed)
        if status.st_size > MOST_BYTES:
            return _unreadable(path, too_large(shown_as), changed)
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        if before and (before.path, before.digest) == (path, digest):
            return replace(before, changed=changed)
        document, problems = read_toml(data.decode("utf-8-sig"), shown_as)
    except OSError as error:
        unread = Problem(place, f"Filen kan ikke leses: {why(error)}.")
        return _unreadable(path, unread, datetime.min.replace(tzinfo=UTC))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        wrong = Problem(
            Place(shown_as, line), "Filen er ikke lagret som UTF-8.", "Lagre den på nytt med kodingen UTF-8."
        )
        return _unreadable(path, wrong, changed)
    return Source(path, document, tuple(problems), digest, changed)


def _unreadable(path: Path, problem: Problem, changed: datetime) -> Source:
    return Source(path, Document(problem.place.file), (problem,), "", changed)


def calendar_paths(folder: Path) -> list[Path]:
    """Return the calendar files of a folder in the order of their names; editors' hidden and backup files are none."""
    return sorted(path for path in folder.glob("*.toml") if not path.name.startswith("."))


def overlooked(folder: Path) -> list[Path]:
    """Return the files that were meant as calendars, as it seems, but have a name that is not read: "k.toml.txt"."""
    names = (path for path in folder.iterdir() if not path.name.startswith("."))
    return sorted(path for path in names if path.suffix != ".toml" and _MEANT.search(path.name) and path.is_file())


def fingerprint(paths: Sequence[Path]) -> Fingerprint:
    """Return what tells whether any of the files has changed: names, inodes, sizes and times, without reading them."""
    found = []
    for path in paths:
        try:
            status = path.stat()
        except OSError:
            continue
        found.append((str(path), status.st_ino, status.st_size, status.st_mtime_ns))
    return tuple(found)


def is_young(marks: Fingerprint, now: datetime) -> bool:
    """Tell whether any of the files was saved so lately that its next change may not be seen in its time."""
    return any(time > (now - YOUNG).timestamp() * 1_000_000_000 for *_, time in marks)


def contents_digest(paths: Sequence[Path]) -> str:
    """Return what changes when anything in the files does. What cannot be read counts as empty."""
    whole = hashlib.sha256()
    for path in paths:
        whole.update(hashlib.sha256(_contents(path)).digest())
    return whole.hexdigest()


def _contents(path: Path) -> bytes:
    try:
        status = path.stat()
        return path.read_bytes() if S_ISREG(status.st_mode) and status.st_size <= MOST_BYTES else b""
    except OSError:
        return b""


def kept_folder(folder: Path) -> Path:
    return folder / "var" / "last-good"


def keep_copies(paths: Sequence[Path], folder: Path) -> None:
    """Replace what is kept by copies of these files, those that are there. Raises OSError."""
    replace_folder(kept_folder(folder), {path.name: path for path in paths if path.exists()})


def replace_folder(kept: Path, files: Mapping[str, Path]) -> None:
    """Replace a folder by one with copies of these files by their names in it, for us alone. Raises OSError.

    It happens in one step as far as a reader can see.
    """
    fresh, old = kept.with_name(f"{kept.name}.new"), kept.with_name(f"{kept.name}.old")
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    disk.make_folder(fresh)
    for name, path in files.items():
        disk.make_folder((fresh / name).parent)
        shutil.copy2(path, fresh / name)
        (fresh / name).chmod(disk.FILE)
        _sync(fresh / name)
    if kept.exists():
        kept.rename(old)
    fresh.rename(kept)
    shutil.rmtree(old, ignore_errors=True)


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


ANY: Final = "*.toml"
MOST_LINKS: Final = 40
"""On one way, as Linux has it: links can lead in a ring."""

Names = dict[Path, set[str]]


@dataclass(frozen=True, slots=True)
class Ways:
    """The names that count in each folder, `ANY` for all calendars; `marks` are the devices and numbers of those."""

    names: dict[str, frozenset[str]]
    marks: frozenset[tuple[str, int, int]]

    @property
    def folders(self) -> list[str]:
        """The folders that are there."""
        return sorted(path for path, _, _ in self.marks)

    def lead_over(self, path: str) -> bool:
        """Tell whether a change of that path counts."""
        folder, _, name = path.rpartition("/")
        names = self.names.get(folder or "/", frozenset())
        return name in names or (ANY in names and name.endswith(ANY[1:])) or path in self.names


def ways_to(files: Iterable[Path], calendars: Path) -> Ways:
    """Return the ways to files, and to all that is or will be in a folder of calendars."""
    found: Names = {}
    for path in (*files, calendars / ANY):
        _follow(Path(os.path.abspath(path)), found)  # noqa: PTH100  (`resolve` would follow the links)
    names = {str(folder): frozenset(names) for folder, names in found.items()}
    return Ways(names, frozenset(_marks(found)))


def _follow(path: Path, found: Names) -> None:
    """Note every name that is looked up on the way to a path, as the system does it."""
    at, rest, links = Path(path.anchor), list(reversed(path.parts[1:])), 0
    while rest and links < MOST_LINKS:
        name = rest.pop()
        if name == "..":
            at = at.parent
            continue
        found.setdefault(at, set()).add(name)
        try:
            target = (at / name).readlink()
        except OSError:  # no link, or not there
            at /= name
            continue
        links += 1
        at = Path(target.anchor) if target.is_absolute() else at
        rest += reversed([part for part in target.parts if part != target.anchor])


def _marks(folders: Iterable[Path]) -> Iterable[tuple[str, int, int]]:
    for folder in folders:
        try:
            status = folder.stat()
        except OSError:
            continue
        if folder.is_dir():
            yield str(folder), status.st_dev, status.st_ino
