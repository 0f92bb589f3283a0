"""Places in a year ("uke 33", "andre fredag i juni", "påske"), each with the days that it has in a given year."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, StrEnum

from arshjul.timing.days import (
    DAY,
    FRIDAY,
    SUNDAY,
    Span,
    days_in_month,
    easter,
    is_holiday,
    is_weekday,
    is_workday,
    iso_week,
    month_span,
    year_span,
)


class YearKind(StrEnum):
    """A sort of year."""

    ELECTION = "election"
    STORTING_ELECTION = "storting-election"
    LOCAL_ELECTION = "local-election"
    BETWEEN_ELECTIONS = "between-elections"
    EVEN = "even"
    ODD = "odd"
    LEAP = "leap"


@dataclass(frozen=True, slots=True)
class Condition:
    """A sort of year, or one year by its number; `negated` for the others ("ikke valgår")."""

    kind: YearKind | int
    negated: bool = False


def holds(condition: Condition, year: int) -> bool:
    """Tell whether the year is such a year."""
    return _is(condition.kind, year) != condition.negated


def _is(kind: YearKind | int, year: int) -> bool:
    """Storting elections are held in 2025, 2029 and so on, local ones in 2023, 2027: every second year has one."""
    match kind:
        case YearKind.STORTING_ELECTION:
            return year % 4 == 1
        case YearKind.LOCAL_ELECTION:
            return year % 4 == 3
        case YearKind.ELECTION | YearKind.ODD:
            return year % 2 == 1
        case YearKind.BETWEEN_ELECTIONS | YearKind.EVEN:
            return year % 2 == 0
        case YearKind.LEAP:
            return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return year == kind


def feast_span(key: str, year: int) -> Span:
    """Return the days of the feast in the year (KeyError for an unknown key)."""
    return FEASTS[key](year)


def _from_easter(first: int, last: int | None = None) -> Callable[[int], Span]:
    def span(year: int) -> Span:
        sunday = easter(year)
        return Span.of(sunday + timedelta(days=first), sunday + timedelta(days=first if last is None else last))

    return span


def _dated(first: tuple[int, int], last: tuple[int, int] | None = None) -> Callable[[int], Span]:
    def span(year: int) -> Span:
        start, end = date(year, *first), date(year, *(last or first))
        return Span.of(start, end if end >= start else date(year + 1, *end.timetuple()[1:3]))

    return span


def _school_week(number: int) -> Callable[[int], Span]:
    """Approximate: week 8 and 40 in Oslo and Akershus; other counties take the week before or after."""

    def span(year: int) -> Span:
        monday = iso_week(year, number).first
        return Span.of(monday, monday + timedelta(days=4))

    return span


def _general_staff_holiday(year: int) -> Span:
    """The three last whole weeks (Monday to Friday) of July."""
    friday = date(year, 7, 31)
    while friday.weekday() != FRIDAY:
        friday -= DAY
    return Span.of(friday - timedelta(days=18), friday)


def _sunday_of_month(month: int, number: int) -> Callable[[int], Span]:
    def span(year: int) -> Span:
        first = date(year, month, 1)
        return Span.of(first + timedelta(days=SUNDAY - first.weekday(), weeks=number - 1))

    return span


def _sunday_in_advent(number: int) -> Callable[[int], Span]:
    def span(year: int) -> Span:
        fourth = date(year, 12, 24)
        while fourth.weekday() != SUNDAY:
            fourth -= DAY
        return Span.of(fourth - timedelta(weeks=4 - number))

    return span


def _advent(year: int) -> Span:
    return Span.of(_sunday_in_advent(1)(year).first, date(year, 12, 23))


FEASTS: dict[str, Callable[[int], Span]] = {
    "nyttår": _dated((1, 1)),
    "årsskiftet": _dated((1, 1)),
    "fastelavn": _from_easter(-49),
    "palmesøndag": _from_easter(-7),
    "påskeuken": _from_easter(-6, 0),
    "påskeferien": _from_easter(-8, 1),
    "skjærtorsdag": _from_easter(-3),
    "langfredag": _from_easter(-2),
    "påskeaften": _from_easter(-1),
    "påske": _from_easter(-3, 1),
    "1. påskedag": _from_easter(0),
    "2. påskedag": _from_easter(1),
    "kristi himmelfartsdag": _from_easter(39),
    "pinseaften": _from_easter(48),
    "pinse": _from_easter(49, 50),
    "1. pinsedag": _from_easter(49),
    "2. pinsedag": _from_easter(50),
    "arbeidernes dag": _dated((5, 1)),
    "grunnlovsdagen": _dated((5, 17)),
    "samefolkets dag": _dated((2, 6)),
    "morsdag": _sunday_of_month(2, 2),
    "kvinnedagen": _dated((3, 8)),
    "FN-dagen": _dated((10, 24)),
    "allehelgensdag": _sunday_of_month(11, 1),
    "farsdag": _sunday_of_month(11, 2),
    "lucia": _dated((12, 13)),
    "sankthans": _dated((6, 23)),
    "olsok": _dated((7, 29)),
    "fellesferien": _general_staff_holiday,
    "sommerferien": _dated((6, 21), (8, 15)),  # approximate: each county sets its own
    "høstferien": _school_week(40),  # approximate
    "vinterferien": _school_week(8),  # approximate
    "advent": _advent,
    "1. advent": _sunday_in_advent(1),
    "2. advent": _sunday_in_advent(2),
    "3. advent": _sunday_in_advent(3),
    "4. advent": _sunday_in_advent(4),
    "juleferien": _dated((12, 22), (1, 2)),  # approximate
    "lille julaften": _dated((12, 23)),
    "julaften": _dated((12, 24)),
    "jul": _dated((12, 24), (12, 26)),
    "1. juledag": _dated((12, 25)),
    "2. juledag": _dated((12, 26)),
    "romjulen": _dated((12, 27), (12, 30)),
    "nyttårsaften": _dated((12, 31)),
    "vårhalvåret": _dated((1, 1), (6, 30)),
    "høsthalvåret": _dated((7, 1), (12, 31)),
    "vårsemesteret": _dated((1, 1), (6, 30)),
    "høstsemesteret": _dated((8, 1), (12, 31)),
}


ABOUT_DAYS = 3
"""How far "ca. 10. mars" may lie from 10 March, either way."""


class Part(Enum):
    """A part of the year; the value is its length in months."""

    MONTH = 1
    QUARTER = 3
    TERTIAL = 4
    HALF = 6


class Season(StrEnum):
    """A season as plans mean it: the three months of the weather."""

    WINTER = "winter"
    SPRING = "spring"
    SUMMER = "summer"
    AUTUMN = "autumn"


class Section(StrEnum):
    """Which end of something: "primo", "medio", "ultimo"."""

    START = "start"
    MIDDLE = "middle"
    END = "end"
    FIRST_HALF = "first-half"
    SECOND_HALF = "second-half"


class DayKind(StrEnum):
    """A sort of day that can be counted. Saturday is a weekday (hverdag) and no workday (virkedag)."""

    WORKDAY = "workday"
    WEEKDAY = "weekday"
    DAY = "day"


Countable = int | DayKind
"""What can be counted in a span: a weekday (Monday is 0) or a sort of day."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Any of them."""


