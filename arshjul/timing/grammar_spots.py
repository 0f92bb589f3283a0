"""Places in a year and what comes round ("hver andre tirsdag"), as they are written, to parts of a phrase."""

from __future__ import annotations

from itertools import pairwise
from typing import cast

from arshjul.timing.cadences import (
    MONTHS_IN,
    Annual,
    Cadence,
    DayOf,
    Each,
    EveryYears,
    Meetings,
    NthOf,
    Per,
    Quota,
    Several,
    Weekly,
    Yearly,
)
from arshjul.timing.grammar_parts import BY_ROLE as PARTS_BY_ROLE
from arshjul.timing.grammar_parts import code, countable, first_months, month, ordinal_spot
from arshjul.timing.lexer import (
    LONGEST_LIST,
    Kind,
    Parser,
    Token,
    cardinal,
    day_list,
    is_joint,
    is_mark,
    is_numeric,
    is_range,
    iso,
    iso_week,
    ordinal,
    skipped,
    whole_number,
    years,
)
from arshjul.timing.lexer import Found as lexer_Found
from arshjul.timing.places import (
    About,
    Date,
    DayKind,
    InYear,
    OneOf,
    Part,
    Section,
    SectionOf,
    Spot,
    Stretch,
    Week,
    WholeYear,
    YearPart,
    own_year,
    place,
)
from arshjul.timing.vocabulary import PARTS, Role


def spots(tokens: list[Token], index: int) -> tuple[list[Spot], int] | None:
    """Parse one spot or a list of them: "10. februar, 10. april og 10. juni".

    The list is empty where it is not said which of two is meant ("15. mars eller 15. april").
    """
    start = index
    first = (
        week_list(tokens, index)
        or part_list(tokens, index)
        or _single(stretch(tokens, index))
        or day_list(tokens, index)
    )
    if first is None:
        return None
    found, index = first
    while len(found) < LONGEST_LIST and is_joint(tokens[index]):
        following = skipped(tokens, index + 1, Role.AND, Role.PREP, Role.PER)
        more = _single(stretch(tokens, following)) or day_list(tokens, following)
        if more is None or not _same_sort(found[-1], more[0][0]):
            break
        if tokens[index].role is Role.OR:
            one, other = found[-1], more[0][0]
            return ([between(one, other)] if _adjacent(one, other) else []), more[1]
        found, index = found + more[0], more[1]
    if len(found) > 1 and isinstance(found[0], SectionOf) and tokens[start].role is Role.HALVE:
        found[0] = SectionOf(Section.SECOND_HALF, found[0].within)
    return _joined_up(_years_spread(found)), index


def _adjacent(one: Spot, other: Spot) -> bool:
    year = own_year(one) or own_year(other) or ANY_YEAR
    before, after = place(one, year), place(other, year)
    return before is not None and after is not None and before.end == after.first


ANY_YEAR = 2027
"""A year to try in which of two places comes first."""


def adjoining(spots: list[Spot]) -> Spot | None:
    """Return the stretch of two places that follow each other: "september og oktober"."""
    return between(spots[0], spots[1]) if len(spots) == 2 and _adjacent(spots[0], spots[1]) else None


def meet(one: Spot, other: Spot) -> bool:
    """Tell whether two places have a day in common in some year, so that one can tell more of the other."""
    own = own_year(one) or own_year(other)
    for year in (own,) if own is not None else range(ANY_YEAR, ANY_YEAR + YEARS_TO_TRY):
        first, second = place(one, year), place(other, year)
        if first is not None and second is not None and first.overlaps(second):
            return True
    return False


YEARS_TO_TRY = 7
"""In so many years each date is in each of the weeks, and on each of the weekdays but for leap days, that it can be."""


def _single(found: lexer_Found) -> tuple[list[Spot], int] | None:
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
    if len(found) != 2 or not all(_is_one_day(spot) for spot in found):
        return found
    return [between(found[0], found[1])] if _adjacent(found[0], found[1]) else found


def _is_one_day(spot: Spot) -> bool:
    days = place(spot, own_year(spot) or ANY_YEAR)
    return days is not None and len(days) == 1


