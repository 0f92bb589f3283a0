"""The parts of a phrase: parts of a year, weekdays, amounts, distances. A parser returns what it read and its end."""

from __future__ import annotations

from datetime import time
from typing import NamedTuple, cast

from arshjul.timing.cadences import Per
from arshjul.timing.days import SATURDAY, SUNDAY, Clock, Offset, Unit
from arshjul.timing.lexer import (
    Found,
    Kind,
    Parser,
    Token,
    cardinal,
    dated,
    day_list,
    is_joint,
    is_mark,
    is_range,
    ordinal,
    skipped,
    whole_number,
    year_number,
)
from arshjul.timing.places import (
    FEASTS,
    About,
    Countable,
    DayKind,
    Feast,
    FirstDay,
    InSeason,
    InYear,
    LastDay,
    Nth,
    NthWeek,
    Part,
    Season,
    Section,
    SectionOf,
    Stretch,
    Week,
    WholeYear,
    YearPart,
)
from arshjul.timing.vocabulary import PARTS, Role

CODES = {"q": Part.QUARTER, "k": Part.QUARTER, "h": Part.HALF, "t": Part.TERTIAL}
WHOLE_YEARS = {"år", "året", "kalenderåret", "års", "kalenderår", "årets", "year"}


def simple(tokens: list[Token], index: int) -> Found:
    """Parse what holds no other spot, so that the grammar never recurs: a month, season, feast, quarter, week."""
    token = tokens[index]
    if token.role in SIMPLE or token.kind == Kind.CODE:
        parser = BY_ROLE[token.role] if token.role else code
        return parser(tokens, index)
    nth = ordinal(tokens, index)
    if (
        nth
        and tokens[nth[1]].role is Role.UNIT
        and tokens[nth[1]].value in PARTS
        and tokens[nth[1]].value is not Per.MONTH
    ):
        return _year_part(tokens, nth[1], nth[0], None)
    return None


def ordinal_spot(tokens: list[Token], index: int) -> Found:
    if tokens[index].role is Role.LAST and tokens[index].value == -1:
        whole = _last_months(tokens, index)
        if whole:
            return whole
    first = ordinal(tokens, index)
    if first is None:
        return _without_stop(tokens, index)
    nth, index = first
    second: int | None = None
    if is_range(tokens[index]) or is_joint(tokens[index]):
        more = ordinal(tokens, index + 1)
        if more and not is_range(tokens[index]) and more[0] != nth + 1:
            return None  # "1. eller 3. kvartal"
        if more:
            second, index = more
    return _what_is_counted(tokens, index, nth, second)


def _without_stop(tokens: list[Token], index: int) -> Found:
    """Parse "2 tertial", "1 halvår": the singular tells that the number is an ordinal."""
    number = whole_number(tokens[index], 1, 4, 1)
    if number is None or tokens[index + 1].text not in {"tertial", "kvartal", "halvår"}:
        return None
    return _year_part(tokens, index + 1, number, None)


def _what_is_counted(tokens: list[Token], index: int, nth: int, second: int | None) -> Found:
    token = tokens[index]
    if token.role is Role.UNIT and token.value in PARTS and token.value is not Per.MONTH:
        return _year_part(tokens, index, nth, second)
    if second is None and token.role is Role.HALF and nth in HALVES:
        inner = _whole(tokens, index + 1)
        return (SectionOf(HALVES[nth], inner[0]), inner[1]) if inner else None
    if second is None and token.value is Per.DAY:
        feast = tokens[index + 1].role is Role.FEAST
        return _day_of_feast(tokens, index + 1, nth) if feast else nth_day_of(tokens, index, nth)
    if nth == -1 and second is None and token.role in {Role.PREP, Role.OF} and tokens[index + 1].role is Role.MONTH:
        inner = month(tokens, index + 1)
        return (LastDay(inner[0]), inner[1]) if inner else None
    if second is None and token.role in {Role.WEEKDAY, Role.WORKDAYS, Role.THE_WEEKDAY, Role.WEEKEND}:
        return nth_day_of(tokens, index, nth)
    if second is None and token.role is Role.UNIT and token.value is Per.WEEK:
        inside = _within(tokens, index + 1)
        return (NthWeek(nth, inside[0]), inside[1]) if inside else None
    if token.role is Role.FEAST and f"{nth}. {token.text}" in FEASTS:
        return dated(tokens, index + 1, Feast(f"{nth}. {token.text}"))
    return None


HALVES = {1: Section.FIRST_HALF, 2: Section.SECOND_HALF, -1: Section.SECOND_HALF}


def _day_of_feast(tokens: list[Token], index: int, nth: int) -> Found:
    """Parse the "påske" of "andre dag påske"."""
    feast = tokens[index].value
    key = f"{nth}. {feast}{'e' if feast == 'jul' else ''}dag"
    return dated(tokens, index + 1, Feast(key)) if key in FEASTS else None


