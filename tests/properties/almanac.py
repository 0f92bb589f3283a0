"""The arithmetic of days that the properties are held against, written anew: it knows nothing of the program."""

from __future__ import annotations

import os
from datetime import date, timedelta
from functools import cache

SEED = int(os.environ.get("ARSHJUL_TESTS_SEED", "20261126"))
"""The examples are those of this seed: what `make test` says, it says again."""

DAY = timedelta(days=1)
MONTHS = (
    *("januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september"),
    *("oktober", "november", "desember"),
)
WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")


def easter(year: int) -> date:
    """Return Easter Sunday, by Gauss as Knuth has it."""
    golden, century = year % 19 + 1, year // 100 + 1
    leaps, moon = 3 * century // 4 - 12, (8 * century + 5) // 25 - 5
    sunday = 5 * year // 4 - leaps - 10
    epact = (11 * golden + 20 + moon - leaps) % 30
    epact += (epact == 25 and golden > 11) or epact == 24
    full = 44 - epact if 44 - epact >= 21 else 74 - epact
    full += 7 - (sunday + full) % 7
    return date(year, 3, 1) + (full - 1) * DAY


@cache
def holidays(year: int) -> frozenset[date]:
    moving = {easter(year) + days * DAY for days in (-3, -2, 0, 1, 39, 49, 50)}
    fixed = {date(year, month, day) for month, day in ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26))}
    return frozenset(moving | fixed)


def is_workday(day: date) -> bool:
    return day.weekday() < 5 and day not in holidays(day.year)


def workdays_from(day: date, amount: int) -> date:
    """Return the day so many workdays after a day, before it where the amount is negative."""
    step = DAY if amount > 0 else -DAY
    for _ in range(abs(amount)):
        day += step
        while not is_workday(day):
            day += step
    return day


def workday_on_or_before(day: date) -> date:
    while not is_workday(day):
        day -= DAY
    return day


def days_between(first: date, last: date) -> list[date]:
    return [first + number * DAY for number in range((last - first).days + 1)]


def days_of_month(year: int, month: int) -> list[date]:
    first = date(year, month, 1)
    return days_between(first, (first + 31 * DAY).replace(day=1) - DAY)
