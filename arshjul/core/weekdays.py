"""Weekdays that a text puts before a date ("mandag 16. mars"), held against the calendar of the year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from arshjul.core.words import date_in_words, weekday_in_words

_DAYS = ("m[ao]n|mån", "tir|tys|tue", "ons|wed", "tor|thu", "fre|fri", "l[øau]r|sat", "s[øu]n")
_MONTHS = ("jan", "feb", "mar", "apr", "ma[iy]", "jun", "jul", "aug", "sep", "o[kc]t", "nov", "de[sc]")
_DAY = (
    r"(?:mandag|måndag|monday|tirsdag|tysdag|tuesday|onsdag|wednesday|torsdag|thursday|fredag|friday"
    r"|lørdag|laurdag|saturday|søndag|sundag|sunday|(?:man|tir|tys|ons|tor|fre|lør|søn)\.)"
)
_AND = r"\s*(?:/|,|–|-|\bog\b|\band\b|\btil\b)?\s*"
_NUMBER = r"\d{1,2}(?!\d|[.:]\d{2}\b)\.?"
_MONTH = r"(?:jan|feb|mar|apr|ma[iy]|jun|jul|aug|sep|o[kc]t|nov|de[sc])[a-z]*\.?"
_NAMED = re.compile(
    rf"(?P<days>{_DAY}(?:{_AND}{_DAY})*),?\s+(?:den\s+)?"
    rf"(?:(?P<number>\d{{1,2}})[./](?P<month>\d{{1,2}})\b(?:[./](?P<own>\d{{4}}))?|(?P<numbers>{_NUMBER}(?:{_AND}{_NUMBER})*))",
    re.IGNORECASE,
)
_LATER = re.compile(rf"(?P<month>{_MONTH})(?:\s+(?P<year>\d{{4}}))?", re.IGNORECASE)


def wrong_weekday(text: str, year: int | None) -> str:
    """Return "12. mars 2027 er en fredag" for the first date in the text that has another weekday before it; else "".

    `year` is that of dates which name none; without it, only those that do are looked at.
    """
    for weekday, day in _dates(text, year):
        if day.weekday() != weekday:
            return f"{date_in_words(day)} er en {weekday_in_words(day)}"
    return ""


def _dates(text: str, year: int | None) -> Iterator[tuple[int, date]]:
    """Yield each weekday with its date; "onsdag/torsdag 9. og 10. juni" are two, "torsdag 11.–15. mai" is none."""
    for found in _NAMED.finditer(text):
        weekdays = [_nth(_DAYS, name) for name in re.findall(_DAY, found["days"], re.IGNORECASE)]
        numbers = [int(found["number"])] if found["number"] else [int(n) for n in re.findall(r"\d+", found["numbers"])]
        month, own = _month_after(found, text)
        if month and own is None:
            own = year
        if month and own and len(weekdays) == len(numbers):
            for weekday, number in zip(weekdays, numbers, strict=True):
                if day := _date(own, month, number):
                    yield weekday, day


def _month_after(found: re.Match[str], text: str) -> tuple[int, int | None]:
    if found["number"]:
        return int(found["month"]), int(found["own"]) if found["own"] else None
    later = _LATER.search(text, found.end())
    return (_nth(_MONTHS, later["month"]) + 1, int(later["year"]) if later["year"] else None) if later else (0, None)


def _nth(patterns: tuple[str, ...], name: str) -> int:
    return next(nth for nth, pattern in enumerate(patterns) if re.match(pattern, name, re.IGNORECASE))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