def _year_part(tokens: list[Token], index: int, nth: int, second: int | None) -> Found:
    part = PARTS[cast(Per, tokens[index].value)]
    most = 12 // part.value
    numbers = [n if n > 0 else most + 1 + n for n in (nth, second) if n is not None]
    if any(not 1 <= n <= most for n in numbers):
        return None
    found = [YearPart(part, n) for n in numbers]
    index += 1
    if tokens[index].role is Role.PREP and tokens[index + 1].role is Role.UNIT and tokens[index + 1].value is Per.YEAR:
        index += 2
    spot = found[0] if len(found) == 1 else Stretch(found[0], found[1])
    return dated(tokens, skipped(tokens, index, Role.PREP) if year_number(tokens[index + 1]) else index, spot)


def countable(token: Token) -> Countable:
    if token.value is Per.DAY:
        return DayKind.DAY
    return SATURDAY if token.role is Role.WEEKEND else cast(Countable, token.value)


def nth_day_of(tokens: list[Token], index: int, nth: int) -> Found:
    day = countable(tokens[index])
    until = SUNDAY if tokens[index].role is Role.WEEKEND else None
    index += 1
    if is_range(tokens[index]) and tokens[index + 1].role is Role.WEEKDAY:
        until, index = cast(int, tokens[index + 1].value), index + 2
    inside = _within(tokens, index)
    return (Nth(nth, day, inside[0], until), inside[1]) if inside else None


def _within(tokens: list[Token], index: int) -> Found:
    """Parse "i juni", "i andre kvartal", "i året", "på høsten"."""
    at = skipped(tokens, index, Role.PREP, Role.OF, Role.ARTICLE)
    if at == index and tokens[at].role is not Role.MONTH:
        return None
    if is_year(tokens[at]):
        return WholeYear(), at + 1
    return simple(tokens, skipped(tokens, at, Role.EACH))


def is_year(token: Token) -> bool:
    return token.role is Role.UNIT and token.value is Per.YEAR and token.text in WHOLE_YEARS


def _last_months(tokens: list[Token], index: int) -> Found:
    return None if tokens[index + 1].role is not Role.NUMBER else first_months(tokens, index)


def first_months(tokens: list[Token], index: int) -> Found:
    """Parse "de fire første månedene i året", "siste tre måneder"."""
    index = skipped(tokens, index, Role.ARTICLE)
    ends = [tokens[index], tokens[index + 1]]
    count = next((cardinal(ends[n:], 0) for n in (0, 1) if ends[n].role is Role.NUMBER), None)
    nth = next((token.value for token in ends if token.role in {Role.ORDINAL, Role.LAST}), None)
    months = tokens[index + 2]
    if not count or nth not in {1, -1} or months.role is not Role.UNIT or months.value is not Per.MONTH:
        return None
    index += 3
    if not (tokens[index].role in {Role.PREP, Role.OF} and is_year(tokens[index + 1])) or count[0] > 12:
        return None
    first, last = (1, count[0]) if nth == 1 else (13 - count[0], 12)
    return Stretch(YearPart(Part.MONTH, first), YearPart(Part.MONTH, last)), index + 2


def month(tokens: list[Token], index: int) -> Found:
    spot = YearPart(Part.MONTH, cast(int, tokens[index].value))
    index += 1
    if tokens[index].role is Role.UNIT and tokens[index].value is Per.MONTH:
        index += 1
    return dated(tokens, index, spot)


def _season(tokens: list[Token], index: int) -> Found:
    return dated(tokens, index + 1, InSeason(cast(Season, tokens[index].value)))


def _feast(tokens: list[Token], index: int) -> Found:
    return dated(tokens, index + 1, Feast(cast(str, tokens[index].value)))


def code(tokens: list[Token], index: int) -> Found:
    text = tokens[index].text
    letter, number = (text[0], int(text[1])) if text[0].isalpha() else (text[1], int(text[0]))
    part = CODES[letter]
    if number > 12 // part.value:
        return None
    index += 1
    short = is_mark(tokens[index], "/") and len(tokens[index + 1].text) == 2
    year = whole_number(tokens[index + 1], 0, 99) if short else None
    return (
        (InYear(2000 + year, YearPart(part, number)), index + 2)
        if year
        else dated(tokens, index, YearPart(part, number))
    )


