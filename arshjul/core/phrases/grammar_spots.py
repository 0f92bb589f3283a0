"""The grammar of places in the year: one, two with "–" between them, or a list. No repetition, no relation."""

from __future__ import annotations

from itertools import pairwise
from typing import cast

from arshjul.core.cadences import (
    About,
    Date,
    InYear,
    OneOf,
    Part,
    Per,
    Section,
    SectionOf,
    Spot,
    Stretch,
    Week,
    YearPart,
    own_year,
    place,
)
from arshjul.core.phrases.grammar import (
    LONGEST_LIST,
    Found,
    Parser,
    is_joint,
    is_mark,
    is_range,
    ordinal,
    skipped,
    whole_number,
)
from arshjul.core.phrases.grammar_days import day_list, is_numeric, iso, iso_week, years
from arshjul.core.phrases.grammar_parts import BY_ROLE as PARTS_BY_ROLE
from arshjul.core.phrases.grammar_parts import code, first_months, month, ordinal_spot
from arshjul.core.phrases.lexer import Kind, Token
from arshjul.core.phrases.roles import PARTS, Role


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
    if len(found) != 2 or not all(_is_one_day(spot) for spot in found):
        return found
    return [between(found[0], found[1])] if _adjacent(found[0], found[1]) else found


def _is_one_day(spot: Spot) -> bool:
    days = place(spot, own_year(spot) or ANY_YEAR)
    return days is not None and len(days) == 1


def stretch(tokens: list[Token], index: int) -> Found:
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


def _july(tokens: list[Token], index: int) -> Found:
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


def point(tokens: list[Token], index: int) -> Found:
    """Parse a spot that is no range, with its "ca." and its year."""
    token = tokens[index]
    if token.role is Role.ABOUT:
        following = skipped(tokens, index + 1, Role.ARTICLE)
        inner = None if tokens[following].role is Role.ABOUT else point(tokens, following)
        return (About(inner[0]), inner[1]) if inner else None
    parser = BY_ROLE.get(token.role) if token.role else BY_KIND.get(token.kind)
    return parser(tokens, index) if parser else None


def _numbered(tokens: list[Token], index: int) -> Found:
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
    if len(set(days)) < 2:
        return None
    at = skipped(tokens, index, Role.PREP)
    whole = _single(stretch(tokens, at)) or day_list(tokens, at) if tokens[at].role is not Role.WEEKDAY else None
    return (OneOf(tuple(sorted(set(days))), whole[0][0]), whole[1]) if whole and len(whole[0]) == 1 else None


def _article(tokens: list[Token], index: int) -> Found:
    """Parse "den 29. august", "de fire første månedene i året"."""
    months = first_months(tokens, index)
    following = skipped(tokens, index, Role.ARTICLE)
    return months or (None if tokens[following].role is Role.ARTICLE else point(tokens, following))


BY_KIND: dict[int, Parser] = {Kind.NUMBER: _numbered, Kind.CODE: code}
BY_ROLE: dict[Role, Parser] = {**PARTS_BY_ROLE, Role.ARTICLE: _article}
