"""Rules that leave out a time without a word: the 31st of each month, 29 February, the fifth Monday, week 53."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from arshjul.core.cadences import (
    Annual,
    Cadence,
    Date,
    DayOf,
    Each,
    Nth,
    NthOf,
    Several,
    Week,
    Wrapper,
    own_year,
    place,
    turns,
)
from arshjul.core.check_dates import phrases_of
from arshjul.core.dates import year_span
from arshjul.core.model import Catalogue
from arshjul.core.problems import Note, note_at
from arshjul.core.shapes import quoted
from arshjul.core.turns import NoOthers
from arshjul.core.words import list_in_words, month_name, weekday_name

YEARS_AHEAD = 8
"""Years in which a yearly rule is looked for; leap years are in them."""
EVERY: Final = {1: "hver måned", 2: "annenhver måned", 3: "hvert kvartal", 4: "hvert tertial", 6: "hvert halvår"}


def times_left_out(catalogue: Catalogue, today: date) -> Iterator[Note]:
    """Yield a note for each phrase whose rule has no date in some of the months or years that it speaks of."""
    for item in (item for calendar in catalogue.calendars.values() for item in calendar.items):
        for phrase in phrases_of(item):
            for part in _parts(phrase.cadence):
                if told := _left_out(part, today.year + 1):
                    yield note_at(phrase.place, f"{quoted(phrase.text)} {told[0]}.", told[1])


def _parts(cadence: Cadence) -> Iterator[Cadence]:
    if isinstance(cadence, Wrapper):
        yield from _parts(cadence.of)
    elif isinstance(cadence, Several):
        for part in cadence.parts:
            yield from _parts(part)
    else:
        yield cadence


def _left_out(cadence: Cadence, year: int) -> tuple[str, str] | None:
    match cadence:
        case Each(_, DayOf() | NthOf()):
            return _months_left_out(cadence, year)
        case Annual(Date() | Nth() | Week() as spot, 1) if own_year(spot) is None:
            return _years_left_out(cadence, year)
    return None


def _months_left_out(cadence: Each, year: int) -> tuple[str, str] | None:
    """Tell of the months of a year without a date where the rule looks; a year that is no leap year."""
    common = year if year % 4 else year + 1
    dates = turns(Each(cadence.months, cadence.on), year_span(common), NoOthers())
    looked_at = turns(Each(cadence.months, None, cadence.within), year_span(common), NoOthers())
    known = {_stretch(one.days.first.month, cadence.months) for one in dates}
    missed = [one.days.first.month for one in looked_at if one.days.first.month not in known]
    if not missed:
        return None
    names = list_in_words(tuple(_named(month, cadence.months) for month in missed))
    in_year = f" i {common}" if isinstance(cadence.on, NthOf) else ""
    return f"gir ingen dato i {names}{in_year}", _instead(cadence)


def _stretch(month: int, months: int) -> int:
    """Return the first month of the stretch of so many that a month is in."""
    return month - (month - 1) % months


def _named(month: int, months: int) -> str:
    return month_name(month) if months == 1 else f"{month_name(month)}–{month_name(month + months - 1)}"


def _instead(cadence: Each) -> str:
    what = weekday_name(cadence.on.day) if isinstance(cadence.on, NthOf) and isinstance(cadence.on.day, int) else "dag"
    every = EVERY[cadence.months]
    return f"Er det den siste du mener, skriv «siste {what} i {every}»."


def _years_left_out(cadence: Annual, year: int) -> tuple[str, str] | None:
    years = range(year, year + YEARS_AHEAD)
    missed = [one for one in years if place(cadence.spot, one) is None]
    if not missed or len(missed) == len(years):
        return None
    comes = [str(one) for one in years if one not in missed]
    hint = "Er det den siste dagen du mener, skriv «siste dag i februar»." if isinstance(cadence.spot, Date) else ""
    return f"kommer ikke hvert år: de neste {YEARS_AHEAD} årene bare i {list_in_words(tuple(comes))}", hint
