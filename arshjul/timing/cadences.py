"""The kinds of "how often" and "when" as frozen values, and the turns that each has in a span of days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from arshjul.timing.days import (
    DAY,
    Clock,
    EventLookup,
    Offset,
    Span,
    Turn,
    Unit,
    day_period,
    half_period,
    is_workday,
    iso_week,
    month_period,
    month_span,
    quarter_period,
    tertial_period,
    week_period,
    workday_on_or_after,
    workday_on_or_before,
)
from arshjul.timing.places import (
    Condition,
    Countable,
    DayKind,
    Feast,
    InSeason,
    InYear,
    Spot,
    Week,
    WholeYear,
    YearPart,
    holds,
    is_such,
    nth_day,
    own_year,
    place,
)


class Per(StrEnum):
    """What a quota is counted in."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    TERTIAL = "tertial"
    HALF = "half"
    YEAR = "year"
    TERM = "term"
    """A four-year period of elected bodies."""


MONTHS_IN: Final = {Per.MONTH: 1, Per.QUARTER: 3, Per.TERTIAL: 4, Per.HALF: 6}
"""How many months the parts of a year have."""


class Bound(StrEnum):
    """How a time limits what is to be done."""

    BY = "by"
    UNTIL = "until"
    """Up to the first day: "fram til jul"."""
    THROUGH = "through"
    """"til og med"."""
    DURING = "during"
    FROM = "from"


class Side(StrEnum):
    """Where something lies, seen from its anchor."""

    BEFORE = "before"
    AFTER = "after"
    AT = "at"


@dataclass(frozen=True, slots=True)
class Cadence:
    """Any kind."""


# Kinds without dates


@dataclass(frozen=True, slots=True)
class Continuous(Cadence):
    """As in "løpende"; `within` where it says from when to when ("løpende fra februar til mai", "hele året")."""

    within: Spot | None = None


@dataclass(frozen=True, slots=True)
class OnDemand(Cadence):
    """As in "ved behov"."""


@dataclass(frozen=True, slots=True)
class Nothing(Cadence):
    """As in "-", an empty cell, "dato kommer": nothing this time."""


@dataclass(frozen=True, slots=True)
class Vague(Cadence):
    """Understood, but it names no time: "jevnlig", "snarest"."""

    words: str


@dataclass(frozen=True, slots=True)
class TimeOfDay(Cadence):
    """Only a clock time: "kl. 18:30"."""

    clock: Clock


@dataclass(frozen=True, slots=True)
class Quota(Cadence):
    """From `least` to `most` (None: no upper limit) times in each `per`; checked against what is planned, not dated."""

    least: int
    most: int | None
    per: Per = Per.YEAR
    within: Spot | None = None


@dataclass(frozen=True, slots=True)
class Yearly(Cadence):
    """As in "årlig", no time of year given."""


@dataclass(frozen=True, slots=True)
class EveryYears(Cadence):
    """As in "hvert 4. år"; `anchor` is a year in which it comes, if the text names one."""

    every: int
    anchor: int | None = None


# Kinds with dates of their own


@dataclass(frozen=True, slots=True)
class Annual(Cadence):
    """Each year at that spot; or every `every` years, counted from `anchor`, without which those have no dates."""

    spot: Spot
    every: int = 1
    anchor: int | None = None


@dataclass(frozen=True, slots=True)
class Several(Cadence):
    """Each of them: "10. februar og 10. april"."""

    parts: tuple[Cadence, ...]


@dataclass(frozen=True, slots=True)
class Weekly(Cadence):
    """On these weekdays (none given: at any time in it) of each week, or of every `every`th.

    `first` is the ISO week that it starts with each year; `within` the part of the year that it is held in.
    """

    days: tuple[int, ...] = ()
    every: int = 1
    first: int | None = None
    within: Spot | None = None


@dataclass(frozen=True, slots=True)
class DayOf:
    """A day of a month by its number."""

    day: int


@dataclass(frozen=True, slots=True)
class NthOf:
    """The nth such day, -1 the last."""

    nth: int
    day: Countable


@dataclass(frozen=True, slots=True)
class Each(Cadence):
    """Each stretch of so many months (1, 2, 3, 4 or 6) counted from January; `on` says where in it."""

    months: int
    on: DayOf | NthOf | None = None
    within: Spot | None = None


# Kinds that lean on something else


