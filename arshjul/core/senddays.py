"""On which days, and at what instant, people may be written to. What is said to whom is in `plan`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from itertools import groupby

from arshjul.core.cadences import Cadence, turns
from arshjul.core.dates import DAY, MONDAY, OSLO, local_instant, year_span
from arshjul.core.turns import NoOthers
from arshjul.core.workdays import is_workday


@dataclass(frozen=True, slots=True)
class SendDays:
    """When letters go: on the `weekdays` (Monday is 0) when there is time, on any workday when it is urgent.

    Never on a weekend, a public holiday or a quiet day. `at` is local time, Europe/Oslo.
    """

    weekdays: frozenset[int] = field(default_factory=lambda: frozenset(range(MONDAY, MONDAY + 5)))
    at: time = time(8)
    quiet: tuple[Cadence, ...] = ()

    def is_open(self, day: date) -> bool:
        """Tell whether an urgent letter may go that day."""
        return is_workday(day) and day not in quiet_days(self.quiet, day.year)

    def on_or_before(self, day: date, *, urgent: bool = False) -> date:
        """Return the nearest day, not later, on which a letter may go.

        A send day that is a holiday or quiet does not cost a week: the letter goes on the nearest open day before it.
        """
        while not urgent and day.weekday() not in self.weekdays:
            day -= DAY
        while not self.is_open(day):
            day -= DAY
        return day

    def is_regular(self, day: date) -> bool:
        """Tell whether the weekly letters go that day: a send day, or the last open day before one that is not."""
        if not self.is_open(day):
            return False
        while day.weekday() not in self.weekdays:
            day += DAY
            if self.is_open(day):
                return False
        return True

    def on_or_after(self, day: date) -> date:
        """Return the nearest day, not earlier, on which an urgent letter may go."""
        while not self.is_open(day):
            day += DAY
        return day

    def longest_silence(self, year: int) -> int:
        """Return how many days in a row of a year no letter may go."""
        runs = [len(list(days)) for is_open, days in groupby(year_span(year), key=self.is_open) if not is_open]
        return max(runs, default=0)

    def instant(self, day: date) -> datetime:
        """Return when the letters of a day go, in UTC."""
        return local_instant(day, self.at)


@lru_cache(maxsize=64)
def quiet_days(phrases: Sequence[Cadence], year: int) -> frozenset[date]:
    """Return the days of a year that the phrases name ("24. desember–1. januar", "fellesferien")."""
    span = year_span(year)
    found = (turn.days for cadence in phrases for turn in turns(cadence, span, NoOthers()))
    return frozenset(day for days in found for day in days if day in span)


def local_midnight(day: date) -> datetime:
    """Return the instant (UTC) at which a day begins in Norway."""
    return local_instant(day, time())


def local_day(instant: datetime) -> date:
    """Return the day that an instant falls on in Norway."""
    return instant.astimezone(OSLO).date()
