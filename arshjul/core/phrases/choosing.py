"""Which of the dates in a phrase counts, and the year that it lies in. What else the phrase says is in `assembly`."""

from __future__ import annotations

from dataclasses import replace

from arshjul.core.cadences import (
    About,
    Bound,
    Feast,
    FirstDay,
    InSeason,
    InYear,
    LastDay,
    Nth,
    NthWeek,
    OneOf,
    Part,
    SectionOf,
    Spot,
    Stretch,
    Week,
    WholeYear,
    YearPart,
    Years,
    own_year,
)
from arshjul.core.phrases.grammar_spots import between, is_day, meet
from arshjul.core.phrases.impossible import never
from arshjul.core.phrases.lexer import lex
from arshjul.core.phrases.sorting import Dated, Parts

ENDING = {Bound.BY, Bound.UNTIL, Bound.THROUGH}
MOST_PAIRS = 24
"""Places compared with each other, so that reading stays linear."""


def best_of(dates: list[Dated]) -> Dated | None:
    """Return the one date that counts: days before weeks before months before seasons. None where two compete."""
    plain = [dated.spots[0] for dated in dates if dated.bound is None and not isinstance(dated.spots[0], Feast)]
    if not all(meet(plain[0], spot) for spot in plain[1:MOST_PAIRS]):
        return None  # "1. mars (uke 30)"
    sharpest = max(_sharpness(dated.spots[0]) for dated in dates)
    found = [dated for dated in dates if _sharpness(dated.spots[0]) == sharpest]
    if len(found) == 1 or all(dated.spots == found[0].spots for dated in found):
        return found[0]
    pair = found if len(found) == 2 else []
    from_to = pair and pair[0].bound is Bound.FROM and pair[1].bound in ENDING
    if from_to and all(len(dated.spots) == 1 for dated in pair):
        return Dated([between(found[0].spots[0], found[1].spots[0])], None)
    due = [dated for dated in found if dated.bound is Bound.BY]
    return due[0] if len(due) == 1 else None


def is_year(spot: Spot) -> bool:
    return isinstance(spot, WholeYear) or (isinstance(spot, InYear) and isinstance(spot.spot, WholeYear))


def _sharpness(spot: Spot) -> int:
    """Rank the kinds of places: days before weeks before months before longer parts before seasons before years."""
    match spot:
        case InYear(_, inner):
            return _sharpness(inner)
        case Stretch(first):
            return _sharpness(first)
        case Week():
            return 4
        case YearPart(part):
            return 3 if part is Part.MONTH else 2
        case InSeason() | Feast():
            return 1
    return 0 if isinstance(spot, Years) else 5 if is_day(spot) else 3


def in_told_year(parts: Parts, best: Dated) -> Dated | None:
    """Give a year that stands by itself to the date: "2028: 1. mars". None where that day is not in that year."""
    if parts.year is None or parts.school_year or any(own_year(spot) is not None for spot in best.spots):
        return best
    spots = [_in_year(parts.year[0], spot) for spot in best.spots]
    return None if never(lex(parts.text), spots) else replace(best, spots=spots)


def _in_year(year: int, spot: Spot) -> Spot:
    """Return the spot in the year, as the grammar does where they stand together: "slutten av mars 2027"."""
    match spot:
        case About(inner):
            return About(_in_year(year, inner))
        case Nth() | NthWeek() | OneOf() | SectionOf() | LastDay() | FirstDay():
            return replace(spot, within=_in_year(year, spot.within))
    return InYear(year, spot)