@dataclass(frozen=True, slots=True)
class Meetings(Cadence):
    """Each turn of the event or series with that name, as the plan writes it; "" is the event that owns the phrase."""

    name: str


@dataclass(frozen=True, slots=True)
class Meeting(Cadence):
    """A particular turn of a series each year: the `nth` (all where None) of those within, after or before a spot."""

    series: Meetings
    nth: int | None = None
    within: Spot | None = None
    after: Spot | None = None
    before: Spot | None = None


@dataclass(frozen=True, slots=True)
class Related(Cadence):
    """Before, after or at an anchor: "3 uker før", "13 til 18 dager etter" (to `far`), "samme dag som".

    Without an offset, before is a limit (the day before), and after has no date.
    """

    anchor: Cadence
    side: Side
    offset: Offset | None = None
    far: Offset | None = None


@dataclass(frozen=True, slots=True)
class NearDay(Cadence):
    """As in "første virkedag etter trontaledebatten" (1), "onsdag før skjærtorsdag" (-1)."""

    anchor: Cadence
    day: Countable
    nth: int


@dataclass(frozen=True, slots=True)
class NearWeek(Cadence):
    """As in "første uke etter skolestart" (1), "uken før styremøtet" (-1): a whole week, Monday to Sunday."""

    anchor: Cadence
    nth: int


@dataclass(frozen=True, slots=True)
class InARow(Cadence):
    """As in "to virkedager på rad etter åpningen": the first consecutive days that no weekend parts."""

    anchor: Cadence
    count: int
    day: DayKind = DayKind.WORKDAY


# What can be said more about any of them


@dataclass(frozen=True, slots=True)
class Due(Cadence):
    """As in "innen 15. juni"; `bound` says which days of the other are the limit."""

    of: Cadence
    bound: Bound = Bound.BY


@dataclass(frozen=True, slots=True)
class At(Cadence):
    """As in "hver tirsdag kl. 18:30"."""

    of: Cadence
    clock: Clock


@dataclass(frozen=True, slots=True)
class Only(Cadence):
    """As in "i valgår": only in such years."""

    of: Cadence
    condition: Condition


@dataclass(frozen=True, slots=True)
class Except(Cadence):
    """As in "hver måned unntatt juli": not where it meets that spot."""

    of: Cadence
    spot: Spot


@dataclass(frozen=True, slots=True)
class Rolled(Cadence):
    """As in "flyttes til neste virkedag" (or the one before) when the day is no workday."""

    of: Cadence
    later: bool = True


@dataclass(frozen=True, slots=True)
class ForEach(Cadence):
    """As in "for hver delregion": one for each part of the group. The turns are those of the other."""

    of: Cadence
    group: str


Wrapper = Due | At | Only | Except | Rolled | ForEach


PERIODS = {1: month_period, 2: month_period, 3: quarter_period, 4: tertial_period, 6: half_period}
REACH = {Unit.DAYS: 1, Unit.WORKDAYS: 2, Unit.WEEKS: 7, Unit.MONTHS: 31}
"""How many days one of the unit can reach at most, but for the feasts, which `MARGIN` covers."""
HALF_A_YEAR = 183
"""Days within which "første møte etter 1. oktober" must lie: a later one is the first after something else."""
MARGIN = 21
"""Days that a turn can move beyond its offset: weekends, Easter, and a meeting moved out of its month."""


def turns(cadence: Cadence, span: Span, others: EventLookup) -> list[Turn]:
    """Return all turns whose days overlap the span, by first day; [] for the kinds without dates.

    A relation to an event that `others` does not know has no turns. A follower keeps its anchor's period.
    """
    found = {turn: None for turn in _turns(cadence, span, others) if turn.days.overlaps(span)}
    return sorted(found, key=_order)


def leans_on(cadence: Cadence) -> tuple[str, ...]:
    """Return the names of the events that it needs, in the order of the text; "" is the event that owns the phrase."""
    match cadence:
        case Meetings(name):
            return (name,)
        case Meeting(series):
            return leans_on(series)
        case Related(anchor) | NearDay(anchor) | NearWeek(anchor) | InARow(anchor):
            return leans_on(anchor)
        case Due(inner) | At(inner) | Only(inner) | Except(inner) | Rolled(inner) | ForEach(inner):
            return leans_on(inner)
        case Several(parts):
            return tuple(dict.fromkeys(name for part in parts for name in leans_on(part)))
    return ()


