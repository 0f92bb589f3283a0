"""The grammar of "how often": "hver uke", "annenhver tirsdag", "fire ganger i året", "første onsdag i måneden"."""

from __future__ import annotations

from typing import cast

from arshjul.core.cadences import (
    MONTHS_IN,
    Annual,
    Cadence,
    DayKind,
    DayOf,
    Each,
    EveryYears,
    Meetings,
    NthOf,
    Per,
    Quota,
    Several,
    Weekly,
    WholeYear,
    Yearly,
)
from arshjul.core.phrases.grammar import cardinal, is_joint, is_mark, is_range, ordinal, skipped, whole_number
from arshjul.core.phrases.grammar_parts import countable
from arshjul.core.phrases.grammar_spots import spots
from arshjul.core.phrases.lexer import Kind, Token
from arshjul.core.phrases.roles import Role

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
