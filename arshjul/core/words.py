"""Days, spans, months and times of day in Norwegian words; nothing is read back from words here."""

from __future__ import annotations

from datetime import date
from functools import cache

from babel import Locale

from arshjul.core.dates import Span
from arshjul.core.turns import Clock


@cache
def _names(kind: str) -> dict[int, str]:
    # Only babel's tables: its formatting code takes as long to import as the rest of a short command.
    tables = {"months": Locale.parse("nb").months, "days": Locale.parse("nb").days}
    return dict(tables[kind]["format"]["wide"])


def weekday_in_words(day: date) -> str:
    """Return "tirsdag"."""
    return _names("days")[day.weekday()]


def month_in_words(day: date) -> str:
    """Return the month that the day is in: "desember 2026"."""
    return f"{_names('months')[day.month]} {day.year}"


def day_in_words(day: date) -> str:
    """Return "tirsdag 15. desember 2026"."""
    return f"{weekday_in_words(day)} {date_in_words(day)}"


def date_in_words(day: date) -> str:
    """Return "15. desember 2026"."""
    return f"{day.day}. {month_in_words(day)}"


def span_in_words(span: Span) -> str:
    """Return "1.–5. desember 2026", "11. mars–12. april 2028", or the day with its weekday when there is only one."""
    first, last = span.first, span.last
    if first == last:
        return day_in_words(first)
    if first.year != last.year:
        return f"{date_in_words(first)}–{date_in_words(last)}"
    if first.month != last.month:
        return f"{first.day}. {_names('months')[first.month]}–{date_in_words(last)}"
    return f"{first.day}.–{date_in_words(last)}"


def clock_in_words(clock: Clock) -> str:
    """Return "kl. 10.00" or "kl. 10.00–12.00"."""
    end = f"–{clock.end:%H.%M}" if clock.end else ""
    return f"kl. {clock.start:%H.%M}{end}"


def list_in_words(names: tuple[str, ...]) -> str:
    """Return "styret", "styret og ordførerne", "styret, ordførerne og sekretariatet"."""
    *before, last = names
    return f"{', '.join(before)} og {last}" if before else last