def is_dated(cadence: Cadence) -> bool:
    """Tell whether its words give it days, its own or those of what it leans on.

    "årlig", "ved behov" and "to ganger i året" give none; nor do "annenhver uke" with no week to start from, "hvert
    annet år i mars" with no year, and "etter årsmøtet" with no distance. Nothing is guessed: such things are listed.
    """
    match cadence:
        case Continuous(within):
            return within is not None
        case Weekly(_, every, start) | Annual(_, every, start):
            return every == 1 or start is not None
        case Related(anchor, side, offset):
            return is_dated(anchor) and (side is not Side.AFTER or offset is not None)
        case Several(parts):
            return any(is_dated(part) for part in parts)
        case NearDay(inner) | NearWeek(inner) | InARow(inner) | Due(inner) | At(inner):
            return is_dated(inner)
        case Only(inner) | Except(inner) | Rolled(inner) | ForEach(inner):
            return is_dated(inner)
    return isinstance(cadence, Each | Meetings | Meeting)


def _turns(cadence: Cadence, span: Span, others: EventLookup) -> Iterable[Turn]:  # noqa: PLR0911  (one line a kind)
    match cadence:
        case Annual():
            return _annual(cadence, span)
        case Continuous(within) if within is not None:
            return _annual(Annual(within), span)
        case Weekly():
            return _weekly(cadence, span) if is_dated(cadence) else ()
        case Each():
            return _each(cadence, span)
        case Several(parts):
            return _several([_of_part(part, turn) for part in parts for turn in turns(part, span, others)])
        case Meetings(name):
            return others.turns(name, span) or ()
        case Meeting():
            return _meeting(cadence, span, others)
        case Related():
            return _related(cadence, span, others)
        case NearDay():
            return _near_day(cadence, span, others)
        case NearWeek():
            return _near_week(cadence, span, others)
        case InARow():
            return _in_a_row(cadence, span, others)
    return _wrapped(cadence, span, others)


def _wrapped(cadence: Cadence, span: Span, others: EventLookup) -> Iterable[Turn]:
    match cadence:
        case Due(inner, bound):
            around = span if bound is Bound.DURING else span.widened(366)
            return (_bounded(turn, bound) for turn in turns(inner, around, others))
        case At(inner, clock):
            return (replace(turn, clock=clock) for turn in turns(inner, span, others))
        case Only(inner, condition):
            return (turn for turn in turns(inner, span, others) if holds(condition, _year_of(turn)))
        case Except(inner, spot):
            return (turn for turn in turns(inner, span, others) if not _meets(turn.days, spot))
        case Rolled(inner, later):
            return (_rolled(turn, later=later) for turn in turns(inner, span.widened(MARGIN), others))
        case ForEach(inner):
            return turns(inner, span, others)
    return ()


def _order(turn: Turn) -> tuple[date, date, str]:
    return turn.days.first, turn.days.end, turn.period


def _year_of(turn: Turn) -> int:
    """Return the year in the period: a meeting moved over the new year stays in its own."""
    return int(turn.period[:4]) if turn.period[:4].isdigit() else turn.days.first.year


def _annual(cadence: Annual, span: Span) -> Iterator[Turn]:
    own = own_year(cadence.spot)
    if not is_dated(cadence):
        return
    anchor = cadence.anchor or 0
    for year in (own,) if own is not None else range(span.first.year - 1, span.last.year + 2):
        if (year - anchor) % cadence.every == 0 and (days := place(cadence.spot, year)):
            yield Turn(f"{year}", days)


def _weekly(cadence: Weekly, span: Span) -> Iterator[Turn]:
    for monday in _mondays(cadence, span):
        week = Span.of(monday, monday + timedelta(days=6))
        if not cadence.days:
            yield Turn(week_period(monday), week)
        for day in cadence.days:
            on = monday + timedelta(days=day)
            if cadence.within is None or _meets(Span.of(on), cadence.within):
                period = week_period(on) if len(cadence.days) == 1 else day_period(on)
                yield Turn(period, Span.of(on))


def _mondays(cadence: Weekly, span: Span) -> Iterator[date]:
    """Yield the Mondays of its weeks, counted in each ISO year from the week that it starts with."""
    monday = span.first - timedelta(days=span.first.weekday())
    while monday < span.end:
        year, number, _ = monday.isocalendar()
        since = number - cadence.first if cadence.first is not None else 0
        whole = cadence.days or cadence.within is None or _meets(iso_week(year, number), cadence.within)
        if since >= 0 and since % cadence.every == 0 and whole:
            yield monday
        monday += timedelta(days=7)


