"""The grammar of places in the year: days, ranges, weeks, months, parts, seasons, feasts. No repetition, no relation."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from arshjul.core.cadences import (
    About,
    Countable,
    Date,
    Feast,
    FirstDay,
    InSeason,
    InYear,
    LastDay,
    Nth,
    NthWeek,
    OneOf,
    Part,
    Per,
    Season,
    Section,
    SectionOf,
    Spot,
    Stretch,
    Week,
    WholeYear,
    YearPart,
    Years,
    own_year,
    place,
)
from arshjul.core.cadences.feasts import FEASTS
from arshjul.core.dates import SATURDAY, SUNDAY
from arshjul.core.phrases.grammar import (
    LONGEST_LIST,
    cardinal,
    is_joint,
    is_mark,
    is_range,
    ordinal,
    skipped,
    whole_number,
    year_number,
)
from arshjul.core.phrases.lexer import Kind, Token
from arshjul.core.phrases.words import PARTS, Role

Found = tuple[Spot, int] | None
OLD_YEARS = 70
"""Two digits from here on are of the last century."""
CODES = {"q": Part.QUARTER, "k": Part.QUARTER, "h": Part.HALF, "t": Part.TERTIAL}
WHOLE_YEARS = {"år", "året", "kalenderåret", "års", "kalenderår", "årets"}


def spots(tokens: list[Token], index: int) -> tuple[list[Spot], int] | None:
    """Parse one spot or a list of them: "10. februar, 10. april og 10. juni"."""
    start = index
    first = week_list(tokens, index) or _single(stretch(tokens, index)) or day_list(tokens, index)
    if first is None:
        return None
    found, index = first
    while len(found) < LONGEST_LIST and is_joint(tokens[index]):
        following = skipped(tokens, index + 1, Role.AND, Role.PREP)
        more = _single(stretch(tokens, following)) or day_list(tokens, following)
        if more is None or not _same_sort(found[-1], more[0][0]):
            break
        found, index = found + more[0], more[1]
    if len(found) > 1 and isinstance(found[0], SectionOf) and tokens[start].role is Role.HALVE:
        found[0] = SectionOf(Section.SECOND_HALF, found[0].within)
    return _joined_up(_years_spread(found)), index


def _single(found: Found) -> tuple[list[Spot], int] | None:
    return ([found[0]], found[1]) if found else None


def _same_sort(one: Spot, other: Spot) -> bool:
    """A day and a week are no list: "uke 12, 22. mars" says the same twice."""
    return is_day(one) == is_day(other)


def is_day(spot: Spot) -> bool:
    """Tell whether it is made of days by date."""
    match spot:
        case Date() | OneOf():
            return True
        case InYear(_, inner) | About(inner):
            return is_day(inner)
        case Stretch(first, last):
            return is_day(first) or is_day(last)
    return False


def _years_spread(found: list[Spot]) -> list[Spot]:
    """Give the year at the end of a list to all of it: "18. og 19. august 2022"."""
    last = found[-1]
    if len(found) > 1 and isinstance(last, InYear) and all(own_year(spot) is None for spot in found[:-1]):
        return [*(InYear(last.year, spot) for spot in found[:-1]), last]
    return found


def _joined_up(found: list[Spot]) -> list[Spot]:
    """Make one stretch of two days that follow each other: "19. og 20. november"."""
    if len(found) != 2:  # noqa: PLR2004
        return found
    year = own_year(found[0]) or 2027
    one, other = place(found[0], year), place(found[1], year)
    return (
        [Stretch(found[0], found[1])]
        if one and other and len(one) == 1 == len(other) and one.end == other.first
        else found
    )


def stretch(tokens: list[Token], index: int) -> Found:
    """Parse a point, or two with "–" or "til" between them."""
    candidates = _one_of(tokens, index)
    if candidates:
        return candidates
    first = point(tokens, index)
    if first is None:
        return None
    if tokens[index].text == "jul" and is_range(tokens[index + 1]) and tokens[index + 2].role is Role.MONTH:
        first = YearPart(Part.MONTH, 7), index + 1  # not Christmas
    spot, after = first
    separator = tokens[after]
    if is_mark(separator, ".") and is_range(tokens[after + 1]):
        after, separator = after + 1, tokens[after + 1]
    slash = is_mark(separator, "/") and not is_day(spot)
    either = separator.role is Role.OR and isinstance(spot, YearPart)
    and_until = separator.role is Role.AND and tokens[after + 1].role is Role.UNTIL
    iso = is_mark(separator, "/") and isinstance(spot, InYear)
    adjacent = _numeric(tokens, index) and _numeric(tokens, after) and tokens[after - 1].kind == Kind.NUMBER
    if not (is_range(separator) or slash or either or and_until or iso or adjacent):
        return first
    following = after if adjacent else skipped(tokens, after + 1, Role.UNTIL, Role.PREP)
    second = point(tokens, following)
    if second is None:
        return first
    third = (
        _month(tokens, second[1] + 1)
        if is_range(tokens[second[1]]) and tokens[second[1] + 1].role is Role.MONTH
        else None
    )
    if third and isinstance(spot, YearPart) and isinstance(second[0], YearPart):
        second = third  # "okt – nov – des"
    return between(spot, second[0]), second[1]


def between(first: Spot, last: Spot) -> Spot:
    """Return the stretch from the one to the other; a year that only the last names is the first's too, or the one before."""
    if isinstance(last, InYear) and own_year(first) is None:
        one, other = place(first, last.year), place(last.spot, last.year)
        wraps = one is not None and other is not None and other.last < one.first
        return (
            Stretch(InYear(last.year - wraps, first), last) if wraps else InYear(last.year, Stretch(first, last.spot))
        )
    if isinstance(first, InYear) and isinstance(last, InYear) and first.year == last.year:
        return InYear(first.year, Stretch(first.spot, last.spot))
    return Stretch(first, last)


