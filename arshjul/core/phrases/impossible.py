"""Days that can never be: the end before the beginning, week 53 where there is none, a weekday that the date denies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from arshjul.core.cadences import Date, InYear, Spot, Stretch, own_year, place
from arshjul.core.phrases.grammar import is_mark
from arshjul.core.phrases.lexer import Kind, Token
from arshjul.core.phrases.roles import Role

WEEKDAYS = {Role.WEEKDAY, Role.WEEKDAYS, Role.THE_WEEKDAY}


def never(tokens: list[Token], spots: list[Spot]) -> bool:
    """Tell whether no such days are, or whether nothing sure is said (no spots)."""
    return not spots or any(_is_nowhere(spot) for spot in spots) or _contradicts(tokens, spots)


def _is_nowhere(spot: Spot) -> bool:
    year = own_year(spot)
    return year is not None and place(spot, year) is None


def _contradicts(tokens: list[Token], spots: list[Spot]) -> bool:
    """Tell whether "tirsdag 3. mars 2027" is a Wednesday. Without its year a date may be of any year."""
    days = [day for spot in spots for day in full_dates(spot)]
    for weekday, number in _named_days(tokens):
        candidates = [day for day in days if day.day == number]
        if candidates and all(day.weekday() != weekday for day in candidates):
            return True
    return False


def _named_days(tokens: list[Token]) -> Iterator[tuple[object, object]]:
    """Yield the weekday and the number of the day after it: "tirsdag, 3.", "tirsdag den tredje"."""
    for index, token in enumerate(tokens):
        if token.role not in WEEKDAYS:
            continue
        for day in tokens[index + 1 : index + 4]:
            if day.kind == Kind.NUMBER or day.role is Role.ORDINAL:
                yield token.value, int(day.text) if day.kind == Kind.NUMBER else day.value
            if not (is_mark(day, ",.") or day.role is Role.ARTICLE):
                break


def full_dates(spot: Spot, year: int | None = None) -> Iterator[date]:
    """Yield the days by date in a spot of which the year is told too."""
    match spot:
        case InYear(own, inner):
            yield from full_dates(inner, own)
        case Stretch(first, last):
            yield from full_dates(first, year)
            yield from full_dates(last, year)
        case Date(month, day) if year is not None:
            yield date(year, month, day)
