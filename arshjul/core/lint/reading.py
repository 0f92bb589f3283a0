"""Anybody's bytes → lines, properties and components, as far as they can be made out. What is wrong there is in `rows`.

This is no parser for using a calendar (icalendar is): it keeps what a parser throws away, and goes on after a fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from arshjul.core.lint.findings import Finding, must

BOM = b"\xef\xbb\xbf"
_ENDS = re.compile(rb"\r\n|\n|\r")
_PARAMETER = r';[A-Za-z0-9-]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*'
_PROPERTY = re.compile(rf"([A-Za-z0-9-]+)((?:{_PARAMETER})*):(.*)", re.DOTALL)
_ONE_PARAMETER = re.compile(r';([A-Za-z0-9-]+)=((?:"[^"]*"|[^";])*)')
_TOP_LEVEL = frozenset({"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VTIMEZONE"})


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file, without its end; `end` is empty on a last line that has none."""

    number: int
    octets: bytes
    end: bytes

    @property
    def goes_on(self) -> bool:
        """Whether it continues the line before it."""
        return self.octets[:1] in (b" ", b"\t")


@dataclass(frozen=True, slots=True)
class Property:
    """One unfolded property. Names are in capitals, the value is as written, parameters are without their quotes."""

    name: str
    parameters: Mapping[str, str]
    value: str
    line: int


@dataclass(slots=True)
class Component:
    """What stands between BEGIN and END; `ended` is False where the END never comes."""

    name: str
    line: int
    properties: list[Property] = field(default_factory=list)
    parts: list[Component] = field(default_factory=list)
    ended: bool = False

    def all(self, name: str) -> list[Property]:
        """Return the properties of that name, in their order."""
        return [one for one in self.properties if one.name == name]

    def first(self, name: str) -> Property | None:
        """Return the first property of that name."""
        return next((one for one in self.properties if one.name == name), None)

    def named(self, *names: str) -> list[Component]:
        """Return the parts of those names that are whole."""
        return [one for one in self.parts if one.name in names and one.ended]


def rows(data: bytes) -> list[Row]:
    """Return the lines as they stand in the file, the byte order mark taken away."""
    found: list[Row] = []
    start = 0
    data = data.removeprefix(BOM)
    for end in _ENDS.finditer(data):
        found.append(Row(len(found) + 1, data[start : end.start()], end.group()))
        start = end.end()
    return [*found, Row(len(found) + 1, data[start:], b"")] if start < len(data) else found


def unfolded(lines: list[Row]) -> Iterator[tuple[int, bytes]]:
    """Yield each logical line with the number of its first row. Blank rows are left out."""
    number, octets = 0, b""
    for row in lines:
        if row.goes_on and number:
            octets += row.octets[1:]
            continue
        if octets.strip():
            yield number, octets
        number, octets = row.number, row.octets
    if octets.strip():
        yield number, octets


def components(lines: list[Row]) -> tuple[list[Component], list[Finding]]:
    """Return the outermost components, and what is wrong with the lines and their nesting."""
    tree = _Tree()
    for number, octets in unfolded(lines):
        tree.take(number, octets.decode(errors="replace"))
    return tree.tops, tree.findings


class _Tree:
    """The components so far, the ones still open, and the faults met on the way."""

    def __init__(self) -> None:
        self.tops: list[Component] = []
        self.findings: list[Finding] = []
        self._open: list[Component] = []

    def take(self, number: int, text: str) -> None:
        """Take in one logical line."""
        found = _PROPERTY.fullmatch(text)
        if found is None:
            self.findings.append(must("ugyldig-linje", number, f"Linjen er ingen egenskap: «{_shown(text)}»."))
            return
        name, value = found[1].upper(), found[3].strip().upper()
        if name == "BEGIN":
            self._begin(number, value)
        elif name == "END":
            self._end(number, value)
        elif self._open:
            self._open[-1].properties.append(Property(name, _parameters(found[2]), found[3], number))
        else:
            self.findings.append(must("utenfor-kalenderen", number, f"{name} står utenfor kalenderen."))

    def _begin(self, number: int, name: str) -> None:
        if name in _TOP_LEVEL and any(one.name == "VCALENDAR" for one in self._open):
            self._close_down_to("VCALENDAR")
        component = Component(name, number)
        (self._open[-1].parts if self._open else self.tops).append(component)
        self._open.append(component)

    def _end(self, number: int, name: str) -> None:
        if all(one.name != name for one in self._open):
            self.findings.append(must("ikke-avsluttet", number, f"END:{name} avslutter noe som ikke er begynt."))
            return
        self._close_down_to(name)
        self._open.pop().ended = True

    def _close_down_to(self, name: str) -> None:
        while self._open[-1].name != name:
            left = self._open.pop()
            self.findings.append(must("ikke-avsluttet", left.line, f"{left.name} mangler END:{left.name}."))


def _parameters(text: str) -> dict[str, str]:
    return {found[1].upper(): found[2].replace('"', "") for found in _ONE_PARAMETER.finditer(text)}


def _shown(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"  # noqa: PLR2004  (enough to find it by)
