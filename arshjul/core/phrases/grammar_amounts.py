"""The grammar of clock times and of distances: "kl. 18:30–20", "3 uker", "13 til 18 dager", "neste hverdag"."""

from __future__ import annotations

from datetime import time
from typing import NamedTuple, cast

from arshjul.core.cadences import Countable, DayKind, Per
from arshjul.core.offsets import Offset, Unit
from arshjul.core.phrases.grammar import cardinal, is_mark, is_range, ordinal, skipped, whole_number
from arshjul.core.phrases.grammar_days import day_list
from arshjul.core.phrases.grammar_parts import countable
from arshjul.core.phrases.lexer import Kind, Token
from arshjul.core.phrases.roles import Role
from arshjul.core.turns import Clock

UNITS: dict[object, tuple[Unit, int]] = {
    Per.DAY: (Unit.DAYS, 1),
    Per.WEEK: (Unit.WEEKS, 1),
    Per.MONTH: (Unit.MONTHS, 1),
    Per.QUARTER: (Unit.MONTHS, 3),
    Per.HALF: (Unit.MONTHS, 6),
    Per.YEAR: (Unit.MONTHS, 12),
    DayKind.WORKDAY: (Unit.WORKDAYS, 1),
    DayKind.DAY: (Unit.DAYS, 1),
}


MOST_MONTHS = 1200
"""A hundred years: what is farther away lies outside the calendar, and no plan means it."""


class Amount(NamedTuple):
    """A distance, or a range of them: "13 til 18 dager"."""

    near: Offset
    far: Offset | None = None


class Day(NamedTuple):
    """A day to be sought from an anchor: "neste hverdag", "onsdag" (before or after), "siste virkedag"."""

    day: Countable
    nth: int


class Weeks(NamedTuple):
    """A whole week to be sought from an anchor: "uken før", "første uke etter"."""

    nth: int


class Row(NamedTuple):
    """As in "to virkedager på rad"."""

    length: int
    day: DayKind


def clock(tokens: list[Token], index: int) -> tuple[Clock, int] | None:
    """Parse "kl. 18:30–20", "kl 1900", "10:00", "klokken 10-15:00", "fra kl 19.00 til 21.00"."""
    named = tokens[index].role is Role.CLOCK
    if named:
        index += 1 + is_mark(tokens[index + 1], ".:")
    is_midnight = tokens[index].text in {"24", "2400"}
    start = _hour(tokens, index, named=named)
    if start is None:
        return None
    begin, index = start
    begin = time(23, 59) if is_midnight else begin  # the end of the day, and not its beginning
    at = skipped(tokens, index + 1, Role.CLOCK) if is_range(tokens[index]) else index
    at += at > index and tokens[at - 1].role is Role.CLOCK and is_mark(tokens[at], ".")
    end = _hour(tokens, at, named=True) if at > index and not _is_day(tokens, at) else None
    return (Clock(begin, end[0]), end[1]) if end else (Clock(begin), index)


def _is_day(tokens: list[Token], index: int) -> bool:
    """Tell whether a day by date begins there, and no hour: "kl. 12 - 1. mars kl. 16"."""
    return day_list(tokens, index) is not None


def _hour(tokens: list[Token], index: int, *, named: bool) -> tuple[time, int] | None:
    token = tokens[index]
    if token.kind != Kind.NUMBER:
        return None
    if len(token.text) == 4 and named:
        hour, minute, index = int(token.text[:2]), int(token.text[2:]), index + 1
        return (time(hour % 24, minute), index) if hour <= 24 and minute < 60 else None
    whole = whole_number(token, 0, 24)
    if whole is None:
        return None
    mark, follower = tokens[index + 1], tokens[index + 2]
    minutes = whole_number(follower, 0, 59) if is_mark(mark, ".:") and len(follower.text) == 2 else None
    if minutes is None:
        return (time(whole % 24), index + 1) if named else None
    if not named and is_mark(mark, ".") and (follower.spaced or minutes in range(1, 13)):
        return None
    index += 3
    index += 2 * (is_mark(tokens[index], ":") and tokens[index + 1].kind == Kind.NUMBER)  # seconds
    return time(whole % 24, minutes), index


