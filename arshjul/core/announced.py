"""One announced date as it stands in a file → an announcement, or what is wrong with it. Periods are in `periods`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from arshjul.core.cadences import turns
from arshjul.core.dates import Span, year_span
from arshjul.core.model import Announcement
from arshjul.core.periods import FIRST_YEAR, LAST_YEAR, is_year
from arshjul.core.phrases import read
from arshjul.core.shapes import AnnouncementShape, quoted
from arshjul.core.turns import NoOthers, Turn, read_clock
from arshjul.core.weekdays import wrong_weekday
from arshjul.core.words import span_in_words

LONGEST = 62
"""Days of the longest thing that is announced: a consultation, or an autumn session; longer is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, what would be right, and the key below the period that it is about."""

    message: str
    hint: str = ""
    key: tuple[str, ...] = ()


def read_announcement(shape: AnnouncementShape, period: str) -> Announcement | Fault:
    """Return the announcement, or the first thing that is wrong with it. `period` is one that there is."""
    turn = _written_days(shape.date, int(period[:4]))
    if isinstance(turn, Fault):
        return turn
    clock, checked = read_clock(shape.time), _written_date(shape.checked)
    if wrong := wrong_weekday(shape.date, turn.days.first.year):
        return Fault(f"{quoted(shape.date)}: {wrong}.", "Er det dagen eller datoen som er feil?", ("date",))
    if fault := _far_off(turn.days, period):
        return fault
    if shape.time and clock is None:
        return Fault(f"{quoted(shape.time)} er ikke noe klokkeslett.", "Skriv «10:00» eller «10:00/12:00».", ("time",))
    if shape.checked and checked is None:
        return Fault(f"{quoted(shape.checked)} er ingen dato.", "Skriv «2026-11-20».", ("checked",))
    return Announcement(turn.days, clock or turn.clock, shape.source, checked, shape.unusual)


def _written_days(text: str, year: int) -> Turn | Fault:
    """Return the days that a text names in, or next to, a year: once and for certain."""
    first, _, last = text.partition("/")
    try:
        days = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        return _read_days(text, year)
    if not all(is_year(day.year) for day in days):
        return Fault(f"{quoted(text)} ligger utenfor årene {FIRST_YEAR}–{LAST_YEAR}.")
    if days[1] < days[0]:
        return Fault(f"{quoted(text)} slutter før det begynner.", "Skriv den første dagen først.")
    return Turn(str(year), Span.of(*days))


def _read_days(text: str, year: int) -> Turn | Fault:
    cadence = read(text)
    found = turns(cadence, year_span(year), NoOthers()) if cadence else []
    if len(found) == 1:
        return found[0]
    hint = "Skriv «2026-10-07», «2026-08-10/2026-08-14» eller «7. oktober»."
    return Fault(f"{quoted(text)} er ingen dato i {year}.", hint)


def _far_off(days: Span, period: str) -> Fault | None:
    if abs(days.first.year - int(period[:4])) > 1:
        return Fault(f"{span_in_words(days)} ligger langt fra {period}.", "Er året riktig?")
    if len(days) > LONGEST:
        return Fault(
            f"{span_in_words(days)} er {len(days)} dager.", f"Det som kunngjøres, varer høyst {LONGEST} dager."
        )
    return None


def _written_date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if is_year(found.year) else None
