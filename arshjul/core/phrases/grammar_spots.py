"""The grammar of places in the year: one, two with "–" between them, or a list. No repetition, no relation."""

from __future__ import annotations

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
    skipped,
    whole_number,
)
from arshjul.core.phrases.grammar_days import day_list, is_numeric, iso, years
from arshjul.core.phrases.grammar_parts import BY_ROLE as PARTS_BY_ROLE
from arshjul.core.phrases.grammar_parts import code, first_months, month, ordinal_spot
from arshjul.core.phrases.lexer import Kind, Token
from arshjul.core.phrases.roles import Role


def spots(tokens: list[Token], index: int) -> tuple[list[Spot], int] | None:
    """Parse one spot or a list of them: "10. februar, 10. april og 10. juni"."""
    start = index
    first = week_list(tokens, index) or _single(stretch(tokens, index)) or day_list(tokens, index)
    if first is None:
        return None
    found, index = first
    while len(found) < LONGEST_LIST and is_joint(tokens[index]):
        following = skipped(tokens, index + 1, Role.AND, Role.PREP, Role.PER)
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
        [between(found[0], found[1])]
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
    adjacent = is_numeric(tokens, index) and is_numeric(tokens, after) and tokens[after - 1].kind == Kind.NUMBER
    if not (is_range(separator) or slash or either or and_until or iso or adjacent):
        return first
    following = after if adjacent else skipped(tokens, after + 1, Role.UNTIL, Role.PREP)
    second = point(tokens, following)
    if second is None:
        return first
    third = (
        month(tokens, second[1] + 1)
        if is_range(tokens[second[1]]) and tokens[second[1] + 1].role is Role.MONTH
        else None
    )
    if third and isinstance(spot, YearPart) and isinstance(second[0], YearPart):
        second = third  # "okt – nov – des"
    return between(spot, second[0]), second[1]


def between(first: Spot, last: Spot) -> Spot:
    """Return the stretch from the one to the other; a year that only the last names is the first's or follows it."""
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


def _numbered(tokens: list[Token], index: int) -> Found:
    """Parse what begins with a number: a date in digits, years, days by date, an ordinal."""
    written = iso(tokens, index) or years(tokens, index)
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
    follows = len(weeks) == 2 and weeks[1].number == weeks[0].number + 1  # noqa: PLR2004  ("uke 10 og 11" is a stretch)
    return (list(weeks), index) if len(weeks) > 1 and not follows else None


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
    if len(set(days)) < 2:  # noqa: PLR2004
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