def _each(cadence: Each, span: Span) -> Iterator[Turn]:
    for year in range(span.first.year - 1, span.last.year + 2):
        for month in range(1, 13, cadence.months):
            whole = month_span(year, month, cadence.months)
            days = _in_it(cadence.on, whole)
            if days and (cadence.within is None or _meets(days, cadence.within)):
                yield Turn(PERIODS[cadence.months](whole.first), days)


def _in_it(on: DayOf | NthOf | None, whole: Span) -> Span | None:
    match on:
        case None:
            return whole
        case DayOf(number):
            days = Span.of(whole.first + timedelta(days=number - 1))
            return days if days.first.month == whole.first.month else None
        case NthOf(nth, day):
            found = nth_day(whole, day, nth)
            return Span.of(found) if found else None


def _of_part(cadence: Cadence, turn: Turn) -> Turn:
    """Name a turn after the part of the year that it is: "Q3 og Q4" are 2027-Q3 and 2027-Q4."""
    spot = cadence.spot if isinstance(cadence, Annual) else None
    part = spot.spot if isinstance(spot, InYear) else spot
    if not isinstance(part, YearPart):
        return turn
    return replace(turn, period=PERIODS[part.part.value](turn.days.first))


def _several(found: list[Turn]) -> Iterator[Turn]:
    """Name the turns of a list by their months; by their days where two fall in one month."""
    months = [month_period(turn.days.first) for turn in found]
    for turn, month in zip(found, months, strict=True):
        if len(turn.period) > len("2027"):
            yield turn
        else:
            yield replace(turn, period=month if months.count(month) == 1 else day_period(turn.days.first))


def _meeting(cadence: Meeting, span: Span, others: EventLookup) -> Iterator[Turn]:
    for year in range(span.first.year - 1, span.last.year + 2):
        yield from _picked(cadence, year, others)


def _picked(cadence: Meeting, year: int, others: EventLookup) -> list[Turn]:
    """Return the turns that the phrase picks in a year.

    The anchor's period counts before its days: the September meeting moved to 2 October is still the September meeting.
    """
    around = Span(date(year - 1, 1, 1), date(year + 2, 1, 1))
    found = sorted(others.turns(cadence.series.name, around) or (), key=_order)
    chosen = [turn for turn in found if _chosen(cadence, turn, year)]
    if cadence.nth is None:
        return chosen
    index = cadence.nth - 1 if cadence.nth > 0 else cadence.nth
    return [chosen[index]] if -len(chosen) <= index < len(chosen) else []


def _chosen(cadence: Meeting, turn: Turn, year: int) -> bool:
    days = _named_month(turn) or turn.days
    if cadence.within is not None:
        whole = place(cadence.within, year)
        return whole is not None and days.first in whole
    after = place(cadence.after, year) if cadence.after else None
    before = place(cadence.before, year) if cadence.before else None
    if cadence.after and (after is None or turn.days.first <= after.last):
        return False
    if cadence.before and (before is None or turn.days.first >= before.first):
        return False
    if after is None and before is None:
        return _year_of(turn) == year
    edge = after or before
    return edge is not None and abs((turn.days.first - edge.first).days) <= HALF_A_YEAR


def _named_month(turn: Turn) -> Span | None:
    year, _, month = turn.period.partition("-")
    return month_span(int(year), int(month)) if year.isdigit() and month.isdigit() and len(month) == 2 else None


def _related(cadence: Related, span: Span, others: EventLookup) -> Iterator[Turn]:
    reach = _reach(cadence.offset) + _reach(cadence.far)
    for turn in _anchors(cadence.anchor, span.widened(reach + MARGIN), others):
        if cadence.side is Side.AT:
            yield turn
        elif cadence.offset is not None:
            yield replace(turn, days=_offset_days(cadence, turn), deadline=False, clock=None, length=1)
        elif cadence.side is Side.BEFORE:
            yield replace(turn, days=Span.of(turn.days.first - DAY), deadline=True, clock=None, length=1)


def _anchors(anchor: Cadence, span: Span, others: EventLookup) -> list[Turn]:
    """Return the anchor's turns. Easter, a week, a month last all their days: what is after them is after the last."""
    found = turns(anchor, span, others)
    if isinstance(anchor, Annual) and isinstance(anchor.spot, Feast | Week | YearPart | InSeason | WholeYear):
        return [replace(turn, length=len(turn.days)) for turn in found]
    return found


