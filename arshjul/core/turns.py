"""One coming round of something that recurs: period, days, clock. Which turns there are is in `cadences`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Protocol

from arshjul.core.dates import Span


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


class Others(Protocol):
    """What a phrase may lean on: the other events by the names that plans give them."""

    def turns(self, name: str, span: Span) -> Sequence[Turn] | None:
        """Return the turns of the named event that touch the span, in order; None when no event has that name."""


class NoOthers:
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
