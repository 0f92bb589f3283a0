"""A calendar file's text + an announced date → the text with the date in it, all else as it was. No file is touched."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from arshjul.core.dates import Span
from arshjul.core.document import Document, Path
from arshjul.core.model import Announcement
from arshjul.core.problems import Place

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def event_number(document: Document, event: str) -> int | None:
    """Return which [[event]] of a file has an id, or had it before it was given another."""
    events = document.at("event") or []
    return next((number for number, one in enumerate(events) if str(one.get("was") or one.get("id")) == event), None)


def with_announcement(text: str, document: Document, event: int, period: str, announcement: Announcement) -> str:
    """Return the text with a date announced for a period of the numbered event; a date already there is replaced.

    `document` must be that of the text. The date goes into the table `announced` when there is one, else on a line of
    its own below the event's other announced dates or, without any, below its last key.
    """
    sheet = _Sheet(text, document, ("event", event))
    path = (*sheet.event, "announced")
    there, value = (*path, period), announcement_as_toml(announcement)
    if there in document.values:
        return sheet.replaced(there, value)
    if there in document.keys:
        return sheet.filled(there, _pairs(announcement))
    if path in document.values:
        return sheet.extended(path, f"{_key(period)} = {value}")
    if path in sheet.headings:
        return sheet.with_line_below(path, f"{_key(period)} = {value}")
    return sheet.with_line_below(path, f"announced.{_key(period)} = {value}")


def announcement_as_toml(announcement: Announcement) -> str:
    """Return the date as it is written in the file: { date = "2027-05-11", source = "…", checked = "2026-11-20" }."""
    return f"{{ {', '.join(f'{key} = {_text(value)}' for key, value in _pairs(announcement))} }}"


def days_as_text(days: Span) -> str:
    """Return "2027-05-11" or "2026-08-10/2026-08-14"."""
    return str(days.first) if len(days) == 1 else f"{days.first}/{days.last}"


def _pairs(announcement: Announcement) -> list[tuple[str, str]]:
    found = [
        ("date", days_as_text(announcement.days)),
        ("time", str(announcement.clock or "")),
        ("source", announcement.source),
        ("checked", str(announcement.checked or "")),
        ("unusual", announcement.unusual),
    ]
    return [(key, value) for key, value in found if value]


def _text(value: str) -> str:
    # What JSON escapes, TOML's basic strings escape alike; only DEL is allowed in the one and not in the other.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The text around one event, and how a change is made in it."""

    text: str
    document: Document
    event: Path

    @property
    def headings(self) -> set[Path]:
        """The tables of the event that have a heading of their own: [event.announced], [[event.milestones]]."""
        below = [path for path in self._below(self.event, self.document.keys) if path not in self.document.values]
        return {path for path in below if self._line(self.document.keys[path]).lstrip().startswith("[")}

    def replaced(self, path: Path, value: str) -> str:
        return self._spliced(self._offset(self.document.values[path]), self._offset(self.document.ends[path]), value)

    def extended(self, path: Path, entry: str) -> str:
        """Put an entry at the end of an inline table."""
        inside = list(self._below(path, self.document.ends))
        if not inside:
            return self.replaced(path, f"{{ {entry} }}")
        end = max(self._offset(self.document.ends[one]) for one in inside)
        return self._spliced(end, end, f", {entry}")

    def filled(self, path: Path, pairs: Iterable[tuple[str, str]]) -> str:
        """Write the keys of a table that stands with one key on each line, those that are there in their places."""
        changed, missing = self, []
        lines = list(self._below(path, self.document.values))
        for key, value in sorted(pairs, key=lambda pair: self._position((*path, pair[0])), reverse=True):
            if (*path, key) in self.document.values:  # from the back, so that the places before it stay right
                changed = _Sheet(changed.replaced((*path, key), _text(value)), self.document, self.event)
            else:
                missing.append(f"{key} = {_text(value)}")
        if not missing:
            return changed.text
        start = self.document.keys[lines[0]]
        prefix = self._line(start)[: start.column - 1]
        last = max(self.document.ends[one].line for one in lines)
        return changed._with_lines(last, [f"{prefix}{line}" for line in missing])

    def with_line_below(self, path: Path, line: str) -> str:
        """Put a line below the last value under a path or, where there is none, below the event's own last key."""
        others = self.headings - {path}
        own = [one for one in self._below(path, self.document.ends) if not _is_below_any(one, others)]
        if not own and path in self.headings:
            return self._with_lines(self.document.keys[path].line, [line])
        own = own or [
            one for one in self._below(self.event, self.document.ends) if not _is_below_any(one, self.headings)
        ]
        last = max(own, key=lambda one: self.document.ends[one])
        first = self._line(self.document.key_place(*last[: len(self.event) + 1]))
        indent = first[: len(first) - len(first.lstrip())]
        return self._with_lines(self.document.ends[last].line, [f"{indent}{line}"])

    def _with_lines(self, number: int, lines: list[str]) -> str:
        """Put lines below the line of that number, which counts from 1."""
        end = "\r\n" if "\r\n" in self.text else "\n"
        above = self.text.split("\n")[:number]
        at = min(sum(len(one) + 1 for one in above), len(self.text))
        if self.text[:at].endswith("\n"):
            return self._spliced(at, at, "".join(f"{line}{end}" for line in lines))
        return self._spliced(at, at, "".join(f"{end}{line}" for line in lines))

    def _below(self, path: Path, places: Iterable[Path]) -> Iterator[Path]:
        return (one for one in places if len(one) > len(path) and one[: len(path)] == path)

    def _position(self, path: Path) -> int:
        place = self.document.values.get(path)
        return self._offset(place) if place else -1

    def _line(self, place: Place) -> str:
        return self.text.split("\n")[place.line - 1]

    def _offset(self, place: Place) -> int:
        above = self.text.split("\n")[: place.line - 1]
        return sum(len(one) + 1 for one in above) + place.column - 1

    def _spliced(self, start: int, end: int, new: str) -> str:
        return self.text[:start] + new + self.text[end:]


def _is_below_any(path: Path, tables: Iterable[Path]) -> bool:
    return any(path[: len(table)] == table for table in tables)