def _unit(tokens: list[Token], index: int) -> Found:
    """Parse "uke 33", "uke 33–35", "kvartal 3"."""
    unit = tokens[index].value
    if tokens[index].text in {"året", "kalenderåret"}:
        return dated(tokens, index + 1, WholeYear())
    index += 1
    if unit in PARTS and unit is not Per.MONTH:
        part = PARTS[cast(Per, unit)]
        number = whole_number(tokens[index], 1, 12 // part.value, 1)
        return dated(tokens, index + 1, YearPart(part, number)) if number else None
    index += tokens[index].text == "nr" and 1 + is_mark(tokens[index + 1], ".")
    week = whole_number(tokens[index], 1, 53) if unit is Per.WEEK else None
    return _week_range(tokens, index + 1, Week(week)) if week else None


def _week_range(tokens: list[Token], index: int, first: Week) -> Found:
    index += is_mark(tokens[index], ".") and not year_number(tokens[index + 1])
    joint = tokens[index]
    if is_range(joint) or is_joint(joint):
        after = index + 1
        after += tokens[after].role is Role.UNIT and tokens[after].value is Per.WEEK
        week, year = whole_number(tokens[after], 1, 53), year_number(tokens[after])
        if year is not None and not is_range(joint):
            return InYear(year, first), after + 1
        follows = week is not None and (is_range(joint) or week == first.number + 1)
        if week and follows and not is_mark(tokens[after + 1], ".:") and tokens[after + 1].role is not Role.MONTH:
            return dated(tokens, after + 1, Stretch(first, Week(week)))
    return dated(tokens, index, first)


def _weekend(tokens: list[Token], index: int) -> Found:
    """Parse "helga i uke 11"."""
    whole = simple(tokens, skipped(tokens, index + 1, Role.PREP, Role.OF))
    return (Week(whole[0].number, (SATURDAY, SUNDAY)), whole[1]) if whole and isinstance(whole[0], Week) else None


def weekday(tokens: list[Token], index: int) -> Found:
    """Parse "onsdag 3. mai", "mandag–fredag i uke 33", "onsdag i påskeuken", "fredag uke 33"."""
    days = day_list(tokens, index)
    if days:
        return (days[0][0], days[1]) if len(days[0]) == 1 else None
    first = last = cast(int, tokens[index].value)
    index += 1
    if is_range(tokens[index]) and tokens[index + 1].role is Role.WEEKDAY:
        last, index = cast(int, tokens[index + 1].value), index + 2
    index += is_mark(tokens[index], ",")
    whole = simple(tokens, skipped(tokens, index, Role.PREP, Role.OF))
    if whole is None:
        return None
    match whole[0]:
        case Week(number, (0, 6)):
            return (Week(number, (first, last)), whole[1]) if first <= last else None
        case InYear(year, Week(number, (0, 6))):
            return (InYear(year, Week(number, (first, last))), whole[1]) if first <= last else None
        case Feast():
            return Nth(1, first, whole[0], last if last != first else None), whole[1]
    return None


def _section(tokens: list[Token], index: int) -> Found:
    """Parse "medio februar", "slutten av mai", "tidlig på høsten", "i starten av året"."""
    section = cast(Section, tokens[index].value or Section.FIRST_HALF)
    if tokens[index + 1].text in "/-" and tokens[index + 2].role is Role.SECTION:
        return _two_sections(tokens, index + 2, section)
    inner = _whole(tokens, index + 1)
    return (SectionOf(section, inner[0]), inner[1]) if inner else None


def _two_sections(tokens: list[Token], index: int, first: Section) -> Found:
    """Parse the rest of "medio/ultimo mai"."""
    inner = _whole(tokens, index + 1)
    if inner is None:
        return None
    last = cast(Section, tokens[index].value)
    return Stretch(SectionOf(first, inner[0]), SectionOf(last, inner[0])), inner[1]


def _last_day(tokens: list[Token], index: int) -> Found:
    if tokens[index].value == "year":
        return dated(tokens, index + 1, LastDay(WholeYear()))
    inner = _whole(tokens, index + 1)
    return (LastDay(inner[0]), inner[1]) if inner else None


def _first_day(tokens: list[Token], index: int) -> Found:
    inner = _whole(tokens, index + 1)
    return (FirstDay(inner[0]), inner[1]) if inner else None


def _whole(tokens: list[Token], index: int) -> Found:
    """Parse what a part can be of: a month, the year, a season, a feast, a quarter, a year by its number."""
    index = skipped(tokens, index, Role.OF, Role.PREP, Role.ARTICLE, Role.EACH)
    if is_year(tokens[index]):
        return dated(tokens, index + 1, WholeYear())
    year = year_number(tokens[index])
    if year is not None:
        return InYear(year, WholeYear()), index + 1
    return simple(tokens, index)


def _turn(tokens: list[Token], index: int) -> Found:
    """Parse "månedsskiftet mai/juni"."""
    index = skipped(tokens, index + 1, Role.OF)
    first = tokens[index]
    index += 1 + is_mark(tokens[index + 1], ".")
    last = tokens[index + 1]
    if (
        first.role is not Role.MONTH
        or last.role is not Role.MONTH
        or not (is_range(tokens[index]) or is_joint(tokens[index]))
    ):
        return None
    ends = [YearPart(Part.MONTH, cast(int, month.value)) for month in (first, last)]
    spot, index = dated(tokens, index + 2, Stretch(LastDay(ends[0]), FirstDay(ends[1])))
    return About(spot), index


BY_ROLE: dict[Role, Parser] = {
    Role.MONTH: month,
    Role.SEASON: _season,
    Role.FEAST: _feast,
    Role.UNIT: _unit,
    Role.ORDINAL: ordinal_spot,
    Role.LAST: ordinal_spot,
    Role.WEEKDAY: weekday,
    Role.WEEKEND: _weekend,
    Role.SECTION: _section,
    Role.HALVE: _section,
    Role.LAST_DAY: _last_day,
    Role.FIRST_DAY: _first_day,
    Role.TURN: _turn,
    Role.NUMBER: first_months,
}
SIMPLE = {Role.MONTH, Role.SEASON, Role.FEAST, Role.UNIT}


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