@dataclass(frozen=True, slots=True)
class Date(Spot):
    """As in "15. juni"; none in a year without the day (29 February)."""

    month: int
    day: int


@dataclass(frozen=True, slots=True)
class YearPart(Spot):
    """As in "mars", "3. kvartal", "2. tertial", "1. halvår"."""

    part: Part
    number: int


@dataclass(frozen=True, slots=True)
class WholeYear(Spot):
    """As in "hele året"."""


@dataclass(frozen=True, slots=True)
class InSeason(Spot):
    """As in "våren"."""

    season: Season


@dataclass(frozen=True, slots=True)
class Week(Spot):
    """As in "uke 33" (ISO 8601); `days` are the first and last weekday. None in a year without week 53."""

    number: int
    days: tuple[int, int] = (0, 6)


@dataclass(frozen=True, slots=True)
class Feast(Spot):
    """A well-known point of the year, by its key in `feasts`."""

    key: str


@dataclass(frozen=True, slots=True)
class Nth(Spot):
    """As in "andre fredag i juni", "første hverdag i oktober", "siste virkedag i juni" (-1)."""

    nth: int
    day: Countable
    within: Spot
    until: int | None = None
    """"andre mandag–torsdag i oktober": the weekday that it lasts to."""


@dataclass(frozen=True, slots=True)
class NthWeek(Spot):
    """As in "første uke i mai": the nth (-1: the last) whole week, Monday to Sunday, inside something."""

    nth: int
    within: Spot


