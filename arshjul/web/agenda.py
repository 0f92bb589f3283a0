"""Occurrences as the rows of the agenda on the page, month by month. What they look like is in the templates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from urllib.parse import urlsplit

from arshjul.core.dates import Span
from arshjul.core.entries import heading, shown_days, web_address
from arshjul.core.model import Kind, Occurrence, Status
from arshjul.core.sureness import where_from
from arshjul.core.texts import clean
from arshjul.core.words import STATUS_WORDS, clock_in_words, month_in_words, span_in_words, weekday_in_words


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the agenda: what the calendars show, and beside it how the date is known."""

    days: Span | None
    number: str
    weekday: str
    heading: str
    details: tuple[str, ...]
    responsible: tuple[str, ...]
    contributors: tuple[str, ...]
    note: str
    status: str
    status_word: str
    rule: str
    source: str
    source_url: str
    now: str


@dataclass(frozen=True, slots=True)
class Month:
    """A month that something falls in; `id` is its anchor on the page, `2026-12`."""

    id: str
    name: str
    short: str
    rows: tuple[Row, ...]


def months(occurrences: Iterable[Occurrence], calendar_names: dict[str, str], today: date) -> tuple[Month, ...]:
    """Return what is not over on the day, by the month that it starts in, or this month when it is under way."""
    coming = [(days, each) for each in occurrences if (days := shown_days(each)) and days.end > today]
    coming.sort(key=lambda pair: (max(pair[0].first, today).replace(day=1), pair[0], pair[1].key))
    by_month = groupby(coming, key=lambda pair: max(pair[0].first, today).replace(day=1))
    return tuple(
        _month(first, today, tuple(_row(each, calendar_names, today) for _, each in group)) for first, group in by_month
    )


def undated(occurrences: Iterable[Occurrence], calendar_names: dict[str, str], today: date) -> tuple[Row, ...]:
    """Return what is listed without a date."""
    return tuple(_row(each, calendar_names, today) for each in occurrences if each.days is None)


def _month(first: date, today: date, rows: tuple[Row, ...]) -> Month:
    """Return the month; its short name has the year where it could be taken for this year's."""
    name = month_in_words(first)
    is_plain = first.year == today.year or 1 < first.month < today.month
    return Month(f"{first:%Y-%m}", name, name.split()[0] if is_plain else name, rows)


def _row(occurrence: Occurrence, calendar_names: dict[str, str], today: date) -> Row:
    days, url = shown_days(occurrence), web_address(occurrence.source)
    return Row(
        days=days,
        number=_number(days) if days else "",
        weekday=_weekday(days) if days else "",
        heading=heading(occurrence),
        details=tuple(_details(occurrence, days, calendar_names)),
        responsible=occurrence.responsible,
        contributors=occurrence.contributors,
        note=clean(occurrence.note),
        status=occurrence.status.value,
        status_word=STATUS_WORDS[occurrence.status] if days else "",
        rule=where_from(occurrence) if occurrence.status is Status.TENTATIVE or not days else "",
        source=_host(url) or occurrence.source,
        source_url=url,
        now=_now(days, today) if days else "",
    )


def _number(days: Span) -> str:
    first, last = days.first, days.last
    if first == last:
        return f"{first.day}."
    return (
        f"{first.day}.–{last.day}."
        if first.month == last.month
        else f"{first.day}.{first.month}.–{last.day}.{last.month}."
    )


def _weekday(days: Span) -> str:
    first = weekday_in_words(days.first)
    return first if len(days) == 1 else f"{first}–{weekday_in_words(days.last)}"


def _details(occurrence: Occurrence, days: Span | None, calendar_names: dict[str, str]) -> Iterable[str]:
    if occurrence.kind is Kind.WINDOW and occurrence.days and occurrence.days != days:
        yield f"Periode {span_in_words(occurrence.days)}"
    if occurrence.clock:
        yield clock_in_words(occurrence.clock)
    if occurrence.location:
        yield occurrence.location
    if occurrence.area:
        yield occurrence.area
    yield calendar_names.get(occurrence.calendar, occurrence.calendar)


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _now(days: Span, today: date) -> str:
    if today not in days:
        return ""
    return "i dag" if len(days) == 1 else "pågår"
