"""The grammar of days by date and their years: "9.–11. oktober", "15.03.", "2026-02-13". No months, no weeks."""

from __future__ import annotations

import re

from arshjul.core.cadences import Date, InSeason, InYear, Season, Spot, Stretch, Week, Years, place
from arshjul.core.phrases.grammar import (
    Found,
    day_number,
    is_joint,
    is_mark,
    is_range,
    skipped,
    whole_number,
    year_number,
)
from arshjul.core.phrases.lexer import Kind, Token
from arshjul.core.phrases.roles import Role

MOST_DAYS = 6
"""Days that may share a month: "1., 8., 15., 22. og 29. mai"."""
OLD_YEARS = 70
"""Two digits from here on are of the last century."""


def dated(tokens: list[Token], index: int, spot: Spot) -> tuple[Spot, int]:
    """Return the spot in the year that follows it, if one does."""
    joined = is_mark(tokens[index], ",.") or tokens[index].text == "i"
    at = index + (joined and year_number(tokens[index + 1]) is not None)
    year = year_number(tokens[at])
    if year is None:
        return spot, index
    if spot == InSeason(Season.WINTER) and is_mark(tokens[at + 1], "/-") and tokens[at + 2].kind == Kind.NUMBER:
        return InYear(year + 1, spot), at + 3  # "vinteren 2026/27" ends in 2027
    return InYear(year, spot), at + 1


def day_list(tokens: list[Token], index: int) -> tuple[list[Spot], int] | None:
    """Parse days that share a month: "9.–11. oktober", "1., 15. og 30. mai", "10.-12.03", "lørdag 24. mai"."""
    days: list[int] = []
    ranges: list[bool] = []
    while len(days) < MOST_DAYS:
        index = _weekday_before(tokens, index)
        index = skipped(tokens, index, Role.ARTICLE)
        found = day_number(tokens, index)
        if found is None:
            return None
        day, index = found
        days.append(day)
        month = _month_after(tokens, index)
        if month:
            break
        index += is_mark(tokens[index], ".,")
        lost = is_mark(tokens[index - 1], ".") and whole_number(tokens[index], day + 1, 31) is not None
        separated = is_range(tokens[index]) or is_joint(tokens[index])
        following = day_number(tokens, index + 1)
        if tokens[index].role is Role.OR and not (following and following[0] == day + 1):
            return None  # "20. eller 27. mai": which of them is not said
        if not separated and not is_mark(tokens[index - 1], ",") and not lost:
            return None
        ranges.append(
            is_range(tokens[index]) or tokens[index].role is Role.OR or lost
        )  # "18. 19. september" has lost its dash
        index += separated
    else:
        return None
    return _days_of(days, ranges, month[0], tokens, month[1])


def _weekday_before(tokens: list[Token], index: int) -> int:
    """Skip "lørdag" or "lør." and a comma before a date: in another year the date has another weekday."""
    if tokens[index].role not in {Role.WEEKDAY, Role.WEEKDAYS, Role.THE_WEEKDAY}:
        return index
    index += 1
    return index + is_mark(tokens[index], ".,")


def _month_after(tokens: list[Token], index: int) -> tuple[int, int] | None:
    """Parse the month after a day: ". oktober", "oktober", ".10.", "/10", ", august" (a full stop read badly)."""
    mark = tokens[index]
    stop = is_mark(mark, ".,") or mark.role is Role.OF
    stop = stop or (mark.text == "i" and tokens[index - 1].role is Role.ORDINAL)  # "den første i mars"
    if is_mark(mark, ".") and tokens[index + 1].text == "i" and tokens[index + 2].role is Role.MONTH:
        index += 1  # "den 3. i mars"
    named = tokens[index + 1] if stop else mark
    if named.role is Role.MONTH and isinstance(named.value, int):
        return named.value, index + 1 + stop
    if named.text == "jul" and is_mark(mark, "."):
        return 7, index + 1 + stop
    month = whole_number(tokens[index + 1], 1, 12) if is_mark(mark, "./") else None
    following = tokens[index + 2]
    if month is None or (tokens[index + 1].spaced and not (is_mark(following, ".") or year_number(following))):
        return None
    if following.role is Role.MONTH or (is_mark(following, ".") and tokens[index + 3].role is Role.MONTH):
        return None  # "1. 2. mai"
    return month, index + 2