def _offset_days(cadence: Related, turn: Turn) -> Span:
    near, far = cadence.offset or Offset(0), cadence.far or cadence.offset or Offset(0)
    if cadence.side is Side.BEFORE:
        first, last = far.before(turn.days.first), near.before(_latest_start(turn))
    else:
        first, last = near.after(_earliest_end(turn)), far.after(turn.days.last)
    return Span.of(min(first, last), max(first, last))


def _earliest_end(turn: Turn) -> date:
    return min(turn.days.first + timedelta(days=turn.length - 1), turn.days.last)


def _latest_start(turn: Turn) -> date:
    return max(turn.days.last - timedelta(days=turn.length - 1), turn.days.first)


def _reach(offset: Offset | None) -> int:
    return abs(offset.amount) * REACH[offset.unit] if offset else 0


def _near_day(cadence: NearDay, span: Span, others: EventLookup) -> Iterator[Turn]:
    for turn in _anchors(cadence.anchor, span.widened(7 * abs(cadence.nth) + MARGIN), others):
        if cadence.nth > 0:
            ends = (
                _count(_earliest_end(turn), cadence.day, cadence.nth),
                _count(turn.days.last, cadence.day, cadence.nth),
            )
        else:
            ends = (
                _count(turn.days.first, cadence.day, cadence.nth),
                _count(_latest_start(turn), cadence.day, cadence.nth),
            )
        yield replace(turn, days=Span.of(*ends), deadline=False, clock=None, length=1)


def _near_week(cadence: NearWeek, span: Span, others: EventLookup) -> Iterator[Turn]:
    for turn in _anchors(cadence.anchor, span.widened(7 * abs(cadence.nth) + MARGIN), others):
        ends = (_earliest_end(turn), turn.days.last) if cadence.nth > 0 else (turn.days.first, _latest_start(turn))
        first, last = (_whole_week(day, cadence.nth) for day in ends)
        yield replace(turn, days=Span(first.first, last.end), deadline=False, clock=None, length=1)


def _whole_week(day: date, nth: int) -> Span:
    """Return the nth whole week, Monday to Sunday, after the day; before it when nth is negative."""
    monday = day - timedelta(days=day.weekday()) + timedelta(weeks=nth)
    return Span.of(monday, monday + timedelta(days=6))


def _count(day: date, kind: Countable, nth: int) -> date:
    """Return the nth such day after the day; before it when nth is negative."""
    step, left = (DAY if nth > 0 else -DAY), abs(nth)
    while left:
        day += step
        left -= is_such(day, kind)
    return day


def _in_a_row(cadence: InARow, span: Span, others: EventLookup) -> Iterator[Turn]:
    for turn in _anchors(cadence.anchor, span.widened(cadence.count + MARGIN), others):
        first, last = _first_of_row(_earliest_end(turn), cadence), _first_of_row(turn.days.last, cadence)
        days = Span.of(first, last + timedelta(days=cadence.count - 1))
        yield replace(turn, days=days, deadline=False, clock=None, length=cadence.count)


def _first_of_row(after: date, cadence: InARow) -> date:
    first = after + DAY
    while not all(is_such(first + timedelta(days=n), cadence.day) for n in range(cadence.count)):
        first += DAY
    return first


def _bounded(turn: Turn, bound: Bound) -> Turn:
    match bound:
        case Bound.BY | Bound.THROUGH:
            return replace(turn, days=Span.of(turn.days.last), deadline=True, length=1)
        case Bound.UNTIL:
            return replace(turn, days=Span.of(turn.days.first), deadline=True, length=1)
        case Bound.DURING:
            return replace(turn, deadline=True)
        case Bound.FROM:
            return replace(turn, days=Span.of(turn.days.first), length=1)


def _meets(days: Span, spot: Spot) -> bool:
    years = range(days.first.year - 1, days.last.year + 2)
    return any((whole := place(spot, year)) is not None and whole.overlaps(days) for year in years)


def _rolled(turn: Turn, *, later: bool) -> Turn:
    move = workday_on_or_after if later else workday_on_or_before
    last = move(turn.days.last)
    first = turn.days.first if is_workday(turn.days.first) or turn.days.first != turn.days.last else last
    return replace(turn, days=Span.of(min(first, last), last))