@dataclass(frozen=True, slots=True)
class OneOf(Spot):
    """As in "tirsdag eller torsdag 11.–15. mai": from the first to the last such day that is no holiday."""

    days: tuple[int, ...]
    within: Spot


@dataclass(frozen=True, slots=True)
class SectionOf(Spot):
    """As in "medio februar", "i slutten av mai", "tidlig på høsten"."""

    section: Section
    within: Spot


@dataclass(frozen=True, slots=True)
class LastDay(Spot):
    """As in "utgangen av juni"."""

    within: Spot


@dataclass(frozen=True, slots=True)
class FirstDay(Spot):
    """As in "begynnelsen av året" as a point in time: "fra inngangen til mai"."""

    within: Spot


@dataclass(frozen=True, slots=True)
class About(Spot):
    """As in "ca. 10. mars"."""

    spot: Spot


@dataclass(frozen=True, slots=True)
class Stretch(Spot):
    """As in "25. november–1. desember", "Q3–Q4"; into the next year where the last lies before the first."""

    first: Spot
    last: Spot


@dataclass(frozen=True, slots=True)
class InYear(Spot):
    """As in "12. mars 2024": in that year and no other."""

    year: int
    spot: Spot


@dataclass(frozen=True, slots=True)
class Years(Spot):
    """As in "2025–2028"."""

    first: int
    last: int


def place(spot: Spot, year: int) -> Span | None:  # noqa: PLR0911  (one line for each kind)
    """Return the days of the spot that belongs to the year, which may reach into its neighbours; None for none."""
    match spot:
        case Date(month, day):
            return Span.of(date(year, month, day)) if day <= days_in_month(year, month) else None
        case YearPart(part, number):
            return month_span(year, (number - 1) * part.value + 1, part.value)
        case Nth():
            return _nth(spot, year)
        case Stretch(first, last):
            return _stretch(first, last, year)
        case InYear(own, inner):
            return place(inner, own) if own == year else None
        case Week(number, days):
            return _week(year, number, days)
        case Feast(key):
            return feast_span(key, year)
        case InSeason(season):
            return season_span(season, year)
        case WholeYear():
            return year_span(year)
        case Years(first_year, last_year):
            return Span(date(first_year, 1, 1), date(last_year + 1, 1, 1)) if year == first_year else None
        case _:
            return _narrowed(spot, year)


def _narrowed(spot: Spot, year: int) -> Span | None:
    if not isinstance(spot, NthWeek | OneOf | SectionOf | LastDay | FirstDay | About):
        raise TypeError(f"{spot!r} is no spot")
    whole = place(spot.spot if isinstance(spot, About) else spot.within, year)
    if whole is None:
        return None
    match spot:
        case NthWeek(nth):
            return _nth_week(whole, nth)
        case OneOf(days):
            return _hull(day for day in whole if day.weekday() in days and not is_holiday(day))
        case SectionOf(section):
            return section_of(whole, section)
        case LastDay():
            return Span.of(whole.last)
        case FirstDay():
            return Span.of(whole.first)
        case About():
            return whole.widened(ABOUT_DAYS)


def own_year(spot: Spot) -> int | None:
    """Return the year that the text itself names, if it names one."""
    match spot:
        case InYear(year):
            return year
        case Years(first):
            return first
        case Stretch(first_spot):
            return own_year(first_spot)
        case About(inner):
            return own_year(inner)
        case Nth() | NthWeek() | OneOf() | SectionOf() | LastDay() | FirstDay():
            return own_year(spot.within)
    return None