def _days_of(
    days: list[int], ranges: list[bool], month: int, tokens: list[Token], index: int
) -> tuple[list[Spot], int] | None:
    if any(not _exists(month, day) for day in days):
        return None
    year, index = _year_after(tokens, index)
    found: list[Spot] = []
    for number, day in enumerate(days):
        if number and ranges[number - 1] and found:
            found[-1] = Stretch(found[-1], Date(month, day))
        else:
            found.append(Date(month, day))
    if any(isinstance(spot, Stretch) and isinstance(spot.first, Stretch) for spot in found):
        return None
    return [InYear(year, spot) if year else spot for spot in found], index


def _exists(month: int, day: int) -> bool:
    return day <= (31 if month in {1, 3, 5, 7, 8, 10, 12} else 29 if month == 2 else 30)


def _year_after(tokens: list[Token], index: int) -> tuple[int | None, int]:
    """Parse the year of a date: "2024", ".2024", ".24", "-13" after a slash, " 2012"."""
    at = index + (is_mark(tokens[index], ".") or tokens[index].text == "i")
    year = year_number(tokens[at])
    if year is not None:
        return year, at + 1 + (is_mark(tokens[at + 1], ".") and tokens[at + 2].kind == Kind.END)
    numeric = tokens[index - 1].kind == Kind.NUMBER
    short = whole_number(tokens[at], 0, 99) if numeric and at > index and not tokens[at].spaced else None
    if (
        numeric
        and is_mark(tokens[index - 2], "/")
        and is_mark(tokens[index], "-/")
        and not (tokens[index + 1].spaced or is_mark(tokens[index + 2], "/"))
    ):
        at = index + 1  # "31/12-13"
        year, short = year_number(tokens[at]), whole_number(tokens[at], 0, 99)
        if year is not None:
            return year, at + 1
    if short is not None and len(tokens[at].text) == 2:
        return short + (1900 if short >= OLD_YEARS else 2000), at + 1
    return None, index + is_mark(tokens[index], ".")


def is_numeric(tokens: list[Token], index: int) -> bool:
    return (
        tokens[index].kind == Kind.NUMBER and is_mark(tokens[index + 1], ".") and tokens[index + 2].kind == Kind.NUMBER
    )


def iso(tokens: list[Token], index: int) -> Found:
    year = year_number(tokens[index])
    if year is None or not is_mark(tokens[index + 1], "-") or not is_mark(tokens[index + 3], "-"):
        return None
    month, day = whole_number(tokens[index + 2], 1, 12), whole_number(tokens[index + 4], 1, 31)
    if month is None or day is None or not place(Date(month, day), year):
        return None
    return InYear(year, Date(month, day)), index + 5


def iso_week(tokens: list[Token], index: int) -> Found:
    """Parse "2027-W12", whose week the lexer takes for a name."""
    year, week = year_number(tokens[index]), tokens[index + 2].text
    if year is None or not is_mark(tokens[index + 1], "-") or not ISO_WEEK.fullmatch(week):
        return None
    return InYear(year, Week(int(week[1:]))), index + 3


ISO_WEEK = re.compile(r"w(0[1-9]|[1-4][0-9]|5[0-3])")


def years(tokens: list[Token], index: int) -> Found:
    first = year_number(tokens[index])
    if first is None or not (is_range(tokens[index + 1]) or tokens[index + 1].role is Role.AND):
        return None
    last = year_number(tokens[index + 2])
    if last is None or last < first or (tokens[index + 1].role is Role.AND and last > first + 1):
        return None
    return Years(first, last), index + 3
