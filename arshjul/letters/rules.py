"""When letters may go: send days and quiet days, leads before a deadline, and the notice of a secret that runs out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from itertools import groupby
from typing import Final

from arshjul.letters.wording import SAY
from arshjul.plan.model import Calendar, Item, Recipient
from arshjul.plan.parties import stem
from arshjul.timing.cadences import (
    Annual,
    Cadence,
    Continuous,
    Each,
    EveryYears,
    InARow,
    Meeting,
    Meetings,
    NearDay,
    Related,
    Several,
    Weekly,
    Wrapper,
    turns,
)
from arshjul.timing.days import DAY, MONDAY, NoOthers, Offset, Unit, is_workday, local_instant, year_span
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
    found = (turn.days for cadence in phrases for turn in turns(cadence, span, NoOthers()))
    return frozenset(day for days in found for day in days if day in span)


def local_midnight(day: date) -> datetime:
    """Return the instant (UTC) at which a day begins in Norway."""
    return local_instant(day, time())


YEARLY, LONG, QUARTERLY, BY_MEETING = "årlig", "flerårig", "kvartal", "møte"
MONTHLY, WEEKLY, CONTINUOUS = "månedlig", "ukentlig", "løpende"
KINDS: Final = (YEARLY, LONG, QUARTERLY, BY_MEETING, MONTHLY, WEEKLY, CONTINUOUS)
"""The kinds of cadence that lead times are chosen by, as administrators write them, the rarest of two last."""

MOST_OFTEN_FIRST: Final = (WEEKLY, MONTHLY, BY_MEETING, QUARTERLY, CONTINUOUS, YEARLY, LONG)
FEW_MONTHS: Final = 2
LONGEST_LEAD: Final = {Unit.WORKDAYS: 250, Unit.DAYS: 366, Unit.WEEKS: 52, Unit.MONTHS: 12}
"""The longest lead time in each unit: a year. Planning looks no further ahead (`plan.FURTHEST`)."""
DAYS_IN: Final = {Unit.DAYS: 1.0, Unit.WORKDAYS: 1.4, Unit.WEEKS: 7.0, Unit.MONTHS: 30.4}

LeadsFor = Mapping[str, tuple[Offset, ...]]
Names = Mapping[str, Sequence[Item]]


def kind_of(item: Item, names: Names, seen: tuple[Item, ...] = ()) -> str:
    """Return the kind of cadence that an item has. What follows another event comes round as that does.

    A list of dates comes round as meetings do. `names` are the items that its phrases can name, by stem.
    """
    if item.listed and len(item.when) > 1:
        return BY_MEETING

    def of_other(name: str) -> str:
        others = names.get(stem(name or item.parent), ())[:1]
        return next((kind_of(one, names, (*seen, item)) for one in others if one not in (item, *seen)), BY_MEETING)

    kinds = [_kind(phrase.cadence, of_other) for phrase in item.when]
    return min(kinds, key=MOST_OFTEN_FIRST.index, default=YEARLY)


def _kind(cadence: Cadence, of_other: Callable[[str], str]) -> str:
    match cadence:
        case _ if isinstance(cadence, Wrapper):
            return _kind(cadence.of, of_other)
        case Related(inner) | NearDay(inner) | InARow(inner) | Meeting(inner, nth=None):
            return _kind(inner, of_other)
        case Several(parts):
            return min((_kind(part, of_other) for part in parts), key=MOST_OFTEN_FIRST.index)
        case Meetings(name):
            return of_other(name)
        case Weekly():
            return WEEKLY
        case Each(months):
            return MONTHLY if months <= FEW_MONTHS else QUARTERLY
        case Continuous():
            return CONTINUOUS
        case EveryYears():
            return LONG
        case Annual(every=every) if every > 1:
            return LONG
    return YEARLY


def choose(
    item: Item, calendar: Calendar, kind: str, general: tuple[Offset, ...], by_kind: LeadsFor
) -> tuple[tuple[Offset, ...], str]:
    """Return an item's lead times, and in Norwegian where they are written.

    They are the item's own, else its calendar's, else the config's; those for its kind win over those for all. What
    comes round every week is told of once at most, with the shortest of the times.
    """
    ways = (
        (item.leads, f"«leads» i {'tiltaket' if item.is_measure else 'hendelsen'} selv"),
        (calendar.leads_for.get(kind), f"«leads_for» i kalenderen, for det som er {kind}"),
        (calendar.leads, "«leads» i kalenderen"),
        (by_kind.get(kind), f"«leads_for» i config.toml, for det som er {kind}"),
    )
    known = ((leads, where) for leads, where in ways if leads is not None)
    leads, where = next(known, (general, "«leads» i config.toml"))
    if kind == WEEKLY and len(leads) > 1:
        return (min(leads, key=length),), f"{where}; det som kommer hver uke, varsles bare én gang"
    return leads, where


def length(lead: Offset) -> float:
    """Return about how many days a lead time is, to compare those of different units."""
    return lead.amount * DAYS_IN[lead.unit]


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
