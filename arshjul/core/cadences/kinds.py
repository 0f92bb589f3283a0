"""The kinds of "how often" and "when" as values. Which turns they have is in `turning`, their places in `spots`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from arshjul.core.cadences.conditions import Condition
from arshjul.core.cadences.spots import Countable, DayKind, Spot
from arshjul.core.offsets import Offset
from arshjul.core.turns import Clock


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
