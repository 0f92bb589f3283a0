"""Days: half-open spans, workdays and holidays, offsets, turns and the names of periods.

Every span runs from its first day to, and not including, its end. A workday is Monday to Friday and no public holiday.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from typing import Protocol
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


@cache
def public_holidays(year: int) -> dict[date, str]:
    """Return the year's public holidays in Norway with their Norwegian names; ordinary Sundays are not among them.

    Source: lov om helligdager og helligdagsfred § 2, lov om 1 og 17 mai, as kept by the package `holidays`.
    """
    import holidays  # noqa: PLC0415  (takes longer than everything else that reads a phrase, which needs no holiday)

    return dict(holidays.country_holidays("NO", years=year, language="no"))


def is_holiday(day: date) -> bool:
    return day in public_holidays(day.year)


def is_workday(day: date) -> bool:
    """Tell whether the day is Monday to Friday and no public holiday (arbeidsdag, virkedag)."""
    return day.weekday() < SATURDAY and not is_holiday(day)


def is_weekday(day: date) -> bool:
    """Tell whether the day is Monday to Saturday and no public holiday (hverdag); Stortinget opens on Saturdays."""
    return day.weekday() < SUNDAY and not is_holiday(day)


def add_workdays(day: date, count: int) -> date:
    """Return the day `count` workdays later (earlier when negative); the day itself for 0, workday or not."""
    step = DAY if count > 0 else -DAY
    for _ in range(abs(count)):
        day += step
        while not is_workday(day):
            day += step
    return day


def workday_on_or_before(day: date) -> date:
    """Return the nearest workday not after the day."""
    while not is_workday(day):
        day -= DAY
    return day


def workday_on_or_after(day: date) -> date:
    """Return the nearest workday not before the day."""
    while not is_workday(day):
        day += DAY
    return day


@lru_cache(maxsize=10_000)  # the letters of one day ask for the same few over and over
def workdays_between(first: date, end: date) -> int:
    """Count the workdays after `first` up to and including `end`; 0 when `end` is not later."""
    return sum(is_workday(first + timedelta(days=n)) for n in range(1, (end - first).days + 1))


@dataclass(frozen=True, slots=True)
class Clock:
    """Local time of day, Europe/Oslo: `start`, and `end` where the text gives one.

    `str()` is how files and JSON spell it: "10:00", or "10:00/12:00" as with days.
    """

    start: time
    end: time | None = None

    def __str__(self) -> str:
        return "/".join(f"{at:%H:%M}" for at in (self.start, self.end) if at)


@dataclass(frozen=True, slots=True)
class Turn:
    """One time round.

    `period` names it and never follows a moved date (`2027`, `2027-Q3`, `2027-09`, `2027-W12`): it is part of the key.
    `days` are the days it may fall on or lasts. `deadline` says that the text asks for something to be done *by* the
    last of these days ("innen", "senest"), so that the days before it mean nothing by themselves. `length` is how many
    days it is known to last: a debate of two days has 2, a window in which one day is not yet known has 1. What follows
    it is counted from its end. `called_off` is the key of the cancelled event that it hangs on: then it is off as well.
    """

    period: str
    days: Span
    deadline: bool = False
    clock: Clock | None = None
    length: int = 1
    called_off: str = ""


def read_clock(text: str) -> Clock | None:
    """Return the clock in "10:00", "10:00/12:00" or "10.00–12.00"; None for what is none, or names another zone."""
    try:
        times = [time.fromisoformat(part.strip().replace(".", ":")) for part in re.split("[/–-]", text)]
    except ValueError:
        return None
    match times:
        case [start] if start.tzinfo is None:
            return Clock(start)
        case [start, end] if start.tzinfo is end.tzinfo is None and start != end:
            return Clock(start, end)
    return None


class EventLookup(Protocol):
    """What a phrase may lean on: the other events by the names that plans give them."""

    def turns(self, name: str, span: Span) -> Sequence[Turn] | None:
        """Return the turns of the named event that touch the span, in order; None when no event has that name."""


class NoEvents:
    """For a phrase that is read by itself: it knows no event."""

    def turns(self, name: str, span: Span) -> Sequence[Turn] | None:  # noqa: ARG002  (the protocol's signature)
        return None


def half_period(day: date) -> str:
    return f"{day.year}-H{(day.month - 1) // 6 + 1}"


def tertial_period(day: date) -> str:
    return f"{day.year}-T{(day.month - 1) // 4 + 1}"


def quarter_period(day: date) -> str:
    return f"{day.year}-Q{(day.month - 1) // 3 + 1}"


def month_period(day: date) -> str:
    return f"{day:%Y-%m}"


def week_period(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def day_period(day: date) -> str:
    return f"{day:%Y-%m-%d}"


FIRST_YEAR, LAST_YEAR = 1900, 2200
"""The years that can be written: what lies outside is a slip of the pen, and dates end at the year 9999."""

_FORM = re.compile(
    r"(?P<year>[0-9]{4})(-((?P<month>[0-9]{2})|H[12]|T[1-3]|Q[1-4]|W(?P<week>[0-9]{2})"
    r"|(?P<day>[0-9]{2}-[0-9]{2})))?(_[1-9][0-9]{0,3})?"
)
_NEAR = 6


def is_period(text: str) -> bool:
    """Tell whether there is such a period: no thirteenth month, no week that the year has not."""
    found = _FORM.fullmatch(text)
    if not found or not is_year(int(found["year"])):
        return False
    try:
        if found["week"]:
            iso_week(int(found["year"]), int(found["week"]))
        elif found["month"] or found["day"]:
            date.fromisoformat(f"{found['year']}-{found['day'] or found['month'] + '-01'}")
    except ValueError:
        return False
    return True


def is_year(year: int) -> bool:
    return FIRST_YEAR <= year <= LAST_YEAR


def can_be_announced(period: str, ruled: Collection[str]) -> bool:
    """Tell whether a date may be announced for a period, beside those that the event's rule gives.

    It may for each of them, and for a year that the rule passes over; never beside those that it gives in that year.
    """
    if not ruled or period in ruled:
        return True
    return not any(one[:4] == period[:4] for one in ruled) and _kind(period) in {_kind(one) for one in ruled}


def nearest(period: str, known: Collection[str]) -> list[str]:
    """Return those of the same year, else those of the years around it, at most six, in order."""
    year = int(period[:4])
    same = sorted(one for one in known if one[:4] == period[:4])
    around = sorted(known, key=lambda one: (abs(int(one[:4]) - year), one))
    return (same or sorted(around[:_NEAR]))[:_NEAR]


def _kind(period: str) -> str:
    return re.sub("[0-9]", "0", period.partition("_")[0])


class Unit(StrEnum):
    """What an offset is counted in."""

    WORKDAYS = "workdays"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


WORDS = {
    Unit.WORKDAYS: ("virkedag", "virkedager"),
    Unit.DAYS: ("dag", "dager"),
    Unit.WEEKS: ("uke", "uker"),
    Unit.MONTHS: ("måned", "måneder"),
}


@dataclass(frozen=True, slots=True)
class Offset:
    """So many workdays, days, weeks or months. `str()` is its name in keys and JSON: "15 virkedager"."""

    amount: int
    unit: Unit = Unit.WORKDAYS

    def __str__(self) -> str:
        one, many = WORDS[self.unit]
        return f"{self.amount} {one if self.amount == 1 else many}"

    def before(self, day: date) -> date:
        """Return the day that lies this far before; workdays are counted, the day itself not among them."""
        return self._from(day, -self.amount)

    def after(self, day: date) -> date:
        """Return the day that lies this far after; workdays are counted, the day itself not among them."""
        return self._from(day, self.amount)

    def _from(self, day: date, amount: int) -> date:
        if self.unit is Unit.WORKDAYS:
            return add_workdays(day, amount)
        if self.unit is Unit.MONTHS:
            return add_months(day, amount)
        return day + timedelta(days=amount if self.unit is Unit.DAYS else 7 * amount)


def local_day(instant: datetime) -> date:
    """Return the day that an instant falls on in Norway."""
    return instant.astimezone(OSLO).date()


class Status(StrEnum):
    """How sure a date is: fixed by law or announced with a source, not yet so, or called off."""

    CONFIRMED = "confirmed"
    TENTATIVE = "tentative"
    CANCELLED = "cancelled"


FIRST_COLUMN, LAST_COLUMN = 2000, 2100
"""The years that a plan can have a column for."""
FARTHEST = 10
"""Years between two columns of the same plan: action plans run for four."""

_COLUMN = re.compile("[0-9]{4}")
_YEAR = re.compile(r"(?<![\d.:])(?<!kl )(?<!kl\. )(?:19|20|21)[0-9]{2}(?![\d.:])")


def is_column(text: str) -> bool:
    return bool(_COLUMN.fullmatch(text)) and FIRST_COLUMN <= int(text) <= LAST_COLUMN


def other_years(text: str, year: int) -> list[int]:
    """Return the years that the text of a year's column names, none when that year is one of them or among them."""
    named = years_in(text)
    return sorted(set(named)) if named and not min(named) <= year <= max(named) else []


def years_in(text: str) -> list[int]:
    """Return the years that a text names, in its order."""
    return [int(found) for found in _YEAR.findall(text)]


def outlier_years(years: Sequence[int]) -> list[int]:
    """Return those of the columns' years, each as often as it has a column, that are far from where the plan is."""
    groups: list[list[int]] = []
    for year in sorted(years):
        if groups and year - groups[-1][-1] <= FARTHEST:
            groups[-1].append(year)
        else:
            groups.append([year])
    plan = max(groups, key=len, default=[])  # of equals the first: 2027 is mistyped as 2072, not the other way round
    return sorted(set(years) - set(plan))