def amount(tokens: list[Token], index: int) -> tuple[Amount, int] | None:
    """Parse "3 uker", "13 til 18 dager", "en måned", "1½ måned", "dagen", "uken"."""
    token = tokens[index]
    if token.text == "dagen":
        return _distance(token, 1, 1, index + 1)
    first = cardinal(tokens, index)
    if first is None:
        return None
    low, index = first
    high = low
    if is_mark(tokens[index], ",") and tokens[index + 1].text == "5" and not tokens[index + 1].spaced:
        return _and_a_half(tokens, index + 2, low)
    if is_range(tokens[index]) or is_mark(tokens[index], "("):
        second = cardinal(tokens, index + 1)
        if second is None:
            return None
        high, index = second
        index += is_mark(tokens[index], "-)")  # "4 (fire) uker", "4 - fire - uker"
    return _distance(tokens[index], low, high, index + 1) if high >= low else None


def _distance(token: Token, low: int, high: int, index: int) -> tuple[Amount, int] | None:
    if token.role not in {Role.UNIT, Role.WORKDAYS} or token.value not in UNITS:
        return None
    unit, times = UNITS[token.value]
    if times * high > MOST_MONTHS:
        return None
    far = Offset(high * times, unit) if high != low else None
    return Amount(Offset(low * times, unit), far), index


def _and_a_half(tokens: list[Token], index: int, whole: int) -> tuple[Amount, int] | None:
    """Half a month is two weeks, half a year six months, half a week is not said."""
    if tokens[index].value is Per.MONTH:
        return Amount(Offset(4 * whole + 2, Unit.WEEKS)), index + 1
    if tokens[index].value is Per.YEAR and 12 * whole < MOST_MONTHS:
        return Amount(Offset(12 * whole + 6, Unit.MONTHS)), index + 1
    return None


def sought_day(tokens: list[Token], index: int) -> tuple[Day, int] | None:
    """Parse "neste hverdag", "første virkedag", "siste fredag", "mandagen", "onsdag", where a relation follows."""
    nth: int = 0
    index = skipped(tokens, index, Role.ARTICLE)
    if tokens[index].role is Role.NEXT:
        nth, index = 1, index + 1
    elif found := ordinal(tokens, index):
        nth, index = found
    token = tokens[index]
    if token.role not in {Role.WORKDAYS, Role.WEEKDAY, Role.THE_WEEKDAY}:
        return None
    by_itself = nth == 1 and token.role is Role.WORKDAYS and tokens[index - 1].role is Role.NEXT
    return (Day(countable(token), nth), index + 1) if by_itself or tokens[index + 1].role is Role.SIDE else None


def sought_week(tokens: list[Token], index: int) -> tuple[Weeks, int] | None:
    """Parse "uken", "første uke", "siste uke", where a relation follows."""
    index = skipped(tokens, index, Role.ARTICLE)
    found = ordinal(tokens, index)
    nth, index = found or (1, index)
    is_week = tokens[index].value is Per.WEEK and (found or tokens[index].text in {"uken", "uka", "veka"})
    return (Weeks(nth), index + 1) if is_week and tokens[index + 1].role is Role.SIDE else None


def row(tokens: list[Token], index: int) -> tuple[Row, int] | None:
    """Parse "to virkedager på rad"; None for more of them than a week has, which never come."""
    count = cardinal(tokens, index)
    if count is None or tokens[count[1]].role is not Role.WORKDAYS or tokens[count[1] + 1].role is not Role.IN_A_ROW:
        return None
    kind = cast(DayKind, tokens[count[1]].value)
    return (Row(count[0], kind), count[1] + 2) if 1 <= count[0] <= MOST_IN_A_ROW.get(kind, 0) else None


MOST_IN_A_ROW = {DayKind.WORKDAY: 5, DayKind.WEEKDAY: 6}
"""How many of them a week without holidays has one after the other."""