def point(tokens: list[Token], index: int) -> Found:
    """Parse a spot that is no range, with its "ca." and its year."""
    token = tokens[index]
    if token.role is Role.ABOUT:
        following = skipped(tokens, index + 1, Role.ARTICLE)
        inner = None if tokens[following].role is Role.ABOUT else point(tokens, following)
        return (About(inner[0]), inner[1]) if inner else None
    parser = BY_ROLE.get(token.role) if token.role else BY_KIND.get(token.kind)
    return parser(tokens, index) if parser else None


def dated(tokens: list[Token], index: int, spot: Spot) -> tuple[Spot, int]:
    """Return the spot in the year that follows it, if one does."""
    at = index + (is_mark(tokens[index], ",.") and year_number(tokens[index + 1]) is not None)
    year = year_number(tokens[at])
    if year is None:
        return spot, index
    return InYear(year, spot), at + 1


# Days by date


def day_list(tokens: list[Token], index: int) -> tuple[list[Spot], int] | None:
    """Parse days that share a month: "9.–11. oktober", "1., 15. og 30. mai", "10.-12.03", "lørdag 24. og søndag 25. mai"."""
    days: list[int] = []
    ranges: list[bool] = []
    while len(days) < LONGEST_LIST:
        index = _weekday_before(tokens, index)
        index = skipped(tokens, index, Role.ARTICLE)
        day = whole_number(tokens[index], 1, 31)
        if day is None:
            return None
        days.append(day)
        index += 1
        month = _month_after(tokens, index)
        if month:
            break
        index += is_mark(tokens[index], ".,")
        lost = is_mark(tokens[index - 1], ".") and whole_number(tokens[index], day + 1, 31) is not None
        separated = is_range(tokens[index]) or is_joint(tokens[index])
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
    return day <= (31 if month in {1, 3, 5, 7, 8, 10, 12} else 29 if month == 2 else 30)  # noqa: PLR2004


def _year_after(tokens: list[Token], index: int) -> tuple[int | None, int]:
    """Parse the year of a date: "2024", ".2024", ".24", "-13" after a slash, " 2012"."""
    at = index + is_mark(tokens[index], ".")
    year = year_number(tokens[at])
    if year is not None:
        return year, at + 1 + (is_mark(tokens[at + 1], ".") and tokens[at + 2].kind == Kind.END)
    numeric = tokens[index - 1].kind == Kind.NUMBER
    short = whole_number(tokens[at], 0, 99) if numeric and at > index and not tokens[at].spaced else None
    if numeric and is_mark(tokens[index - 2], "/") and is_mark(tokens[index], "-/") and not tokens[index + 1].spaced:
        at = index + 1  # "31/12-13"
        year, short = year_number(tokens[at]), whole_number(tokens[at], 0, 99)
        if year is not None:
            return year, at + 1
    if short is not None and len(tokens[at].text) == 2:  # noqa: PLR2004
        return short + (1900 if short >= OLD_YEARS else 2000), at + 1
    return None, index + is_mark(tokens[index], ".")


def _numeric(tokens: list[Token], index: int) -> bool:
    return (
        tokens[index].kind == Kind.NUMBER and is_mark(tokens[index + 1], ".") and tokens[index + 2].kind == Kind.NUMBER
    )


def _numbered(tokens: list[Token], index: int) -> Found:
    """Parse what begins with a number or an ordinal."""
    iso = _iso(tokens, index)
    if iso:
        return iso
    years = _years(tokens, index)
    if years:
        return years
    days = day_list(tokens, index)
    if days:
        return (days[0][0], days[1]) if len(days[0]) == 1 else None
    return _ordinal(tokens, index)


