"""Norwegian public holidays, working days and quiet days; no time of day."""

from __future__ import annotations

from collections.abc import Container
from datetime import date, timedelta
from functools import cache, lru_cache

from arshjul.core.dates import DAY, SATURDAY, SUNDAY


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


def workday_on_or_before(day: date, quiet: Container[date] = ()) -> date:
    """Return the nearest workday not after the day that is not among the quiet days."""
    while not is_workday(day) or day in quiet:
        day -= DAY
    return day


def workday_on_or_after(day: date, quiet: Container[date] = ()) -> date:
    """Return the nearest workday not before the day that is not among the quiet days."""
    while not is_workday(day) or day in quiet:
        day += DAY
    return day


@lru_cache(maxsize=10_000)  # the letters of one day ask for the same few over and over
def workdays_between(first: date, end: date) -> int:
    """Count the workdays after `first` up to and including `end`; 0 when `end` is not later."""
    return sum(is_workday(first + timedelta(days=n)) for n in range(1, (end - first).days + 1))
