"""Texts from people made safe for calendars: no control characters, one line, not too long. Escaping is elsewhere."""

from __future__ import annotations

import re
import unicodedata
from itertools import accumulate

# U+2028, U+0085, VT and FF end a line in some readers and not in others: subscribers have seen titles cut in two.
_LINE_ENDS = re.compile("\r\n|[\r\v\f\u0085\u2028\u2029]")
_CONTROLS = re.compile("[\0-\x08\x0e-\x1f\x7f-\x9f\ufeff\ud800-\udfff]")


def clean(text: str) -> str:
    r"""Return the text with `\n` as its only control character, no byte order mark, no lone surrogate; NFC."""
    if text.isprintable():  # as nearly all are; there is nothing to take away
        return unicodedata.normalize("NFC", text).strip()
    lines = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    return unicodedata.normalize("NFC", _CONTROLS.sub("", lines)).strip()


def one_line(text: str) -> str:
    """Return the cleaned text with every run of white space as one space."""
    return " ".join(clean(text).split())


def shortened(text: str, units: int) -> str:
    """Return the text, cut with "…" where it would be longer than so many UTF-16 units (what Exchange counts in)."""
    lengths = list(accumulate(1 + (char > "\uffff") for char in text))
    if not lengths or lengths[-1] <= units:
        return text
    return text[: sum(length < units for length in lengths)].rstrip() + "…"


def lower_first(text: str) -> str:
    """Return a title as it stands within a sentence; one that begins with an abbreviation stays ("NTP legges frem")."""
    return text if text[1:2].isupper() or text[1:2].isdigit() else text[:1].lower() + text[1:]


def number_in_digits(number: int) -> str:
    """Return "900", "2 900", with a space that breaks no line."""
    return f"{number:,}".replace(",", "\u00a0")