def _iso(tokens: list[Token], index: int) -> Found:
    year = year_number(tokens[index])
    if year is None or not is_mark(tokens[index + 1], "-") or not is_mark(tokens[index + 3], "-"):
        return None
    month, day = whole_number(tokens[index + 2], 1, 12), whole_number(tokens[index + 4], 1, 31)
    if month is None or day is None or not place(Date(month, day), year):
        return None
    return InYear(year, Date(month, day)), index + 5


def _years(tokens: list[Token], index: int) -> Found:
    first = year_number(tokens[index])
    if first is None or not (is_range(tokens[index + 1]) or tokens[index + 1].role is Role.AND):
        return None
    last = year_number(tokens[index + 2])
    if last is None or last < first or (tokens[index + 1].role is Role.AND and last > first + 1):
        return None
    return Years(first, last), index + 3


# Ordinals: parts of the year, weekdays, weeks


def _ordinal(tokens: list[Token], index: int) -> Found:
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
    if second is None and token.role in {Role.WEEKDAY, Role.WORKDAYS, Role.THE_WEEKDAY, Role.WEEKEND}:
        return _nth(tokens, index, nth)
    if second is None and token.role is Role.UNIT and token.value is Per.WEEK:
        inside = _within(tokens, index + 1)
        return (NthWeek(nth, inside[0]), inside[1]) if inside else None
    if token.role is Role.FEAST and f"{nth}. {token.text}" in FEASTS:
        return dated(tokens, index + 1, Feast(f"{nth}. {token.text}"))
    return None


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
    return SATURDAY if token.role is Role.WEEKEND else cast(Countable, token.value)


def _nth(tokens: list[Token], index: int, nth: int) -> Found:
    day = countable(tokens[index])
    until = SUNDAY if tokens[index].role is Role.WEEKEND else None
    index += 1
    if is_range(tokens[index]) and tokens[index + 1].role is Role.WEEKDAY:
        until, index = cast(int, tokens[index + 1].value), index + 2
    inside = _within(tokens, index)
    return (Nth(nth, day, inside[0], until), inside[1]) if inside else None


def _within(tokens: list[Token], index: int) -> Found:
    """Parse "i juni", "i andre kvartal", "i året", "på høsten"."""
    at = skipped(tokens, index, Role.PREP, Role.OF)
    if at == index and tokens[at].role not in {Role.MONTH}:
        return None
    if _is_year(tokens[at]):
        return WholeYear(), at + 1
    return simple(tokens, skipped(tokens, at, Role.EACH))


def _is_year(token: Token) -> bool:
    return token.role is Role.UNIT and token.value is Per.YEAR and token.text in WHOLE_YEARS


def _last_months(tokens: list[Token], index: int) -> Found:
    return None if tokens[index + 1].role is not Role.NUMBER else _first_months(tokens, index)


def _first_months(tokens: list[Token], index: int) -> Found:
    """Parse "de fire første månedene i året", "siste tre måneder"."""
    index = skipped(tokens, index, Role.ARTICLE)
    ends = [tokens[index], tokens[index + 1]]
    count = next((cardinal(ends[n:], 0) for n in (0, 1) if ends[n].role is Role.NUMBER), None)
    nth = next((token.value for token in ends if token.role in {Role.ORDINAL, Role.LAST}), None)
    months = tokens[index + 2]
    if not count or nth not in {1, -1} or months.role is not Role.UNIT or months.value is not Per.MONTH:
        return None
    index += 3
    if not (tokens[index].role in {Role.PREP, Role.OF} and _is_year(tokens[index + 1])) or count[0] > 12:  # noqa: PLR2004
        return None
    first, last = (1, count[0]) if nth == 1 else (13 - count[0], 12)
    return Stretch(YearPart(Part.MONTH, first), YearPart(Part.MONTH, last)), index + 2


# Words


def _month(tokens: list[Token], index: int) -> Found:
    spot = YearPart(Part.MONTH, cast(int, tokens[index].value))
    index += 1
    if tokens[index].role is Role.UNIT and tokens[index].value is Per.MONTH:
        index += 1
    return dated(tokens, index, spot)


def _season(tokens: list[Token], index: int) -> Found:
    return dated(tokens, index + 1, InSeason(cast(Season, tokens[index].value)))


def _feast(tokens: list[Token], index: int) -> Found:
    return dated(tokens, index + 1, Feast(cast(str, tokens[index].value)))


def _code(tokens: list[Token], index: int) -> Found:
    text = tokens[index].text
    part, number = CODES[text[0]], int(text[1])
    if number > 12 // part.value:
        return None
    index += 1
    year = whole_number(tokens[index + 1], 0, 99) if is_mark(tokens[index], "/") else None
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