def stretch(tokens: list[Token], index: int) -> lexer_Found:
    """Parse a point, or two with "–" or "til" between them, or three: "okt – nov – des"."""
    candidates = _one_of(tokens, index)
    if candidates:
        return candidates
    first = _july(tokens, index) or point(tokens, index)
    following = _after_range(tokens, index, first) if first else None
    second = point(tokens, following) if following is not None else None
    if first is None or second is None:
        return first
    spot, (last, after) = first[0], second
    if isinstance(spot, YearPart) and is_range(tokens[after]) and tokens[after + 1].role is Role.MONTH:
        last, after = month(tokens, after + 1) or second
    return between(spot, last), after


def _july(tokens: list[Token], index: int) -> lexer_Found:
    """Parse the "jul" of "jul – aug – sep", which is not Christmas."""
    is_month = tokens[index].text == "jul" and is_range(tokens[index + 1]) and tokens[index + 2].role is Role.MONTH
    return (YearPart(Part.MONTH, 7), index + 1) if is_month else None


def _after_range(tokens: list[Token], start: int, first: tuple[Spot, int]) -> int | None:
    """Return where the second end of a range begins; None where no range follows the first."""
    spot, index = first
    index += is_mark(tokens[index], ".") and is_range(tokens[index + 1])
    mark = tokens[index]
    slash = is_mark(mark, "/") and (not is_day(spot) or isinstance(spot, InYear))
    and_until = mark.role is Role.AND and tokens[index + 1].role is Role.UNTIL
    if is_range(mark) or slash or and_until:
        return skipped(tokens, index + 1, Role.UNTIL, Role.PREP)
    adjacent = is_numeric(tokens, start) and is_numeric(tokens, index) and tokens[index - 1].kind == Kind.NUMBER
    return index if adjacent else None  # "14.04 21.04"


def between(first: Spot, last: Spot) -> Spot:
    """Return the stretch from the one to the other; a year that only the last names is the first's or follows it."""
    if isinstance(last, InYear) and own_year(first) is None:
        one, other = place(first, last.year), place(last.spot, last.year)
        wraps = one is not None and other is not None and other.last < one.first
        return (
            Stretch(InYear(last.year - wraps, first), last) if wraps else InYear(last.year, Stretch(first, last.spot))
        )
    if isinstance(first, InYear) and isinstance(last, InYear) and first.year == last.year:
        one, other = place(first.spot, first.year), place(last.spot, last.year)
        if one is not None and other is not None and other.first < one.first:
            return Stretch(first, last)  # never
        return InYear(first.year, Stretch(first.spot, last.spot))
    return Stretch(first, last)


def point(tokens: list[Token], index: int) -> lexer_Found:
    """Parse a spot that is no range, with its "ca." and its year."""
    token = tokens[index]
    if token.role is Role.ABOUT:
        following = skipped(tokens, index + 1, Role.ARTICLE)
        inner = None if tokens[following].role is Role.ABOUT else point(tokens, following)
        return (About(inner[0]), inner[1]) if inner else None
    parser = BY_ROLE.get(token.role) if token.role else BY_KIND.get(token.kind)
    return parser(tokens, index) if parser else None


def _numbered(tokens: list[Token], index: int) -> lexer_Found:
    """Parse what begins with a number: a date in digits, years, days by date, an ordinal."""
    written = iso(tokens, index) or iso_week(tokens, index) or years(tokens, index)
    if written:
        return written
    days = day_list(tokens, index)
    if days:
        return (days[0][0], days[1]) if len(days[0]) == 1 else None
    return ordinal_spot(tokens, index)


