"""A feed's bytes → lines, properties, components, dates and durations, as far as they can be made out (RFC 5545)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Level(StrEnum):
    """MÅ: some client refuses the feed, loses an event or shows it wrongly. BØR: it works, but worse than it could."""

    MUST = "MÅ"
    SHOULD = "BØR"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One breach of one rule. `line` counts from 1; 0 is for what has no line, such as a header of the answer."""

    line: int
    rule: str
    level: Level
    message: str


def must(rule: str, line: int, message: str) -> Finding:
    return Finding(line, rule, Level.MUST, message)


def should(rule: str, line: int, message: str) -> Finding:
    return Finding(line, rule, Level.SHOULD, message)


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


LONGEST_ROW = 75
"""Octets without the line end."""

MOST_OCTETS = 900_000
"""Google has left out what comes after the first megabyte; 900 kB leaves room for a year to grow."""

_LATER = range(0b1000_0000, 0b1100_0000)
"""The octets of a character after its first: a row that goes on with one was cut inside the character."""

_CONTROLS = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff]")
_SEPARATORS = re.compile("[\u0085\u2028\u2029]")


def check_size(data: bytes) -> Iterator[Finding]:
    """Yield a finding when some client will not read all of it."""
    if len(data) > MOST_OCTETS:
        said = f"{len(data) / 1_000_000:.1f}".replace(".", ",")
        yield must("stor-fil", 0, f"Filen er på {said} MB. Google kutter ved 1 MB; del den i flere abonnementer.")


def check_octets(data: bytes, lines: list[Row]) -> Iterator[Finding]:
    """Yield what is wrong with the file as bytes."""
    if data.startswith(BOM):
        yield must("bom", 1, "Filen begynner med et usynlig BOM-tegn. Flere programmer avviser hele filen.")
    for row in lines:
        yield from _check_row(row)
    for number, octets in unfolded(lines):
        yield from _check_text(number, octets)
    yield from _split_characters(lines)


def _check_row(row: Row) -> Iterator[Finding]:
    if row.end != b"\r\n":
        yield must("linjeskift", row.number, "Linjen slutter ikke med CRLF (\\r\\n).")
    if len(row.octets) > LONGEST_ROW:
        said = f"Linjen er på {len(row.octets)} oktetter; den skal brettes ved {LONGEST_ROW}."
        yield must("lang-linje", row.number, said)
    if not row.octets.strip():
        yield must("tom-linje", row.number, "Tom linje. Google har forkastet hele filen for mindre.")


def _check_text(number: int, octets: bytes) -> Iterator[Finding]:
    text = octets.decode(errors="replace")
    if text.encode() != octets:
        yield must("ikke-utf8", number, "Her er det tegn som ikke er UTF-8.")
    if found := _CONTROLS.search(text):
        yield must("styretegn", number, f"Her er det et styretegn ({_code(found[0])}).")
    if found := _SEPARATORS.search(text):
        said = f"Her er det et skjult linjeskift ({_code(found[0])}). Noen programmer kutter teksten der."
        yield must("skjult-linjeskift", number, said)


def _split_characters(lines: list[Row]) -> Iterator[Finding]:
    for row in lines:
        if row.goes_on and len(row.octets) > 1 and row.octets[1] in _LATER:
            yield must("delt-tegn", row.number, "Linjen er brettet midt i et tegn.")


def _code(char: str) -> str:
    return f"U+{ord(char):04X}"


_DATE = re.compile(r"\d{8}")
_INSTANT = re.compile(r"\d{8}T\d{6}Z?")
_PART = r"\d+H(?:\d+M)?(?:\d+S)?|\d+M(?:\d+S)?|\d+S"
_DURATION = re.compile(rf"([+-]?)P(?:\d+W|\d+D(?:T(?:{_PART}))?|T(?:{_PART}))")
_LEAP_SECOND = re.compile(r"60(Z?)$")


class Sort(StrEnum):
    """How a time is bound to the clock."""

    DATE = "dato"
    FLOATING = "flytende"
    UTC = "UTC"
    ZONED = "sone"


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as written: `wall` has no zone of its own, `zone` is its TZID."""

    sort: Sort
    wall: datetime
    zone: str = ""


def moment(written: Property) -> Moment | None:
    """Return the time that a property holds; None when it is no date and no date-time."""
    value = written.value.strip()
    if _DATE.fullmatch(value):
        wall = _wall(value, "%Y%m%d")
        return Moment(Sort.DATE, wall) if wall else None
    if not _INSTANT.fullmatch(value):
        return None
    wall = _wall(_LEAP_SECOND.sub(r"59\1", value).removesuffix("Z"), "%Y%m%dT%H%M%S")
    if wall is None:
        return None
    if value.endswith("Z"):
        return Moment(Sort.UTC, wall)
    zone = written.parameters.get("TZID", "")
    return Moment(Sort.ZONED if zone else Sort.FLOATING, wall, zone)


def check_time(written: Property) -> Iterator[Finding]:
    """Yield what is wrong with a property that holds one date or date-time."""
    found, named = moment(written), written.parameters.get("VALUE", "DATE-TIME").upper()
    if found is None:
        yield must("ugyldig-tid", written.line, f"{written.name} er ingen dato og ikke noe tidspunkt: {written.value}")
    elif (found.sort is Sort.DATE) != (named == "DATE"):
        right = "VALUE=DATE" if found.sort is Sort.DATE else "VALUE=DATE-TIME"
        yield must("feil-verditype", written.line, f"{written.name} skal ha {right}, slik verdien er skrevet.")
    elif found.sort is Sort.UTC and "TZID" in written.parameters:
        yield must("tzid-og-utc", written.line, f"{written.name} har både TZID og Z; bare det ene kan gjelde.")


def check_utc(written: Property) -> Iterator[Finding]:
    """Yield what is wrong with a property that must be an instant in UTC."""
    found = moment(written)
    if found is None:
        yield must("ugyldig-tid", written.line, f"{written.name} er ikke noe tidspunkt: {written.value}")
    elif found.sort is not Sort.UTC:
        said = f"{written.name} skal være i UTC og slutte med Z: {written.value}"
        yield must("ikke-utc", written.line, said)


def is_duration(value: str) -> bool:
    return _DURATION.fullmatch(value.strip()) is not None


def is_negative(value: str) -> bool:
    return value.strip().startswith("-")


def _wall(value: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(value, form)  # noqa: DTZ007  (what the clock on the wall shows)
    except ValueError:
        return None