def week_list(tokens: list[Token], index: int) -> tuple[list[Spot], int] | None:
    """Parse "uke 10, 12 og 14"; one week or a range is no list."""
    if tokens[index].role is not Role.UNIT or tokens[index].value is not Per.WEEK:
        return None
    weeks: list[Spot] = []
    index += 1
    while len(weeks) < LONGEST_LIST and (week := whole_number(tokens[index], 1, 53)):
        weeks.append(Week(week))
        index += 1
        if not (is_mark(tokens[index], ",") or tokens[index].role is Role.AND) or not whole_number(
            tokens[index + 1], 1, 53
        ):
            break
        if is_mark(tokens[index + 2], ".-") or tokens[index + 2].role is Role.MONTH:
            break
        index += 1
    return (weeks, index) if len(weeks) > 1 else None


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
        if week and follows and not is_mark(tokens[after + 1], ".") and tokens[after + 1].role is not Role.MONTH:
            return dated(tokens, after + 1, Stretch(first, Week(week)))
    return dated(tokens, index, first)


def _weekday(tokens: list[Token], index: int) -> Found:
    """Parse "onsdag 3. mai", "mandag–fredag i uke 33", "onsdag i påskeuken", "fredag uke 33"."""
    days = day_list(tokens, index)
    if days:
        return (days[0][0], days[1]) if len(days[0]) == 1 else None
    first = last = cast(int, tokens[index].value)
    index += 1
    if is_range(tokens[index]) and tokens[index + 1].role is Role.WEEKDAY:
        last, index = cast(int, tokens[index + 1].value), index + 2
    index += is_mark(tokens[index], ",")
    whole = simple(tokens, skipped(tokens, index, Role.PREP))
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


def _one_of(tokens: list[Token], index: int) -> Found:
    """Parse "tirsdag eller torsdag 11.–15. mai"."""
    days: list[int] = []
    while tokens[index].role is Role.WEEKDAY and len(days) < LONGEST_LIST:
        days.append(cast(int, tokens[index].value))
        index += 1
        if tokens[index].role is not Role.OR and not (
            is_mark(tokens[index], ",") and tokens[index + 1].role is Role.WEEKDAY
        ):
            break
        index += 1
    if len(days) < 2:  # noqa: PLR2004
        return None
    at = skipped(tokens, index, Role.PREP)
    whole = day_list(tokens, at) or _single(stretch(tokens, at) if tokens[at].role is not Role.WEEKDAY else None)
    return (OneOf(tuple(sorted(set(days))), whole[0][0]), whole[1]) if whole and len(whole[0]) == 1 else None


def _section(tokens: list[Token], index: int) -> Found:
    """Parse "medio februar", "slutten av mai", "tidlig på høsten", "i starten av året"."""
    section = cast(Section, tokens[index].value or Section.FIRST_HALF)
    inner = _whole(tokens, index + 1)
    return (SectionOf(section, inner[0]), inner[1]) if inner else None


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
    if _is_year(tokens[index]):
        return dated(tokens, index + 1, WholeYear())
    year = year_number(tokens[index])
    if year is not None:
        return InYear(year, WholeYear()), index + 1
    return simple(tokens, index)


def simple(tokens: list[Token], index: int) -> Found:
    """Parse what holds no other spot: a month, a season, a feast, a quarter, a week. So the grammar never recurs deeply."""
    token = tokens[index]
    if token.role in SIMPLE or token.kind == Kind.CODE:
        parser = BY_ROLE[token.role] if token.role else _code
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


def _article(tokens: list[Token], index: int) -> Found:
    """Parse "den 29. august", "de fire første månedene i året"."""
    months = _first_months(tokens, index)
    following = skipped(tokens, index, Role.ARTICLE)
    return months or point(tokens, following)


Parser = Callable[[list[Token], int], Found]
BY_KIND: dict[int, Parser] = {Kind.NUMBER: _numbered, Kind.CODE: _code}
BY_ROLE: dict[Role, Parser] = {
    Role.MONTH: _month,
    Role.SEASON: _season,
    Role.FEAST: _feast,
    Role.UNIT: _unit,
    Role.ORDINAL: _ordinal,
    Role.LAST: _ordinal,
    Role.WEEKDAY: _weekday,
    Role.SECTION: _section,
    Role.HALVE: _section,
    Role.LAST_DAY: _last_day,
    Role.FIRST_DAY: _first_day,
    Role.TURN: _turn,
    Role.ARTICLE: _article,
    Role.NUMBER: _first_months,
}
SIMPLE = {Role.MONTH, Role.SEASON, Role.FEAST, Role.UNIT}
