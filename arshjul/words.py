"""Days, hours and distances in words, in bokmål, nynorsk and English; the languages."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Final

from babel import Locale

from arshjul.timing.days import OSLO, Clock, Offset, Span, Status, Unit

LANGUAGES: Final = {"bokmål": "nb", "nynorsk": "nn", "engelsk": "en", "nb": "nb", "nn": "nn", "en": "en"}
"""How an administrator may name a language, and its code."""


def read_language(text: str) -> str | None:
    """Return the code of a language that an administrator names ("nynorsk", "nn"), None for another."""
    return LANGUAGES.get(text.strip().casefold())


AND: Final = {"nb": "og", "nn": "og", "en": "and"}
STATUS_WORDS: Final = {Status.CONFIRMED: "bekreftet", Status.TENTATIVE: "foreløpig", Status.CANCELLED: "avlyst"}
UNITS: Final = {
    "nn": {
        Unit.WORKDAYS: ("virkedag", "virkedagar"),
        Unit.DAYS: ("dag", "dagar"),
        Unit.WEEKS: ("veke", "veker"),
        Unit.MONTHS: ("månad", "månader"),
    },
    "en": {
        Unit.WORKDAYS: ("working day", "working days"),
        Unit.DAYS: ("day", "days"),
        Unit.WEEKS: ("week", "weeks"),
        Unit.MONTHS: ("month", "months"),
    },
}


@cache
def _names(kind: str, language: str) -> dict[int, str]:
    # Only babel's tables: its formatting code takes as long to import as the rest of a short command.
    tables = {"months": Locale.parse(language).months, "days": Locale.parse(language).days}
    return dict(tables[kind]["format"]["wide"])


def weekday_name(weekday: int) -> str:
    """Return "tirsdag" for 1."""
    return _names("days", "nb")[weekday]


def month_name(month: int) -> str:
    """Return "mars" for 3."""
    return _names("months", "nb")[month]


def weekday_in_words(day: date, language: str = "nb") -> str:
    """Return "tirsdag"."""
    return _names("days", language)[day.weekday()]


def month_in_words(day: date, language: str = "nb") -> str:
    """Return the month that the day is in: "desember 2026"."""
    return f"{_names('months', language)[day.month]} {day.year}"


def day_in_words(day: date, language: str = "nb") -> str:
    """Return "tirsdag 15. desember 2026", "Tuesday 15 December 2026"."""
    return f"{weekday_in_words(day, language)} {date_in_words(day, language)}"


def date_in_words(day: date, language: str = "nb") -> str:
    """Return "15. desember 2026"."""
    return f"{_number(day, language)} {month_in_words(day, language)}"


def short_day_in_words(day: date, language: str = "nb") -> str:
    """Return "tirsdag 15. desember", for where the year is plain."""
    name = _names("months", language)[day.month]
    return f"{weekday_in_words(day, language)} {_number(day, language)} {name}"


def span_in_words(span: Span, language: str = "nb") -> str:
    """Return "1.–5. desember 2026", "11. mars–12. april 2028", or the day with its weekday when there is only one."""
    first, last = span.first, span.last
    if first == last:
        return day_in_words(first, language)
    if first.year != last.year:
        return f"{date_in_words(first, language)}–{date_in_words(last, language)}"
    if first.month != last.month:
        name = _names("months", language)[first.month]
        return f"{_number(first, language)} {name}–{date_in_words(last, language)}"
    return f"{_number(first, language)}–{date_in_words(last, language)}"


def clock_in_words(clock: Clock, language: str = "nb") -> str:
    """Return "kl. 10.00" or "kl. 10.00–12.00", in English "10:00–12:00"."""
    form = "%H:%M" if language == "en" else "%H.%M"
    end = f"–{clock.end:{form}}" if clock.end else ""
    return f"{'' if language == 'en' else 'kl. '}{clock.start:{form}}{end}"


def instant_in_words(instant: datetime, language: str = "nb") -> str:
    """Return "fredag 20. november 2026 kl. 09.41", in Norwegian time."""
    local = instant.astimezone(OSLO)
    return f"{day_in_words(local.date(), language)} {clock_in_words(Clock(local.time()), language)}"


def either_in_words(names: tuple[str, ...]) -> str:
    """Return "5. februar eller 19. februar"."""
    *before, last = names
    return f"{', '.join(before)} eller {last}" if before else last


def list_in_words(names: tuple[str, ...], language: str = "nb") -> str:
    """Return "styret", "styret og ordførerne", "styret, ordførerne og sekretariatet"."""
    *before, last = names
    return f"{', '.join(before)} {AND[language]} {last}" if before else last


def lead_in_words(lead: Offset, language: str = "nb") -> str:
    """Return "20 virkedager", "20 virkedagar", "20 working days"."""
    if language not in UNITS:
        return str(lead)
    return count_in_words(lead.amount, *UNITS[language][lead.unit])


def count_in_words(count: int, one: str, many: str) -> str:
    """Return "1 mottaker", "2 mottakere"."""
    return f"{count} {one if count == 1 else many}"


def _number(day: date, language: str) -> str:
    return f"{day.day}" if language == "en" else f"{day.day}."
