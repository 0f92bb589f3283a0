"""What can be wrong with a feed's lines, whatever they say: ends, lengths, characters (RFC 5545 section 3.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from arshjul.core.lint.findings import Finding, must
from arshjul.core.lint.reading import BOM, Row, unfolded

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