def week_list(tokens: list[Token], index: int) -> tuple[list[Spot], int] | None:
    """Parse "uke 10, 12 og 14"; one week or a range is no list."""
    if tokens[index].role is not Role.UNIT or tokens[index].value is not Per.WEEK:
        return None
    weeks: list[Week] = []
    index += 1
    while len(weeks) < LONGEST_LIST and (week := whole_number(tokens[index], 1, 53)):
        weeks.append(Week(week))
        index += 1
        if not (is_mark(tokens[index], ",") or tokens[index].role is Role.AND) or not whole_number(
            tokens[index + 1], 1, 53
        ):
            break
        if is_mark(tokens[index + 2], ".-:") or tokens[index + 2].role is Role.MONTH:
            break
        index += 1
    follows = len(weeks) == 2 and weeks[1].number == weeks[0].number + 1
    return (list(weeks), index) if len(weeks) > 1 and not follows else None


def part_list(tokens: list[Token], index: int) -> tuple[list[Spot], int] | None:
    """Parse "1. og 3. tertial"; those that follow each other are a stretch and no list."""
    numbers: list[int] = []
    while len(numbers) < LONGEST_LIST and (found := ordinal(tokens, index)):
        numbers.append(found[0])
        index = found[1]
        if not is_joint(tokens[index]) or tokens[index].role is Role.OR:
            break
        index = skipped(tokens, index + 1, Role.AND)
    part = PARTS.get(cast(Per, tokens[index].value)) if tokens[index].role is Role.UNIT else None
    if part is None or part is Part.MONTH or len(numbers) < 2:
        return None
    follow = all(later == earlier + 1 for earlier, later in pairwise(numbers))
    if follow or not all(1 <= number <= 12 // part.value for number in numbers):
        return None
    return [YearPart(part, number) for number in numbers], index + 1


def _one_of(tokens: list[Token], index: int) -> lexer_Found:
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
    if len(set(days)) < 2:
        return None
    at = skipped(tokens, index, Role.PREP)
    whole = _single(stretch(tokens, at)) or day_list(tokens, at) if tokens[at].role is not Role.WEEKDAY else None
    return (OneOf(tuple(sorted(set(days))), whole[0][0]), whole[1]) if whole and len(whole[0]) == 1 else None


def _article(tokens: list[Token], index: int) -> lexer_Found:
    """Parse "den 29. august", "de fire første månedene i året"."""
    months = first_months(tokens, index)
    following = skipped(tokens, index, Role.ARTICLE)
    return months or (None if tokens[following].role is Role.ARTICLE else point(tokens, following))


BY_KIND: dict[int, Parser] = {Kind.NUMBER: _numbered, Kind.CODE: code}
BY_ROLE: dict[Role, Parser] = {**PARTS_BY_ROLE, Role.ARTICLE: _article}


Found = tuple[Cadence, int] | None
DAYS_A_WEEK = 7
MOST_NUMBERS = 4
"""Ordinals in a list: "første, andre og tredje tirsdag i måneden"."""


def every(tokens: list[Token], index: int) -> Found:
    """Parse what begins with "hver" or "annenhver"."""
    count = cast(int, tokens[index].value)
    index += 1
    if tokens[index].role in {Role.LAST, Role.ORDINAL} or is_mark(tokens[index + 1], "."):
        first = _nth_of_each(tokens, index) or _days_of_each(tokens, index)
        if first:
            return first
    number = ordinal(tokens, index) or (cardinal(tokens, index) if tokens[index].kind == Kind.NUMBER else None)
    if number and count == 1:
        count, index = number
    if count < 1:
        return None
    token = tokens[index]
    if token.role is Role.UNIT:
        return _each_unit(cast(Per, token.value), count, tokens, index + 1)
    if token.role in {Role.WEEKDAY, Role.WEEKDAYS}:
        days, index = weekdays(tokens, index)
        return _starting(Weekly(days, count), tokens, index)
    if token.role in {Role.SEASON, Role.MONTH, Role.FEAST}:
        found = spots(tokens, index) if count == 1 else None
        return (each_of(tuple(Annual(spot) for spot in found[0])), found[1]) if found else None
    if token.role is Role.WORKDAYS and count == 1:
        return Weekly((0, 1, 2, 3, 4)), index + 1
    return _each_meeting(tokens, index, count)


def each_of(parts: tuple[Cadence, ...]) -> Cadence:
    return parts[0] if len(parts) == 1 else Several(parts)


def _each_meeting(tokens: list[Token], index: int, count: int) -> Found:
    """Parse "hvert styremøte": one word, since what comes after it is of another kind."""
    token = tokens[index]
    if token.role is Role.NAME and count == 1 and token.text.endswith(MEETING_ENDS):
        return Meetings(token.raw), index + 1
    return None


MEETING_ENDS = ("møte", "møtet", "ting", "samling", "forum", "råd", "styret", "seminar", "konferanse", "møter", "møta")


def _each_unit(unit: Per, count: int, tokens: list[Token], index: int) -> Found:
    if unit is Per.YEAR:
        return (EveryYears(count) if count > 1 else Yearly()), index
    if unit is Per.TERM:
        return EveryYears(4 * count), index
    if unit is Per.WEEK:
        return _starting(Weekly(every=count), tokens, index)
    if unit is Per.DAY:
        if count == 1:
            return Weekly((0, 1, 2, 3, 4, 5, 6)), index
        return _starting(Weekly(every=count // 7), tokens, index) if count % 7 == 0 else None
    months = MONTHS_IN[unit] * count
    if months in {1, 2, 3, 4, 6}:
        return Each(months), index
    return (EveryYears(months // 12) if months > 12 else Yearly(), index) if months % 12 == 0 else None


def _starting(cadence: Weekly, tokens: list[Token], index: int) -> tuple[Cadence, int]:
    """Parse "fra uke 3" or "i partallsuker" after "annenhver uke", so that which weeks are meant is known."""
    beside = index + is_mark(tokens[index], ",(")
    parity = skipped(tokens, beside, Role.PREP)
    if tokens[parity].role is Role.PARITY and cadence.every <= 2:
        return Weekly(cadence.days, 2, cast(int, tokens[parity].value)), parity + 1
    at = skipped(tokens, index, Role.BOUND, Role.PREP)
    if cadence.every > 1 and at > index and tokens[at].role is Role.UNIT and tokens[at].value is Per.WEEK:
        week = whole_number(tokens[at + 1], 1, 53)
        if week:
            return Weekly(cadence.days, cadence.every, week), at + 2
    return cadence, index


def _nth_of_each(tokens: list[Token], index: int) -> Found:
    """Parse "første onsdag i måneden", "siste virkedag i hvert kvartal", "første og tredje tirsdag hver måned"."""
    numbers: list[int] = []
    while len(numbers) < MOST_NUMBERS and (found := ordinal(tokens, index)):
        numbers.append(found[0])
        index = found[1]
        if not is_joint(tokens[index]):
            break
        index += 1
    token = tokens[index]
    if not numbers or token.role not in {Role.WEEKDAY, Role.WEEKDAYS, Role.WORKDAYS, Role.THE_WEEKDAY, Role.WEEKEND}:
        return None
    unit = _of_each(tokens, index + 1)
    if unit is None:
        return None
    parts = [Each(unit[0], NthOf(nth, countable(token))) for nth in numbers]
    return each_of(tuple(parts)), unit[1]


def last_day_of_each(tokens: list[Token], index: int) -> Found:
    """Parse "siste dag i måneden", "utgangen av hvert kvartal"."""
    at = skipped(tokens, index + 1, Role.PREP, Role.OF, Role.ARTICLE, Role.EACH)
    unit = tokens[at]
    each = tokens[at - 1].role is Role.EACH or unit.text in OF_EACH
    if unit.role is not Role.UNIT or unit.value not in MONTHS_IN or not each:
        return None
    return Each(MONTHS_IN[cast(Per, unit.value)], NthOf(-1, DayKind.DAY)), at + 1


OF_EACH = {"måneden", "månaden", "kvartalet", "tertialet", "halvåret"}


def _of_each(tokens: list[Token], index: int) -> tuple[int, int] | None:
    """Parse "i måneden", "hver måned", "i hvert kvartal": the length in months. A semester has no first day."""
    at = skipped(tokens, index, Role.PREP, Role.OF, Role.EACH, Role.PER)
    count, at = (2, at + 1) if tokens[at].role is Role.OTHER else (1, at)
    token = tokens[at]
    if at > index and token.role is Role.UNIT and token.value in MONTHS_IN and not token.text.startswith("semest"):
        return MONTHS_IN[cast(Per, token.value)] * count, at + 1
    return None


def numbered(tokens: list[Token], index: int) -> Found:
    """Parse "første onsdag i måneden", "den 6. i hver måned", "en onsdag i måneden"."""
    token = tokens[index]
    start = skipped(tokens, index, Role.ARTICLE)
    nth = _nth_of_each(tokens, start)
    if nth:
        return nth
    days = _days_of_each(tokens, start)
    if days:
        return days
    if token.role is Role.NUMBER and tokens[index + 1].role in {Role.WEEKDAY, Role.WEEKDAYS}:
        unit = _of_each(tokens, index + 2)
        return (
            (_reading(cast(int, token.value), cast(int, token.value), Per.MONTH, exact=True), unit[1]) if unit else None
        )
    return None


def _days_of_each(tokens: list[Token], index: int) -> Found:
    """Parse "6. i hver måned", "1. og 15. i måneden", "første i måneden"; "siste i måneden" is its last day."""
    days: list[int] = []
    while len(days) < MOST_NUMBERS and (found := ordinal(tokens, index)):
        days.append(found[0])
        index = found[1]
        if not is_joint(tokens[index]) or tokens[index].role is Role.OR:
            break
        index = skipped(tokens, index + 1, Role.ARTICLE)
    unit = _of_each(tokens, index)
    if not days or unit is None or unit[0] not in {1, 2} or any(not (day == -1 or 1 <= day <= 31) for day in days):
        return None
    return each_of(tuple(Each(unit[0], DayOf(day) if day > 0 else NthOf(day, DayKind.DAY)) for day in days)), unit[1]


def weekdays(tokens: list[Token], index: int) -> tuple[tuple[int, ...], int]:
    """Parse "mandager", "tirsdag og torsdag", "mandag–fredag"."""
    days = [cast(int, tokens[index].value)]
    index += 1
    while True:
        token, following = tokens[index], skipped(tokens, index + 1, Role.EACH)
        if tokens[following].role in {Role.WEEKDAY, Role.WEEKDAYS} and (is_joint(token) or is_range(token)):
            day = cast(int, tokens[following].value)
            count = (day - days[-1]) % DAYS_A_WEEK if is_range(token) else 1
            days += [(day - n) % DAYS_A_WEEK for n in range(count)]
            index = following + 1
        elif token.role is Role.WEEKDAY:
            days += [(cast(int, token.value) - n) % DAYS_A_WEEK for n in range((cast(int, token.value) - days[-1]) % 7)]
            index += 1
        else:
            return tuple(sorted(set(days))), index


def weekly(tokens: list[Token], index: int) -> Found:
    """Parse weekdays by themselves: "tirsdager", "mandag–fredag", "onsdager i partallsuker"."""
    days, index = weekdays(tokens, index)
    at = skipped(tokens, index, Role.PREP, Role.EACH)
    if tokens[at].role is Role.PARITY:
        return Weekly(days, 2, cast(int, tokens[at].value)), at + 1
    at += tokens[at].role is Role.OTHER
    if tokens[at].role is Role.UNIT and tokens[at].value is Per.WEEK and tokens[at - 1].role in {Role.EACH, Role.OTHER}:
        return _starting(Weekly(days, 2 if tokens[at - 1].role is Role.OTHER else 1), tokens, at + 1)
    return Weekly(days), index


# Counts


def quota(tokens: list[Token], index: int) -> Found:
    """Parse "minst to ganger i året", "4–6 møter", "1 g. pr. uke", "fire ganger i løpet av året"."""
    start, index = index, skipped(tokens, index, Role.LEAST, Role.MOST, Role.ABOUT, Role.EACH)
    least, most = (any(token.role is role for token in tokens[start:index]) for role in (Role.LEAST, Role.MOST))
    first = cardinal(tokens, index)
    if first is None:
        return None
    least = least or tokens[index].text in SEVERAL
    low, index = first
    high = low
    if is_range(tokens[index]) or is_mark(tokens[index], "/") or tokens[index].role is Role.OR:
        second = cardinal(tokens, index + 1)
        if second is None:
            return None
        high, index = second
    counted = _counted(tokens, index)
    per = per_unit(tokens, counted[1])
    if (not counted[0] and per is None) or high < low:
        return None
    unit, index = per or (Per.YEAR, counted[1])
    if tokens[index - 1].text in {"kalenderår", "kalenderåret", "calendar year"}:
        return Quota(0 if most else low, None if least else high, unit, WholeYear()), index
    return _reading(0 if most else low, None if least else high, unit, exact=not (least or most)), index


SEVERAL = {"flere", "fleire", "noen", "nokre"}
"""At least two: "flere ganger i året"."""


def _reading(low: int, high: int | None, unit: Per, *, exact: bool) -> Cadence:
    """Return "én gang i kvartalet" as "hvert kvartal"; anything but just one stays a quota."""
    if exact and low == high == 1:
        if unit in MONTHS_IN:
            return Each(MONTHS_IN[unit])
        return {Per.YEAR: Yearly(), Per.WEEK: Weekly(), Per.TERM: EveryYears(4)}.get(unit, Quota(1, 1, unit))
    return Quota(low, high, unit)


def _counted(tokens: list[Token], index: int) -> tuple[bool, int]:
    """Parse what is counted: "ganger", "møter", "styremøter/seminarer for …", "dager" before "i uka"."""
    token = tokens[index]
    if token.role is Role.TIMES:
        return True, index + 1 + is_mark(tokens[index + 1], ".")
    if token.role is Role.NAME and token.text.endswith(PLURALS):
        ahead = range(index + 1, index + 9)
        return True, next((at for at in ahead if at < len(tokens) and per_unit(tokens, at)), index + 1)
    if token.role is Role.UNIT and token.value is Per.DAY:
        return False, index + 1
    return False, index


PLURALS = (
    "møter",
    "møte",
    "samlinger",
    "samlingar",
    "seminarer",
    "terminer",
    "konferanser",
    "webinarer",
    "kurs",
    "treff",
    "seminar",
    "forum",
)


def per_unit(tokens: list[Token], index: int) -> tuple[Per, int] | None:
    """Parse "i året", "pr. uke", "hvert kvartal", "i løpet av året", "/år", "årlig"."""
    token = tokens[index]
    if token.role is Role.OFTEN:
        return (Per.YEAR if isinstance(token.value, Yearly) else cast(Per, token.value)), index + 1
    at = index + is_mark(token, "/")
    at = skipped(tokens, at, Role.PREP, Role.PER, Role.EACH, Role.BOUND, Role.ARTICLE)
    if at > index and tokens[at].role is Role.UNIT and tokens[at].text != "kv":
        return cast(Per, tokens[at].value), at + 1
    if at > index and tokens[at].text in {"skoleår", "skuleår", "skoleåret", "arbeidsåret"}:
        return Per.YEAR, at + 1
    return None


def of_years(tokens: list[Token], index: int) -> Found:
    """Parse "4-årig", "fireårige", "2- årige perioder", "for 2 år ad gangen"."""
    token = tokens[index]
    if token.role is Role.NAME:
        for head, count in YEARS.items():
            if token.text in {f"{head}årige", f"{head}årig", f"{head}årlege"}:
                return EveryYears(count), index + 1
    number = cardinal(tokens, index)
    if number is None:
        return None
    count, at = number
    at += is_mark(tokens[at], "-")
    if tokens[at].text in {"årige", "årig", "årleg", "årlege"} and count > 1:
        return EveryYears(count), at + 1
    if (
        tokens[at].text == "år"
        and tokens[at + 1].text in {"ad", "av", "om"}
        and tokens[at + 2].text in {"gangen", "gongen"}
    ):
        return EveryYears(count) if count > 1 else Yearly(), at + 3
    return None


YEARS = {"to": 2, "tre": 3, "fire": 4, "fem": 5, "seks": 6, "ti": 10}
