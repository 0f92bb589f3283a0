"""When letters may go: send days, quiet days and the hour; and the notice of a secret that runs out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from itertools import groupby
from typing import Final

from arshjul.plan.leads import LeadsFor
from arshjul.plan.model import Recipient
from arshjul.timing.cadences import Cadence, turns
from arshjul.timing.days import DAY, MONDAY, NoEvents, Offset, Unit, is_workday, local_instant, year_span
from arshjul.wording import SAY
from arshjul.words import day_in_words, lead_in_words


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
    found = (turn.days for cadence in phrases for turn in turns(cadence, span, NoEvents()))
    return frozenset(day for days in found for day in days if day in span)


def local_midnight(day: date) -> datetime:
    """Return the instant (UTC) at which a day begins in Norway."""
    return local_instant(day, time())


STEPS: Final = (1, 7, 14, 30, 60)
"""Days before the last one at which it is told of."""


def step(expires: date, today: date) -> int | None:
    """Return the smallest of STEPS that the days left do not exceed, 0 from the last day on, None with time enough."""
    left = (expires - today).days
    return 0 if left <= 0 else next((days for days in STEPS if left <= days), None)


def notice(expires: date, today: date, language: str = "nb") -> str:
    """Say it in a sentence or two; "" with time enough. On its last day the secret still opens the door."""
    if step(expires, today) is None:
        return ""
    say, day, left = SAY[language], day_in_words(expires, language), (expires - today).days
    if left < 0:
        return say["secret_out"].format(day=day)
    if left == 0:
        return say["secret_today"].format(day=day)
    lead = lead_in_words(Offset(left, Unit.DAYS), language)
    return say["secret_soon"].format(left=say["tomorrow"] if left == 1 else say["in_days"].format(lead=lead), day=day)


@dataclass(frozen=True, slots=True)
class LetterRules:
    """How letters are sent: the lead times where calendar and item name none, and on which days.

    `leads_for` has those of some kinds of cadence ("årlig"; see `leads`). A lead of at most `urgent` workdays does not
    wait for the weekly send day. The `coordinator` is told of dates that wait for an announcement, and how it all goes,
    and that the secret for the mail server runs out (`secret_expires`: its last day).
    """

    leads: tuple[Offset, ...] = (Offset(20), Offset(5))
    send_days: SendDays = field(default_factory=SendDays)
    urgent: int = 5
    coordinator: Recipient | None = None
    leads_for: LeadsFor = field(default_factory=dict)
    secret_expires: date | None = None