def section_of(whole: Span, section: Section) -> Span:
    """Return the first, middle or last part of a span: a quarter, but at most a month; of a month about a week."""
    length = timedelta(days=min(max(1, len(whole) // 4), 31))
    match section:
        case Section.START:
            return Span(whole.first, whole.first + length)
        case Section.MIDDLE:
            start = whole.first + (whole.end - whole.first - length) // 2
            return Span(start, start + length)
        case Section.END:
            return Span(whole.end - length, whole.end)
        case Section.FIRST_HALF:
            return Span(whole.first, _half_way(whole))
        case Section.SECOND_HALF:
            return Span(_half_way(whole), whole.end)


def _half_way(whole: Span) -> date:
    """Return where the second half begins: with a month where the whole is an even number of them (1 July)."""
    months = 12 * (whole.end.year - whole.first.year) + whole.end.month - whole.first.month
    if whole.first.day == whole.end.day == 1 and months and months % 2 == 0:
        return month_span(whole.first.year, whole.first.month, months // 2).end
    return whole.first + timedelta(days=max(1, len(whole) // 2))


def is_such(day: date, kind: Countable) -> bool:
    """Tell whether the day is that weekday, or that sort of day."""
    match kind:
        case DayKind.WORKDAY:
            return is_workday(day)
        case DayKind.WEEKDAY:
            return is_weekday(day)
        case DayKind.DAY:
            return True
    return day.weekday() == kind


def nth_day(whole: Span, kind: Countable, nth: int) -> date | None:
    """Return the nth (-1: the last) such day in a span, None where there are not so many."""
    step = DAY if nth > 0 else -DAY
    day, left = (whole.first if nth > 0 else whole.last), abs(nth)
    while day in whole:
        left -= is_such(day, kind)
        if not left:
            return day
        day += step
    return None


def season_span(season: Season, year: int) -> Span:
    """Return the season's three months; winter ends in the year, as "vinteren 2027" is said in February."""
    match season:
        case Season.WINTER:
            return month_span(year - 1, 12, 3)
        case Season.SPRING:
            return month_span(year, 3, 3)
        case Season.SUMMER:
            return month_span(year, 6, 3)
        case Season.AUTUMN:
            return month_span(year, 9, 3)


def _nth(spot: Nth, year: int) -> Span | None:
    whole = place(spot.within, year)
    first = whole and nth_day(whole, spot.day, spot.nth)
    if not first:
        return None
    days = (spot.until - first.weekday()) % 7 if spot.until is not None else 0
    return Span.of(first, first + timedelta(days=days))


def _over_new_year(first: Spot, last: Spot, year: int) -> Span | None:
    """Return the stretch that has most of its days in the year: "november–mars" begins in the year before."""
    for start, end in ((place(first, year), place(last, year + 1)), (place(first, year - 1), place(last, year))):
        if start and end:
            whole, new_year = Span(start.first, end.end), date(end.last.year, 1, 1)
            if ((new_year - whole.first) >= (whole.end - new_year)) == (start.first.year == year):
                return whole
    return None


def _nth_week(whole: Span, nth: int) -> Span | None:
    sundays_too = Span.of(whole.first, whole.last - timedelta(days=6)) if len(whole) > 6 else None
    monday = sundays_too and nth_day(sundays_too, 0, nth)
    return Span.of(monday, monday + timedelta(days=6)) if monday else None


def _week(year: int, number: int, days: tuple[int, int]) -> Span | None:
    if number == 53 and date(year, 12, 28).isocalendar().week != number:
        return None
    monday = iso_week(year, number).first
    return Span.of(monday + timedelta(days=days[0]), monday + timedelta(days=days[1]))


def _stretch(first: Spot, last: Spot, year: int) -> Span | None:
    start = place(first, year)
    if start is None:
        return None
    own = own_year(last)
    end = place(last, year if own is None else own)
    if end is not None and end.last < start.first and own is None:
        return _over_new_year(first, last, year)
    return Span(start.first, end.end) if end is not None and end.last >= start.first else None


def _hull(days: Iterable[date]) -> Span | None:
    found = list(days)
    return Span.of(found[0], found[-1]) if found else None
