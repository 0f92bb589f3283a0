"""A plan of dates for one year on one line ("5. februar, 16. april og 3. juni") → the phrases of its meetings."""

from __future__ import annotations

import re

from arshjul.core.announced import Fault, read_announcement
from arshjul.core.announcing import days_as_text
from arshjul.core.cadences import At
from arshjul.core.model import Phrase, Plan
from arshjul.core.phrases import read
from arshjul.core.shapes import AnnouncementShape, VariantShape, quoted

_PARTS = re.compile(r"\s*(?:[,;]|\bog\b)\s*")
_ONLY_A_DAY = re.compile(r"(?:\w+dag\s+)?\d{1,2}\.?")
_MONTH = re.compile(r"\d\.?\s*([a-zæøå]+(?:\s+\d{4})?)", re.IGNORECASE)


def read_plan(shape: VariantShape, year: int) -> list[Phrase] | Fault:
    """Return a phrase for each date of a year's plan, or the first thing that is wrong with it: no date is left out."""
    texts = [part for text in shape.dates for part in _parts(text)]
    found: list[Phrase] = []
    for text in texts:
        date_ = AnnouncementShape(date=text, time=shape.time, checked=shape.checked)
        known = read_announcement(date_, str(year))
        if isinstance(known, Fault):
            return Fault(known.message, known.hint, ("dates",) if known.key in ((), ("date",)) else known.key)
        if known.days.first.year != year:
            return Fault(f"{quoted(text)} er ikke i {year}.", "Er årstallet riktig?", ("dates",))
        cadence = read(days_as_text(known.days))
        if cadence is None:
            return Fault(f"{quoted(text)} er ingen dato i {year}.", key=("dates",))
        plan = Plan(shape.source, known.checked, shape.unusual)
        phrase = Phrase(text, At(cadence, known.clock) if known.clock else cadence, None, plan)
        if phrase.cadence in [other.cadence for other in found]:
            return Fault(f"{quoted(text)} står to ganger i planen.", key=("dates",))
        found.append(phrase)
    return found


def _parts(text: str) -> list[str]:
    """Return each date of a text with its month: "5. og 16. april" are "5. april" and "16. april"."""
    parts = [part for part in _PARTS.split(text) if part]
    month = ""
    for nth in reversed(range(len(parts))):
        if named := _MONTH.search(parts[nth]):
            month = named[1]
        elif _ONLY_A_DAY.fullmatch(parts[nth]) and month:
            parts[nth] = f"{parts[nth].removesuffix('.')}. {month}"
    return parts
