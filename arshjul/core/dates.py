"""Spans of days, calendar arithmetic, the time zone. Every span runs from its first day to, not including, its end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")
DAY = timedelta(days=1)
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The days from `first` to, not including, `end`; never empty (ValueError)."""

    first: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.first:
            raise ValueError(f"a span must hold at least one day, not {self.first}..{self.end}")

    @classmethod
    def of(cls, first: date, last: date | None = None) -> Span:
        """Return the days from `first` to `last`, both included; only `first` when no `last` is given."""
        return cls(first, (last or first) + DAY)

    @property
    def last(self) -> date:
        """The last day in the span."""
        return self.end - DAY

    def __contains__(self, day: date) -> bool:
        return self.first <= day < self.end

    def __iter__(self) -> Iterator[date]:
        return (self.first + timedelta(days=n) for n in range(len(self)))

    def __len__(self) -> int:
        return (self.end - self.first).days

    def overlaps(self, other: Span) -> bool:
        return self.first < other.end and other.first < self.end

    def common(self, other: Span) -> Span | None:
        """Return the days in both, or None."""
        first, end = max(self.first, other.first), min(self.end, other.end)
        return Span(first, end) if first < end else None

    def widened(self, days: int) -> Span:
        """Return the span with so many days more at each side."""
        return Span(self.first - timedelta(days=days), self.end + timedelta(days=days))


def local_instant(day: date, at: time) -> datetime:
    """Return the instant (UTC) of a time of day in Norway."""
    return datetime.combine(day, at, OSLO).astimezone(UTC)


def year_span(year: int) -> Span:
    return Span(date(year, 1, 1), date(year + 1, 1, 1))


def month_span(year: int, month: int, months: int = 1) -> Span:
    """Return `months` whole months from `month` (1 to 12) of `year` on."""
    return Span(date(year, month, 1), add_months(date(year, month, 1), months))


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later; the month's last day where that day does not exist."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, days_in_month(year, month + 1)))


def days_in_month(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - date(year, month, 1)).days


def iso_week(year: int, week: int) -> Span:
    """Return Monday to Sunday of an ISO week (ISO 8601); ValueError for a week that the year has not."""
    return Span.of(date.fromisocalendar(year, week, 1), date.fromisocalendar(year, week, 7))


def easter(year: int) -> date:
    """Return Easter Sunday of a Gregorian year (the anonymous algorithm, Nature 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)
