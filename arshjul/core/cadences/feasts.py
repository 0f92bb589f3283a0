"""The points of the Norwegian year that need no event of their own: feasts, holidays from school, the fellesferie."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from arshjul.core.dates import DAY, FRIDAY, SUNDAY, Span, easter, iso_week


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
